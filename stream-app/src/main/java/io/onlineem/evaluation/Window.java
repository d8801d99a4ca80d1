package io.onlineem.evaluation;

/**
 * A time in which a series is anomalous, both ends included.
 *
 * @param start milliseconds since 1970 of the first anomalous record
 * @param end milliseconds since 1970 of the last anomalous record, not before the start
 * @param kind what is anomalous about it, such as {@code level-shift}; empty if that is not known
 */
public record Window(long start, long end, String kind) {

    public Window {
        if (end < start) {
            throw new IllegalArgumentException("a window ends at " + end + ", before its start at " + start
                    + "; expected an end not before the start");
        }
    }

    /** Whether a time lies in the window. */
    public boolean contains(long time) {
        return start <= time && time <= end;
    }
}
