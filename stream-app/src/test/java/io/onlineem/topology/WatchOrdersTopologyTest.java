package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Incident.Status;
import io.onlineem.anomaly.Threshold;
import io.onlineem.anomaly.WatchOrders;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Acknowledgement.Outcome;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.Command;
import io.onlineem.codec.CommandJson;
import io.onlineem.codec.DetectorCodec;
import io.onlineem.codec.WatchOrdersJson;
import io.onlineem.em.Learning;
import io.onlineem.observation.Alert;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Maintenance and feedback: commands that concern who watches a model. */
class WatchOrdersTopologyTest {

    private static final ModelSpec SPEC =
            new ModelSpec("mixture", "gaussian", 2, TopologyRun.FIELDS, Map.of("covariance", "full"));
    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(20).withWarmUp(200).withStarts(2);
    private static final Detection DETECTION = Detection.DEFAULTS
            .withCalibration(AnomalySettings.DEFAULTS.withChannels(Channel.RECORD))
            .withThreshold(Threshold.tailProbability(1e-3));
    private static final int SECOND = 1000;

    /** What is watched, and where orders go. */
    enum Scope {
        /** A shared model, the records of a partition together. */
        PARTITION("m", "m/0", false),
        /** A shared model, the records of a key by themselves. */
        KEY("m", "m/k", true),
        /** A model of a key. */
        MODEL("m/k", "m/k", false);

        private final String model;
        private final String stream;
        private final boolean perKey;

        Scope(String model, String stream, boolean perKey) {
            this.model = model;
            this.stream = stream;
            this.perKey = perKey;
        }
    }

    /** A topology under way. */
    private static final class Run implements AutoCloseable {
        private final Scope scope;
        private final TopologyRun run;
        private final AnomalyTopologyTest.Source source;
        private final List<WatchOrders> published = new ArrayList<>();
        private int commands;

        Run(Scope scope) {
            this(scope, new Watching(DETECTION, scope.perKey));
        }

        Run(Scope scope, Watching watching) {
            this.scope = scope;
            StreamModel<?> model = StreamModel.of("m", SPEC, LEARNING).flushedAfter(Duration.ofSeconds(1));
            OnlineEmTopology<?> topology = scope == Scope.MODEL
                    ? OnlineEmTopology.perKey(model, "models")
                    : OnlineEmTopology.shared(model, "models");
            run = new TopologyRun(topology.withAnomalies(watching).withControl(TopologyRun.CONTROL));
            source = new AnomalyTopologyTest.Source(run);
        }

        /** A model that has learned, and no incident near. */
        Run settled() {
            source.usual(1000, "k").settle("k");
            run.posteriors.readValuesToList();
            return this;
        }

        Acknowledgement ask(String verb, String... arguments) {
            run.models.readValuesToList();
            Command command = Command.of("c" + ++commands, verb);
            for (int i = 0; i < arguments.length; i += 2) {
                command = command.with(arguments[i], arguments[i + 1].getBytes(StandardCharsets.UTF_8));
            }
            run.control.pipeInput(scope.model, CommandJson.write(command));
            List<Acknowledgement> told = new ArrayList<>();
            for (TestRecord<String, byte[]> record : run.models.readRecordsToList()) {
                if (AcknowledgementJson.isAcknowledgement(record.value())) {
                    told.add(AcknowledgementJson.read(record.value()));
                } else if (WatchOrdersJson.isWatchOrders(record.value())) {
                    assertThat(record.key()).isEqualTo(WatchOrdersJson.key(scope.model));
                    published.add(WatchOrdersJson.read(record.value()));
                }
            }
            assertThat(told).hasSize(1);
            // the tasks that score look for orders when they look for mini-batches that have waited
            run.wait(Duration.ofSeconds(1));
            return told.get(0);
        }

        Acknowledgement send(String verb, String... arguments) {
            Acknowledgement told = ask(verb, arguments);
            assertThat(told.outcome()).as(told.reason()).isEqualTo(Outcome.APPLIED);
            return told;
        }

        Run anomaly() {
            source.pipe("k", 5, 60);
            return this;
        }

        List<Incident> incidents() {
            return run.alerts.readValuesToList().stream()
                    .map(json -> AlertJson.read(json, TopologyRun.FIELDS))
                    .map(Alert::incident)
                    .toList();
        }

