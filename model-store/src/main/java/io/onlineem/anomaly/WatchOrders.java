package io.onlineem.anomaly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What those who watch the streams of a model were told: when nothing is an alarm, and which incidents were fine. Immutable.
 *
 * @param maintenance the windows that were announced, oldest announcement first; at most {@value #MOST_MAINTENANCE}
 * @param feedback the newest, numbered without gaps, oldest first; at most {@value #MOST_FEEDBACK}
 */
public record WatchOrders(List<Maintenance> maintenance, List<Feedback> feedback) {

    /** Windows that are remembered. */
    public static final int MOST_MAINTENANCE = 64;

    /** Feedback that is remembered. */
    public static final int MOST_FEEDBACK = 256;

    /** Nothing was told. */
    public static final WatchOrders NONE = new WatchOrders(List.of(), List.of());

    /** The beginning of a window that begins with the next record, whatever its time. */
    public static final long AT_ONCE = Long.MIN_VALUE;

    /**
     * A time in which nothing is an alarm.
     *
     * @param id of the command that announced it
     * @param stream that it is of; null for all streams of the model
     * @param from first time that it covers, in milliseconds since the epoch, or {@link #AT_ONCE}
     * @param to first time after it
     */
    public record Maintenance(String id, String stream, long from, long to) {

        /** Requires that it covers a time. */
        public Maintenance {
            if (from >= to) {
                throw new IllegalArgumentException(
                        "maintenance is from " + from + " to " + to + "; expected an end after the beginning");
            }
        }

        /** Whether a record is of it. */
        public boolean covers(String watched, long time) {
            return time >= from && time < to && (stream == null || stream.equals(watched));
        }
    }

    /**
     * An incident was fine.
     *
     * @param number of the feedback, from 1
     * @param stream of the incident
     * @param incident its number
     */
    public record Feedback(long number, String stream, long incident) {

        /**
         * Feedback on an incident.
         *
         * @param id of the incident, such as {@code pump/7#12}
         * @return empty if it is not the id of one
         */
        public static Optional<Feedback> of(long number, String id) {
            int sign = id.lastIndexOf('#');
            if (sign < 1 || !id.substring(sign + 1).matches("[1-9][0-9]{0,17}")) {
                return Optional.empty();
            }
            return Optional.of(new Feedback(number, id.substring(0, sign), Long.parseLong(id.substring(sign + 1))));
        }

        /** The id of the incident. */
        public String id() {
            return stream + "#" + incident;
        }
    }

    /** Copies the lists. */
    public WatchOrders {
        maintenance = List.copyOf(maintenance);
        feedback = List.copyOf(feedback);
    }

    /** Whether nothing is an alarm in a stream at a time. */
    public boolean maintains(String stream, long time) {
        for (Maintenance window : maintenance) {
            if (window.covers(stream, time)) {
                return true;
            }
        }
        return false;
    }

    /** Number of the newest feedback; 0 before the first. */
    public long newestFeedback() {
        return feedback.isEmpty() ? 0 : feedback.get(feedback.size() - 1).number();
    }

    /**
     * The same with one more window. Where there are too many, one that is over makes room, that which has been so for longest.
     *
     * @param now time of the newest record, in milliseconds since the epoch
     * @throws IllegalArgumentException if there are too many, and none is over
     */
    public WatchOrders with(Maintenance window, long now) {
        List<Maintenance> windows = new ArrayList<>(maintenance);
        if (windows.size() >= MOST_MAINTENANCE) {
            Maintenance first = windows.stream()
                    .min(Comparator.comparingLong(Maintenance::to))
                    .orElseThrow();
            if (first.to() > now) {
                throw new IllegalArgumentException(
                        windows.size() + " maintenance windows are announced, none of which is"
                                + " over; expected at most " + MOST_MAINTENANCE + ": end some, or join them");
            }
            windows.remove(first);
        }
        windows.add(window);
        return new WatchOrders(windows, feedback);
    }

    /** The same without some windows. */
    public WatchOrders without(Predicate<Maintenance> ended) {
        return new WatchOrders(maintenance.stream().filter(ended.negate()).toList(), feedback);
    }

    /** The same with feedback; the oldest makes room for it. */
    public WatchOrders with(Feedback newest) {
        List<Feedback> all = new ArrayList<>(feedback);
        all.add(newest);
        return new WatchOrders(maintenance, all.subList(Math.max(0, all.size() - MOST_FEEDBACK), all.size()));
    }
}
