package io.onlineem.family;

/** Prepared Gaussians, from whose log-densities the squared distances follow. */
interface GaussianEmissions extends Emissions {

    /** {@code log N(μ_k; μ_k, Σ_k)}, the log-density of a complete record at squared distance 0. */
    double logDensityAtMean(int k);
}
