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

    /** The distance of the newest values, the next one included, which is counted; {@code NaN} while it is not known. */
    double next(double value) {
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
        double gain = Math.max(1.0 / count, 1 / memory);
        double difference = value - mean;
        mean += gain * difference;
        variance += gain * ((1 - gain) * difference * difference - variance);
        return distance;
    }
}
