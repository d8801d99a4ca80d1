package io.onlineem.topology;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Explanation;
import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.observation.Alert;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Watches the streams of one task: says how unusual each scored record is, and tells what becomes of incidents. */
final class AnomalyWatch {

    private final StreamModel<?> model;
    private final LiveDetectors detectors;
    private final ModelMetrics metrics;
    private final BiConsumer<Alert, Long> alerts;

    /** What the sequence carried before the record at hand. */
    private final double[] before;

    /** @param alerts are given alerts with their times */
    AnomalyWatch(
            StreamModel<?> model,
            Watching watching,
            KeyValueStore<Bytes, byte[]> store,
            ModelMetrics metrics,
            BiConsumer<Alert, Long> alerts) {
        this.model = model;
        this.detectors = new LiveDetectors(store, watching.detection());
        this.metrics = metrics;
        this.alerts = alerts;
        this.before = new double[model.model().memoryLength()];
    }

    /** Where to put what a sequence carries, before its next record is scored. */
    double[] before() {
        return before;
    }

    /**
     * Takes the next record of a stream.
     *
     * @param scoring scored it
     * @param observation what it was; afterwards it weighs as much as is to be learned of it
     */
    Anomaly observe(
            String stream, long version, long time, EStep scoring, Posterior posterior, Observations observation) {
        Detector detector = detectors.change(stream);
        Detector.Finding finding = detector.observe(-posterior.logLikelihood(), time);
        Explanation explanation = finding.explain(model.model(), scoring, observation, 0, before);
        Alert.of(model.name(), stream, version, finding, explanation).forEach(alert -> tell(alert, time));
        if (!finding.events().isEmpty()) {
            detectors.mark(stream, detector.hasIncident());
        }
        if (finding.incident() != null) {
            metrics.anomalous();
        }
        observation.weigh(0, finding.weight());
        return finding.anomaly(explanation);
    }

    /** Closes the incidents of streams from which no record has come for too long. */
    void expire(long streamTime) {
        for (String stream : detectors.withIncident()) {
            Detector detector = detectors.change(stream);
            detector.expired(streamTime)
                    .forEach(incident -> tell(Alert.over(model.name(), stream, 0, incident), streamTime));
            detectors.mark(stream, detector.hasIncident());
        }
    }

    private void tell(Alert alert, long time) {
        metrics.told(alert);
        alerts.accept(alert, time);
    }

    /** Writes what has changed since the last time. */
    void write() {
        detectors.write();
    }
}
