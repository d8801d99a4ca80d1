package io.onlineem.cli;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.RecordWatch;
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
    private final String modelName;
    private final Consumer<Alert> alerts;
    private final Map<String, Detector> detectors = new LinkedHashMap<>();

    private final RecordWatch record;

    /** What the record at hand is of, and when. */
    private String stream;

    private Detector detector;
    private long time;

    private long newest = Long.MIN_VALUE;
    private long incidents;
    private long records;

    /** @param alerts are given whatever becomes of incidents */
    FileWatch(Detection detection, Model<?> model, String modelName, Consumer<Alert> alerts) {
        this.detection = detection;
        this.modelName = modelName;
        this.alerts = alerts;
        this.record = new RecordWatch(detection.calibration(), model);
    }

    /** Where to put what a sequence carries, before its next record is scored. */
    double[] before() {
        return record.before();
    }

    /**
     * Takes up the next record of a stream.
     *
     * @return the record as the model is to see it: without its season, if one is watched
     */
    Observations begin(String ofStream, long timestamp, Observations observation) {
        stream = ofStream;
        time = timestamp;
        newest = Math.max(newest, time);
        detector = detectors.computeIfAbsent(stream, name -> new Detector(detection, name));
        return record.begin(detector, time, observation);
    }

    /**
     * Judges the record that was taken up; afterwards what the model saw of it weighs as much as is to be learned of it.
     *
     * @param scoring scored it; null during the warm-up
     * @param posterior of it; null during the warm-up
     * @return null during the warm-up
     */
    Anomaly observe(long version, EStep scoring, Posterior posterior) {
        Detector.Finding finding = record.judge(detector, scoring, posterior, time, false);
        if (finding == null) {
            return null;
        }
        Explanation explanation = record.explain(finding, scoring);
        Alert.of(modelName, stream, version, finding, explanation).forEach(this::tell);
        records += finding.incident() == null ? 0 : 1;
        return finding.anomaly(explanation);
    }

    /** Closes the incidents of streams from which no record has come for too long, when the newest one came. */
    void end() {
        detectors.forEach((name, watching) ->
                watching.expired(newest).forEach(incident -> tell(Alert.over(modelName, name, 0, incident))));
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
