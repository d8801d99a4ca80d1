package io.onlineem.family;

import io.onlineem.em.Imputation;
import java.util.Arrays;

/**
 * Prepared Gaussians for single records, in which values may be missing: the exact E-step of Ghahramani and Jordan (1994),
 * by which a missing value adds its conditional mean, and to the second moments its conditional covariance too. A record
 * of which nothing was observed adds nothing. One record at a time: {@link #load} it first.
 */
final class IncompleteGaussians {

    private final GaussianFamily family;
    private final GaussianParameters parameters;
    private final GaussianPatterns patterns;
    private final double[] y;
    private final double[] completed;
    private GaussianPatterns.Pattern pattern;

    IncompleteGaussians(GaussianFamily family, GaussianParameters parameters) {
        this.family = family;
        this.parameters = parameters;
        int components = parameters.components();
        double[][] means = new double[components][];
        double[][][] covariances = new double[components][][];
        for (int k = 0; k < components; k++) {
            means[k] = GaussianFamily.toStandard(parameters.means()[k], parameters);
            boolean shared = k > 0 && family.covariance() == Covariance.TIED;
            covariances[k] = shared
                    ? covariances[0]
                    : GaussianFamily.toStandard(parameters.covariances()[k], parameters);
        }
        patterns = new GaussianPatterns(
                means,
                covariances,
                Arrays.stream(parameters.scale()).map(Math::log).toArray());
        y = new double[family.width()];
        completed = new double[family.width()];
    }

    /** Takes over a record; says how many of its values are observed. */
    int load(double[] values, int offset) {
        for (int j = 0; j < y.length; j++) {
            y[j] = (values[offset + j] - parameters.centre()[j]) / parameters.scale()[j];
        }
        pattern = patterns.of(y);
        return pattern.observed.length;
    }

    /** {@code log|2π Σ_oo|^-½} of component k: the log-density of what was observed at squared distance 0. */
    double logDensityAtMean(int k) {
        return pattern.logDensityAtMean(k);
    }

    /** {@code (x_o - μ_o)' Σ_oo⁻¹ (x_o - μ_o)} of component k. */
    double squaredDistance(int k) {
        return pattern.squaredDistance(k, y);
    }

    /**
     * Adds the expected statistics of component k.
     *
     * @param precision factor of its precision, by which the conditional covariance is divided
     */
    void accumulate(int k, double responsibility, double precision, double[] statistics, int from) {
        pattern.complete(k, y, completed);
        family.addOuter(
                responsibility,
                completed,
                pattern.missing,
                pattern.conditional(k),
                precision,
                statistics,
                from,
                k,
                parameters.components());
    }

    /** The coordinates that are missing in the record. */
    int[] missing() {
        return pattern.missing;
    }

    /** Expected values of the missing coordinates under component k, in the units of the data. */
    void conditionalMean(int k, double[] into) {
        pattern.complete(k, y, completed);
        for (int i = 0; i < pattern.missing.length; i++) {
            int j = pattern.missing[i];
            into[i] = parameters.centre()[j] + parameters.scale()[j] * completed[j];
        }
    }

    /** Conditional variance of missing coordinate i under component k, in the units of the data. */
    double conditionalVariance(int k, int i) {
        double unit = parameters.scale()[pattern.missing[i]];
        return pattern.conditional(k)[i][i] * unit * unit;
    }

    void logDensities(double[] values, int offset, double[] into) {
        load(values, offset);
        for (int k = 0; k < parameters.components(); k++) {
            into[k] = logDensityAtMean(k) - 0.5 * squaredDistance(k);
        }
    }

    void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        if (load(values, offset) > 0) {
            for (int k = 0; k < parameters.components(); k++) {
                accumulate(k, responsibilities[k], 1, statistics, from);
            }
        }
    }

    void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        load(values, offset);
        double[] inflations = new double[probabilities.length];
        Arrays.fill(inflations, 1);
        impute(probabilities, inflations, into);
    }

    /**
     * Tells what is expected in place of what is missing in the record that was loaded.
     *
     * @param inflations factors of the K conditional covariances
     */
    void impute(double[] probabilities, double[] inflations, Imputation into) {
        int components = probabilities.length;
        double[][] means = new double[components][pattern.missing.length];
        for (int k = 0; k < components; k++) {
            conditionalMean(k, means[k]);
        }
        double[] ofCoordinate = new double[components];
        double[] variances = new double[components];
        for (int i = 0; i < pattern.missing.length; i++) {
            for (int k = 0; k < components; k++) {
                ofCoordinate[k] = means[k][i];
                variances[k] = inflations[k] * conditionalVariance(k, i);
            }
            into.number(pattern.missing[i], probabilities, ofCoordinate, variances);
        }
    }
}
