package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;

/**
 * Exponential waiting times with rate λ, one over their mean,
 *
 * <pre>  log f(x; λ) = log λ - λ x.</pre>
 *
 * <p>The mean never falls below {@value #SMALLEST_MEAN} of the mean of the first sample: a component on zeros alone would
 * have an unbounded likelihood.
 */
public record Exponential() implements Univariate {

    /** As a share of the mean of the first sample. */
    static final double SMALLEST_MEAN = 1e-10;

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.positive("rates"));
    }

    @Override
    public Domain domain() {
        return Domain.NON_NEGATIVE;
    }

    @Override
    public int terms() {
        return 1;
    }

    @Override
    public void terms(double[] x, double[] size, int n, double[][] into, double[] logBase) {
        System.arraycopy(x, 0, into[0], 0, n);
    }

    @Override
    public void natural(double[] parameters, double[] into) {
        into[0] = -parameters[0];
        into[1] = Math.log(parameters[0]);
    }

    @Override
    public double[] expectedTerms(double[] parameters) {
        return new double[] {1 / parameters[0]};
    }

    @Override
    public double variance(double[] parameters) {
        return 1 / (parameters[0] * parameters[0]);
    }

    @Override
    public double[] fit(double[] meanTerms, double scale, double[] current) {
        return new double[] {1 / Math.max(meanTerms[0], SMALLEST_MEAN * scale)};
    }

    @Override
    public boolean isScaled() {
        return true;
    }

    @Override
    public double[] unknown() {
        return new double[] {1};
    }

    @Override
    public boolean isCollapsed(double[] parameters, double scale) {
        return parameters[0] * SMALLEST_MEAN * scale > 0.999;
    }

    /** A cube root makes gamma variables nearly normal (Wilson and Hilferty 1931). */
    @Override
    public double[] features(double x, double size) {
        return new double[] {Math.cbrt(x)};
    }
}
