package io.onlineem.anomaly;

import io.onlineem.em.EStep;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import java.util.OptionalLong;

/**
 * Says of every record of several channels that belong together whether it is part of something unusual that lasts.
 *
 * <p>A record is surprising for itself, {@code -log p(y_t)}, and after the one before it, {@code -log p(y_t | y_t-1)}; the mean of
 * their sum over the newest {@value #LENGTH} records is watched. How far it is out is told in powers of ten, on a scale that is
 * learned from the records of the warm-up, which are taken for clean, and from those after it that are not anomalous. A channel that
 * {@linkplain RepeatedValues repeats} its value as it never does is anomalous too.
 *
 * <p>While something is anomalous nothing is learned from it; after {@value #NEW_NORMAL} such records in a row what they show is the
 * new normal, and learned.
 *
 * <p>Mutable; not thread-safe.
 *
 * @param <P> the parameters of the model
 */
public final class ArrayDetector<P extends Parameters> implements SeriesDetector {

    static final int LENGTH = 15;
    static final int NEW_NORMAL = 1000;

    /** Powers of ten from which a record is anomalous. */
    static final double ANOMALOUS = 1.8;

    private static final double TAIL = 0.1;
    private static final double MEMORY = 5000;

    private final OnlineEm<P> engine;
    private final String name;
    private long incidents;
    private final OnlineLearner<P> learner;
    private final int width;
    private final Observations warmUp = new Observations();
    private final RepeatedValues[] repeats;
    private final double[] recent = new double[LENGTH];
    private final ExcessTail tail;
    private EStep alone;
    private ModelState<P> known;
    private long judged;
    private int lasting;

    /**
     * A detector that has seen nothing.
     *
     * @param engine of a model with memory, whose posteriors have the output {@code prediction}
     * @param name of the series, which begins the ids of its incidents
     */
    public ArrayDetector(OnlineEm<P> engine, String name) {
        this.name = name;
        this.engine = engine;
        learner = new OnlineLearner<>(engine, null);
        width = engine.model().width();
        repeats = new RepeatedValues[width];
        for (int j = 0; j < width; j++) {
            repeats[j] = new RepeatedValues();
        }
        tail = new ExcessTail(TAIL, Math.max(8, engine.learning().warmUp() - 2 * LENGTH), MEMORY);
    }

    @Override
    public Verdict detect(OptionalLong time, Observations record) {
        double[] values = record.record(0);
        boolean empty = true;
        double repeated = 0;
        int repeating = -1;
        for (int j = 0; j < width; j++) {
            empty &= Double.isNaN(values[j]);
            double powers = repeats[j].next(values[j]);
            if (powers > repeated) {
                repeated = powers;
                repeating = j;
            }
        }
        if (learner.state() == null) {
            warmUp.add(record, 0);
            learner.learn(record, 0, null);
            if (learner.state() != null) {
                calibrate();
            }
            return Verdict.nothing(0, width, empty ? "no value" : "warming up: there is nothing to compare with yet");
        }
        Posterior posterior = learner.score(record, 0);
        double surprise = surprise(posterior, record, 0);
        double mean = mean(surprise);
        double powers = tail.powers(mean);
        double corrected = Math.max(0, Math.max(powers, repeated - Math.log10(width)) - Math.log10(2));
        boolean isAnomalous = corrected >= ANOMALOUS;
        boolean began = isAnomalous && lasting == 0;
        boolean ended = !isAnomalous && lasting > 0;
        lasting = isAnomalous ? lasting + 1 : 0;
        incidents += began ? 1 : 0;
        learn(record, posterior, mean, isAnomalous && lasting < NEW_NORMAL);
        judged++;
        double confidence = AnomalyScore.scoreOf(1.0 / (1 + judged + warmUp.size()));
        if (empty) {
            return Verdict.nothing(confidence, width, "no value");
        }
        double[] none = Verdict.nothing(0, width, "").expected();
        double[] expected = posterior.outputs().get("prediction") instanceof double[] given ? given : none;
        double[] deviation = posterior.outputs().get("predictionDeviation") instanceof double[] given ? given : none;
        double probability = Math.pow(10, -corrected);
        return new Verdict(
                new Anomaly(
                        AnomalyScore.scoreOf(probability),
                        probability,
                        confidence,
                        isAnomalous ? name + "#" + incidents : null,
                        null),
                began || ended,
                expected,
                deviation,
                isAnomalous
                        ? reason(repeated - Math.log10(width) > powers, repeating, values, expected, deviation)
                        : "");
    }

    /** What is unusual, and the channel that shows it most. */
    private static String reason(
            boolean frozen, int repeating, double[] values, double[] expected, double[] deviation) {
        int channel = frozen ? repeating : farthest(values, expected, deviation);
        String what = frozen ? "the same value again and again" : "unusual for a while, all channels together";
        return channel < 0 ? what : "channel " + (channel + 1) + ": " + what;
    }

    private void learn(Observations record, Posterior posterior, double mean, boolean skipped) {
        record.weigh(0, skipped ? 0 : 1);
        learner.learn(record, 0, posterior);
        if (!skipped) {
            tail.learn(mean);
        }
        become();
    }

    /** The scale of the clean records, with the model that they gave. */
    private void calibrate() {
        become();
        EStep scoring = engine.model().eStep(known.published());
        double[] memory = new double[engine.model().memoryLength()];
        for (int i = 0; i < warmUp.size(); i++) {
            double mean = mean(surprise(scoring.score(warmUp, i, memory), warmUp, i));
            if (i >= 2 * LENGTH) {
                tail.learn(mean);
            }
        }
    }

    private void become() {
        long version = learner.state().version();
        if (known == null || version != known.version()) {
            known = learner.state();
            alone = engine.model().eStep(known.published());
        }
    }

    private double surprise(Posterior posterior, Observations records, int index) {
        double[] nothing = new double[engine.model().memoryLength()];
        return -posterior.logLikelihood() - alone.score(records, index, nothing).logLikelihood();
    }

    /** Of the newest surprises, this one included. */
    private double mean(double surprise) {
        System.arraycopy(recent, 1, recent, 0, LENGTH - 1);
        recent[LENGTH - 1] = surprise;
        double sum = 0;
        for (double each : recent) {
            sum += each;
        }
        return sum / LENGTH;
    }

    /** The channel that is farthest from what was expected, in its deviations. */
    private static int farthest(double[] values, double[] expected, double[] deviation) {
        int farthest = -1;
        double largest = 0;
        for (int j = 0; j < values.length; j++) {
            double distance = Math.abs(values[j] - expected[j]) / deviation[j];
            if (distance > largest) {
                largest = distance;
                farthest = j;
            }
        }
        return farthest;
    }
}
