package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;

/**
 * Angles, times of day and whatever else comes round after a period P, with mean μ and concentration κ,
 *
 * <pre>  log f(x; μ, κ) = κ cos(2π (x - μ) / P) - log I₀(κ) - log P,</pre>
 *
 * a density per unit of x over one period. Any finite number is a position in some period.
 *
 * <p>The concentration solves {@code I₁(κ) / I₀(κ) = R̄}, the mean resultant length, by Newton's method (Mardia and Jupp 2000,
 * section 5.3.1). It never exceeds {@value #LARGEST_CONCENTRATION}, a standard deviation of a ten-thousandth radian: a component
 * on one point would have an unbounded likelihood.
 *
 * @param period P, in the units of the data: 24 for hours, 2π for radians
 */
public record VonMises(double period) implements Univariate {

    static final double LARGEST_CONCENTRATION = 1e8;

    private static final int MOST_ITERATIONS = 50;

    /** A last step that small leaves an error of its square. */
    private static final double CONVERGED = 1e-10;

    /** Below this length the power series is exact to the last digit. */
    private static final double SHORT = 1e-3;

    /** Checks the period. */
    public VonMises {
        if (!(period > 0) || period == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "period is " + period + "; expected a positive number, such as 24 for hours or 360 for degrees");
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter("means", -Double.MAX_VALUE, Double.MAX_VALUE, "finite numbers"),
                new Parameter(
                        "concentrations",
                        0,
                        LARGEST_CONCENTRATION,
                        "numbers of at least 0, at most " + LARGEST_CONCENTRATION));
    }

    @Override
    public Domain domain() {
        return Domain.REAL;
    }

    /** Cosine and sine. */
    @Override
    public int terms() {
        return 2;
    }

    @Override
    public void terms(double[] x, double[] size, int n, double[][] into, double[] logBase) {
        double[] cosines = into[0];
        double[] sines = into[1];
        for (int i = 0; i < n; i++) {
            double angle = angle(x[i]);
            cosines[i] = Math.cos(angle);
            sines[i] = Math.sin(angle);
        }
    }

    private double angle(double x) {
        return (Math.abs(x) <= period ? x : x % period) * (2 * Math.PI / period);
    }

    @Override
    public void natural(double[] parameters, double[] into) {
        double angle = angle(parameters[0]);
        double concentration = parameters[1];
        into[0] = concentration * Math.cos(angle);
        into[1] = concentration * Math.sin(angle);
        into[2] = -Bessel.logI0(concentration) - Math.log(period);
    }

    @Override
    public double[] expectedTerms(double[] parameters) {
        double angle = angle(parameters[0]);
        double length = 1 - Bessel.oneMinusRatio(parameters[1]);
        return new double[] {length * Math.cos(angle), length * Math.sin(angle)};
    }

    /** The mean direction, from 0 to less than the period. */
    @Override
    public double expected(double[] meanTerms) {
        double turns = Math.atan2(meanTerms[1], meanTerms[0]) / (2 * Math.PI);
        double position = (turns < 0 ? turns + 1 : turns) * period;
        return position < period ? position : 0;
    }

    /** The shorter way round. */
    @Override
    public double distance(double x, double y) {
        return Math.IEEEremainder(x - y, period);
    }

    /** Of the circular standard deviation {@code √(-2 log R̄)} (Mardia and Jupp 2000, section 2.3.2); infinite for κ = 0. */
    @Override
    public double variance(double[] parameters) {
        double perRadian = period / (2 * Math.PI);
        return -2 * Math.log1p(-Bessel.oneMinusRatio(parameters[1])) * perRadian * perRadian;
    }

    @Override
    public double[] fit(double[] meanTerms, double scale, double[] current) {
        return new double[] {expected(meanTerms), concentration(Math.hypot(meanTerms[0], meanTerms[1]))};
    }

    /** The concentration with that mean resultant length, from 0 to the largest. */
    static double concentration(double length) {
        double rest = 1 - length;
        if (!(rest > Bessel.oneMinusRatio(LARGEST_CONCENTRATION))) {
            return LARGEST_CONCENTRATION;
        }
        double concentration = approximation(length);
        for (int i = 0; length > SHORT && i < MOST_ITERATIONS; i++) {
            double found = Bessel.oneMinusRatio(concentration);
            // 1 - A² - A/κ
            double slope = found * (2 - found) - (1 - found) / concentration;
            double next = concentration + (found - rest) / slope;
            next = Math.max(next, concentration / 2);
            boolean converged = Math.abs(next - concentration) <= CONVERGED * concentration;
            concentration = next;
            if (converged) {
                break;
            }
        }
        return Math.min(concentration, LARGEST_CONCENTRATION);
    }

    /** Good to a few per cent (Best and Fisher 1981). */
    private static double approximation(double length) {
        if (length < 0.53) {
            return length * (2 + length * length * (1 + length * length * 5 / 6));
        }
        if (length < 0.85) {
            return -0.4 + 1.39 * length + 0.43 / (1 - length);
        }
        return 1 / (length * (3 + length * (length - 4)));
    }

    @Override
    public double[] unknown() {
        return new double[] {0, 0};
    }

    @Override
    public boolean isCollapsed(double[] parameters, double scale) {
        return parameters[1] > 0.999 * LARGEST_CONCENTRATION;
    }

    /** The point on the circle. */
    @Override
    public double[] features(double x, double size) {
        return new double[] {Math.cos(angle(x)), Math.sin(angle(x))};
    }
}
