package io.onlineem.anomaly;

/**
 * What has happened before is less of an anomaly: if k separate peaks in the last n records were about as high as this one, it is not
 * rarer than one in n/k, however far out it is. Peaks that lie close together are one. Heights are in powers of ten, minus the
 * logarithm of a tail probability. Mutable; not thread-safe.
 */
final class Recurrence {

    /** Peaks that are remembered, the highest. */
    private static final int PEAKS = 64;

    /** Powers of ten from which something is a peak. */
    private static final double PEAK = 1.5;

    /** As high as this share of a peak is about as high. */
    private static final double ABOUT = 0.8;

    /** Peaks that say nothing yet: an anomaly may come twice. */
    private static final double FIRST = 1;

    /** What is left of what is beyond the bound: order is kept. */
    private static final double BEYOND = 0.1;

    /** Records without a peak after which the next one is another. */
    private static final int GAP = 20;

    /** Numbers of {@link #state()} beside the peaks. */
    private static final int FIXED = 3;

    private final double memory;
    private final double[] heights = new double[PEAKS];
    private final long[] times = new long[PEAKS];
    private int size;
    private int current = -1;
    private long records;
    private long lastPeak = -GAP - 1;

    /**
     * Nothing has happened yet.
     *
     * @param memory records after which a peak is forgotten
     */
    Recurrence(double memory) {
        this.memory = memory;
    }

    /** What has happened goes on. */
    Recurrence(double memory, double[] state) {
        this(memory);
        size = Math.max(0, state.length - FIXED) / 2;
        Numbers.of(state, FIXED + 2 * Math.min(size, PEAKS), "peaks");
        records = (long) state[0];
        lastPeak = (long) state[1];
        current = (int) state[2];
        Numbers.require(current >= -1 && current < Math.max(size, 1), "the newest peak", current);
        for (int i = 0; i < size; i++) {
            heights[i] = state[FIXED + 2 * i];
            times[i] = (long) state[FIXED + 2 * i + 1];
        }
    }

    /** What has happened so far. */
    double[] state() {
        double[] state = new double[FIXED + 2 * size];
        state[0] = records;
        state[1] = lastPeak;
        state[2] = current;
        for (int i = 0; i < size; i++) {
            state[FIXED + 2 * i] = heights[i];
            state[FIXED + 2 * i + 1] = times[i];
        }
        return state;
    }

    /** What is left of the powers of ten of the next record, which is counted. */
    double next(double powers) {
        double similar = 0;
        for (int i = 0; i < size; i++) {
            if (heights[i] >= ABOUT * powers && records - times[i] < memory) {
                similar++;
            }
        }
        double left = powers;
        if (similar > FIRST) {
            double most = Math.log10(Math.max(1, Math.min((double) records, memory) / (similar - FIRST + 0.5)));
            left = Math.min(powers, most + BEYOND * Math.max(0, powers - most));
        }
        if (powers > PEAK) {
            if (records - lastPeak > GAP) {
                current = size < PEAKS ? size++ : lowest();
                heights[current] = powers;
                times[current] = records;
            } else {
                heights[current] = Math.max(heights[current], powers);
            }
            lastPeak = records;
        }
        records++;
        return left;
    }

    private int lowest() {
        int lowest = 0;
        for (int i = 1; i < PEAKS; i++) {
            if (heights[i] < heights[lowest]) {
                lowest = i;
            }
        }
        return lowest;
    }
}
