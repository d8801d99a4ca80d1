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
        /**
         * Their mean: a lasting surprise that no single record shows. A surprise counts up to the threshold of the single
         * records, so that one record alone does not lift it.
         */
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
     * @param cap what a surprise counts in a mean, at most
     */
    double statistic(double[] ring, int newest, double cap) {
        double result =
                kind == Kind.MEAN ? 0 : kind == Kind.MINIMUM ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        int at = newest;
        for (int i = 0; i < length; i++) {
            double each = ring[at];
            switch (kind) {
                case MEAN -> result += length == 1 ? each : Math.min(each, cap);
                case MINIMUM -> result = Math.min(result, each);
                case CALM -> result = Math.max(result, each);
            }
            at = at == 0 ? ring.length - 1 : at - 1;
        }
        return switch (kind) {
            case MEAN -> result / length;
            case MINIMUM -> result;
            case CALM -> -result;
        };
    }
}
