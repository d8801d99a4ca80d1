package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.onlineem.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM to an application in a process of its own, while more records wait than it can score at once. */
class GracefulStopIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 30_000;
    private static final int KEYS = 7;

    /** What a stop may take by the clock of the process, in milliseconds: supervisors lose patience soon after. */
    private static final long STOPPED_WITHIN = 10_000;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BrokerProcess broker = BrokerProcess.shared();
    private final Deadline deadline = Deadline.in(LIMIT);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"shared", "per-key"})
    void aStoppedApplicationCommitsWhatItHasDoneAndLeavesTheGroupSoThatTheNextOneGoesOn(String scope) throws Exception {
        TestApplication application = new TestApplication("graceful-" + scope, broker.bootstrapServers())
                // who has not left would still be a member when the test looks
                .kafka("session.timeout.ms", "45000")
                .kafka("heartbeat.interval.ms", "3000")
                // commits by itself are rare, so that the last one is that of the stop
                .kafka("commit.interval.ms", "1000")
                .set("model", "{scope: " + scope + ", components: 3}")
                .set("learning", "{miniBatch: 50, warmUp: 100, flushInterval: 100ms}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 51);
        for (int i = 0; i < RECORDS; i++) {
            workload.addOfKey("key-" + i % KEYS, i % 100 == 0);
        }
        try (ChildProcess first = start(application);
                Input input = application.produce(workload)) {
            awaitStarted(first);
            try (Outcome outcome = new Outcome(application)) {
                input.sendUpTo(RECORDS / 10);
                while (outcome.answered() == 0) {
                    first.requireAlive();
                    deadline.require(() -> "the first records answered");
                    outcome.poll();
                }

                input.sendUpTo(RECORDS);
                assertThat(first.stop()).isZero();

                assertThat(members(application)).as("members of the group").isZero();
                outcome.readToEnd(deadline);
                assertThat(outcome.answered()).isPositive().isLessThan(RECORDS);
                assertThat(committed(application))
                        .as("offsets committed by the stop")
                        .isEqualTo(outcome.answered());
                requireNothingInVain(application, outcome.answered());
                requireStopTold(first, application);
                input.sendAll();

                try (ChildProcess second = start(application)) {
                    while (outcome.observations() < workload.counted()) {
                        second.requireAlive();
                        deadline.require(() -> "all " + workload.counted() + " valid records counted, of which "
                                + outcome.observations() + " are");
                        outcome.pollAll();
                    }
                    assertThat(second.stop()).isZero();
                }
                outcome.requireExactlyOnce(workload, deadline);
                requireNothingInVain(application, RECORDS);
            }
        }
    }

    private ChildProcess start(TestApplication application) {
        Path state = directory.resolve("state");
        return ChildProcess.start(
                application.name(),
                Main.class,
                List.of("run", "-c", application.write(state).toString()),
                Map.of("ONLINE_EM_LOG_FORMAT", "json"));
    }

    /** The topics are there then. */
    private void awaitStarted(ChildProcess process) {
        while (process.log().stream().noneMatch(line -> line.startsWith("online-em: learning "))) {
            process.requireAlive();
            deadline.require(() -> "the application started");
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static int members(TestApplication application) throws Exception {
        try (Admin admin = application.admin()) {
            return admin.describeConsumerGroups(List.of(application.name()))
                    .all()
                    .get()
                    .get(application.name())
                    .members()
                    .size();
        }
    }

    /** Offsets of the input topic, added up: how many of its records are done. */
    private static long committed(TestApplication application) throws Exception {
        try (Admin admin = application.admin()) {
            return admin
                    .listConsumerGroupOffsets(application.name())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().topic().equals(application.input()))
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        }
    }

    /** That no output was written and aborted: no record was done twice, not even where nobody reads it. */
    private void requireNothingInVain(TestApplication application, int answered) {
        int written = 0;
        for (String topic : List.of(application.posteriors(), application.deadLetters())) {
            try (TopicReader reader = application.readUncommitted(topic)) {
                written += reader.readToEnd(deadline).size();
            }
        }
        assertThat(written).as("outputs, aborted ones included").isEqualTo(answered);
    }

    private static void requireStopTold(ChildProcess process, TestApplication application) {
        List<JsonNode> lines = new ArrayList<>();
        process.log().stream().filter(line -> line.startsWith("{")).forEach(line -> lines.add(json(line)));
        assertThat(lines).noneMatch(line -> message(line).startsWith("not everything was closed"));
        JsonNode stopping = told(lines, "stopping: ");
        JsonNode stopped = told(lines, "stopped within ");
        assertThat(stopped.get("timestamp").asLong() - stopping.get("timestamp").asLong())
                .isBetween(0L, STOPPED_WITHIN);

        JsonNode rejected = told(lines, "the record " + application.input() + "-");
        assertThat(rejected.get("level").asText()).isEqualTo("WARN");
        assertThat(rejected.at("/mdc/model").asText()).isEqualTo(application.name());
        assertThat(rejected.at("/mdc/partition").asText()).isIn("0", "1");
        assertThat(message(rejected))
                .startsWith("the record " + application.input() + "-"
                        + rejected.at("/mdc/partition").asText() + "@")
                .contains(" was rejected: ");
    }

    private static JsonNode told(List<JsonNode> lines, String beginning) {
        return lines.stream()
                .filter(line -> message(line).startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line begins with '" + beginning + "': " + lines));
    }

    private static String message(JsonNode line) {
        return line.get("formattedMessage").asText();
    }

    private static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
