package io.onlineem.catalog;

import io.onlineem.em.Domain;
import io.onlineem.em.Imputation;
import io.onlineem.em.Parameters;
import io.onlineem.family.Emissions;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.hmm.HmmParameters;
import io.onlineem.mixture.MixtureParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The components of a model, or its states, as numbers that a plot or a metric can show, whatever the family.
 *
 * @param weights K: of a mixture its weights, of a hidden Markov model the share of each state in the long run
 * @param means K × d: what is expected of every feature under a component; {@code NaN} of a category
 * @param deviations K × d: standard deviations of the features; {@code NaN} where there is none, see {@link
 *     Family#deviations}
 */
public record Components(double[] weights, double[][] means, double[][] deviations) {

    /** Indices of the features whose means are numbers; none for a model that is not composed with a family. */
    public static List<Integer> numericFeatures(ModelSpec spec) {
        List<Integer> numeric = new ArrayList<>();
        if (ModelSpec.hasFamilies(spec.type())) {
            List<Domain> domains = ModelTypes.family(spec.factors(), Map.of()).domains();
            for (int j = 0; j < domains.size(); j++) {
                if (domains.get(j) != Domain.CATEGORY) {
                    numeric.add(j);
                }
            }
        }
        return numeric;
    }

    /**
     * The components that some parameters describe; empty for a model without such.
     *
     * @param parameters parameters of a model of that specification
     */
    public static Optional<Components> of(ModelSpec spec, Parameters parameters) {
        if (parameters instanceof MixtureParameters<?> mixture) {
            return Optional.of(of(spec, mixture.emissions(), mixture.weights()));
        }
        if (parameters instanceof HmmParameters<?> hmm) {
            return Optional.of(of(spec, hmm.emissions(), hmm.stationary()));
        }
        return Optional.empty();
    }

    private static Components of(ModelSpec spec, FamilyParameters emissions, double[] weights) {
        return of(
                ModelTypes.family(spec.factors(), spec.options()),
                emissions,
                weights,
                spec.features().size());
    }

    /** Where components are of windows, of the newest record in them. */
    @SuppressWarnings("unchecked")
    private static <P extends FamilyParameters> Components of(
            Family<P> family, FamilyParameters emissions, double[] weights, int features) {
        P parameters = (P) emissions;
        return new Components(
                weights, last(features, means(family, parameters)), last(features, family.deviations(parameters)));
    }

    private static double[][] last(int columns, double[][] matrix) {
        double[][] last = new double[matrix.length][];
        for (int k = 0; k < last.length; k++) {
            last[k] = Arrays.copyOfRange(matrix[k], matrix[k].length - columns, matrix[k].length);
        }
        return last;
    }

    /** What a component expects of a record of which nothing is known. */
    private static <P extends FamilyParameters> double[][] means(Family<P> family, P parameters) {
        double[] unknown = new double[family.width()];
        Arrays.fill(unknown, Double.NaN);
        Emissions emissions = family.prepare(parameters);
        double[][] means = new double[parameters.components()][family.width()];
        for (int k = 0; k < means.length; k++) {
            double[] certain = new double[means.length];
            certain[k] = 1;
            Imputation imputation = new Imputation();
            emissions.impute(unknown, 0, certain, imputation);
            for (Imputation.Value value : imputation.values()) {
                means[k][value.position()] = value.number();
            }
        }
        return means;
    }
}
