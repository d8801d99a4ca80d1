package io.onlineem.anomaly;

import java.util.Arrays;

/**
 * The robust {@link Tail}: beyond a high quantile u of a statistic its excesses are taken to be exponential with a robust scale,
 *
 * <pre>  p(x) = α e^(-(x - u) / β),    α = P(X &gt; u) = {@value #SHARE},</pre>
 *
 * and p(x) = 1 up to it. The quantile is tracked by stochastic approximation (Robbins and Monro 1951). An excess counts at most
 * {@value #MOST} times β when β is learned, so that what is far out does not widen the scale that it is judged by: unlike a maximum
 * likelihood fit, which an anomaly that lasts makes blind to the next one. Mutable; not thread-safe.
 */
final class ExcessTail implements TailLearner {

    static final double SHARE = 0.05;

    private static final double MOST = 5;

    /** Imagined excesses of the spread of the warm-up. */
    private static final double IMAGINED = 3;

    /** Share of a spread below which differences are rounding. */
    private static final double LEAST = 1e-3;

    /** Numbers of {@link #state()} beside the values of the warm-up. */
    private static final int FIXED = 5;

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
     * @param warmUp values before the first that is judged
     * @param memory values that are remembered
     */
    ExcessTail(int warmUp, double memory) {
        this.memory = memory;
        this.first = new double[warmUp];
    }

    /** A tail that goes on where it has got to. */
    ExcessTail(int warmUp, double memory, double[] state) {
        this(warmUp, memory);
        Numbers.require(state.length >= FIXED, "an exponential tail", state.length);
        records = state[0];
        threshold = state[1];
        scale = state[2];
        excesses = state[3];
        distance = state[4];
        Numbers.require(records >= 0 && scale > 0 && excesses >= 0, "the scale of an exponential tail", scale);
        if (records > 0) {
            warm = warmUp;
        } else {
            // a warm-up that has become shorter goes on with the newest values
            warm = Math.min(state.length - FIXED, warmUp);
            System.arraycopy(state, state.length - warm, first, 0, warm);
            if (warm == warmUp) {
                begin();
            }
        }
    }

    /** Where it has got to. */
    double[] state() {
        int kept = known() ? 0 : warm;
        double[] state = new double[FIXED + kept];
        state[0] = records;
        state[1] = threshold;
        state[2] = scale;
        state[3] = excesses;
        state[4] = distance;
        System.arraycopy(first, 0, state, FIXED, kept);
        return state;
    }

    /** Records that it rests upon; 0 during the warm-up. */
    double evidence() {
        return known() ? records : 0;
    }

    private boolean known() {
        return warm == first.length;
    }

    @Override
    public Tail tail() {
        return known()
                ? new Tail(
                        new double[] {threshold},
                        new double[] {SHARE},
                        threshold,
                        SHARE,
                        new GeneralizedPareto(scale, 0),
                        0,
                        Double.MIN_NORMAL)
                : Tail.UNKNOWN;
    }

    @Override
    public double probability(double x) {
        return known() && x > threshold ? Math.max(Double.MIN_NORMAL, SHARE * Math.exp(-(x - threshold) / scale)) : 1;
    }

    @Override
    public void learn(double x, double weight) {
        if (Double.isNaN(x) || !(weight > 0)) {
            return;
        }
        if (!known()) {
            first[warm++] = x;
            if (known()) {
                begin();
            }
            return;
        }
        records += weight;
        double gain = weight * Math.max(1 / records, 1 / memory);
        double step = 4 * gain * distance;
        distance += gain * (Math.min(Math.abs(x - threshold), 4 * distance) - distance);
        distance = Math.max(distance, LEAST * LEAST);
        if (x > threshold) {
            excesses = Math.min(excesses + weight, memory * SHARE);
            scale += weight * (Math.min(x - threshold, MOST * scale) - scale) / excesses;
            scale = Math.max(scale, LEAST);
            threshold += step * (1 - SHARE);
        } else {
            threshold -= step * SHARE;
        }
    }

    private void begin() {
        double[] sorted = first.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        int at = (int) Math.ceil((1 - SHARE) * (n - 1));
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
