package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.KMeans;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An observation family: K densities of one kind, which mixtures and hidden Markov models are composed with. Immutable and
 * thread-safe.
 *
 * <p>Values may be missing: a family then says what the observed ones say, and leaves out what they do not.
 *
 * <p>A new family is one class that implements this and one line in {@link Families}.
 *
 * @param <P> parameters of all K components together
 */
public interface Family<P extends FamilyParameters> {

    /** Numbers in one record. */
    int width();

    /** What each number of a record may be. */
    List<Domain> domains();

    /**
     * What is wrong with a record beyond the {@link #domains()} of its numbers, which are in order, or null.
     *
     * @param values an array that holds the record
     * @param offset where the record begins
     */
    default Problem problem(double[] values, int offset) {
        return null;
    }

    /** Whether a number of a record is given with it and not modelled: a covariate, a size. */
    default boolean isGiven(int position) {
        return false;
    }

    /** How many sufficient statistics K components need. */
    int statisticsLength(int components);

    /** Free parameters of K components. */
    int degreesOfFreedom(int components);

    /** Free parameters of a fit: fewer where the data do not fill what there is room for. */
    default int degreesOfFreedom(P parameters) {
        return degreesOfFreedom(parameters.components());
    }

    /** Parameters with all K components at the fit of the whole sample; fixes the coordinates of the statistics. */
    P pooled(Observations sample, int components);

    /** Points of comparable scales, one per record, for k-means++; missing values are where they say nothing. */
    double[][] features(Observations sample, P pooled);

    /**
     * A random partition of a sample, from which EM can start: k-means++ on the {@link #features}, unless a family knows
     * better.
     *
     * @param iterations most iterations of refinement after the random choice, where there are such
     * @return the part of every record, 0 to {@code parts - 1}
     */
    default int[] partition(Observations sample, P pooled, int parts, int iterations, RandomGenerator random) {
        return KMeans.assign(features(sample, pooled), parts, iterations, random);
    }

    /**
     * The M-step.
     *
     * @param statistics mean statistics per observation; not kept, not changed
     * @param from where those of this family begin
     * @param observations how many observations the mean stands for
     * @param current what a component keeps when the statistics say nothing about it
     */
    P fit(double[] statistics, int from, double observations, P current);

    /**
     * The inverse of {@link #fit}: mean statistics that give these parameters.
     *
     * @param coordinates parameters whose coordinates the statistics are in; any number of components
     * @param weights share of each component, positive
     */
    double[] statistics(P parameters, P coordinates, double[] weights);

    /**
     * What complete data with the given statistics have for a log-likelihood, {@code ⟨S, φ(θ)⟩ - ψ(θ)}, up to a constant:
     * what {@link #fit} maximises.
     *
     * @param statistics sums or means, of all K components
     * @param from where those of this family begin
     */
    double logLikelihood(double[] statistics, int from, P parameters);

    /** The log prior density up to a constant, see {@link io.onlineem.em.Model#logPrior}; 0 without a prior. */
    default double logPrior(P parameters) {
        return 0;
    }

    /**
     * Adds {@code factor} times the statistics of component k in {@code source} to those of component l in {@code target},
     * which may be the same array; what components share is not touched. Here they share nothing: their statistics lie one after
     * another.
     *
     * @param components number of components in both
     */
    default void addComponent(
            double[] source,
            int sourceFrom,
            int k,
            double factor,
            double[] target,
            int targetFrom,
            int l,
            int components) {
        int stride = statisticsLength(1);
        for (int i = 0; i < stride; i++) {
            target[targetFrom + l * stride + i] += factor * source[sourceFrom + k * stride + i];
        }
    }

    /** Prepares the densities of all components. */
    Emissions prepare(P parameters);

    /**
     * Standard deviations of the numbers of a record under each component, K × width, in the units of the record;
     * {@code NaN} where there is none: of a category, a size or a covariate, and where the variance is infinite.
     */
    default double[][] deviations(P parameters) {
        double[][] none = new double[parameters.components()][width()];
        for (double[] row : none) {
            Arrays.fill(row, Double.NaN);
        }
        return none;
    }

    /**
     * Whether a component has collapsed towards a singularity of the likelihood.
     *
     * @param counts how many of the fitted observations each component stands on
     */
    boolean isDegenerate(P parameters, double[] counts);

    /**
     * Parameters of K components from named fields.
     *
     * @throws IllegalArgumentException if a field is missing, misshapen or invalid
     */
    P read(Fields fields, int components);
}
