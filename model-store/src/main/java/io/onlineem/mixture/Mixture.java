package io.onlineem.mixture;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Probabilities;
import io.onlineem.em.Problem;
import io.onlineem.em.Statistics;
import io.onlineem.family.Emissions;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.SoftClusters;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A finite mixture {@code p(x) = Σ_k π_k f(x; θ_k)} of any {@linkplain Family family} (McLachlan and Peel 2000, section
 * 2.8). The E-step gives the responsibilities {@code r_k = π_k f(x; θ_k) / p(x)}; the M-step sets {@code π_k} to their mean
 * and leaves the rest to the family.
 *
 * <p>Statistics: {@code Σ r_k} (K), then those of the family. No weight falls below {@value #SMALLEST_WEIGHT}: a component
 * that explains nothing stays alive, and takes part again when data come its way.
 *
 * @param <P> parameters of the family
 */
public final class Mixture<P extends FamilyParameters> implements Model<MixtureParameters<P>> {

    private static final double SMALLEST_WEIGHT = 1e-10;

    /** Records among which a start is sought: enough to see every component, few enough to be quick. */
    private static final int START_SAMPLE = 20_000;

    private final Family<P> family;
    private final int components;
    private final List<Domain> domains;

    /** Imagined observations of each component. */
    private final double weightPrior;

    /** A mixture of {@code components} members of a family, its weights by maximum likelihood. */
    public Mixture(Family<P> family, int components) {
        this(family, components, 0);
    }

    /**
     * A mixture of {@code components} members of a family.
     *
     * @param weightStrength observations, spread over all components alike, for which the prior of the weights stands: a
     *     Dirichlet distribution with parameters {@code 1 + weightStrength / K}; 0 for maximum likelihood
     */
    public Mixture(Family<P> family, int components, double weightStrength) {
        if (components < 1) {
            throw new IllegalArgumentException("number of components is " + components + "; expected at least 1");
        }
        if (!(weightStrength >= 0) || weightStrength == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("prior strength of the weights is " + weightStrength
                    + "; expected a number of observations of at least 0");
        }
        this.family = family;
        this.components = components;
        this.domains = family.domains();
        this.weightPrior = weightStrength / components;
    }

    /** The family. */
    public Family<P> family() {
        return family;
    }

    @Override
    public int width() {
        return family.width();
    }

    @Override
    public List<Domain> domains() {
        return domains;
    }

    @Override
    public boolean isGiven(int position) {
        return family.isGiven(position);
    }

    @Override
    public boolean acceptsMissing() {
        return true;
    }

    @Override
    public Problem problem(Observations records, int index) {
        Problem problem = Model.super.problem(records, index);
        return problem == null ? family.problem(records.values(), records.offset(index)) : problem;
    }

    @Override
    public int components() {
        return components;
    }

    @Override
    public int statisticsLength() {
        return components + family.statisticsLength(components);
    }

    @Override
    public int degreesOfFreedom() {
        return components - 1 + family.degreesOfFreedom(components);
    }

    @Override
    public int degreesOfFreedom(MixtureParameters<P> parameters) {
        return components - 1 + family.degreesOfFreedom(parameters.emissions());
    }

    @Override
    public EStep eStep(MixtureParameters<P> parameters) {
        return new MixtureEStep(parameters.weights(), family.prepare(parameters.emissions()), family.width());
    }

    @Override
    public MixtureParameters<P> mStep(double[] statistics, double observations, MixtureParameters<P> current) {
        double[] weights = new double[components];
        double total = 0;
        for (int k = 0; k < components; k++) {
            weights[k] = Math.max(statistics[k] + weightPrior / observations, SMALLEST_WEIGHT);
            total += weights[k];
        }
        for (int k = 0; k < components; k++) {
            weights[k] /= total;
        }
        return new MixtureParameters<>(weights, family.fit(statistics, components, observations, current.emissions()));
    }

    @Override
    public double[] statistics(MixtureParameters<P> parameters) {
        double[] ofFamily = family.statistics(parameters.emissions(), parameters.emissions(), parameters.weights());
        double[] statistics = Arrays.copyOf(parameters.weights(), components + ofFamily.length);
        System.arraycopy(ofFamily, 0, statistics, components, ofFamily.length);
        return statistics;
    }

    @Override
    public double logPrior(MixtureParameters<P> parameters) {
        double ofWeights = 0;
        if (weightPrior > 0) {
            for (double weight : parameters.weights()) {
                ofWeights += weightPrior * Math.log(weight);
            }
        }
        return ofWeights + family.logPrior(parameters.emissions());
    }

    @Override
    public void addComponent(double[] source, int k, double factor, double[] target, int l) {
        target[l] += factor * source[k];
        family.addComponent(source, components, k, factor, target, components, l, components);
    }

    /** One M-step from {@linkplain SoftClusters soft clusters}. */
    @Override
    public MixtureParameters<P> start(Observations sample, RandomGenerator random) {
        P pooled = family.pooled(sample, components);
        Observations chosen = sample.size() <= START_SAMPLE ? sample : draw(sample, random);
        SoftClusters clusters = SoftClusters.draw(family, chosen, pooled, components, random);

        Statistics statistics = newStatistics();
        Emissions emissions = family.prepare(pooled);
        double[] responsibilities = new double[components];
        for (int i = 0; i < chosen.size(); i++) {
            double weight = chosen.weight(i);
            clusters.shares(i, weight, responsibilities);
            for (int k = 0; k < components; k++) {
                statistics.sums()[k] += responsibilities[k];
            }
            emissions.accumulate(chosen.values(), chosen.offset(i), responsibilities, statistics.sums(), components);
            statistics.count(1, weight);
        }
        double[] equal = new double[components];
        Arrays.fill(equal, 1.0 / components);
        return mStep(statistics.mean(), statistics.weight(), new MixtureParameters<>(equal, pooled));
    }

    private static Observations draw(Observations sample, RandomGenerator random) {
        Observations drawn = new Observations(START_SAMPLE, sample.length(0));
        for (int i = 0; i < START_SAMPLE; i++) {
            drawn.add(sample, random.nextInt(sample.size()));
        }
        return drawn;
    }

    @Override
    public boolean isDegenerate(MixtureParameters<P> parameters, double observations) {
        double[] counts = parameters.weights().clone();
        for (int k = 0; k < components; k++) {
            counts[k] *= observations;
        }
        return family.isDegenerate(parameters.emissions(), counts);
    }

    @Override
    public MixtureParameters<P> read(Fields fields) {
        double[] weights = fields.vector("weights", components).clone();
        Probabilities.require("weights", weights);
        return new MixtureParameters<>(weights, family.read(fields, components));
    }
}
