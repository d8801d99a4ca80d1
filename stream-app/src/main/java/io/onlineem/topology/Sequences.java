package io.onlineem.topology;

import java.time.Duration;

/**
 * When a sequence ends. Records of a sequence are taken in the order in which they arrive; their timestamps say only whether
 * they belong together.
 *
 * @param gap a record that is later than the newest of its sequence by more than this begins the sequence anew, and one that
 *     is earlier by more than this is scored and counted by itself; zero: all records of a key are one sequence
 * @param expireAfter a sequence of which nothing came for so long ends, and is forgotten: by the timestamps of the records of
 *     the partition, not by the clock; zero: never
 */
public record Sequences(Duration gap, Duration expireAfter) {

    /** No gaps; sequences expire after a day. */
    public static final Sequences DEFAULTS = new Sequences(Duration.ZERO, Duration.ofDays(1));

    /** Where a record stands in its sequence. */
    enum Place {
        /** It follows the newest one. */
        NEXT,
        /** It begins the sequence anew. */
        FIRST,
        /** It is too late to belong to the sequence. */
        APART
    }

    /** Checks the values. */
    public Sequences {
        if (gap.isNegative() || expireAfter.isNegative()) {
            throw new IllegalArgumentException("sequences have a gap of " + gap + " and expire after " + expireAfter
                    + "; expected zero or more of both");
        }
    }

    /**
     * Where a record stands in a sequence under way. One that has expired begins anew, whether it has been found and forgotten
     * or not.
     */
    Place place(long newest, long time) {
        if (newest != Long.MIN_VALUE && expire() && time - newest > expireAfter.toMillis()) {
            return Place.FIRST;
        }
        if (gap.isZero() || newest == Long.MIN_VALUE || Math.abs(time - newest) <= gap.toMillis()) {
            return Place.NEXT;
        }
        return time > newest ? Place.FIRST : Place.APART;
    }

    /** Whether sequences expire at all. */
    boolean expire() {
        return !expireAfter.isZero();
    }
}
