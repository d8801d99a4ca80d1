package io.onlineem.family;

/**
 * Modified Bessel functions of the first kind, I₀ and I₁, of numbers of at least 0, to 1e-13: power series for small, asymptotic
 * series for large arguments (Abramowitz and Stegun 1964, 9.6.10 and 9.7.1).
 */
final class Bessel {

    /** From here on the smallest term of the asymptotic series, about e^-2x, is below the last digit. */
    private static final double ASYMPTOTIC = 22;

    private static final double LAST_DIGIT = 1e-17;

    private Bessel() {}

    /** {@code log I₀(x)}. */
    static double logI0(double x) {
        if (x < ASYMPTOTIC) {
            // of I₀ itself, so that small arguments keep their digits: I₀(x) - 1 ≈ x²/4
            return Math.log1p(i0MinusOne(x));
        }
        double sum = 0;
        double term = 1;
        for (int k = 1; term > LAST_DIGIT; k++) {
            term *= square(2 * k - 1) / (8 * k * x);
            sum += term;
        }
        return x + Math.log1p(sum) - 0.5 * Math.log(2 * Math.PI * x);
    }

    /** {@code 1 - I₁(x) / I₀(x)}, with all its digits where the ratio is close to 1. */
    static double oneMinusRatio(double x) {
        if (x < ASYMPTOTIC) {
            return 1 - i1(x) / (1 + i0MinusOne(x));
        }
        double i0 = 1;
        double difference = 0;
        double term0 = 1;
        double term1 = 1;
        for (int k = 1; term0 > LAST_DIGIT * difference; k++) {
            term0 *= square(2 * k - 1) / (8 * k * x);
            term1 *= (square(2 * k - 1) - 4) / (8 * k * x);
            i0 += term0;
            difference += term0 - term1;
        }
        return difference / i0;
    }

    private static double i0MinusOne(double x) {
        double sum = 0;
        double term = 1;
        for (int k = 1; term > LAST_DIGIT * sum; k++) {
            term *= square(x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static double i1(double x) {
        double sum = x / 2;
        double term = sum;
        for (int k = 1; term > LAST_DIGIT * sum; k++) {
            term *= x * x / (4.0 * k * (k + 1));
            sum += term;
        }
        return sum;
    }

    private static double square(double x) {
        return x * x;
    }
}
