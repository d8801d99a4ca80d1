package io.onlineem.topology;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.RecordWatch;
import io.onlineem.anomaly.WatchOrders;
import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.observation.Alert;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the streams of one task: says how unusual each scored record is, and tells what becomes of incidents. */
final class AnomalyWatch {

    private static final Logger LOG = LoggerFactory.getLogger(AnomalyWatch.class);

    private final StreamModel<?> model;
    private final LiveDetectors detectors;
    private final long quietTime;
    private final ModelMetrics metrics;
    private final BiConsumer<Alert, Long> alerts;

    private final RecordWatch record;

    /** What the record at hand is of, who watches that, and when it was. */
    private String stream;

    private Detector detector;
    private long time;

    /** @param alerts are given alerts with their times */
    AnomalyWatch(
            StreamModel<?> model,
            Watching watching,
            KeyValueStore<Bytes, byte[]> store,
            ModelMetrics metrics,
            BiConsumer<Alert, Long> alerts) {
        this.model = model;
        this.detectors = new LiveDetectors(store, watching.detection(), LiveDetectors.CACHED_BYTES);
        this.quietTime = watching.detection().quietTime().toMillis();
        this.metrics = metrics;
        this.alerts = alerts;
        this.record = new RecordWatch(watching.detection().calibration(), model.model());
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
        detector = detectors.change(stream);
        return record.begin(detector, time, observation);
    }

    /**
     * Judges the record that was taken up; afterwards what the model saw of it weighs as much as is to be learned of it.
     *
     * @param orders what those who watch were told
     * @param scoring scored it; null during the warm-up
     * @param posterior of it; null during the warm-up
     * @return null during the warm-up
     */
    Anomaly observe(WatchOrders orders, long version, EStep scoring, Posterior posterior) {
        take(orders, stream, detector);
        Detector.Finding finding = record.judge(detector, scoring, posterior, time, orders.maintains(stream, time));
        if (finding == null) {
            return null;
        }
        Explanation explanation = record.explain(finding, scoring);
        Alert.of(model.name(), stream, version, finding, explanation).forEach(alert -> tell(alert, time));
        detectors.mark(stream, detector.hasIncident());
        if (finding.incident() != null) {
            metrics.anomalous();
        }
        return finding.anomaly(explanation);
    }

    /** Each feedback moves a threshold once: the detector remembers, in the transaction in which it was moved, that it was. */
    private static void take(WatchOrders orders, String stream, Detector detector) {
        if (orders.newestFeedback() <= detector.feedback()) {
            return;
        }
        for (WatchOrders.Feedback feedback : orders.feedback()) {
            if (feedback.number() > detector.feedback()
                    && feedback.stream().equals(stream)
                    && !detector.fine(feedback.incident())) {
                LOG.warn("feedback on {} has no effect: {}", feedback.id(), unknown(detector, feedback));
            }
        }
        detector.taken(orders.newestFeedback());
    }

    /** Why there can be no feedback on an incident; empty if there can. */
    Optional<String> unknown(WatchOrders.Feedback feedback) {
        Detector detector = detectors.look(feedback.stream());
        return detector.remembers(feedback.incident()) ? Optional.empty() : Optional.of(unknown(detector, feedback));
    }

    private static String unknown(Detector detector, WatchOrders.Feedback feedback) {
        long newest = detector.state().number();
        return newest == 0
                ? "the stream " + feedback.stream() + " has had no incident"
                : "expected one of the newest incidents of " + feedback.stream() + ", up to #" + newest;
    }

    /**
     * Closes the incidents of streams from which no record has come for too long.
     *
     * @return whether there were any
     */
    boolean expire(long streamTime) {
        if (quietTime == 0) {
            return false;
        }
        boolean any = false;
        for (String silent : detectors.withIncident(streamTime)) {
            Detector watching = detectors.look(silent);
            long over = watching.overAt();
            if (over > streamTime) {
                detectors.lookAgain(silent, over);
                continue;
            }
            detectors
                    .change(silent)
                    .expired(streamTime)
                    .forEach(incident -> tell(Alert.over(model.name(), silent, 0, incident), streamTime));
            detectors.mark(silent, watching.hasIncident());
            any = true;
        }
        return any;
    }

    private void tell(Alert alert, long when) {
        metrics.told(alert);
        alerts.accept(alert, when);
    }

    /** Writes what has changed since the last time. */
    void write() {
        detectors.write();
    }
}
