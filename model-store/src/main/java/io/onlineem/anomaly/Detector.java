package io.onlineem.anomaly;

import io.onlineem.em.Observations;
import java.util.ArrayList;
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

    /** One for each number of a record; none where no season is watched. */
    private final List<SeasonalProfile> seasons = new ArrayList<>();

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
     * @param silent whether nobody was told of the open one, because of a maintenance
     * @param feedback number of the newest feedback that was taken; 0 before the first
     * @param peaks tail probabilities of the peaks of the incidents that are over, the newest last; some of the newest
     * @param tests of a threshold that is a rate of false discoveries; otherwise none
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
            boolean silent,
            long feedback,
            List<Double> peaks,
            Tests tests) {

        /** Copies the list. */
        public State {
            peaks = List.copyOf(peaks);
        }
    }

    /**
     * Records that could have begun an incident, and what those that did have earned.
     *
     * @param number of them so far
     * @param earned the sum over the incidents of what is left of each, see {@link Threshold#falseDiscoveries}; at least 0
     */
    public record Tests(long number, double earned) {

        /** None yet. */
        public static final Tests NONE = new Tests(0, 0);

        /** Checks the values. */
        public Tests {
            if (number < 0 || !(earned >= 0) || !(earned <= number)) {
                throw new IllegalArgumentException("there were " + number + " tests, which have earned " + earned
                        + "; expected at least 0, and not more than there were tests");
            }
        }
    }

    /**
     * What was found of a record.
     *
     * @param score how unusual it is
     * @param weight how much of it is to be learned, from 0 to 1
     * @param incident id of the incident that it belongs to; null if there is none
     * @param unusual whether the record itself is unusual: an alarm, or, while the incident is open, not as usual
     * @param events what has become of incidents, none to two, in order
     */
    public record Finding(AnomalyScore score, double weight, String incident, boolean unusual, List<Incident> events) {

        /** Copies the list. */
        public Finding {
            events = List.copyOf(events);
        }

        /** Whether the record opened an incident or made one worse: whether it is worth an explanation. */
        public boolean isNews() {
            return !events.isEmpty() && !events.get(events.size() - 1).isOver();
        }

        /** What is said of the record, with why; null if that is not known. */
        public Anomaly anomaly(Explanation explanation) {
            return new Anomaly(score.score(), score.tailProbability(), score.confidence(), incident, explanation);
        }
    }

    /** A stream that has not begun, by the name that begins the ids of its incidents. */
    public Detector(Detection detection, String stream) {
        this(detection, stream, new AnomalyScorer(detection.calibration()), List.of(), null);
    }

    /**
     * A stream that goes on.
     *
     * @param scorer with the same calibration settings
     * @param seasons of the numbers of a record, see {@link #seasons()}
     * @param state of its incidents; null for a stream that has not begun
     */
    public Detector(Detection detection, String stream, AnomalyScorer scorer, List<double[]> seasons, State state) {
        this.detection = detection;
        this.scorer = scorer;
        this.incidents = new Incidents(detection, stream, state == null ? Incidents.START : state);
        if (detection.calibration().season()) {
            seasons.forEach(season -> this.seasons.add(new SeasonalProfile(season)));
        }
    }

    /** How surprises become scores. */
    public AnomalyScorer scorer() {
        return scorer;
    }

    /** Where its incidents have got to. */
    public State state() {
        return incidents.state();
    }

    /** Whether an incident is open, be it one that nobody was told of. */
    public boolean hasIncident() {
        return incidents.open() != null;
    }

    /** What is remembered of the season of each number of a record; empty where no season is watched. */
    public List<double[]> seasons() {
        return seasons.stream().map(SeasonalProfile::state).toList();
    }

    /**
     * Takes from the numbers of the next record what they owe to the time of day and of the week, as learned from the records before
     * it, for the model to see what is left. Told of each record once, in order, before {@link #observe}.
     *
     * @param time of the record, in milliseconds since the epoch
     * @param record a single one
     * @param left gets what is left of it
     * @return what was taken from each number, 0 where no season is watched
     */
    public double[] takeSeason(long time, Observations record, Observations left) {
        double[] numbers = record.record(0);
        double[] season = new double[numbers.length];
        for (int j = 0; detection.calibration().season() && j < season.length; j++) {
            if (j == seasons.size()) {
                seasons.add(new SeasonalProfile());
            }
            season[j] = seasons.get(j).next(time, numbers[j]);
            numbers[j] -= season[j];
        }
        left.add(numbers, 0, numbers.length, record.weight(0));
        return season;
    }

    /**
     * Takes the next record of which only the surprise is watched.
     *
     * @param surprise {@code -log p(y_t | past)} in nats
     * @param time of the record, in milliseconds since the epoch
     */
    public Finding observe(double surprise, long time) {
        return observe(Sighting.of(surprise), time, false);
    }

    /**
     * Takes the next record.
     *
     * @param time of the record, in milliseconds since the epoch
     * @param maintained whether it is of a maintenance: it is scored and learned from like any other, and no alarm
     */
    public Finding observe(Sighting sighting, long time, boolean maintained) {
        boolean skipping = detection.learning() == Detection.LearningFrom.SKIP;
        AnomalyScore score = scorer.score(sighting, skipping && incidents.open() != null ? 0 : 1);
        List<Incident> events = incidents.observe(score, time, maintained);
        boolean open = incidents.open() != null;
        double weight =
                switch (detection.learning()) {
                    case LEARN -> 1;
                    case DOWN_WEIGHT -> Math.min(1, TYPICALITY * score.tailProbability());
                    case SKIP -> open ? 0 : 1;
                };
        boolean told = open && !incidents.isSilent();
        return new Finding(
                score, weight, told ? incidents.open().id() : null, told && !incidents.isQuiet(score), events);
    }

    /** When the open incident is over if no record comes until then, in milliseconds since the epoch. */
    public long overAt() {
        return incidents.overAt();
    }

    /** Closes the open incident if no record came for too long; what has become of it, if anyone was told of it. */
    public List<Incident> expired(long now) {
        return incidents.expired(now);
    }

    /** Number of the newest feedback that was taken. */
    public long feedback() {
        return incidents.feedback();
    }

    /** Remembers the number of the newest feedback that was taken. */
    public void taken(long feedback) {
        incidents.taken(feedback);
    }

    /** Whether an incident of that number is one of the newest, whose peaks are remembered. */
    public boolean remembers(long incident) {
        return incidents.remembers(incident);
    }

    /**
     * An incident was fine: the threshold is lowered to where it would not have been one, by a shift in decimal digits that
     * halves every 20,000 records.
     *
     * @param incident its number
     * @return whether it is one of the newest, whose peaks are remembered
     */
    public boolean fine(long incident) {
        return incidents.fine(incident);
    }
}