        List<Status> statuses() {
            return incidents().stream().map(Incident::status).toList();
        }

        Detector.State detector() {
            byte[] name = scope.stream.getBytes(StandardCharsets.UTF_8);
            byte[] key = new byte[1 + name.length];
            System.arraycopy(name, 0, key, 1, name.length);
            return DetectorCodec.decode(run.stored("m-anomalies", key), DETECTION, scope.stream)
                    .state();
        }

        @Override
        public void close() {
            run.close();
        }
    }

    private static String text(String value) {
        return "\"" + value + "\"";
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void nothingIsAnAlarmInAMaintenanceByTheTimesOfTheRecordsAndEverythingIsScored(Scope scope) {
        try (Run run = new Run(scope).settled()) {
            long begin = run.source.time + 10 * SECOND;
            run.send("maintenance", "from", Long.toString(begin), "to", Long.toString(begin + 100 * SECOND));
            run.anomaly();
            assertThat(run.statuses()).as("before it begins").containsExactly(Status.OPENED);
            run.source.usual(9, "k");
            run.anomaly();
            assertThat(run.statuses()).as("when it begins").containsExactly(Status.CLOSED);
            List<ScoredRecord> scored = run.run.posteriors.readValuesToList();
            ScoredRecord anomalous = scored.get(scored.size() - 1);
            assertThat(anomalous.anomaly().score()).isGreaterThan(0.69);
            assertThat(anomalous.anomaly().incident()).isNull();
            run.source.usual(98, "k");
            assertThat(run.statuses()).isEmpty();
            run.anomaly();
            assertThat(run.source.time).isEqualTo(begin + 100 * SECOND);
            assertThat(run.statuses()).as("of its last record").isEmpty();
            run.anomaly();
            assertThat(run.statuses()).as("after it").containsExactly(Status.OPENED);
        }
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void severalWindowsAreAnnouncedAndOneIsEndedEarly(Scope scope) {
        try (Run run = new Run(scope).settled()) {
            long now = run.source.time;
            run.send("maintenance", "to", Long.toString(now + 1000 * SECOND));
            run.send(
                    "maintenance",
                    "from",
                    Long.toString(now + 2000 * SECOND),
                    "to",
                    Long.toString(now + 3000 * SECOND),
                    "stream",
                    text(scope.stream));
            assertThat(run.published.get(1).maintenance())
                    .containsExactly(
                            new WatchOrders.Maintenance("c1", null, WatchOrders.AT_ONCE, now + 1000 * SECOND),
                            new WatchOrders.Maintenance("c2", scope.stream, now + 2000 * SECOND, now + 3000 * SECOND));
            run.anomaly();
            assertThat(run.statuses()).isEmpty();
            run.send("end-maintenance", "announced", text("c1"));
            run.source.usual(50, "k");
            run.anomaly();
            assertThat(run.statuses()).containsExactly(Status.OPENED);
            run.source.time = now + 2500 * SECOND;
            run.anomaly();
            assertThat(run.statuses()).containsExactly(Status.CLOSED);
            run.send("end-maintenance");
            assertThat(run.published.get(run.published.size() - 1)).isEqualTo(WatchOrders.NONE);
            run.anomaly();
            assertThat(run.statuses()).containsExactly(Status.OPENED);
            Acknowledgement none = run.ask("end-maintenance", "stream", text(scope.stream));
            assertThat(none.reason()).isEqualTo("there is no such maintenance; none is announced");
        }
    }

    @Test
    void theMaintenanceOfOneStreamIsNoneOfTheOthers() {
        try (Run run = new Run(Scope.KEY)) {
            run.source.usual(2000, "k", "other").settle("k", "other");
            run.send("maintenance", "to", text("2100-01-01T00:00:00Z"), "stream", text("m/k"));
            run.anomaly().source.pipe("other", 5, 60);

            assertThat(run.incidents()).hasSize(1).allMatch(incident -> incident.id()
                    .startsWith("m/other#"));
            Acknowledgement none = run.ask("end-maintenance", "stream", text("m/other"));
            assertThat(none.reason()).isEqualTo("there is no such maintenance; announced are c1 of m/k");
        }
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void whatWasFineShiftsTheThresholdOfItsStreamOnce(Scope scope) {
        try (Run run = new Run(scope).settled()) {
            run.anomaly();
            Incident opened = run.incidents().get(0);
            run.source.settle("k");
            run.anomaly();
            assertThat(run.statuses()).as("it would be an alarm again").containsExactly(Status.OPENED);
            run.source.settle("k");

            run.send("fine", "incident", text(opened.id()));
            run.source.usual(1, "k");
            double shift = run.detector().shift();
            assertThat(shift).isCloseTo(Math.log10(1e-3 / opened.peakProbability()) + 0.5, within(1e-3));
            run.source.usual(200, "k");
            run.incidents();
            run.anomaly();
            assertThat(run.statuses()).isEmpty();
            run.source.usual(1750, "k");
            // published anew with what was told before
            run.send("maintenance", "to", "1");
            run.source.usual(50, "k");
            assertThat(run.detector().shift()).isCloseTo(shift * Math.pow(0.5, 0.1), within(0.002 * shift));
            assertThat(run.detector().feedback()).isEqualTo(1);
        }
    }

    @Test
    void feedbackOnAnIncidentThatTheTaskDoesNotKnowIsRefusedOrIgnored() {
        try (Run own = new Run(Scope.MODEL).settled();
                Run shared = new Run(Scope.PARTITION).settled()) {
            long newest = own.detector().number();
            String next = "m/k#" + (newest + 1);
            assertThat(own.ask("fine", "incident", text(next)).reason()).startsWith("'incident' is \"" + next + "\"; ");
            assertThat(own.published).isEmpty();
            double before = shared.detector().shift();
            shared.send("fine", "incident", text("m/0#1000"));
            shared.source.usual(50, "k");
            assertThat(shared.detector().shift()).isEqualTo(before);
            assertThat(shared.detector().feedback()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PARTITION | maintenance | from | 1               | 'to' is missing",
                "PARTITION | maintenance | to   | \"tomorrow\"    | 'to' is \"tomorrow\"; expected a time such as",
                "PARTITION | maintenance | to   | true            | 'to' is true",
                "PARTITION | maintenance | to   | 1.5             | 'to' is 1.5; expected a whole number",
                "PARTITION | maintenance | until | 1              | 'until' is no property of the command maintenance",
                "PARTITION | maintenance | to=1,from | \"1970-01-01 00:00:00.001\" | expected an end after the beginning",
                "PARTITION | maintenance | to=1,stream | \"m/k\"  | 'stream' names the stream 'm/k'; expected 'm/' and a partition",
                "PARTITION | maintenance | to=1,stream | \"n/0\"  | 'stream' names the stream 'n/0'",
                "KEY       | maintenance | to=1,stream | \"k\"    | 'stream' names the stream 'k'; expected 'm/' and a key",
                "MODEL     | maintenance | to=1,stream | \"m/l\"  | expected that of the model, 'm/k'",
                "PARTITION | fine | incident | \"m/0\"            | 'incident' is \"m/0\"; expected the id of one",
                "PARTITION | fine | incident | \"m/0#0\"          | 'incident' is \"m/0#0\"; expected the id of one",
                "PARTITION | fine | incident | \"m/k#1\"          | 'incident' names the stream 'm/k'",
                "MODEL     | fine | incident | \"m/l#1\"          | 'incident' names the stream 'm/l'",
                "KEY       | fine | incident | 12                 | 'incident' is 12; expected text",
                "KEY       | fine | incidents | \"m/k#1\"          | 'incidents' is no property of the command fine",
                "KEY       | end-maintenance | announced | \"c0\" | there is no such maintenance; none is announced",
            })
    void whatCannotBeIsRefusedWithItsReason(Scope scope, String verb, String name, String value, String reason) {
        try (Run run = new Run(scope)) {
            run.source.usual(1, "k");
            String[] arguments = name.contains("=")
                    ? new String[] {"to", "1", name.substring(name.indexOf(',') + 1), value}
                    : new String[] {name, value};
            Acknowledgement refused = run.ask(verb, arguments);

            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.reason()).contains(reason);
            assertThat(run.published).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void whereNothingIsWatchedThereIsNothingToBeTold(Scope scope) {
        try (Run run = new Run(scope, Watching.NONE)) {
            run.source.usual(1, "k");
            for (String verb : List.of("maintenance", "end-maintenance", "fine")) {
                assertThat(run.ask(verb).reason()).startsWith("nothing is watched for anomalies here");
            }
        }
    }
}
