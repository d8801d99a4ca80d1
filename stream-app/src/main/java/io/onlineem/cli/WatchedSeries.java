package io.onlineem.cli;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.SeriesDetector;
import io.onlineem.anomaly.Verdict;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** One series: a model that learns from it, and a detector that watches how surprising its records are. Strictly causal. */
final class WatchedSeries<P extends Parameters> implements SeriesDetector {

    /** Score from which a reason is told. */
    private static final double TELLING = 0.5;

    private static final long SECOND = 1000;

    private final OnlineLearner<P> learner;
    private final Detector detector;
    private final List<String> features;
    private double confidence;
    private long records;

    WatchedSeries(OnlineEm<P> engine, Detection detection, String name, List<String> features) {
        this.learner = new OnlineLearner<>(engine, null);
        this.detector = new Detector(detection, name);
        this.features = features;
    }

    @Override
    public Verdict detect(OptionalLong time, Observations record) {
        long milliseconds = time.orElse(SECOND * records);
        records++;
        Posterior posterior = learner.score(record, 0);
        if (posterior == null) {
            learner.learn(record, 0, null);
            return Verdict.nothing(0, features.size(), "warming up: there is nothing to compare with yet");
        }
        if (Arrays.stream(record.record(0)).allMatch(Double::isNaN)) {
            learner.learn(record, 0, posterior);
            return Verdict.nothing(confidence, features.size(), "no value");
        }
        Detector.Finding finding = detector.observe(-posterior.logLikelihood(), milliseconds);
        record.weigh(0, finding.weight());
        learner.learn(record, 0, posterior);
        return verdict(record, posterior, finding);
    }

    private Verdict verdict(Observations record, Posterior posterior, Detector.Finding finding) {
        AnomalyScore score = finding.score();
        confidence = score.confidence();
        double[] none = Verdict.nothing(0, features.size(), "").expected();
        double[] expected = output(posterior.outputs(), "prediction", none);
        double[] deviation = output(posterior.outputs(), "predictionDeviation", none);
        return new Verdict(
                new Anomaly(score.score(), score.tailProbability(), confidence, finding.incident(), null),
                !finding.events().isEmpty(),
                expected,
                deviation,
                score.score() >= TELLING ? reason(record, expected, deviation, score) : "");
    }

    private static double[] output(Fields outputs, String name, double[] otherwise) {
        return outputs.get(name) instanceof double[] numbers ? numbers : otherwise;
    }

    /** The field that is farthest from what was expected, and the channel that saw it. */
    private String reason(Observations record, double[] expected, double[] deviation, AnomalyScore score) {
        int farthest = -1;
        double largest = 0;
        for (int j = 0; j < expected.length; j++) {
            double distance = Math.abs(record.value(0, j) - expected[j]) / deviation[j];
            if (distance > largest) {
                largest = distance;
                farthest = j;
            }
        }
        String channel = "seen by " + score.channel().label();
        return farthest < 0
                ? channel
                : String.format(
                        Locale.ROOT,
                        "%s is %.6g where %.6g ± %.3g was expected; %s",
                        features.get(farthest),
                        record.value(0, farthest),
                        expected[farthest],
                        deviation[farthest],
                        channel);
    }
}
