package io.onlineem.topic;

import io.onlineem.em.Lanes;

/**
 * {@code e^ψ(x)}, the geometric mean of a gamma variable of shape x, for arrays of positive numbers.
 *
 * <p>{@code ψ(x) = ψ(x + 10) - Σ_{i<10} 1 / (x + i)}, and of {@code x + 10} the asymptotic series in {@code x - ½} is exact to
 * 1e-12 (after Abramowitz and Stegun 1964, 6.3.18): neither a logarithm nor a branch. For x below 0.002 the result is larger
 * than it should be, but nothing beside any other.
 */
final class ExpDigamma {

    private static final double A1 = 1.0 / 24;
    private static final double A3 = -37.0 / 5760;
    private static final double A5 = 10313.0 / 2903040;
    private static final double A7 = -5509121.0 / 1393459200;

    private final double[] zeros;
    private final double[] exponents;

    /** Room for arrays of up to {@code size} numbers. */
    ExpDigamma(int size) {
        zeros = new double[size];
        exponents = new double[size];
    }

    /** {@code y = e^ψ(x)} of the first {@code n} numbers; in place if both are the same array. */
    void apply(double[] x, double[] y, int n) {
        reciprocals(x, exponents, n);
        series(x, y, n);
        Lanes.exp(exponents, zeros, exponents, n);
        Lanes.multiply(y, exponents, y, n);
    }

    /** {@code y = -Σ_{i<10} 1 / (x + i)}, in pairs that share a numerator. */
    private static void reciprocals(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double v = x[i];
            double q = v * (v + 9);
            y[i] = -(2 * v + 9) * (1 / q + 1 / (q + 8) + 1 / (q + 14) + 1 / (q + 18) + 1 / (q + 20));
        }
    }

    private static void series(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double v = x[i] + 9.5;
            double r = 1 / v;
            double s = r * r;
            y[i] = v + r * Math.fma(s, Math.fma(s, Math.fma(s, A7, A5), A3), A1);
        }
    }
}
