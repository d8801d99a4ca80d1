package io.onlineem.cli;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.RecordWatch;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.observation.ReasonSentence;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One series of a file: a model that learns from it, and a detector that watches it. Each record is judged by those before it, then
 * learned from.
 */
final class WatchedSeries<P extends Parameters> {

    /** Score from which a reason is told. */
    private static final double TELLING = 0.5;

    private static final String WARMING_UP = "warming up: there is nothing to compare with yet";

    private final OnlineLearner<P> learner;
    private final Detector detector;
    private final List<String> features;
    private final RecordWatch watch;
    private double confidence;

    WatchedSeries(OnlineEm<P> engine, Detection detection, String name, List<String> features) {
        this.learner = new OnlineLearner<>(engine, null);
        this.detector = new Detector(detection, name);
        this.watch = new RecordWatch(detection.calibration(), engine.model());
        this.features = features;
    }

    /**
     * What is said of one record of a series.
     *
     * @param anomaly how unusual it is, and the incident that it belongs to
     * @param unusual whether the record itself is: not where the incident goes on and the record is as usual
     * @param changePoint whether an incident begins or is over with the record
     * @param expected what was expected of each number; {@code NaN} where nothing was
     * @param deviation standard deviation of each; {@code NaN} where it is not known
     * @param reason why, in words; empty where there is nothing to say
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Verdict(
            Anomaly anomaly,
            boolean unusual,
            boolean changePoint,
            double[] expected,
            double[] deviation,
            String reason) {}

    /**
     * Judges the next record, then learns from it.
     *
     * @param time milliseconds since 1970
     * @param record holds the one record, {@code NaN} where a number is missing
     */
    Verdict judge(long time, Observations record) {
        Observations seen = watch.begin(detector, time, record);
        Posterior posterior = learner.score(seen, 0);
        Detector.Finding finding = watch.judge(detector, learner.scoring(), posterior, time, false);
        learner.learn(seen, 0, posterior);
        if (finding == null) {
            return nothing(WARMING_UP);
        }
        return Double.isNaN(finding.score().surprise()) ? nothing("no value") : verdict(record, posterior, finding);
    }

    /** What is said of a record of which nothing can be said: a score of 0. */
    Verdict nothing(String reason) {
        double[] nothing = unknown();
        return new Verdict(new Anomaly(0, 1, confidence, null, null), false, false, nothing, nothing, reason);
    }

    private double[] unknown() {
        double[] nothing = new double[features.size()];
        Arrays.fill(nothing, Double.NaN);
        return nothing;
    }

    private Verdict verdict(Observations record, Posterior posterior, Detector.Finding finding) {
        AnomalyScore score = finding.score();
        confidence = score.confidence();
        double[] expected = output(posterior.outputs(), "prediction");
        for (int j = 0; watch.season() != null && j < expected.length; j++) {
            expected[j] += watch.season()[j];
        }
        double[] deviation = output(posterior.outputs(), "predictionDeviation");
        return new Verdict(
                finding.anomaly(null),
                finding.unusual(),
                !finding.events().isEmpty(),
                expected,
                deviation,
                score.score() >= TELLING ? reason(record, expected, deviation, score.channel()) : "");
    }

    /** A copy of an output, or of nothing. */
    private double[] output(Fields outputs, String name) {
        return outputs.get(name) instanceof double[] numbers ? numbers.clone() : unknown();
    }

    /** What was seen, and the field that is farthest from what was expected. */
    private String reason(Observations record, double[] expected, double[] deviation, Channel channel) {
        int farthest = -1;
        double largest = 0;
        for (int j = 0; j < expected.length; j++) {
            double distance = Math.abs(record.value(0, j) - expected[j]) / deviation[j];
            if (distance > largest) {
                largest = distance;
                farthest = j;
            }
        }
        String seen = ReasonSentence.of(channel);
        return farthest < 0
                ? seen
                : seen
                        + String.format(
                                Locale.ROOT,
                                ": %s is %.6g where %.6g ± %.3g was expected",
                                features.get(farthest),
                                record.value(0, farthest),
                                expected[farthest],
                                deviation[farthest]);
    }
}
