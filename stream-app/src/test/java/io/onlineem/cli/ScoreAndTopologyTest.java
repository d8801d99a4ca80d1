package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.app.ApplicationTopology;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.topology.ModelMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code score} says of a file, the topology says of a topic, whatever the fields hold. */
class ScoreAndTopologyTest {

    private static final String CONFIGURATION = """
            application: app
            input:
              topic: in
              weight: copies
              fields:
                amount: {family: log-normal, missing: allowed}
                hour: {family: von-mises, period: 24}
                country: {family: categorical, categories: 3, missing: allowed}
                paid: bernoulli
                total: {transform: difference}
                requests: {family: poisson, exposure: seconds, prior: {strength: 2, location: {rates: [3]}}}
            model: {name: m, scope: per-key, components: 2, prior: {strength: 3, weights: 2}}
            learning: {warmUp: 30, miniBatch: 8, flushInterval: off}
            """;

    /** The same fields in sequences. */
    private static final String SEQUENCES = CONFIGURATION
            .replace("components: 2", "type: hmm, components: 2, initial: [0.5, 0.5]")
            .replace("weights: 2", "sticky: 2")
            .replace("miniBatch: 8", "miniBatch: 8, blocks: {length: 5, lookAhead: 7}");

    /** What is said of each record, and the alerts, depend on the records before it, and what is learned on both. */
    private static final String WATCHED = """
            anomaly: {enabled: true, learning: %s, tailProbability: 0.1, quiet: 5, quietTime: 20s, channels: [record, mean-3]}
            """;

    private static final long START = 1_700_000_000L;

    static Stream<String> configurations() {
        return Stream.of(CONFIGURATION, SEQUENCES);
    }

    static Stream<String> watched() {
        return Stream.of(
                CONFIGURATION.replace("weight:", "timestamp: when\n  weight:") + WATCHED.formatted("skip"),
                SEQUENCES.replace("weight:", "timestamp: when\n  weight:") + WATCHED.formatted("down-weight"));
    }

    /** Some of the records lack fields, and some are not valid. */
    private static String record(SplittableRandom random, int i) {
        boolean first = random.nextInt(3) == 0;
        return String.format(
                Locale.ROOT,
                "{\"who\":\"k%d\",\"when\":%d,\"copies\":%s,\"amount\":%s,\"hour\":%.2f,\"country\":%s,\"paid\":%s,\"total\":%.3f,"
                        + "\"requests\":%s,\"seconds\":%.1f}",
                random.nextInt(2),
                START + i,
                i % 50 == 7 ? "0" : i % 3 == 0 ? "2.5" : "1",
                i % 7 == 0 ? "null" : Double.toString(Math.exp(random.nextDouble() + (first ? 3 : 0))),
                random.nextDouble() * 6 + (first ? 12 : 0),
                i % 11 == 0
                        ? "null"
                        : "\"" + List.of("DE", "FR", "NA", "US", "é").get(random.nextInt(5)) + "\"",
                i % 2 == 0 ? random.nextInt(2) : first,
                i * 0.5 + random.nextDouble(),
                i % 40 == 3 ? "1.5" : random.nextInt(first ? 20 : 3),
                1 + random.nextDouble());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void sayTheSame(String configuration, @TempDir Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            file.append(record(random, i)).append('\n');
        }

        List<String> scored = score(configuration, folder, file.toString());
        Piped piped = piped(configuration, folder, file.toString().lines().toList());

        assertThat(scored)
                .hasSize(300 - 6 - 8)
                .contains("{\"model\":\"m/k0\",\"version\":0,\"status\":\"warming-up\"}");
        assertThat(scored.get(scored.size() - 1)).contains("\"status\":\"scored\"");
        assertThat(String.join("\n", scored)).contains("\"missing\":{\"amount\":", "\"country\":\"");
        assertThat(piped.posteriors()).isEqualTo(scored);
    }

    @ParameterizedTest
    @MethodSource("watched")
    void tellTheSameOfIncidents(String configuration, @TempDir Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            String record = record(random, i);
            double worse = Math.pow(20, i % 500 - 493);
            file.append(i % 500 >= 494 ? record.replaceAll("\"amount\":[0-9.]+", "\"amount\":" + 50 * worse) : record)
                    .append('\n');
        }
        Path alerts = folder.resolve("alerts.jsonl");

        List<String> scored = score(configuration, folder, file.toString(), "--alerts", alerts.toString());
        Piped piped = piped(configuration, folder, file.toString().lines().toList());

