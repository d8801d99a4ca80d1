package io.onlineem.anomaly;

import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import java.util.List;
import java.util.OptionalLong;

/**
 * Says of every value of a series how unusual it is, from that value and those before it alone, then learns from it.
 *
 * <p>What a value owes to the {@linkplain SeasonalProfile time of day and week} is taken from it; the model then sees it, given the
 * values before it. Three things are watched: the surprise {@code -log p(y_t | y_t-1, …)}, the {@linkplain MovingLevel level} of the
 * newest values, and {@linkplain RepeatedValues repeats}. Each is told in powers of ten by which it is out, on a scale learned from
 * the series ({@link ExcessTail}), and less so for what {@linkplain Recurrence happens again and again}. The largest counts: with
 * three of them, the tail probability is three times that of the one.
 *
 * <p>Mutable; not thread-safe.
 *
 * @param <P> the parameters of the model
 */
public final class MetricDetector<P extends Parameters> implements SeriesDetector {

    private static final double TAIL = 0.05;
    private static final int WARM_UP = 100;
    private static final int WARM_UP_OF_LEVEL = 200;
    private static final double MEMORY = 5000;
    private static final int LEVEL_LENGTH = 10;
    private static final int SEPARATE = 20;

    /** Powers of ten from which a reason is told. */
    private static final double TELLING = 2;

    private static final String[] REASONS = {
        "not expected after the values before it", "another level than usual", "the same value again and again"
    };

    private static final double[] NOTHING = {Double.NaN};
    private static final int REPEATS = 2;
    private static final long SECOND = 1000;

    private final OnlineLearner<P> learner;
    private final Observations record = new Observations(1, 1);
    private final SeasonalProfile season = new SeasonalProfile();
    private final MovingLevel level = new MovingLevel(LEVEL_LENGTH, MEMORY);
    private final RepeatedValues repeats = new RepeatedValues();
    private final ExcessTail[] tails = {
        new ExcessTail(TAIL, WARM_UP, MEMORY),
        new ExcessTail(TAIL, WARM_UP_OF_LEVEL, MEMORY),
        new ExcessTail(TAIL, WARM_UP_OF_LEVEL, MEMORY)
    };
    private final Recurrence[] recurrences = {
        new Recurrence(SEPARATE, MEMORY), new Recurrence(SEPARATE, MEMORY), new Recurrence(SEPARATE, MEMORY)
    };
    private final Incidents incidents;
    private long judged;
    private long records;
    private double[] expected;
    private double[] deviation;

    /**
     * A detector that has seen nothing.
     *
     * @param engine of a model of one number with memory, whose posteriors have the output {@code prediction}
     * @param detection when a record is an alarm, and when an incident is over
     * @param name of the series, which begins the ids of its incidents
     */
    public MetricDetector(OnlineEm<P> engine, Detection detection, String name) {
        if (engine.model().width() != 1) {
            throw new IllegalArgumentException(
                    "the model is of " + engine.model().width() + " numbers; expected one, the value of the series");
        }
        learner = new OnlineLearner<>(engine, null);
        incidents = new Incidents(detection, name, Incidents.START);
    }

    /** {@inheritDoc} Without times there is no season. */
    @Override
    public Verdict detect(OptionalLong time, Observations given) {
        double value = given.value(0, 0);
        double owed = time.isPresent() ? season.next(time.getAsLong(), value) : 0;
        record.clear();
        record.add(new double[] {value - owed}, 0, 1, given.weight(0));
        Posterior posterior = learner.score(record, 0);
        expected = NOTHING;
        deviation = NOTHING;
        if (posterior != null && posterior.outputs().get("prediction") instanceof double[] prediction) {
            expected = new double[] {prediction[0] + owed};
            deviation = posterior.outputs().get("predictionDeviation") instanceof double[] of ? of : NOTHING;
        }
        long milliseconds = time.orElse(SECOND * records);
        records++;
        Verdict verdict = Double.isNaN(value)
                ? verdict(0, null, false, "no value")
                : judge(posterior, value, value - owed, milliseconds);
        learner.learn(record, 0, posterior);
        return verdict;
    }

    private Verdict judge(Posterior posterior, double value, double rest, long time) {
        double repeated = repeats.next(value);
        double[] statistics = {posterior == null ? Double.NaN : -posterior.logLikelihood(), level.next(rest), repeated};
        double powers = 0;
        int cause = 0;
        for (int i = 0; i < statistics.length; i++) {
            double out = tails[i].powers(statistics[i]);
            if (i == REPEATS) {
                // a probability already: never less probable than that
                out = Math.min(out, repeated);
            }
            tails[i].learn(statistics[i]);
            double left = recurrences[i].next(out);
            if (left > powers) {
                powers = left;
                cause = i;
            }
        }
        if (posterior == null) {
            return verdict(0, null, false, "warming up: there is nothing to compare with yet");
        }
        judged += tails[0].known() ? 1 : 0;
        double corrected = Math.max(0, powers - Math.log10(statistics.length));
        List<Incident> events =
                incidents.observe(score(corrected, statistics[cause], -posterior.logLikelihood()), time);
        Incident open = incidents.open();
        return verdict(
                corrected,
                open == null ? null : open.id(),
                !events.isEmpty(),
                corrected >= TELLING ? REASONS[cause] : judged == 0 ? "warming up: the scale is not known yet" : "");
    }

    private AnomalyScore score(double powers, double statistic, double surprise) {
        double probability = Math.pow(10, -powers);
        return new AnomalyScore(
                AnomalyScore.scoreOf(probability),
                probability,
                confidence(),
                Channel.RECORD,
                surprise,
                statistic,
                probability,
                Tail.UNKNOWN,
                powers * Math.log(10),
                null,
                false);
    }

    private Verdict verdict(double powers, String incident, boolean changePoint, String reason) {
        double probability = Math.pow(10, -powers);
        return new Verdict(
                new Anomaly(AnomalyScore.scoreOf(probability), probability, confidence(), incident, null),
                changePoint,
                expected,
                deviation,
                reason);
    }

    /** The score that so many records can support. */
    private double confidence() {
        return AnomalyScore.scoreOf(1.0 / (1 + judged));
    }
}
