package io.onlineem.anomaly;

import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import java.util.Arrays;

/**
 * Counts of a stream's values in bins that grow with the distance from a centre (the stores and the mapping of DDSketch,
 * Masson et al. 2019), so that it does not matter where the values lie. Forgets by forward decay (Cormode et al. 2009): the
 * weight of a new value grows, and all are scaled down together now and then. Mutable; not thread-safe.
 */
final class AgeingSketch {

    /** Width of a bin relative to its distance from the centre: twice this. */
    static final double ACCURACY = 0.02;

    /** Bins on each side of the centre: distances in a ratio of 1 to 27,000. */
    static final int BINS = 256;

    private static final IndexMapping MAPPING = new CubicallyInterpolatedMapping(ACCURACY);
    private static final double LEAST = 1e-12;
    private static final double MOST = 1e15;
    private static final double RESCALE = 0x1p60;

    /** So that the indices of both sides are told apart by their sign, and sort as their values do. */
    private static final int OFFSET = 1 << 20;

    private double centre;
    private final double growth;
    private double weight;
    private Store above;
    private Store below;

    AgeingSketch(double centre, double halfLife) {
        this(centre, halfLife, 1);
    }

    private AgeingSketch(double centre, double halfLife, double weight) {
        this.centre = centre;
        this.growth = Math.pow(2, 1 / halfLife);
        this.weight = weight;
        clear();
    }

    /** A sketch of bins that were {@linkplain #snapshot written down}. */
    AgeingSketch(Bins bins, double halfLife) {
        this(bins.centre, halfLife, bins.weight);
        for (int i = bins.counts.length - 1; i >= 0; i--) {
            (bins.indices[i] < 0 ? below : above).add(Math.abs(bins.indices[i]) - OFFSET, bins.counts[i]);
        }
    }

    /**
     * Non-empty bins, ascending by value.
     *
     * @param centre of the distances
     * @param weight of the next value
     * @param indices of the bins: of the mapping and an offset, negated below the centre
     * @param counts sums of weights
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bins(double centre, double weight, int[] indices, double[] counts) {

        double lower(int i) {
            int index = Math.abs(indices[i]) - OFFSET;
            return indices[i] < 0
                    ? centre - MAPPING.upperBound(index)
                    : centre + (i > 0 && indices[i - 1] > 0 ? MAPPING.lowerBound(index) : 0);
        }

        double upper(int i) {
            int index = Math.abs(indices[i]) - OFFSET;
            boolean nearest = i + 1 == indices.length || indices[i + 1] > 0;
            return indices[i] < 0
                    ? centre - (nearest ? 0 : MAPPING.lowerBound(index))
                    : centre + MAPPING.upperBound(index);
        }

        double total() {
            return Arrays.stream(counts).sum();
        }
    }

    /** Whether there is such a bin. */
    static boolean isBin(int bin) {
        int index = Math.abs(bin) - OFFSET;
        return index >= MAPPING.index(LEAST) && index <= MAPPING.index(MOST);
    }

    private void clear() {
        above = new CollapsingLowestDenseStore(BINS);
        below = new CollapsingLowestDenseStore(BINS);
    }

    double centre() {
        return centre;
    }

    /** What a value counts now, relative to which counts are records. */
    double weight() {
        return weight;
    }

    void add(double value, double share) {
        count(value, share * weight);
        weight *= growth;
        if (weight > RESCALE) {
            Bins bins = snapshot();
            clear();
            for (int i = bins.counts.length - 1; i >= 0; i--) {
                double scaled = bins.counts[i] / weight;
                if (scaled > Double.MIN_NORMAL) {
                    (bins.indices[i] < 0 ? below : above).add(Math.abs(bins.indices[i]) - OFFSET, scaled);
                }
            }
            weight = 1;
        }
    }

    private void count(double value, double counted) {
        if (counted > 0) {
            double distance = value - centre;
            double size = Math.min(MOST, Math.max(LEAST, Math.abs(distance)));
            (distance < 0 ? below : above).add(MAPPING.index(size), counted);
        }
    }

    /** Distances from another centre from now on; what has been counted keeps the resolution it was counted with. */
    void recentre(double newCentre) {
        Bins bins = snapshot();
        clear();
        centre = newCentre;
        for (int i = 0; i < bins.counts.length; i++) {
            count((bins.lower(i) + bins.upper(i)) / 2, bins.counts[i]);
        }
    }

    Bins snapshot() {
        int[] indices = new int[2 * BINS];
        double[] counts = new double[2 * BINS];
        int[] size = {0};
        below.forEach((index, count) -> {
            if (count > 0) {
                indices[size[0]] = -(index + OFFSET);
                counts[size[0]++] = count;
            }
        });
        int negative = size[0];
        for (int i = 0, j = negative - 1; i < j; i++, j--) {
            int index = indices[i];
            double count = counts[i];
            indices[i] = indices[j];
            counts[i] = counts[j];
            indices[j] = index;
            counts[j] = count;
        }
        above.forEach((index, count) -> {
            if (count > 0) {
                indices[size[0]] = index + OFFSET;
                counts[size[0]++] = count;
            }
        });
        return new Bins(centre, weight, Arrays.copyOf(indices, size[0]), Arrays.copyOf(counts, size[0]));
    }
}
