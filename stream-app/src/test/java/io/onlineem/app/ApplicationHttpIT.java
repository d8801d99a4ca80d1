package io.onlineem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP interface of the whole application, with a real broker. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ApplicationHttpIT {

    private static final int RECORDS = 400;

    /** A line of Prometheus' text format: a comment, or a name, labels and a value. */
    private static final Pattern LINE = Pattern.compile("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*"
            + "|[a-zA-Z_:][a-zA-Z0-9_:]*"
            + "(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\\\\\"n])*\",?)+})?"
            + " (NaN|[+-]Inf|[-+]?[0-9.]+([eE][-+]?[0-9]+)?)");

    private static EmbeddedBroker broker;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private Configuration configuration(String scope) throws Exception {
        Path file = directory.resolve("application.yaml");
        Files.writeString(file, """
                application: http-%1$s
                kafka:
                  bootstrap.servers: %2$s
                  state.dir: '%3$s'
                  commit.interval.ms: 100
                input:
                  topic: observations-%1$s
                  fields: [x]
                model:
                  name: m
                  scope: %1$s
                  components: 2
                learning:
                  miniBatch: 10
                  warmUp: 50
                output:
                  replicationFactor: 1
                http:
                  port: 0
                """.formatted(scope, broker.bootstrapServers(), directory.resolve("state")));
        return ConfigurationReader.read(file, Map.of());
    }

    private static void createTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
    }

    /** Records of two keys by turns, one of which has to be percent-encoded, and one that is not valid. */
    private static void produce(String topic) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                String key = i % 2 == 0 ? "plant/a" : "50%";
                String value = String.format(Locale.ROOT, "{\"x\":%s}", random.nextGaussian() + 5 * (i % 3));
                sent.add(producer.send(new ProducerRecord<>(topic, key, value)));
            }
            sent.add(producer.send(new ProducerRecord<>(topic, "plant/a", "{\"x\":")));
            producer.flush();
            for (Future<?> each : sent) {
                each.get();
            }
        }
    }

    private HttpResponse<String> get(Application application, String path) throws Exception {
        URI uri = URI.create(application.url().orElseThrow() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> score(Application application, String id, String records) throws Exception {
        URI uri = URI.create(application.url().orElseThrow() + "/models/" + id + "/score");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofString(records))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Asks until the answer is as expected; what is answered until then may only be that it is too early. */
    private String await(Application application, String path, Predicate<String> expected) throws Exception {
        while (true) {
            HttpResponse<String> response = get(application, path);
            assertThat(response.statusCode()).as(response.body()).isIn(200, 404, 503);
            if (response.statusCode() == 200 && expected.test(response.body())) {
                return response.body();
            }
        }
    }

    private static double metric(String scrape, String series) {
        return Arrays.stream(scrape.split("\n", -1))
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    @Test
    void aSharedModelIsServedWithItsMetricsAndThoseOfKafkaStreams() throws Exception {
        createTopic("observations-shared");
        produce("observations-shared");
        try (Application application = Application.start(configuration("shared"))) {
            await(application, "/models/m", json -> json.contains("\"observations\":" + RECORDS + ","));
            produce("observations-shared");
            await(application, "/models/m", json -> json.contains("\"observations\":" + 2 * RECORDS + ","));
            assertThat(get(application, "/models").body())
                    .startsWith("[{\"id\":\"m\",\"version\":")
                    .contains("\"observations\":" + 2 * RECORDS + ",\"meanLogLikelihood\":-");
            assertThat(get(application, "/models/other").statusCode()).isEqualTo(404);
            String model = get(application, "/models/m").body();
            assertThat(score(application, "m", "{\"x\":0.5}").body())
                    .startsWith(
                            model.substring(0, model.indexOf(",\"type\"")) + ",\"status\":\"scored\",\"component\":");
            assertThat(score(application, "m", "[{\"x\":0.5},{\"x\":9}]").body())
                    .startsWith("[" + score(application, "m", "{\"x\":0.5}").body() + ",{\"model\":\"m\",")
                    .endsWith("}]");
            HttpResponse<String> refused = score(application, "m", "[{\"x\":0.5},{\"y\":9}]");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body())
                    .contains("\"error\":\"the field 'x' is missing; expected a number\"")
                    .endsWith("\"reason\":\"missing-field\",\"record\":1}");
            assertThat(score(application, "m", "{\"x\":").statusCode()).isEqualTo(400);
            assertThat(score(application, "other", "{\"x\":1}").statusCode()).isEqualTo(404);
            assertThat(get(application, "/models/m").body())
                    .as("nothing is learned from what is scored so")
                    .isEqualTo(model);
            assertThat(get(application, "/health/live").statusCode()).isEqualTo(200);
            await(application, "/health/ready", json -> json.contains("\"up\""));

            String scrape = await(
                    application,
                    "/metrics",
                    text -> documentedKafkaMetrics().allMatch(name -> text.contains("\n" + name + "{"))
                            && metric(
                                            text,
                                            "online_em_rejected_total{application=\"http-shared\",model=\"m\",reason=\"not-json\"}")
                                    == 2);
            assertThat(metric(scrape, "online_em_model_observations{application=\"http-shared\",model=\"m\"}"))
                    .isEqualTo(2 * RECORDS);
            assertThat(
                            metric(
                                            scrape,
                                            "online_em_observations_total{application=\"http-shared\",model=\"m\",status=\"scored\"}")
                                    + metric(
                                            scrape,
                                            "online_em_observations_total{application=\"http-shared\",model=\"m\",status=\"warming-up\"}"))
                    .isEqualTo(2 * RECORDS);
            assertThat(
                            metric(
                                            scrape,
                                            "online_em_component_weight_ratio{application=\"http-shared\",component=\"0\",model=\"m\"}")
                                    + metric(
                                            scrape,
                                            "online_em_component_weight_ratio{application=\"http-shared\",component=\"1\",model=\"m\"}"))
                    .isCloseTo(1, within(1e-9));
            assertIsPrometheusText(scrape);
        }
    }

    @Test
    void perKeyModelsAreServedByTheirKeysPercentEncodedOrNot() throws Exception {
        createTopic("observations-per-key");
        produce("observations-per-key");
        try (Application application = Application.start(configuration("per-key"))) {
            Predicate<String> complete = json -> json.contains("\"observations\":" + RECORDS / 2 + ",");
            assertThat(await(application, "/models/m/50%25", complete)).startsWith("{\"model\":\"m/50%\",\"version\":");
            assertThat(await(application, "/models/m/plant/a", complete))
                    .isEqualTo(await(application, "/models/m%2Fplant%2Fa", complete))
                    .startsWith("{\"model\":\"m/plant/a\",\"version\":");
            assertThat(get(application, "/models").body())
                    .contains("{\"id\":\"m/plant/a\",")
                    .contains("{\"id\":\"m/50%\",");
            assertThat(get(application, "/models?limit=1").body().split("\"id\"", -1))
                    .hasSize(1 + 1);
            assertThat(get(application, "/models/plant/a").statusCode()).isEqualTo(404);
            assertThat(score(application, "m%2Fplant%2Fa", "{\"x\":0.5}").body())
                    .isEqualTo(score(application, "m/plant/a", "{\"x\":0.5}").body())
                    .startsWith("{\"model\":\"m/plant/a\",\"version\":");
            assertThat(score(application, "m/plant/b", "{\"x\":0.5}").statusCode())
                    .isEqualTo(404);

            String scrape = await(application, "/metrics", text -> text.contains("rocksdb_state_id=\"m-states\""));
            assertThat(metric(scrape, "online_em_learned_observations_total{application=\"http-per-key\",model=\"m\"}"))
                    .isEqualTo(RECORDS);
            assertThat(scrape).doesNotContain("plant/a");
            assertIsPrometheusText(scrape);
        }
    }

    private static Stream<String> documentedKafkaMetrics() {
        try {
            return Pattern.compile("`(kafka_[a-z0-9_]+[a-z0-9])`")
                    .matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                    .results()
                    .map(name -> name.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertIsPrometheusText(String scrape) {
        List<String> series = new ArrayList<>();
        for (String line : scrape.strip().split("\n", -1)) {
            assertThat(line).matches(LINE);
            if (!line.startsWith("#")) {
                series.add(line.substring(0, line.lastIndexOf(' ')));
            }
        }
        assertThat(series).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    }
}
