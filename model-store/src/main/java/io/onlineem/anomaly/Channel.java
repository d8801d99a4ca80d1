package io.onlineem.anomaly;

import java.util.Locale;

/**
 * What is watched: a statistic of the surprises of the newest records.
 *
 * @param kind which statistic
 * @param length records it looks at, from 1 to {@value #LONGEST}
 */
public record Channel(Kind kind, int length) {

    /** Records that a channel looks at, at most. */
    public static final int LONGEST = 1000;

    /** The surprise of the record alone. */
    public static final Channel RECORD = new Channel(Kind.MEAN, 1);

    /** Statistics of surprises. */
    public enum Kind {
        /** Their mean without the largest one, of which a single record is capable: a lasting surprise that no record shows. */
        MEAN,
        /** The smallest: every one of the records was surprising, as after a level shift. */
        MINIMUM,
        /** The largest, negated: none of the records was as surprising as records are, as on a flat line. */
        CALM
    }

    /** Checks the values. */
    public Channel {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException(
                    "length of a channel is " + length + "; expected 1 to " + LONGEST + " records");
        }
    }

    /** {@code record}, {@code mean-20}, {@code minimum-5}, {@code calm-20}. */
    public String label() {
        return kind != Kind.CALM && length == 1 ? "record" : kind.name().toLowerCase(Locale.ROOT) + "-" + length;
    }

    /**
     * The channel of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Channel of(String label) {
        if ("record".equals(label)) {
            return RECORD;
        }
        int dash = label.indexOf('-');
        try {
            return new Channel(
                    Kind.valueOf(label.substring(0, Math.max(0, dash)).toUpperCase(Locale.ROOT)),
                    Integer.parseInt(label.substring(dash + 1)));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "channel is '" + label + "'; expected record, or mean-, minimum- or calm- and a length of 1 to "
                            + LONGEST + " records, such as mean-20",
                    unknown);
        }
    }

    /** The same statistic. */
    boolean isRecord() {
        return length == 1 && kind != Kind.CALM;
    }

    /**
     * The statistic.
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
            case MEAN -> length == 1 ? sum : (sum - largest) / (length - 1);
            case MINIMUM -> least;
            case CALM -> -largest;
        };
    }
}
