package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.numbers.gamma.Trigamma;

/**
 * Gamma variables with shape α and scale s, hence mean α s,
 *
 * <pre>  log f(x; α, s) = (α - 1) log x - x / s - α log s - log Γ(α).</pre>
 *
 * <p>The shape solves {@code log α - ψ(α) = log E[x] - E[log x]}, by Newton's method on its inverse (Minka 2002). It never
 * exceeds {@value #LARGEST_SHAPE}: a component on one point would have an unbounded likelihood. So no component is narrower
 * than a ten-thousandth of its mean, and no mean is smaller than {@value #SMALLEST_MEAN}.
 */
public record Gamma() implements Univariate {

    static final double LARGEST_SHAPE = 1e8;
    static final double SMALLEST_MEAN = 1e-100;

    private static final int MOST_ITERATIONS = 50;

    /** A last step that small leaves an error of its square. */
    private static final double CONVERGED = 1e-10;

    /** From here on the asymptotic series are exact to the last digit, and differences of logarithms are not. */
    private static final double ASYMPTOTIC = 20;

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter("shapes", Double.MIN_NORMAL, LARGEST_SHAPE, "numbers above 0, at most " + LARGEST_SHAPE),
                Parameter.positive("scales"));
    }

    @Override
    public Domain domain() {
        return Domain.POSITIVE;
    }

    @Override
    public int terms() {
        return 2;
    }

    @Override
    public void terms(double[] x, double[] size, int n, double[][] into, double[] logBase) {
        System.arraycopy(x, 0, into[0], 0, n);
        double[] logs = into[1];
        for (int i = 0; i < n; i++) {
            logs[i] = Math.log(x[i]);
        }
    }

    @Override
    public void natural(double[] parameters, double[] into) {
        double shape = parameters[0];
        double scale = parameters[1];
        into[0] = -1 / scale;
        into[1] = shape - 1;
        into[2] = -shape * Math.log(scale) - LogGamma.value(shape);
    }

    @Override
    public double[] expectedTerms(double[] parameters) {
        double mean = parameters[0] * parameters[1];
        return new double[] {mean, Math.log(mean) - logMinusDigamma(parameters[0])};
    }

    @Override
    public double variance(double[] parameters) {
        return parameters[0] * parameters[1] * parameters[1];
    }

    @Override
    public double[] fit(double[] meanTerms, double scale, double[] current) {
        double mean = Math.max(meanTerms[0], SMALLEST_MEAN);
        double shape = shape(Math.log(mean) - meanTerms[1]);
        return new double[] {shape, mean / shape};
    }

    /** The shape of which {@code log α - ψ(α)} is the given number, at most the largest. */
    static double shape(double target) {
        if (!(target > logMinusDigamma(LARGEST_SHAPE))) {
            return LARGEST_SHAPE;
        }
        double shape = (3 - target + Math.sqrt((target - 3) * (target - 3) + 24 * target)) / (12 * target);
        for (int i = 0; i < MOST_ITERATIONS; i++) {
            double error = logMinusDigamma(shape) - target;
            double next = 1 / (1 / shape + error / (shape * shape * reciprocalMinusTrigamma(shape)));
            boolean converged = Math.abs(next - shape) <= CONVERGED * shape;
            shape = next;
            if (converged) {
                break;
            }
        }
        return Math.min(shape, LARGEST_SHAPE);
    }

    /** {@code log α - ψ(α)}, positive and falling (Abramowitz and Stegun 1964, 6.3.18). */
    static double logMinusDigamma(double shape) {
        if (shape < ASYMPTOTIC) {
            return Math.log(shape) - Digamma.value(shape);
        }
        double r = 1 / (shape * shape);
        return 0.5 / shape + r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r / 132))));
    }

    /** Its derivative, {@code 1/α - ψ'(α)} (Abramowitz and Stegun 1964, 6.4.12). */
    private static double reciprocalMinusTrigamma(double shape) {
        if (shape < ASYMPTOTIC) {
            return 1 / shape - Trigamma.value(shape);
        }
        double r = 1 / (shape * shape);
        return -r * (0.5 + (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * 5 / 66)))) / shape);
    }

    @Override
    public double[] unknown() {
        return new double[] {1, 1};
    }

    @Override
    public boolean isCollapsed(double[] parameters, double scale) {
        return parameters[0] > 0.999 * LARGEST_SHAPE;
    }

    /** A cube root makes gamma variables nearly normal (Wilson and Hilferty 1931). */
    @Override
    public double[] features(double x, double size) {
        return new double[] {Math.cbrt(x)};
    }
}
