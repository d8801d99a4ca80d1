package io.onlineem.anomaly;

/**
 * Something unusual that lasts for a while: one alert, however many records it consists of.
 *
 * @param id the stream and the number of its incident, such as {@code pump-7#12}
 * @param status what has become of it
 * @param start time of its first alarm, in milliseconds since the epoch
 * @param end time of its newest alarm
 * @param records of the stream since it began, the first one included
 * @param alarms those of them that were alarms
 * @param peakTime time of the least probable of them
 * @param peakScore its score
 * @param peakProbability its tail probability
 * @param threshold the tail probability up to which its first record was an alarm
 */
public record Incident(
        String id,
        Status status,
        long start,
        long end,
        long records,
        long alarms,
        long peakTime,
        double peakScore,
        double peakProbability,
        double threshold) {

    /** The life of an incident. */
    public enum Status {
        /** It has begun. */
        OPENED,
        /** It has become more unusual. */
        UPDATED,
        /** It is over: enough records were as usual, or none came for long enough. */
        CLOSED,
        /** It is over, since what was unusual has lasted so long that it is the new normal: the stream has changed. */
        NEW_NORMAL
    }

    /** The same in another status. */
    Incident as(Status newStatus) {
        return new Incident(
                id, newStatus, start, end, records, alarms, peakTime, peakScore, peakProbability, threshold);
    }

    /** With one record more. */
    Incident with(AnomalyScore score, long time, boolean alarm) {
        boolean peak = score.tailProbability() < peakProbability;
        return new Incident(
                id,
                Status.UPDATED,
                start,
                alarm ? Math.max(end, time) : end,
                records + 1,
                alarms + (alarm ? 1 : 0),
                peak ? time : peakTime,
                peak ? score.score() : peakScore,
                peak ? score.tailProbability() : peakProbability,
                threshold);
    }

    /** Whether there is nothing more to come. */
    public boolean isOver() {
        return status == Status.CLOSED || status == Status.NEW_NORMAL;
    }
}
