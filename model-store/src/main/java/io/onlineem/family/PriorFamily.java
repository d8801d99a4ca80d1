package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Any family with a {@linkplain Prior conjugate prior}: MAP instead of maximum likelihood.
 *
 * <p>The conjugate prior of an exponential family is the likelihood of imagined observations (Diaconis and Ylvisaker 1979),
 *
 * <pre>  log p(θ_k) = n₀ (⟨s₀, φ(θ_k)⟩ - ψ(θ_k)) + const,</pre>
 *
 * with n₀ the strength and s₀ the mean statistics at the location, so that the M-step is the family's own with n₀ s₀ added
 * to the statistics of every component. For Gaussians that is a normal-inverse-Wishart prior with {@code κ₀ = n₀},
 * {@code ν₀ = n₀ - d - 2} and {@code Ψ = n₀ Σ₀}; for rates a gamma, for probabilities a beta or Dirichlet prior, each in
 * the parametrisation in which the mode is the mean of real and imagined observations.
 *
 * @param <P> parameters of the family
 */
public final class PriorFamily<P extends FamilyParameters> implements Family<PriorParameters<P>> {

    /** The field that holds the location. */
    static final String LOCATION = "prior";

    private final Family<P> family;
    private final Prior prior;

    /**
     * A family with a prior.
     *
     * @throws IllegalArgumentException if the location is not one of this family
     */
    public PriorFamily(Family<P> family, Prior prior) {
        this.family = family;
        this.prior = prior;
        if (prior.location() != null) {
            givenLocation(1);
        }
    }

    private P givenLocation(int components) {
        try {
            return family.read(prior.location(), components);
        } catch (IllegalArgumentException e) {
            try {
                return family.read(prior.location().repeated(components), components);
            } catch (IllegalArgumentException ofOne) {
                throw new IllegalArgumentException(
                        "the location of the prior: " + e.getMessage() + " (or as much for one component)", ofOne);
            }
        }
    }

    @Override
    public int width() {
        return family.width();
    }

    @Override
    public List<Domain> domains() {
        return family.domains();
    }

    @Override
    public Problem problem(double[] values, int offset) {
        return family.problem(values, offset);
    }

    @Override
    public int statisticsLength(int components) {
        return family.statisticsLength(components);
    }

    @Override
    public int degreesOfFreedom(int components) {
        return family.degreesOfFreedom(components);
    }

    @Override
    public int degreesOfFreedom(PriorParameters<P> parameters) {
        return family.degreesOfFreedom(parameters.estimate());
    }

    @Override
    public PriorParameters<P> pooled(Observations sample, int components) {
        P pooled = family.pooled(sample, components);
        return new PriorParameters<>(pooled, prior.location() == null ? pooled : givenLocation(components));
    }

    @Override
    public double[][] features(Observations sample, PriorParameters<P> pooled) {
        return family.features(sample, pooled.estimate());
    }

    @Override
    public int[] partition(
            Observations sample, PriorParameters<P> pooled, int parts, int iterations, RandomGenerator random) {
        return family.partition(sample, pooled.estimate(), parts, iterations, random);
    }

    @Override
    public PriorParameters<P> fit(double[] statistics, int from, double observations, PriorParameters<P> current) {
        double[] both = imagined(current, prior.strength() / observations);
        for (int i = 0; i < both.length; i++) {
            both[i] += statistics[from + i];
        }
        return new PriorParameters<>(family.fit(both, 0, observations, current.estimate()), current.location());
    }

    /** Statistics of the imagined observations, in the coordinates of the estimate. */
    private double[] imagined(PriorParameters<P> parameters, double weight) {
        double[] weights = new double[parameters.components()];
        Arrays.fill(weights, weight);
        return family.statistics(parameters.location(), parameters.estimate(), weights);
    }

    @Override
    public double[] statistics(PriorParameters<P> parameters, PriorParameters<P> coordinates, double[] weights) {
        return family.statistics(parameters.estimate(), coordinates.estimate(), weights);
    }

    @Override
    public double logLikelihood(double[] statistics, int from, PriorParameters<P> parameters) {
        return family.logLikelihood(statistics, from, parameters.estimate());
    }

    @Override
    public double logPrior(PriorParameters<P> parameters) {
        return family.logLikelihood(imagined(parameters, prior.strength()), 0, parameters.estimate());
    }

    @Override
    public void addComponent(
            double[] source,
            int sourceFrom,
            int k,
            double factor,
            double[] target,
            int targetFrom,
            int l,
            int components) {
        family.addComponent(source, sourceFrom, k, factor, target, targetFrom, l, components);
    }

    @Override
    public Emissions prepare(PriorParameters<P> parameters) {
        return family.prepare(parameters.estimate());
    }

    @Override
    public boolean isGiven(int position) {
        return family.isGiven(position);
    }

    @Override
    public double[][] deviations(PriorParameters<P> parameters) {
        return family.deviations(parameters.estimate());
    }

    @Override
    public boolean isDegenerate(PriorParameters<P> parameters, double[] counts) {
        return family.isDegenerate(parameters.estimate(), counts);
    }

    @Override
    public PriorParameters<P> read(Fields fields, int components) {
        P estimate = family.read(fields, components);
        P location = fields.has(LOCATION)
                ? family.read(fields.nested(LOCATION), components)
                : prior.location() == null ? estimate : givenLocation(components);
        return new PriorParameters<>(estimate, location);
    }
}
