package io.onlineem.anomaly;

import java.util.ArrayList;
import java.util.List;

/**
 * The incidents of one stream, one after another. A record is an alarm if its tail probability is at most the threshold; the
 * first alarm opens an incident, those after it belong to it, and it is over after enough quiet records: those whose tail
 * probability is above the square root of the threshold, half as many nines.
 *
 * <p>Deterministic: knows no clock but the times of the records. Mutable; not thread-safe.
 */
final class Incidents {

    static final Detector.State START =
            new Detector.State(0, null, Long.MAX_VALUE, 1, Long.MIN_VALUE, Double.NaN, 0, 0, 0, 0);

    /** How much less probable than the peak so far a record must be for an update. */
    private static final double WORSE = 0.1;

    /** How much less probable than the peak a record after half of the quiet ones must be for an incident of its own. */
    private static final double FAR_WORSE = 1e-3;

    /** Times {@link Detection#quiet()}: how long a peak is remembered after its incident. */
    private static final int HOLD_OFF = 5;

    /** Records over which the mean time between two of them is taken. */
    private static final double INTERVALS = 1000;

    /** What is left of the shift of a threshold by feedback after a record: half of it after 20,000. */
    private static final double FEEDBACK_DECAY = Math.pow(0.5, 1 / 20_000.0);

    /** Nines by which the threshold is shifted beyond what was said to be fine. */
    private static final double FEEDBACK_MARGIN = 0.5;

    private final Detection detection;
    private final String stream;
    private long number;
    private Incident open;
    private long quiet;
    private double lastPeak;
    private long newest;
    private double interval;
    private double intervals;
    private double shift;
    private long maintenanceFrom;
    private long maintenanceTo;

    Incidents(Detection detection, String stream, Detector.State state) {
        this.detection = detection;
        this.stream = stream;
        number = state.number();
        open = state.open();
        quiet = state.quiet();
        lastPeak = state.lastPeak();
        newest = state.newest();
        interval = state.interval();
        intervals = state.intervals();
        shift = state.shift();
        maintenanceFrom = state.maintenanceFrom();
        maintenanceTo = state.maintenanceTo();
    }

    Detector.State state() {
        return new Detector.State(
                number, open, quiet, lastPeak, newest, interval, intervals, shift, maintenanceFrom, maintenanceTo);
    }

    /** The incident that is open; null if there is none. */
    Incident open() {
        return open;
    }

    /** The tail probability up to which the next record would be an alarm. */
    double threshold() {
        double lowered = detection.threshold().probability(interval, detection.streams()) * Math.pow(10, -shift);
        long remembered = (long) HOLD_OFF * detection.quiet();
        if (open != null || quiet >= remembered || lastPeak >= lowered) {
            return lowered;
        }
        double left = 1 - (double) quiet / remembered;
        return Math.exp(left * Math.log(lastPeak) + (1 - left) * Math.log(lowered));
    }

    /**
     * Takes a record into account.
     *
     * @param time of the record, in milliseconds since the epoch
     * @return what has become of incidents, none to two
     */
    List<Incident> observe(AnomalyScore score, long time) {
        List<Incident> events = new ArrayList<>(expired(time));
        double threshold = threshold();
        boolean maintained = time >= maintenanceFrom && time < maintenanceTo;
        boolean alarm = score.tailProbability() <= threshold && !maintained;
        if (open != null) {
            alarm = goOn(score, time, threshold, alarm, events);
        } else if (quiet < Long.MAX_VALUE) {
            quiet++;
        }
        if (open == null && alarm) {
            begin(score, time, threshold);
            events.add(open);
        }
        clock(time);
        shift *= FEEDBACK_DECAY;
        return events;
    }

    /**
     * A record while an incident is open.
     *
     * @return whether it is an alarm of the next incident
     */
    private boolean goOn(AnomalyScore score, long time, double threshold, boolean alarm, List<Incident> events) {
        boolean another = alarm
                && quiet >= detection.quiet() / 2.0
                && score.tailProbability() <= FAR_WORSE * open.peakProbability();
        if (alarm) {
            quiet = 0;
        } else if (score.tailProbability() > Math.sqrt(threshold)) {
            quiet++;
        }
        if (another || quiet >= detection.quiet()) {
            events.add(close());
            return another;
        }
        boolean worse = alarm && score.tailProbability() <= WORSE * open.peakProbability();
        open = open.with(score, time, alarm);
        if (score.newNormal()) {
            events.add(close().as(Incident.Status.NEW_NORMAL));
        } else if (worse) {
            events.add(open);
        }
        return false;
    }

    private void begin(AnomalyScore score, long time, double threshold) {
        number++;
        quiet = 0;
        open = new Incident(
                stream + "#" + number,
                Incident.Status.OPENED,
                time,
                time,
                1,
                1,
                time,
                score.score(),
                score.tailProbability(),
                threshold);
    }

    private Incident close() {
        Incident closed = open.as(Incident.Status.CLOSED);
        lastPeak = closed.peakProbability();
        quiet = 0;
        open = null;
        return closed;
    }

    private void clock(long time) {
        if (newest != Long.MIN_VALUE) {
            intervals = Math.min(INTERVALS, intervals + 1);
            double passed = Math.max(0, time - newest);
            interval = intervals == 1 ? passed : interval + (passed - interval) / intervals;
        }
        newest = Math.max(newest, time);
    }

    /** Closes the open incident if no record came for too long. */
    List<Incident> expired(long now) {
        long patience = detection.quietTime().toMillis();
        return open == null || patience == 0 || now - newest < patience ? List.of() : List.of(close());
    }

    /** From a time to another nothing is an alarm. */
    void maintain(long from, long to) {
        maintenanceFrom = from;
        maintenanceTo = to;
    }

    /**
     * The newest incident was fine: for a while the threshold is so low that it would not have been one.
     *
     * @return whether there was one
     */
    boolean fine() {
        if (number == 0) {
            return false;
        }
        double probability = detection.threshold().probability(interval, detection.streams());
        double peak = open == null ? lastPeak : open.peakProbability();
        shift = Math.max(shift, Math.max(0, Math.log10(probability / peak)) + FEEDBACK_MARGIN);
        return true;
    }
}
