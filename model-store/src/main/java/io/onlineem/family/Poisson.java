package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;

/**
 * Poisson counts with rate λ, with an exposure e the counts of a time, area or population of that size,
 *
 * <pre>  log f(x; λ) = x log(λ e) - λ e - log x!</pre>
 *
 * <p>The rate never falls below {@value #SMALLEST_RATE} of the rate of the first sample, so that a component that has seen
 * zeros only does not rule out all else.
 */
public record Poisson(boolean hasExposure) implements Univariate {

    /** As a share of the rate of the first sample. */
    static final double SMALLEST_RATE = 1e-10;

    /** What the size is called. */
    static final String EXPOSURE = "exposure";

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.positive("rates"));
    }

    @Override
    public Domain domain() {
        return Domain.COUNT;
    }

    @Override
    public String size() {
        return hasExposure ? EXPOSURE : null;
    }

    /** The count, and the exposure. */
    @Override
    public int terms() {
        return hasExposure ? 2 : 1;
    }

    @Override
    public void terms(double[] x, double[] size, int n, double[][] into, double[] logBase) {
        System.arraycopy(x, 0, into[0], 0, n);
        for (int i = 0; i < n; i++) {
            logBase[i] -= LogFactorial.of(x[i]);
        }
        if (hasExposure) {
            System.arraycopy(size, 0, into[1], 0, n);
            for (int i = 0; i < n; i++) {
                logBase[i] += x[i] * Math.log(size[i]);
            }
        }
    }

    @Override
    public void natural(double[] parameters, double[] into) {
        double rate = parameters[0];
        into[0] = Math.log(rate);
        into[1] = -rate;
        if (hasExposure) {
            into[2] = 0;
        }
    }

    @Override
    public double[] expectedTerms(double[] parameters) {
        return hasExposure ? new double[] {parameters[0], 1} : new double[] {parameters[0]};
    }

    @Override
    public double variance(double[] parameters) {
        return parameters[0];
    }

    @Override
    public double[] fit(double[] meanTerms, double scale, double[] current) {
        double rate = hasExposure ? meanTerms[0] / meanTerms[1] : meanTerms[0];
        return new double[] {Math.max(rate, SMALLEST_RATE * scale)};
    }

    @Override
    public boolean isScaled() {
        return true;
    }

    @Override
    public double[] unknown() {
        return new double[] {1};
    }

    /** A square root makes the variance of counts constant. */
    @Override
    public double[] features(double x, double size) {
        return new double[] {Math.sqrt(x / size)};
    }
}
