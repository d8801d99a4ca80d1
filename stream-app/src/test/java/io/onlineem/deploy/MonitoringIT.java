package io.onlineem.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.onlineem.app.Application;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.EmbeddedBroker;
import io.onlineem.demo.Example;
import io.onlineem.demo.Feed;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules and dashboards as they are shipped, in a real Prometheus that scrapes the application, by TLS and with its token,
 * while it learns an example:
 * what a query does not find here, nobody will ever see.
 */
class MonitoringIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final double RATE = 2000;
    private static final Path RULES = Deployed.FOLDER.resolve("prometheus");
    private static final String PROMETHEUS = "prometheus";
    private static final String INSTALL = "apt-get install prometheus";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Application application;
    private static Process prometheus;
    private static volatile boolean stopped;
    private static FutureTask<Long> feeding;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Deployed.isInstalled(PROMETHEUS, INSTALL), "Prometheus is not installed: " + INSTALL);
        broker = EmbeddedBroker.start();
        application = Application.start(configuration());
        Feed feed = new Feed(Example.PAYMENTS, null, RATE, Long.MAX_VALUE, 1);
        Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        sendWhatIsNotValid(feed.topic());
        feeding = new FutureTask<>(() -> feed.run(kafka, () -> stopped));
        new Thread(feeding, "feed").start();
        startPrometheus(application.url().orElseThrow());
    }

    /** The example as it is, but for the broker, a free port, commits that follow closely and a low threshold of anomalies. */
    private static Configuration configuration() {
        String text = Deployed.read(Path.of("..", "examples", "payments.yaml")) + "\nhttp: {port: 0}\n"
                + "anomaly: {enabled: true, tailProbability: 0.01, channels: [record], quiet: 10}\n";
        SelfSigned tls = SelfSigned.in(directory.resolve("tls"));
        Map<String, String> environment = Map.of(
                "ONLINE_EM_HTTP_TOKEN",
                "file:" + tls.folder().resolve("token"),
                "ONLINE_EM_HTTP_TLS_KEYSTORE",
                tls.keystore().toString(),
                "ONLINE_EM_HTTP_TLS_KEYSTORE_PASSWORD",
                tls.password(),
                "ONLINE_EM_KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "ONLINE_EM_KAFKA_STATE_DIR",
                directory.resolve("state").toString(),
                "ONLINE_EM_KAFKA_COMMIT_INTERVAL_MS",
                "100");
        return ConfigurationReader.read("payments.yaml", text, directory, environment);
    }

    private static void sendWhatIsNotValid(String topic) throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "card", "{")).get();
        }
    }

    /** With the files that are shipped, but for the address of the application and shorter intervals. */
    private static void startPrometheus(String target) throws Exception {
        Path folder = Files.createDirectory(directory.resolve(PROMETHEUS));
        Files.copy(RULES.resolve("rules.yml"), folder.resolve("rules.yml"));
        String shipped = Deployed.read(RULES.resolve("prometheus.yml"));
        String adapted = shipped.replace("app:8080", URI.create(target).getAuthority())
                .replace(
                        "/etc/online-em/tls",
                        directory.resolve("tls").toAbsolutePath().toString())
                .replace("scrape_interval: 5s", "scrape_interval: 1s")
                .replace("evaluation_interval: 15s", "evaluation_interval: 1s");
        assertThat(adapted.lines().filter(line -> !shipped.lines().toList().contains(line)))
                .hasSize(5);
        Path file = Files.writeString(folder.resolve("prometheus.yml"), adapted);
        Deployed.run(List.of("promtool", "check", "config", file.toString()), folder);
        String address;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
        url = "http://" + address;
        prometheus = new ProcessBuilder(
                        PROMETHEUS,
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(new File("target", "prometheus.log"))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(prometheus::destroyForcibly));
    }

    @AfterAll
    static void stop() throws Exception {
        stopped = true;
        if (feeding != null) {
            assertThat(feeding.get()).isPositive();
        }
        if (prometheus != null) {
            prometheus.destroy();
            assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        if (application != null) {
            application.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void promtoolFindsNoFaultAndEveryAlertFiresWhenItShould() {
        Deployed.run(List.of("promtool", "check", "config", "--syntax-only", "prometheus.yml"), RULES);
        Deployed.run(List.of("promtool", "check", "rules", "--lint=all", "--lint-fatal", "rules.yml"), RULES);
        Deployed.run(List.of("promtool", "test", "rules", "rules-test.yml"), RULES);
        JsonNode groups = Deployed.yaml(RULES.resolve("rules.yml")).get("groups");
        assertThat(groups.findValuesAsText("alert"))
                .isSubsetOf(Deployed.yaml(RULES.resolve("rules-test.yml")).findValuesAsText("alertname"));
    }

    @Test
    void everyPanelShowsData() throws Exception {
        Map<String, String> queries = new LinkedHashMap<>();
        for (String name : Deployed.DASHBOARDS) {
            JsonNode dashboard = Deployed.dashboard(name);
            for (JsonNode panel : Deployed.panels(dashboard)) {
                for (JsonNode target : panel.get("targets")) {
                    queries.put(
                            name + ", " + panel.get("title").asText() + ", "
                                    + target.get("legendFormat").asText(),
                            asked(target.get("expr").asText()));
                }
            }
            for (JsonNode annotation : dashboard.at("/annotations/list")) {
                if (annotation.has("expr")) {
                    queries.put(
                            name + ", " + annotation.get("name").asText(),
                            told(asked(annotation.get("expr").asText())));
                }
            }
        }
        assertThat(queries).hasSizeGreaterThan(50);
        requireData(queries);
    }

    /** As Grafana asks, with the example's names and the rate interval that follows from the interval of scrapes. */
    private static String asked(String expression) {
        return expression
                .replace("$application", "payments")
                .replace("$model", "payments")
                .replace("$instance", ".*")
                .replace("$field", ".*")
                .replace("$__rate_interval", "4s");
    }

    /** Whether a condition holds, in place of nothing where it does not. */
    private static String told(String condition) {
        return condition.replaceAll(" (==|<|>) ", " $1 bool ");
    }

    @Test
    void incidentsAreCountedWhileTheyComeAndGo() throws Exception {
        requireData(Map.of(
                "records", "online_em_anomalies_total{model=\"payments\"} > 0",
                "opened", "online_em_incidents_total{model=\"payments\", status=\"opened\"} > 0",
                "closed", "online_em_incidents_total{model=\"payments\", status=\"closed\"} > 0"));
    }

    @Test
    void everyVariableHasValues() throws Exception {
        Pattern values = Pattern.compile("label_values\\((.*), (\\w+)\\)");
        for (String name : Deployed.DASHBOARDS) {
            for (JsonNode variable : Deployed.dashboard(name).at("/templating/list")) {
                Matcher query = values.matcher(variable.at("/query/query").asText());
                assertThat(query.matches()).isTrue();
                String metric = asked(query.group(1));
                requireData(Map.of(
                        name + ", " + variable.get("name").asText(),
                        "count by (" + query.group(2) + ") (" + metric + ")"));
                JsonNode labels = get("/api/v1/label/" + query.group(2) + "/values?match[]=", metric);
                assertThat(labels.get("data")).isNotEmpty();
            }
        }
    }

    @Test
    void everyRuleIsEvaluatedAndEveryAlertHasSomethingToJudge() throws Exception {
        Map<String, String> queries = new LinkedHashMap<>();
        for (JsonNode group : Deployed.yaml(RULES.resolve("rules.yml")).get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                if (rule.has("record")) {
                    queries.put(rule.get("record").asText(), rule.get("record").asText());
                } else {
                    // there is no day before the test
                    queries.put(
                            rule.get("alert").asText(),
                            told(rule.get("expr").asText().replace("[23h] offset 1h", "[1m]")));
                }
            }
        }
        requireData(queries);
        List<JsonNode> rules = new ArrayList<>();
        get("/api/v1/rules", "").at("/data/groups").forEach(group -> group.get("rules")
                .forEach(rules::add));
        assertThat(rules).hasSameSizeAs(queries.entrySet());
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.get("health").asText()).as(rule.toString()).isEqualTo("ok");
            assertThat(rule.has("lastError")).as(rule.toString()).isFalse();
        });
    }

    /** Asks again and again, until every query has given a number. */
    private static void requireData(Map<String, String> queries) throws Exception {
        Map<String, String> without = new LinkedHashMap<>(queries);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!without.isEmpty()) {
            List<String> found = new ArrayList<>();
            for (Map.Entry<String, String> query : without.entrySet()) {
                if (hasNumber(query.getValue())) {
                    found.add(query.getKey());
                }
            }
            found.forEach(without::remove);
            if (!without.isEmpty()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("no data within " + LIMIT + " for " + without);
                }
                requireFeeding();
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private static void requireFeeding() throws ExecutionException, InterruptedException {
        assertThat(prometheus.isAlive()).as("see target/prometheus.log").isTrue();
        if (feeding.isDone()) {
            throw new AssertionError("the feed has ended after " + feeding.get() + " records");
        }
    }

    private static boolean hasNumber(String query) throws Exception {
        JsonNode answer = get("/api/v1/query?query=", query);
        if (answer == null) {
            return false;
        }
        assertThat(answer.get("status").asText()).as(query + ": " + answer).isEqualTo("success");
        return Deployed.elements(answer.at("/data/result")).stream()
                .anyMatch(sample -> Double.isFinite(
                        Double.parseDouble(infinite(sample.at("/value/1").asText()))));
    }

    private static String infinite(String number) {
        return number.replace("Inf", "Infinity");
    }

    /** The answer; null while Prometheus starts. */
    private static JsonNode get(String path, String encoded) throws Exception {
        URI uri = URI.create((url + path).replace("[]", "%5B%5D") + URLEncoder.encode(encoded, StandardCharsets.UTF_8));
        try {
            var response = CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            return response.statusCode() == 503 ? null : Deployed.json(response.body());
        } catch (java.net.ConnectException e) {
            return null;
        }
    }
}
