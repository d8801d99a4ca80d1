package io.onlineem.anomaly;

/**
 * What has happened before is less of an anomaly: if k separate peaks in the last n records were about as high as this one, it is not
 * rarer than one in n/k, however far out it is. Peaks that lie close together are one. Mutable; not thread-safe.
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

    private final int gap;
    private final double memory;
    private final double[] heights = new double[PEAKS];
    private final long[] times = new long[PEAKS];
    private int size;
    private int current = -1;
    private long records;
    private long lastPeak = Long.MIN_VALUE / 2;

    /**
     * Nothing has happened yet.
     *
     * @param gap records without a peak after which the next one is another
     * @param memory records after which a peak is forgotten
     */
    Recurrence(int gap, double memory) {
        this.gap = gap;
        this.memory = memory;
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
            if (records - lastPeak > gap) {
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