        assertThat(piped.posteriors()).isEqualTo(scored);
        assertThat(scored).filteredOn(line -> line.contains("\"explanation\"")).hasSizeGreaterThan(3);
        List<String> told = Files.readAllLines(alerts);
        assertThat(told).isEqualTo(piped.alerts());
        assertThat(String.join("\n", told)).contains("\"opened\"", "\"updated\"", "\"closed\"", "\"stream\":\"m/k0\"");
    }

    @Test
    void judgeASeriesOfAPresetTheSame(@TempDir Path folder) throws IOException {
        String configuration = "preset: univariate-metric\napplication: app\ninput: {topic: in}\n";
        SplittableRandom random = new SplittableRandom(10);
        StringBuilder file = new StringBuilder("timestamp,value\n");
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            double daily = 10 * Math.sin(2 * Math.PI * i / 48);
            double value = 50 + daily + random.nextGaussian() + (i == 1500 ? 40 : 0);
            file.append((START + 1800L * i) + "," + value + "\n");
            records.add("{\"value\":" + value + "}");
        }
        Path config = Files.writeString(folder.resolve("preset.yaml"), configuration);
        Path data = Files.writeString(folder.resolve("data.csv"), file);

        List<String> table = run("score", "-c", config.toString(), data.toString());
        List<Anomaly> told = new ArrayList<>();
        Configuration settings = ConfigurationReader.read("test", configuration, folder, Map.of());
        Properties properties = new Properties();
        properties.put("state.dir", folder.resolve("state").toString());
        try (TopologyTestDriver driver =
                new TopologyTestDriver(ApplicationTopology.build(settings, ModelMetrics.NONE), properties)) {
            TestInputTopic<String, String> in =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            TestOutputTopic<String, byte[]> posteriors =
                    driver.createOutputTopic("app-posteriors", new StringDeserializer(), new ByteArrayDeserializer());
            for (int i = 0; i < records.size(); i++) {
                in.pipeInput("series", records.get(i), Instant.ofEpochSecond(START + 1800L * i));
            }
            PosteriorSerde serde = new PosteriorSerde(
                    settings.output().content(), settings.model().spec().features());
            for (byte[] json : posteriors.readValuesToList()) {
                Anomaly anomaly =
                        serde.deserializer().deserialize("app-posteriors", json).anomaly();
                told.add(anomaly == null ? new Anomaly(0, 1, 0, null, null) : anomaly);
            }
        }

        List<String> columns = List.of(table.get(0).split(","));
        assertThat(told).hasSize(table.size() - 1);
        for (int i = 0; i < told.size(); i++) {
            String[] cells = table.get(1 + i).split(",", -1);
            double expected = Double.parseDouble(cells[columns.indexOf("tailProbability")]);
            assertThat(told.get(i).tailProbability()).as("record %s", i).isCloseTo(expected, within(1e-6 * expected));
            assertThat(told.get(i).incident() == null).isEqualTo(cells[columns.indexOf("incident")].isEmpty());
        }
        assertThat(told).filteredOn(anomaly -> anomaly.incident() != null).hasSizeBetween(30, 1000);
        assertThat(told.get(1500).incident()).isNotNull();
    }

    private static List<String> score(String configuration, Path folder, String records, String... more)
            throws IOException {
        Path config = Files.writeString(folder.resolve("config.yaml"), configuration);
        Path data = Files.writeString(folder.resolve("data.jsonl"), records);
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(
                0, List.of("score", "-c", config.toString(), "--key", "who", "--skip-invalid", data.toString()));
        return run(arguments.toArray(String[]::new));
    }

    private static List<String> run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(arguments);
        assertThat(code).as(err.toString()).isZero();
        return out.toString().lines().toList();
    }

    /** What came out of the topology. */
    private record Piped(List<String> posteriors, List<String> alerts) {}

    private static Piped piped(String settings, Path folder, List<String> records) {
        Configuration configuration = ConfigurationReader.read("test", settings, folder, Map.of());
        Properties properties = new Properties();
        properties.put("state.dir", folder.resolve("state").toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(
                ApplicationTopology.build(configuration, ModelMetrics.NONE), properties, Instant.ofEpochMilli(0))) {
            TestInputTopic<String, String> in =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            TestOutputTopic<String, byte[]> posteriors =
                    driver.createOutputTopic("app-posteriors", new StringDeserializer(), new ByteArrayDeserializer());
            TestOutputTopic<String, byte[]> alerts =
                    driver.createOutputTopic("app-alerts", new StringDeserializer(), new ByteArrayDeserializer());
            for (int i = 0; i < records.size(); i++) {
                String record = records.get(i);
                int key = record.indexOf("\"who\":\"") + 7;
                in.pipeInput(record.substring(key, record.indexOf('"', key)), record, Instant.ofEpochSecond(START + i));
            }
            return new Piped(texts(posteriors), configuration.anomalies().isPresent() ? texts(alerts) : List.of());
        }
    }

    private static List<String> texts(TestOutputTopic<String, byte[]> topic) {
        return topic.readValuesToList().stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }
}
