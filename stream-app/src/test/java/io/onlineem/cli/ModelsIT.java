package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.app.Application;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.EmbeddedBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code models} beside a running application. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ModelsIT {

    private static EmbeddedBroker broker;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(1);

    /** What the last command printed. */
    private String out;

    private String err;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private int models(String... arguments) {
        List<String> all = new ArrayList<>(List.of("models"));
        all.addAll(List.of(arguments));
        CommandLine commandLine = Main.commandLine();
        StringWriter outWriter = new StringWriter();
        StringWriter errWriter = new StringWriter();
        commandLine.setOut(new PrintWriter(outWriter, true));
        commandLine.setErr(new PrintWriter(errWriter, true));
        int code = commandLine.execute(all.toArray(String[]::new));
        out = outWriter.toString();
        err = errWriter.toString();
        return code;
    }

    private Path configuration(String name, String scope) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name + "-in", 3, (short) 1)))
                    .all()
                    .get();
        }
        return Files.writeString(directory.resolve(name + ".yaml"), """
                application: %s
                kafka: {bootstrap.servers: "%s", state.dir: "%s"}
                input: {topic: %s-in, fields: [x, y]}
                model: {components: 2, scope: %s}
                learning: {miniBatch: 20, warmUp: 100, starts: 2, flushInterval: 200ms}
                control: {topic: %s-control}
                output: {models: {history: {topic: %s-history, retention: 1h}}}
                anomaly: {enabled: true}
                http: {enabled: false}
                """.formatted(
                        name, broker.bootstrapServers(), directory.resolve("state"), name, scope, name, name));
    }

    private void records(String topic, String key, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                double centre = random.nextInt(3) == 0 ? 5 : -5;
                String json = "{\"x\":" + (centre + random.nextGaussian()) + ",\"y\":"
                        + (random.nextGaussian() - centre) + "}";
                // not the partition to which producers would send it
                var unused = producer.send(new ProducerRecord<>(topic, key.equals("a") ? 2 : 0, key, json));
            }
        }
    }

    /** Waits until a model has counted so many observations, and returns its version. */
    private long awaitObservations(Path config, String name, long observations) {
        Pattern line = Pattern.compile("(?m)^" + Pattern.quote(name) + " +([0-9]+) +" + observations + " .*$");
        for (Matcher matcher = list(config, line); ; matcher = list(config, line)) {
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1));
            }
        }
    }

    private Matcher list(Path config, Pattern line) {
        assertThat(models("list", "-c", config.toString())).as(err).isZero();
        return line.matcher(out);
    }

    @Test
    void aSharedModelIsListedShownComparedAndCommanded() throws Exception {
        Path config = configuration("cli-shared", "shared");
        String c = config.toString();
        try (Application application = Application.start(ConfigurationReader.read(config, Map.of()))) {
            assertThat(application.awaitRunning(Duration.ofSeconds(60))).isTrue();
            records("cli-shared-in", "k", 400);
            long version = awaitObservations(config, "cli-shared", 400);

            assertThat(models("show", "-c", c)).as(err).isZero();
            assertThat(out).contains("cli-shared: a mixture of 2 gaussian", "version " + version, "component", " ± ");
            Path first = directory.resolve("first.json");
            assertThat(models("export", "-c", c, "1", "-o", first.toString()))
                    .as(err)
                    .isZero();
            assertThat(models("diff", "-c", c, "1")).as(err).isZero();
            assertThat(out)
                    .contains(
                            "version 1 to " + version, "component 1: weight", "  x: mean", "largest changes: weights");

            assertThat(models("pause", "-c", c, "--id", "p")).as(err).isZero();
            assertThat(out)
                    .contains(
                            "pause applied to cli-shared: version " + version + ", 400 observations, learning paused");
            assertThat(models("pause", "-c", c, "--id", "p")).as(err).isZero();
            assertThat(out).contains("pause was applied before, and not again");
            assertThat(models("list", "-c", c)).isZero();
            assertThat(out).contains("paused");
            assertThat(models("resume", "-c", c)).isZero();
            assertThat(models("step-size", "-c", c, "--half-life", "500")).isZero();
            assertThat(out).contains("step size half-life 500");

            assertThat(models("maintenance", "-c", c, "--from", "2026-12-24", "--to", "2026-12-27", "--id", "feast"))
                    .as(err)
                    .isZero();
            assertThat(out).contains("maintenance applied to cli-shared: version " + version);
            assertThat(models("maintenance", "-c", c, "--to", "1000", "--stream", "cli-shared/2"))
                    .as(err)
                    .isZero();
            assertThat(models("show", "-c", c)).isZero();
            assertThat(out)
                    .contains(
                            "maintenance feast from 2026-12-24 00:00:00 to 2026-12-27 00:00:00 UTC\n",
                            " of cli-shared/2 to 1970-01-01 00:00:01 UTC\n");
            assertThat(models("maintenance", "-c", c, "--end", "feast")).as(err).isZero();
            assertThat(out).contains("end-maintenance applied");
            assertThat(models("maintenance", "-c", c, "--end")).as(err).isZero();
            assertThat(models("show", "-c", c)).isZero();
            assertThat(out).doesNotContain("maintenance");
            assertThat(models("maintenance", "-c", c, "--end")).isEqualTo(Main.FAILURE);
            assertThat(err).contains("refused: there is no such maintenance; none is announced");
            assertThat(models("fine", "-c", c, "--incident", "cli-shared/0#7"))
                    .as(err)
                    .isZero();
            assertThat(models("fine", "-c", c, "--incident", "7")).isEqualTo(Main.FAILURE);
            assertThat(err).contains("refused: 'incident' is \"7\"; expected the id of one");

            assertThat(models("load", "-c", c, first.toString())).as(err).isZero();
            assertThat(out).contains("load applied to cli-shared: version " + (version + 1) + ", 0 observations");
            assertThat(models("rollback", "-c", c, Long.toString(version)))
                    .as(err)
                    .isZero();
            assertThat(out).contains("rollback applied to cli-shared: version " + (version + 2) + ", 400 observations");
            assertThat(models("reset", "-c", c)).isZero();
            assertThat(out).contains("reset applied to cli-shared: version " + (version + 3) + ", 0 observations");
            assertThat(models("show", "-c", c)).isEqualTo(Main.FAILURE);
            assertThat(err).contains("there is no model 'cli-shared' in the models topic; it may be warming up");

            assertThat(models("history", "-c", c)).isZero();
            assertThat(out).contains("pause applied", "pause duplicate", "step-size applied", "reset applied");
            assertThat(models("rollback", "-c", c, "999")).isEqualTo(Main.FAILURE);
            assertThat(err).contains("version 999", "expected one from 1 to " + (version + 2));
            assertThat(models("rollback", "-c", c, "1")).isEqualTo(Main.FAILURE);
            assertThat(err).contains("refused: 'version' is 1; expected a model that does not warm up");
        }
        assertThat(models("pause", "-c", c, "--timeout", "0.5", "--id", "late")).isEqualTo(Main.FAILURE);
        assertThat(err).contains("no acknowledgement of the command late within 0.5 seconds", "give --id late");
    }

    @Test
    void theModelOfAKeyIsReachedWhereverItsRecordsAre() throws Exception {
        Path config = configuration("cli-keys", "per-key");
        String c = config.toString();
        try (Application application = Application.start(ConfigurationReader.read(config, Map.of()))) {
            assertThat(application.awaitRunning(Duration.ofSeconds(60))).isTrue();
            records("cli-keys-in", "a", 150);
            records("cli-keys-in", "b", 150);
            awaitObservations(config, "cli-keys/a", 150);
            awaitObservations(config, "cli-keys/b", 150);

            assertThat(models("pause", "-c", c, "--key", "a")).as(err).isZero();
            assertThat(models("reset", "-c", c, "--key", "b")).as(err).isZero();
            records("cli-keys-in", "a", 30);
            records("cli-keys-in", "b", 130);
            awaitObservations(config, "cli-keys/b", 130);
            assertThat(models("resume", "-c", c, "--key", "a")).as(err).isZero();
            assertThat(out).contains("150 observations, learning running, 30 records not learned from");
            assertThat(models("maintenance", "-c", c, "--stream", "cli-keys/a", "--to", "1000"))
                    .as(err)
                    .isZero();
            assertThat(out).contains("maintenance applied to cli-keys/a");
            assertThat(models("fine", "-c", c, "--incident", "cli-keys/a#99")).isEqualTo(Main.FAILURE);
            assertThat(err).contains("refused: 'incident' is \"cli-keys/a#99\"");
            assertThat(models("pause", "-c", c, "--key", "z", "--timeout", "20"))
                    .isEqualTo(Main.FAILURE);
            assertThat(err).contains("refused: no record of the key 'z' has come to partition");
        }
    }

    @Test
    void wrongUsageIsExplained() throws Exception {
        Path config = Files.writeString(directory.resolve("plain.yaml"), """
                application: plain
                kafka: {bootstrap.servers: "127.0.0.1:1"}
                input: {topic: in, fields: [x]}
                model: {components: 1}
                """);
        String c = config.toString();
        assertThat(models()).isEqualTo(Main.USAGE);
        assertThat(models("pause")).isEqualTo(Main.USAGE);
        assertThat(err).contains("--config");
        assertThat(models("pause", "-c", c)).isEqualTo(Main.FAILURE);
        assertThat(err).contains("names no control topic");
        assertThat(models("diff", "-c", c, "one")).isEqualTo(Main.USAGE);
        assertThat(err).contains("expected a whole number");
        assertThat(models("maintenance", "-c", c)).isEqualTo(Main.USAGE);
        assertThat(err).contains("expected --to, with --from if it does not begin with the next record, or --end");
        assertThat(models("maintenance", "-c", c, "--to", "1", "--end")).isEqualTo(Main.USAGE);
        assertThat(models("maintenance", "-c", c, "--to", "soon")).isEqualTo(Main.USAGE);
        assertThat(err).contains("--to is 'soon'; expected a time such as");
        assertThat(models("fine", "-c", c)).isEqualTo(Main.USAGE);
        assertThat(err).contains("--incident");
        assertThat(models("pause", "-c", c, "--key", "k")).isEqualTo(Main.USAGE);
        assertThat(err).contains("scope shared");
        assertThat(models("step-size", "-c", c)).isEqualTo(Main.USAGE);
        assertThat(models("step-size", "-c", c, "--exponent", "0.3")).isEqualTo(Main.USAGE);
        assertThat(err).contains("step size exponent is 0.3; expected more than 0.5");
        assertThat(models("load", "-c", c, "nowhere.json")).isEqualTo(Main.USAGE);
        assertThat(err).contains("there is no file nowhere.json");
        Path other = Files.write(
                directory.resolve("other.json"), "{\"weights\":[0.5,0.5]}".getBytes(StandardCharsets.UTF_8));
        assertThat(models("load", "-c", c, other.toString())).isEqualTo(Main.USAGE);
        assertThat(err).contains("'weights' is an array of 2 numbers; expected an array of 1 numbers");
        assertThat(models("pause", "-c", c, "--id", "a b")).isEqualTo(Main.USAGE);
        assertThat(err).contains("visible ASCII");
    }
}
