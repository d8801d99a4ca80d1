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

    static final Detector.State START = new Detector.State(
            0, null, Long.MAX_VALUE, 1, Long.MIN_VALUE, Double.NaN, 0, 0, false, 0, List.of(), Detector.Tests.NONE);

    /** How much less probable than the peak so far a record must be for an update. */
    private static final double WORSE = 0.1;

    /** How much less probable than the peak a record after half of the quiet ones must be for an incident of its own. */
    private static final double FAR_WORSE = 1e-3;

    /** Times {@link Detection#quiet()}: how long a peak is remembered after its incident. */
    private static final int HOLD_OFF = 5;

    /** Mean times between two records that are no gap yet. */
    private static final double GAP = 10;

    /** Records over which the mean time between two of them is taken. */
    private static final double INTERVALS = 1000;

    /** What is left of the shift of a threshold by feedback after a record: half of it after 20,000. */
    private static final double FEEDBACK_DECAY = Math.pow(0.5, 1 / 20_000.0);

    /** Nines by which the threshold is shifted beyond what was said to be fine. */
    private static final double FEEDBACK_MARGIN = 0.5;

    /** Incidents that are over whose peaks are remembered for feedback. */
    static final int PEAKS = 32;

    /** A tail probability below which all are alike: feedback shifts the threshold by a finite number of digits. */
    private static final double LEAST = 1e-300;

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
    private boolean silent;
    private long feedback;
    private final List<Double> peaks;

    /** Null unless the threshold is stated as a rate of false discoveries. */
    private final FalseDiscoveries tests;

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
        silent = state.silent();
        feedback = state.feedback();
        peaks = new ArrayList<>(state.peaks());
        tests = detection.threshold().kind() == Threshold.Kind.FALSE_DISCOVERIES
                ? new FalseDiscoveries(
                        detection.threshold().value(), detection.calibration().halfLife(), state.tests())
                : null;
    }

    Detector.State state() {
        return new Detector.State(
                number,
                open,
                quiet,
                lastPeak,
                newest,
                interval,
                intervals,
                shift,
                silent,
                feedback,
                peaks,
                tests == null ? Detector.Tests.NONE : tests.state());
    }

    /** The incident that is open, whether anyone was told of it or not; null if there is none. */
    Incident open() {
        return open;
    }

    /** Whether nobody was told of the open one, because of a maintenance. */
    boolean isSilent() {
        return silent;
    }

    /** Number of the newest feedback that was taken. */
    long feedback() {
        return feedback;
    }

    /** Remembers the number of the newest feedback that was taken. */
    void taken(long newestFeedback) {
        feedback = newestFeedback;
    }

    /** The tail probability up to which the next record would be an alarm. */
    double threshold() {
        double lowered = stated() * Math.pow(10, -shift);
        long remembered = (long) HOLD_OFF * detection.quiet();
        if (open != null || quiet >= remembered || lastPeak >= lowered) {
            return lowered;
        }
        double left = 1 - (double) quiet / remembered;
        return Math.exp(left * Math.log(lastPeak) + (1 - left) * Math.log(lowered));
    }

    /** The threshold as it was stated: without feedback, and without what is remembered of a peak. */
    private double stated() {
        return tests == null ? detection.threshold().probability(interval, detection.streams()) : tests.level();
    }

    /** Whether an alarm may begin an incident that is told of: whether the record is a test. */
    private boolean isTest(AnomalyScore score, boolean maintained) {
        return !maintained && score.confidence() > 0 && (open == null || silent || quiet >= detection.quiet() / 2.0);
    }

    /** Takes a record of no maintenance into account; what has become of incidents, none to two. */
    List<Incident> observe(AnomalyScore score, long time) {
        return observe(score, time, false);
    }

    /**
     * Takes a record into account. During a maintenance incidents have their lives, since what is learned may depend on it, but
     * nobody is told: one that was told of is closed, and one that outlasts the maintenance is opened by its next alarm.
     *
     * @param time of the record, in milliseconds since the epoch
     * @param maintained whether the record is of a maintenance
     * @return what has become of incidents, none to two
     */
    List<Incident> observe(AnomalyScore score, long time, boolean maintained) {
        List<Incident> events = new ArrayList<>(expired(time));
        if (maintained && open != null && !silent) {
            events.add(open.as(Incident.Status.CLOSED));
            remember(open.peakProbability());
            silent = true;
        }
        double threshold = threshold();
        boolean alarm = score.tailProbability() <= threshold;
        boolean test = tests != null && isTest(score, maintained);
        long before = number;
        if (alarm && silent && !maintained) {
            close();
        }
        if (open != null) {
            alarm = goOn(score, time, threshold, alarm, events);
        } else if (quiet < Long.MAX_VALUE) {
            quiet++;
        }
        if (open == null && alarm) {
            begin(score, time, threshold, maintained);
            if (!silent) {
                events.add(open);
            }
        }
        if (test) {
            tests.tested(number > before);
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
        } else if (isQuiet(score, threshold)) {
            quiet++;
        }
        if (another || quiet >= detection.quiet()) {
            events.addAll(close());
            return another;
        }
        boolean worse = alarm && score.tailProbability() <= WORSE * open.peakProbability();
        open = open.with(score, time, alarm);
        if (score.newNormal()) {
            close().forEach(closed -> events.add(closed.as(Incident.Status.NEW_NORMAL)));
        } else if (worse && !silent) {
            events.add(open);
        }
        return false;
    }

    private static boolean isQuiet(AnomalyScore score, double threshold) {
        return score.tailProbability() > Math.sqrt(threshold);
    }

    /** Whether a record of the open incident is as usual: half as many nines as an alarm, or fewer. */
    boolean isQuiet(AnomalyScore score) {
        return isQuiet(score, threshold());
    }

    private void begin(AnomalyScore score, long time, double threshold, boolean silently) {
        long next = number + 1;
        if (!silently) {
            number = next;
        }
        silent = silently;
        quiet = 0;
        open = new Incident(
                stream + "#" + next,
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

    /** What is to be told of it. */
    private List<Incident> close() {
        Incident closed = open.as(Incident.Status.CLOSED);
        boolean told = !silent;
        if (told) {
            remember(closed.peakProbability());
        }
        // what nobody was told of hides nothing
        lastPeak = told ? closed.peakProbability() : 1;
        quiet = 0;
        open = null;
        silent = false;
        return told ? List.of(closed) : List.of();
    }

    private void remember(double peak) {
        peaks.add(peak);
        if (peaks.size() > PEAKS) {
            peaks.remove(0);
        }
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
        return open == null || now < overAt() ? List.of() : close();
    }

    /** When an incident is over if no record comes until then; records that are far apart are waited for. */
    long overAt() {
        long patience = detection.quietTime().toMillis();
        double usual = Double.isNaN(interval) ? 0 : GAP * interval;
        return patience == 0 ? Long.MAX_VALUE : newest + Math.max(patience, (long) usual);
    }

    /** Whether the peak of an incident is remembered. */
    boolean remembers(long incident) {
        return isOpen(incident) || (back(incident) >= 0 && back(incident) < peaks.size());
    }

    private boolean isOpen(long incident) {
        return open != null && !silent && incident == number;
    }

    /** How many incidents that are over came after it. */
    private long back(long incident) {
        return (open != null && !silent ? number - 1 : number) - incident;
    }

    /**
     * An incident was fine: for a while the threshold is so low that it would not have been one.
     *
     * @param incident its number
     * @return whether its peak is remembered
     */
    boolean fine(long incident) {
        if (!remembers(incident)) {
            return false;
        }
        double probability = stated();
        double peak = isOpen(incident) ? open.peakProbability() : peaks.get(peaks.size() - 1 - (int) back(incident));
        double digits = Math.log10(probability / Math.max(LEAST, peak));
        shift = Math.max(shift, Math.max(0, digits) + FEEDBACK_MARGIN);
        return true;
    }
}
