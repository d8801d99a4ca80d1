package io.onlineem.cli;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Incident;
import io.onlineem.em.EStep;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.observation.Alert;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Watches the records of a file for anomalies, as the topology watches those of a partition. */
final class FileWatch {

    private final Detection detection;
    private final Model<?> model;
    private final String modelName;
    private final Consumer<Alert> alerts;
    private final Map<String, Detector> detectors = new LinkedHashMap<>();

    /** What the sequence carried before the record at hand. */
    private final double[] before;

    private long newest = Long.MIN_VALUE;
    private long incidents;
    private long records;

    /** @param alerts are given whatever becomes of incidents */
    FileWatch(Detection detection, Model<?> model, String modelName, Consumer<Alert> alerts) {
        this.detection = detection;
        this.model = model;
        this.modelName = modelName;
        this.alerts = alerts;
        this.before = new double[model.memoryLength()];
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
        newest = Math.max(newest, time);
        Detector detector = detectors.computeIfAbsent(stream, name -> new Detector(detection, name));
        Detector.Finding finding = detector.observe(-posterior.logLikelihood(), time);
        Explanation explanation = finding.explain(model, scoring, observation, 0, before);
        Alert.of(modelName, stream, version, finding, explanation).forEach(this::tell);
        records += finding.incident() == null ? 0 : 1;
        observation.weigh(0, finding.weight());
        return finding.anomaly(explanation);
    }

    /** Closes the incidents of streams from which no record has come for too long, when the newest one came. */
    void end() {
        detectors.forEach((stream, detector) ->
                detector.expired(newest).forEach(incident -> tell(Alert.over(modelName, stream, 0, incident))));
    }

    private void tell(Alert alert) {
        incidents += alert.incident().status() == Incident.Status.OPENED ? 1 : 0;
        alerts.accept(alert);
    }

    @Override
    public String toString() {
        return incidents + (incidents == 1 ? " incident" : " incidents") + " of " + records
                + (records == 1 ? " record" : " records");
    }
}
