package io.onlineem.family;

import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Trigamma;

/** The likelihood equation of the shape of gamma distributions. Stateless. */
final class GammaShape {

    /** Newton's method needs four to six steps from anywhere; bisections come on top where it leaves the bracket. */
    private static final int MOST_STEPS = 200;

    private static final double ROUNDING = 1e-15;

    private GammaShape() {}

    /**
     * The shape α in {@code [smallest, largest]} nearest to the solution of {@code log α - ψ(α) = excess}: that of the gamma
     * distribution whose logarithm of the mean exceeds the mean of the logarithm so far. Newton's method in log α, safeguarded
     * by bisection.
     *
     * @param excess positive; 0 and less give {@code largest}
     */
    static double of(double excess, double smallest, double largest) {
        if (!(excess > deficit(largest))) {
            return largest;
        }
        if (excess >= deficit(smallest)) {
            return smallest;
        }
        double low = Math.log(smallest);
        double high = Math.log(largest);
        double at = (low + high) / 2;
        for (int step = 0; step < MOST_STEPS; step++) {
            double shape = Math.exp(at);
            double surplus = deficit(shape) - excess;
            if (surplus > 0) {
                low = at;
            } else {
                high = at;
            }
            double next = at - surplus / (1 - shape * Trigamma.value(shape));
            if (!(next > low && next < high)) {
                next = (low + high) / 2;
            }
            double change = Math.abs(next - at);
            at = next;
            if (change <= ROUNDING * Math.max(1, Math.abs(at))) {
                break;
            }
        }
        return Math.exp(at);
    }

    /** {@code log α - ψ(α)}, which falls from infinity to 0. */
    private static double deficit(double shape) {
        return Math.log(shape) - Digamma.value(shape);
    }
}
