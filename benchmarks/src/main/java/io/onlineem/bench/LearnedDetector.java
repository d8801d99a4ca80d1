package io.onlineem.bench;

import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.RecordWatch;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.evaluation.SeriesScorer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model of a configuration: each record scored by what was learned from those before it, then learned from. What it says is
 * the surprise, or the score that it is calibrated to, with the incidents that come of it.
 */
final class LearnedDetector<P extends Parameters> implements SeriesScorer {

    private final OnlineLearner<P> learner;
    private final Detector calibrated;
    private final RecordWatch watch;
    private final Observations record = new Observations();
    private String incident;

    private LearnedDetector(Model<P> model, Learning learning, Detection detection) {
        this.learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        this.calibrated = detection == null ? null : new Detector(detection, "bench");
        this.watch = detection == null ? null : new RecordWatch(detection.calibration(), model);
    }

    static Configuration configuration(String text) {
        return ConfigurationReader.read(
                "bench", "application: bench\nkafka: {bootstrap.servers: none:9092}\n" + text, Path.of("."), Map.of());
    }

    /** Says the surprise if there is no detection. */
    static LearnedDetector<?> of(Configuration configuration, Detection detection) {
        return of(configuration.model().spec().build(), configuration.learning(), detection);
    }

    private static <P extends Parameters> LearnedDetector<P> of(
            Model<P> model, Learning learning, Detection detection) {
        return new LearnedDetector<>(model, learning, detection);
    }

    /** The incident that the newest record belongs to; null if there is none, or the record is as usual. */
    String incident() {
        return incident;
    }

    @Override
    public double score(long time, double[] values) {
        record.clear();
        record.add(values);
        Observations seen = calibrated == null ? record : watch.begin(calibrated, time, record);
        Posterior posterior = learner.score(seen, 0);
        double score = posterior == null ? Double.NaN : -posterior.logLikelihood();
        if (calibrated != null) {
            Detector.Finding finding = watch.judge(calibrated, learner.scoring(), posterior, time, false);
            incident = finding != null && finding.unusual() ? finding.incident() : null;
            score = finding == null ? Double.NaN : finding.score().score();
        }
        learner.learn(seen, 0, posterior);
        return score;
    }
}
