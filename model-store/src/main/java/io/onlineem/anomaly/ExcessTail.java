package io.onlineem.anomaly;

import java.util.Arrays;

/**
 * How far a statistic of a stream is out, in powers of ten: beyond a high quantile u its excesses are taken to be exponential with
 * a robust scale,
 *
 * <pre>  L(x) = -log₁₀ (α e^(-(x - u) / β)),    α = P(X &gt; u)</pre>
 *
 * and L(x) = 0 up to it. The quantile is tracked by stochastic approximation (Robbins and Monro 1951). An excess counts at most
 * {@value #MOST} times β when β is learned, so that what is far out does not widen the scale that it is judged by: unlike a maximum
 * likelihood fit, which an anomaly that lasts makes blind to the next one. Mutable; not thread-safe.
 */
final class ExcessTail {

    private static final double MOST = 5;

    /** Imagined excesses of the spread of the warm-up. */
    private static final double IMAGINED = 3;

    /** Share of a spread below which differences are rounding. */
    private static final double LEAST = 1e-3;

    private final double share;
    private final double memory;
    private final double[] first;
    private int warm;
    private double records;
    private double threshold;
    private double scale = 1;
    private double excesses;
    private double distance;

    /**
     * A tail of which nothing is known.
     *
     * @param share α
     * @param warmUp values before the first that is judged
     * @param memory values that are remembered
     */
    ExcessTail(double share, int warmUp, double memory) {
        this.share = share;
        this.memory = memory;
        this.first = new double[warmUp];
    }

    /** Whether the warm-up is over. */
    boolean known() {
        return warm == first.length;
    }

    /** {@code L(x)}, 0 for what is not a number. */
    double powers(double x) {
        return known() && x > threshold ? ((x - threshold) / scale - Math.log(share)) / Math.log(10) : 0;
    }

    /** Counts a value; what is not a number does not count. */
    void learn(double x) {
        if (Double.isNaN(x)) {
            return;
        }
        if (!known()) {
            first[warm++] = x;
            if (known()) {
                begin();
            }
            return;
        }
        records++;
        double gain = Math.max(1 / records, 1 / memory);
        double step = 4 * gain * distance;
        distance += gain * (Math.min(Math.abs(x - threshold), 4 * distance) - distance);
        distance = Math.max(distance, LEAST * LEAST);
        if (x > threshold) {
            excesses = Math.min(excesses + 1, memory * share);
            scale += (Math.min(x - threshold, MOST * scale) - scale) / excesses;
            scale = Math.max(scale, LEAST);
            threshold += step * (1 - share);
        } else {
            threshold -= step * share;
        }
    }

    private void begin() {
        double[] sorted = first.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        int at = (int) Math.ceil((1 - share) * (n - 1));
        double spread = Math.max(sorted[(int) (0.75 * n)] - sorted[n / 4], LEAST);
        threshold = sorted[at];
        double sum = IMAGINED * spread;
        for (int i = at; i < n; i++) {
            sum += Math.min(sorted[i] - threshold, 3 * spread);
        }
        excesses = n - at + IMAGINED;
        scale = sum / excesses;
        distance = spread;
        records = n;
    }
}
