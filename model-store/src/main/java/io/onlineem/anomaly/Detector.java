package io.onlineem.anomaly;

import java.util.List;

/**
 * Watches one stream of records: calibrates how surprising they are, and makes incidents of those that are too unusual. Told
 * of each record once, in order. Mutable; not thread-safe.
 */
public final class Detector {

    /** What a record counts per tail probability, under {@link Detection.LearningFrom#DOWN_WEIGHT}. */
    private static final double TYPICALITY = 100;

    private final Detection detection;
    private final AnomalyScorer scorer;
    private final Incidents incidents;

    /**
     * Where a stream has got to: what is kept on disk.
     *
     * @param number of incidents so far
     * @param open the incident that is open; null if there is none
     * @param quiet records as usual since its newest alarm, or since the newest one was over
     * @param lastPeak tail probability of the peak of the newest incident
     * @param newest time of the newest record
     * @param interval mean time between two records, in milliseconds; {@code NaN} before the second one
     * @param intervals number of them in the mean, up to a bound
     * @param shift decimal digits by which feedback has lowered the threshold
     * @param maintenanceFrom beginning of the maintenance, in milliseconds since the epoch
     * @param maintenanceTo its end; no later than its beginning if there is none
     */
    public record State(
            long number,
            Incident open,
            long quiet,
            double lastPeak,
            long newest,
            double interval,
            double intervals,
            double shift,
            long maintenanceFrom,
            long maintenanceTo) {}

    /**
     * What was found of a record.
     *
     * @param score how unusual it is
     * @param weight how much of it is to be learned, from 0 to 1
     * @param incident id of the incident that it belongs to; null if there is none
     * @param events what has become of incidents, none to two, in order
     */
    public record Finding(AnomalyScore score, double weight, String incident, List<Incident> events) {

        /** Copies the list. */
        public Finding {
            events = List.copyOf(events);
        }

        /** Whether the record opened an incident or made one worse: whether it is worth an explanation. */
        public boolean isNews() {
            return !events.isEmpty() && !events.get(events.size() - 1).isOver();
        }
    }

    /** A stream that has not begun, by the name that begins the ids of its incidents. */
    public Detector(Detection detection, String stream) {
        this(detection, stream, new AnomalyScorer(detection.calibration()), null);
    }

    /**
     * A stream that goes on.
     *
     * @param scorer with the same calibration settings
     * @param state of its incidents; null for a stream that has not begun
     */
    public Detector(Detection detection, String stream, AnomalyScorer scorer, State state) {
        this.detection = detection;
        this.scorer = scorer;
        this.incidents = new Incidents(detection, stream, state == null ? Incidents.START : state);
    }

    /** How surprises become scores. */
    public AnomalyScorer scorer() {
        return scorer;
    }

    /** Where its incidents have got to. */
    public State state() {
        return incidents.state();
    }

    /** Whether an incident is open. */
    public boolean hasIncident() {
        return incidents.open() != null;
    }

    /**
     * Takes the next record.
     *
     * @param surprise {@code -log p(y_t | past)} in nats
     * @param time of the record, in milliseconds since the epoch
     */
    public Finding observe(double surprise, long time) {
        boolean skipping = detection.learning() == Detection.LearningFrom.SKIP;
        AnomalyScore score = scorer.score(surprise, skipping && incidents.open() != null ? 0 : 1);
        List<Incident> events = incidents.observe(score, time);
        Incident open = incidents.open();
        double weight =
                switch (detection.learning()) {
                    case LEARN -> 1;
                    case DOWN_WEIGHT -> Math.min(1, TYPICALITY * score.tailProbability());
                    case SKIP -> open == null ? 1 : 0;
                };
        return new Finding(score, weight, open == null ? null : open.id(), events);
    }

    /** Closes the open incident if no record came for too long; what has become of it, if anything. */
    public List<Incident> expired(long now) {
        return incidents.expired(now);
    }

    /** From a time to another, in milliseconds since the epoch, nothing is an alarm. */
    public void maintain(long from, long to) {
        incidents.maintain(from, to);
    }

    /**
     * The newest incident was fine: the threshold is lowered to where it would not have been one, by a shift in decimal digits
     * that halves every 20,000 records.
     *
     * @return whether there was an incident
     */
    public boolean fine() {
        return incidents.fine();
    }
}
