package io.onlineem.anomaly;

import java.util.Locale;

/**
 * What is watched: a statistic of the newest records.
 *
 * @param kind which statistic
 * @param length records it looks at, from 1 to {@value #LONGEST}; of repeats 1
 */
public record Channel(Kind kind, int length) {

    /** Records that a channel looks at, at most. */
    public static final int LONGEST = 1000;

    private static final String RECORD_LABEL = "record";
    private static final String REPEATS_LABEL = "repeats";

    /** The surprise of the record. */
    public static final Channel RECORD = new Channel(Kind.MEAN, 1);

    /** Repeats of a value. */
    public static final Channel REPEATS = new Channel(Kind.REPEATS, 1);

    /** Statistics: three of surprises given the past, one of surprises of records by themselves, two of values. */
    public enum Kind {
        /** The mean of surprises without the largest one, of which a single record is capable: a lasting surprise that no record shows. */
        MEAN,
        /** The smallest: every one of the records was surprising, as after a level shift. */
        MINIMUM,
        /** The largest, negated: none of the records was as surprising as records are, as on a flat line. */
        CALM,
        /** As {@link #MEAN}, of {@code -log p(y_t)}: what has become predictable from itself, and is still unusual. */
        ALONE,
        /** How far the mean of the values is from the long run, in standard deviations: the field that is farthest. */
        LEVEL,
        /** How improbable it is that a value repeats as often as it has, in powers of ten: the field that does so most. */
        REPEATS
    }

    /** Checks the values. */
    public Channel {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException(
                    "length of a channel is " + length + "; expected 1 to " + LONGEST + " records");
        }
        if (kind == Kind.REPEATS && length != 1) {
            throw new IllegalArgumentException("length of the channel repeats is " + length + "; expected none");
        }
    }

    /** {@code record}, {@code mean-20}, {@code minimum-5}, {@code calm-20}, {@code alone-15}, {@code level-10}, {@code repeats}. */
    public String label() {
        if (kind == Kind.REPEATS) {
            return REPEATS_LABEL;
        }
        return length == 1 && (kind == Kind.MEAN || kind == Kind.MINIMUM)
                ? RECORD_LABEL
                : kind.name().toLowerCase(Locale.ROOT) + "-" + length;
    }

    /**
     * The channel of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Channel of(String label) {
        if (RECORD_LABEL.equals(label)) {
            return RECORD;
        }
        if (REPEATS_LABEL.equals(label)) {
            return REPEATS;
        }
        int dash = label.indexOf('-');
        try {
            return new Channel(
                    Kind.valueOf(label.substring(0, Math.max(0, dash)).toUpperCase(Locale.ROOT)),
                    Integer.parseInt(label.substring(dash + 1)));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "channel is '" + label
                            + "'; expected record, repeats, or mean-, minimum-, calm-, alone- or level- and"
                            + " a length of 1 to " + LONGEST + " records, such as mean-20",
                    unknown);
        }
    }

    /** Whether it looks at values, not at surprises. */
    boolean isOfValues() {
        return kind == Kind.LEVEL || kind == Kind.REPEATS;
    }

    /**
     * The tail probability of a statistic of this channel. That of repeats is one already, and its tail never makes it less.
     *
     * @param tail what is known of the statistic
     */
    public double probability(Tail tail, double statistic) {
        return atLeast(tail.probability(statistic), statistic);
    }

    /** As {@link #probability}, of a tail that is still learning. */
    double probability(TailLearner tail, double statistic) {
        return atLeast(tail.probability(statistic), statistic);
    }

    private double atLeast(double probability, double statistic) {
        return kind == Kind.REPEATS ? Math.max(probability, Math.pow(10, -Math.max(0, statistic))) : probability;
    }

    /**
     * The statistic of surprises.
     *
     * @param ring surprises, a ring
     * @param newest where the newest one is
     */
    double statistic(double[] ring, int newest) {
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        int at = newest;
        for (int i = 0; i < length; i++) {
            double each = ring[at];
            sum += each;
            least = Math.min(least, each);
            largest = Math.max(largest, each);
            at = at == 0 ? ring.length - 1 : at - 1;
        }
        return switch (kind) {
            case MEAN, ALONE -> length == 1 ? sum : (sum - largest) / (length - 1);
            case MINIMUM -> least;
            case CALM -> -largest;
            case LEVEL, REPEATS -> throw new IllegalStateException(label() + " is not of surprises");
        };
    }
}
