package io.onlineem.family;

import io.onlineem.em.Imputation;

/**
 * Prepared Gaussians for single records, in which values may be missing: the exact E-step of Ghahramani and Jordan (1994),
 * by which a missing value adds its conditional mean, and to the second moments its conditional covariance too. A record
 * of which nothing was observed adds nothing.
 */
final class IncompleteGaussians {

    private final GaussianFamily family;
    private final GaussianParameters parameters;
    private final double[] logScale;
    private final GaussianPatterns patterns;
    private final double[] y;
    private final double[] completed;

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
        patterns = new GaussianPatterns(means, covariances);
        logScale = new double[family.width()];
        for (int j = 0; j < logScale.length; j++) {
            logScale[j] = Math.log(parameters.scale()[j]);
        }
        y = new double[family.width()];
        completed = new double[family.width()];
    }

    private GaussianPatterns.Pattern load(double[] values, int offset) {
        for (int j = 0; j < y.length; j++) {
            y[j] = (values[offset + j] - parameters.centre()[j]) / parameters.scale()[j];
        }
        return patterns.of(y);
    }

    void logDensities(double[] values, int offset, double[] into) {
        GaussianPatterns.Pattern pattern = load(values, offset);
        double constant = -0.5 * pattern.observed.length * Math.log(2 * Math.PI);
        for (int j : pattern.observed) {
            constant -= logScale[j];
        }
        for (int k = 0; k < parameters.components(); k++) {
            into[k] = constant - pattern.halfLogDeterminant(k) - 0.5 * pattern.squaredDistance(k, y);
        }
    }

    void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        GaussianPatterns.Pattern pattern = load(values, offset);
        if (pattern.observed.length == 0) {
            return;
        }
        int components = parameters.components();
        for (int k = 0; k < components; k++) {
            pattern.complete(k, y, completed);
            family.addOuter(
                    responsibilities[k],
                    completed,
                    pattern.missing,
                    pattern.conditional(k),
                    statistics,
                    from,
                    k,
                    components);
        }
    }

    void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        GaussianPatterns.Pattern pattern = load(values, offset);
        double[] expected = new double[pattern.missing.length];
        for (int k = 0; k < probabilities.length; k++) {
            pattern.complete(k, y, completed);
            for (int i = 0; i < expected.length; i++) {
                expected[i] += probabilities[k] * completed[pattern.missing[i]];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            int j = pattern.missing[i];
            into.number(j, parameters.centre()[j] + parameters.scale()[j] * expected[i]);
        }
    }
}
