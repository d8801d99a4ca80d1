package io.onlineem.em;

/**
 * A step size {@code γ_n}: how much observation {@code n = 1, 2, …} weighs against everything learned before it.
 *
 * <p>A pure function of the number of observations, not of mini-batches. A mini-batch of m observations that follows n
 * earlier ones takes the composite step
 *
 * <pre>  Γ = 1 - Π_{i=n+1}^{n+m} (1 - γ_i),</pre>
 *
 * so that the estimate hardly depends on how the stream is cut into batches. Every {@code γ_n} lies in (0, 1].
 */
public sealed interface StepSize permits StepSize.PowerDecay, StepSize.Constant, StepSize.HalfLife, RestartedStep {

    /** The step {@code γ_n} of observation {@code n ≥ 1}; in (0, 1]. */
    double at(double n);

    /**
     * The composite step of {@code m} observations that follow {@code n} earlier ones; in [0, 1].
     *
     * @param n observations (or total weight) learned so far, at least 0
     * @param m observations (or weight) of the mini-batch, at least 0; a fraction takes that part of the last step in
     *     log space
     */
    default double composite(double n, double m) {
        double logRemaining = 0;
        double whole = Math.floor(m);
        for (double i = 1; i <= whole; i++) {
            logRemaining += Math.log1p(-at(n + i));
            if (logRemaining < -40) {
                return 1;
            }
        }
        if (m > whole) {
            logRemaining += (m - whole) * Math.log1p(-at(n + whole + 1));
        }
        return -Math.expm1(logRemaining);
    }

    /**
     * The number of observations n at which the step has come down to {@code 1 / memory}: to which the count is set back
     * for what was learned to weigh as much as {@code memory} observations. Where the step is constant it is {@code memory}.
     *
     * @param memory at least 1
     */
    default double countWithMemory(double memory) {
        return memory;
    }

    /**
     * The step for a count that was set back. A step that decays does so again; a constant one begins with that of the
     * running mean, and is constant again when it has come down to its value.
     */
    default StepSize restarted() {
        return new RestartedStep(this);
    }

    /**
     * Power decay {@code γ_n = min(1, (n + n₀)^(-α))} (Cappé and Moulines 2009, section 2.2). With α = 1 and n₀ = 0 the
     * estimate is the running mean; α below 1 forgets the start and, averaged, keeps the optimal rate.
     *
     * @param exponent α in (½, 1]
     * @param offset n₀, at least 0
     */
    record PowerDecay(double exponent, double offset) implements StepSize {

        /** Observations from which the steps change slowly enough for an integral. */
        private static final double SMOOTH = 1000;

        /** Mini-batches for which the product itself is quicker. */
        private static final double SHORT = 8;

        /** Terms of the series of the logarithm: 1000^(-½ · 11) is below rounding. */
        private static final int TERMS = 10;

        /** Checks the exponent and the offset. */
        public PowerDecay {
            if (!(exponent > 0.5 && exponent <= 1)) {
                throw new IllegalArgumentException("step size exponent is " + exponent
                        + "; expected more than 0.5 and at most 1, or the estimate does not converge");
            }
            if (!(offset >= 0) || offset == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "step size offset is " + offset + "; expected a number of at least 0");
            }
        }

        @Override
        public double at(double n) {
            return Math.min(1, Math.pow(n + offset, -exponent));
        }

        @Override
        public double composite(double n, double m) {
            if (exponent == 1) {
                // Π (1 - 1/(i + n₀)) telescopes
                double first = Math.max(n + offset, 0);
                return first + m > 0 ? m / (first + m) : 0;
            }
            double start = n + offset;
            return start >= SMOOTH && m > SHORT
                    ? -Math.expm1(logRemaining(start, start + m))
                    : StepSize.super.composite(n, m);
        }

        @Override
        public double countWithMemory(double memory) {
            return Math.max(0, Math.pow(memory, 1 / exponent) - offset);
        }

        @Override
        public StepSize restarted() {
            return this;
        }

        /**
         * {@code Σ log(1 - x^(-α))} over the steps from a to b by the Euler-Maclaurin formula, relative error below 1e-11: a
         * few terms instead of a power for every observation.
         */
        private double logRemaining(double a, double b) {
            double stepAtA = Math.pow(a, -exponent);
            double stepAtB = Math.pow(b, -exponent);
            double logRatio = Math.log(b / a);
            double integral = 0;
            double power = 1;
            for (int p = 1; p <= TERMS; p++) {
                power *= stepAtA;
                double order = 1 - exponent * p;
                double length = order == 0 ? logRatio : Math.expm1(order * logRatio) / order;
                integral -= power / p * a * length;
            }
            double ends = (Math.log1p(-stepAtB) - Math.log1p(-stepAtA)) / 2;
            double slopes = exponent * (stepAtB / (b * (1 - stepAtB)) - stepAtA / (a * (1 - stepAtA))) / 12;
            return integral + ends + slopes;
        }
    }

    /**
     * The same step for ever: an exponentially weighted mean, for streams that never stop changing.
     *
     * @param step in (0, 1]
     */
    record Constant(double step) implements StepSize {

        /** Checks the step. */
        public Constant {
            if (!(step > 0 && step <= 1)) {
                throw new IllegalArgumentException(
                        "constant step size is " + step + "; expected more than 0, at most 1");
            }
        }

        @Override
        public double at(double n) {
            return step;
        }

        @Override
        public double composite(double n, double m) {
            return m == 0 ? 0 : -Math.expm1(m * Math.log1p(-step));
        }
    }

    /**
     * A constant step in the terms of a user: after that many observations, what was learned weighs half.
     *
     * @param observations the half-life, more than 0
     */
    record HalfLife(double observations) implements StepSize {

        /** Checks the half-life. */
        public HalfLife {
            if (!(observations > 0) || observations == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "half-life is " + observations + "; expected a positive number of observations");
            }
        }

        @Override
        public double at(double n) {
            return -Math.expm1(-Math.log(2) / observations);
        }

        @Override
        public double composite(double n, double m) {
            return -Math.expm1(-m * Math.log(2) / observations);
        }
    }
}
