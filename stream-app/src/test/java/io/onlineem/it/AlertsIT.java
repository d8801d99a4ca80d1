package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Threshold;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.observation.Alert;
import io.onlineem.observation.AlertJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts under SIGKILL: neither lost nor told twice, and those of a detector that was never disturbed. */
class AlertsIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PARTITIONS = 4;
    private static final int KEYS = 20;
    private static final Learning LEARNING =
            Learning.DEFAULTS.withWarmUp(100).withMiniBatch(10).withStarts(2);
    private static final Detection DETECTION = Detection.DEFAULTS
            .withCalibration(AnomalySettings.DEFAULTS.withChannels(Channel.RECORD, new Channel(Channel.Kind.MEAN, 5)))
            .withThreshold(Threshold.tailProbability(0.02))
            .withQuiet(3, Duration.ZERO)
            .withLearning(Detection.LearningFrom.SKIP);

    private final BrokerProcess broker = BrokerProcess.shared();

    @TempDir
    Path directory;

    @Test
    void whatBecomesOfIncidentsIsToldOnceAndAsByADetectorThatWasNeverDisturbed() {
        TestApplication application = new TestApplication("alerts", broker.bootstrapServers())
                .set("model", "{scope: per-key, components: 3}")
                .set("learning", "{miniBatch: 10, warmUp: 100, starts: 2, flushInterval: off}")
                .set(
                        "anomaly",
                        "{enabled: true, tailProbability: 0.02, channels: [record, mean-5], quiet: 3, quietTime: off,"
                                + " learning: skip}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 8);
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < KEYS * 700; i++) {
            workload.addOfKey("key-" + random.nextInt(KEYS), random.nextInt(100) == 0);
        }

        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, Deadline.in(LIMIT))) {
            run.flowUntil(random.nextInt(3000, 5000), 2000);
            run.killAndRestart();
            run.flowUntil(random.nextInt(6000, 8000), 2000);
            run.killAndRestartElsewhere();
            run.flowUntil(random.nextInt(9000, 12_000), 2000);
            run.killAndRestart();
            run.flowAll();
            run.stop();
        }
        assertThat(told(application)).isEqualTo(undisturbed(application, workload));
    }

    /** What was told of the incidents of each stream, in order. */
    private static Map<String, List<String>> told(TestApplication application) {
        Map<String, List<String>> told = new TreeMap<>();
        try (TopicReader alerts = application.read("alerts-alerts")) {
            alerts.readToEnd(Deadline.in(LIMIT)).forEach(record -> {
                Alert alert = AlertJson.read(record.value(), Workload.FIELDS);
                assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(alert.stream());
                told.computeIfAbsent(alert.stream(), any -> new ArrayList<>())
                        .add(shown(alert.incident(), alert.version()));
            });
        }
        return told;
    }

    private static Map<String, List<String>> undisturbed(TestApplication application, Workload workload) {
        ModelSpec spec = new ModelSpec("mixture", "gaussian", 3, Workload.FIELDS, Map.of());
        return undisturbed(application, workload, new OnlineEm<>(spec.build(), LEARNING));
    }

    private static <P extends Parameters> Map<String, List<String>> undisturbed(
            TestApplication application, Workload workload, OnlineEm<P> engine) {
        Map<String, List<String>> expected = new TreeMap<>();
        Map<String, OnlineLearner<P>> learners = new HashMap<>();
        Map<String, Detector> detectors = new HashMap<>();
        workload.valid().stream().forEach(id -> {
            String stream =
                    application.name() + "/" + new String(workload.record(id).key(), StandardCharsets.UTF_8);
            OnlineLearner<P> learner = learners.computeIfAbsent(stream, any -> new OnlineLearner<>(engine, null));
            Observations record = Observations.of(workload.observation(id));
            Posterior posterior = learner.score(record, 0);
            if (posterior != null) {
                Detector.Finding finding = detectors
                        .computeIfAbsent(stream, name -> new Detector(DETECTION, name))
                        .observe(-posterior.logLikelihood(), 0);
                long version = learner.state().version();
                finding.events().forEach(incident -> expected.computeIfAbsent(stream, any -> new ArrayList<>())
                        .add(shown(incident, version)));
                record.weigh(0, finding.weight());
            }
            learner.learn(record, 0, posterior);
        });
        assertThat(expected.values().stream().mapToInt(List::size).sum()).isGreaterThan(KEYS);
        return expected;
    }

    /** All of it but the times, which the broker gives. */
    private static String shown(Incident incident, long version) {
        return incident.id() + " " + incident.status() + " records " + incident.records() + " alarms "
                + incident.alarms() + " peak " + incident.peakProbability() + " version " + version;
    }
}
