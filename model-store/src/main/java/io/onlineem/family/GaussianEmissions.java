package io.onlineem.family;

import io.onlineem.em.Imputation;

/** Prepared Gaussians: what those of every covariance type do with single records, in which values may be missing. */
abstract class GaussianEmissions implements Emissions {

    final GaussianFamily family;
    private final GaussianParameters parameters;

    /** Made with the first record that needs it. */
    private IncompleteGaussians incomplete;

    GaussianEmissions(GaussianFamily family, GaussianParameters parameters) {
        this.family = family;
        this.parameters = parameters;
    }

    /** {@code log N(μ_k; μ_k, Σ_k)}, the log-density of a complete record at squared distance 0. */
    abstract double logDensityAtMean(int k);

    /** Log-densities of a complete record; {@code NaN} if a value is missing. */
    abstract void completeLogDensities(double[] values, int offset, double[] into);

    @Override
    public final void logDensities(double[] values, int offset, double[] into) {
        completeLogDensities(values, offset, into);
        if (Double.isNaN(into[0])) {
            incomplete().logDensities(values, offset, into);
        }
    }

    @Override
    public final void accumulate(
            double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        incomplete().accumulate(values, offset, responsibilities, statistics, from);
    }

    @Override
    public final void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        incomplete().impute(values, offset, probabilities, into);
    }

    private IncompleteGaussians incomplete() {
        if (incomplete == null) {
            incomplete = new IncompleteGaussians(family, parameters);
        }
        return incomplete;
    }
}
