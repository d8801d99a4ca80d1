package io.onlineem.anomaly;

/**
 * How far the mean of the newest values is from the long-run mean, in long-run standard deviations: a level that has shifted shows in
 * it as long as it lasts, when the values have long become predictable from one another. Mutable; not thread-safe.
 */
final class MovingLevel {

    /** Values before the first that is judged. */
    private static final int LEAST = 50;

    /** Relative spread that is none. */
    private static final double ROUNDING = 1e-9;

    /** Numbers of {@link #state()} beside the newest values. */
    private static final int FIXED = 4;

    private final double[] recent;
    private final double memory;
    private long count;
    private double sum;
    private double mean;
    private double variance;

    /**
     * A level of which nothing is known.
     *
     * @param length values whose mean is judged
     * @param memory values that the long-run mean remembers
     */
    MovingLevel(int length, double memory) {
        this.recent = new double[length];
        this.memory = memory;
    }

    /** A level that goes on where it has got to. */
    MovingLevel(int length, double memory, double[] state) {
        this(length, memory);
        Numbers.of(state, FIXED + length, "a level");
        count = (long) state[0];
        sum = state[1];
        mean = state[2];
        variance = state[3];
        Numbers.require(count >= 0 && !(variance < 0), "the variance of a level", variance);
        System.arraycopy(state, FIXED, recent, 0, length);
    }

    /** Where it has got to. */
    double[] state() {
        double[] state = new double[FIXED + recent.length];
        state[0] = count;
        state[1] = sum;
        state[2] = mean;
        state[3] = variance;
        System.arraycopy(recent, 0, state, FIXED, recent.length);
        return state;
    }

    /**
     * The distance of the newest values, the next one included; {@code NaN} while it is not known.
     *
     * @param weight by which the long-run mean learns from the value, from 0 to 1
     */
    double next(double value, double weight) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        int at = (int) (count % recent.length);
        if (at == 0) {
            // the sum begins anew now and then, so that rounding does not add up
            sum = 0;
            for (int i = 1; i < recent.length; i++) {
                sum += recent[i];
            }
        } else {
            sum -= recent[at];
        }
        recent[at] = value;
        sum += value;
        double distance = Double.NaN;
        if (count >= Math.max(LEAST, recent.length)) {
            double deviation = Math.sqrt(variance + ROUNDING * (1 + mean * mean));
            distance = Math.abs(sum / recent.length - mean) / deviation;
        }
        count++;
        double gain = weight * Math.max(1.0 / count, 1 / memory);
        double difference = value - mean;
        mean += gain * difference;
        variance += gain * ((1 - gain) * difference * difference - variance);
        return distance;
    }
}
