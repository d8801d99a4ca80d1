package io.onlineem.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpApiTest {

    private static final String METRICS = "# TYPE records counter\nrecords_total{model=\"ü\"} 3.0\n";

    private final Map<String, String> models = new TreeMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Health ready = Health.up("records are being processed");
    private volatile RuntimeException failure;
    private final FakeLive live = new FakeLive();
    private HttpApi api;

    @BeforeEach
    void start() throws IOException {
        Models port = new Models() {
            @Override
            public List<Models.Summary> list(int limit) {
                failIfAsked();
                return models.keySet().stream()
                        .limit(limit)
                        .map(id -> new Models.Summary(id, 7, 1000, id.equals("new") ? Double.NaN : -2.5))
                        .toList();
            }

            @Override
            public Optional<byte[]> json(String id) {
                failIfAsked();
                return Optional.ofNullable(models.get(id)).map(json -> json.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public Optional<byte[]> score(String id, byte[] body) {
                failIfAsked();
                String text = id + " " + new String(body, StandardCharsets.UTF_8);
                return Optional.ofNullable(models.get(id)).map(json -> text.getBytes(StandardCharsets.UTF_8));
            }
        };
        api = HttpApi.start(
                "127.0.0.1",
                0,
                new HttpApi.Ports(() -> METRICS, () -> Health.up("the process runs"), () -> ready, port, live));
    }

    private void failIfAsked() {
        if (failure != null) {
            throw failure;
        }
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(api.url() + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Test
    void metricsAreServedAsTheyAreInPrometheusTextFormat() throws Exception {
        HttpResponse<String> response = get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).isEqualTo(METRICS);
        assertThat(get("/metrics?name[]=records".replace("[]", "%5B%5D")).body())
                .isEqualTo(METRICS);
    }

    @Test
    void healthTellsItsReasonWithTheStatusThatProbesLookAt() throws Exception {
        HttpResponse<String> live = get("/health/live");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(header(live, "Content-Type")).isEqualTo("application/json");
        assertThat(live.body()).isEqualTo("{\"status\":\"up\",\"reason\":\"the process runs\"}");

        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        ready = Health.down("Kafka Streams is \"REBALANCING\"");
        HttpResponse<String> response = get("/health/ready");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .isEqualTo("{\"status\":\"down\",\"reason\":\"Kafka Streams is \\\"REBALANCING\\\"\"}");
    }

    @Test
    void modelsAreListedWithNullForALogLikelihoodThatIsNotYetKnown() throws Exception {
        assertThat(get("/models").body()).isEqualTo("[]");
        models.put("new", "{}");
        models.put("wind", "{}");
        HttpResponse<String> response = get("/models");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("[{\"id\":\"new\",\"version\":7,\"observations\":1000,\"meanLogLikelihood\":null},"
                        + "{\"id\":\"wind\",\"version\":7,\"observations\":1000,\"meanLogLikelihood\":-2.5}]");
    }

    @Test
    void aListIsBoundedByTheLimitOrByItsDefault() throws Exception {
        IntStream.range(0, 2 * HttpApi.DEFAULT_LIMIT).forEach(i -> models.put("m/" + i, "{}"));
        assertThat(get("/models").body().split("\"id\"", -1)).hasSize(HttpApi.DEFAULT_LIMIT + 1);
        assertThat(get("/models?limit=3").body().split("\"id\"", -1)).hasSize(3 + 1);
        assertThat(get("/models?limit=" + HttpApi.MAX_LIMIT).body().split("\"id\"", -1))
                .hasSize(2 * HttpApi.DEFAULT_LIMIT + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=-1", "limit=10001", "limit=99999999999", "limit=ten", "limit=", "offset=3"})
    void aQueryThatIsNotUnderstoodIsRefusedRatherThanIgnored(String query) throws Exception {
        HttpResponse<String> response = get("/models?" + query);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .isEqualTo("{\"error\":\"the query is '" + query
                        + "'\",\"expected\":\"nothing, or limit=N with N from 1 to 10000\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "wind, /models/wind",
        "m/sensor-1, /models/m/sensor-1",
        "m/sensor-1, /models/m%2Fsensor-1",
        "m/a b, /models/m/a%20b",
        "m/a+b, /models/m/a+b",
        "m/100%, /models/m/100%25",
        "m/?limit=1, /models/m/%3Flimit=1",
        "m/Zürich, /models/m/Z%C3%BCrich",
        "m//, /models/m//",
        "m/, /models/m/",
    })
    void aModelIsFoundByItsIdPlainOrPercentEncoded(String id, String path) throws Exception {
        models.put(id, "{\"model\":\"" + id + "\"}");
        models.put("other", "{}");
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(response.body()).isEqualTo(models.get(id));
    }

    @Test
    void thePageIsServedWithAPolicyThatLetsNothingFromElsewhereIn() throws Exception {
        HttpResponse<String> response = get("/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(response, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(response.body())
                .doesNotContainPattern("(src|href)=\"(?!/[a-z\"])")
                .doesNotContain("<style");
    }

    @Test
    void everythingThatThePageAsksForIsThere() throws Exception {
        List<String> asked = new ArrayList<>(List.of("/"));
        for (int i = 0; i < asked.size(); i++) {
            HttpResponse<String> response = get(asked.get(i));
            assertThat(response.statusCode()).as(asked.get(i)).isEqualTo(200);
            Pattern.compile("(?:src|href)=\"(/page/[^\"]+)\"|from \"\\./([a-z]+\\.js)\"")
                    .matcher(asked.get(i).equals("/page/d3.js") ? "" : response.body())
                    .results()
                    .map(found -> found.group(1) == null ? "/page/" + found.group(2) : found.group(1))
                    .filter(path -> !asked.contains(path))
                    .forEach(asked::add);
        }
        assertThat(asked).contains("/page/d3.js", "/page/page.css", "/page/main.js", "/page/format.js");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/",
                "/page/../index.html",
                "/page/..%2f..%2fcli/logback.xml",
                "/page/%2e%2e/%2e%2e/META-INF/MANIFEST.MF",
                "/page/d3.js/",
                "//page/main.js",
                "/META-INF/MANIFEST.MF"
            })
    void nothingButTheFilesOfThePageCanBeAskedFor(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '{\"model\":\"\",\"sequence\":\"\"}'",
        "?model=wind, '{\"model\":\"wind\",\"sequence\":\"\"}'",
        "?model=m/a%20b&sequence=x%26y, '{\"model\":\"m/a b\",\"sequence\":\"x&y\"}'",
    })
    void whatThePageShowsIsJson(String query, String expected) throws Exception {
        HttpResponse<String> response = get("/live" + query);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(response.body()).isEqualTo(expected);
    }

    @Test
    void aPastVersionIsServedWhileItIsKept() throws Exception {
        assertThat(get("/live/version?model=wind&version=7").body()).isEqualTo("{\"version\":7}");
        HttpResponse<String> forgotten = get("/live/version?model=wind&version=6");
        assertThat(forgotten.statusCode()).isEqualTo(404);
        assertThat(forgotten.body()).startsWith("{\"error\":\"version 6 of the model 'wind' is not known here\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/live?modell=wind, the query is 'modell=wind'",
        "/live?model=wind&model=wind, the query is 'model=wind&model=wind'",
        "/live/version?model=wind, version is ''",
        "/live/version?model=wind&version=-1, version is '-1'",
        "/events?model=wind&since=now, since is 'now'",
    })
    void aQueryOfThePageThatIsNotUnderstoodIsRefused(String path, String error) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains(error, "\"expected\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live?model=other", "/live/version?model=other&version=7", "/events?model=other&since=0"})
    void thePageOfAnUnknownModelIsNotFound(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("'other'", "\"expected\":");
    }

    @Test
    void newsArePushedAsEventsThatContinueWhereTheLastOneEnded() throws Exception {
        try (Stream<String> lines = lines("/events?model=wind&since=5")) {
            assertThat(lines.limit(8).toList())
                    .containsExactly(
                            "retry: 1000",
                            "",
                            "id: 8",
                            "data: {\"moment\":8}",
                            "",
                            "id: 8",
                            "data: {\"moment\":8}",
                            "");
        }
        assertThat(live.since).startsWith(5L, 8L);
    }

    private Stream<String> lines(String path) throws Exception {
        HttpResponse<Stream<String>> response =
                client.send(HttpRequest.newBuilder(URI.create(api.url() + path)).build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("text/event-stream");
        return response.body();
    }

    @Test
    void aBrowserThatComesBackGoesOnAtItsLastEvent() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + "/events?model=wind&since=5"))
                .header("Last-Event-ID", "77")
                .build();
        try (Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
            assertThat(lines.limit(3).toList()).hasSize(3);
        }
        assertThat(live.since).startsWith(77L);
    }

    @Test
    void headOfTheEventsOpensNoStream() throws Exception {
        HttpResponse<String> head = send("HEAD", "/events?model=wind&since=0");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Type")).isEqualTo("text/event-stream");
        assertThat(live.since).isEmpty();
    }

    @Test
    void streamsAreBoundedAndTakeNoThreadFromOtherRequests() throws Exception {
        List<Stream<String>> open = new ArrayList<>();
        try {
            for (int i = 0; i < EventStreams.MOST; i++) {
                open.add(lines("/events?model=wind&since=0"));
            }
            HttpResponse<String> refused = get("/events?model=wind&since=0");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(header(refused, "Retry-After")).isEqualTo("10");
            assertThat(refused.body()).startsWith("{\"error\":\"32 streams of events are open");
            assertThat(get("/metrics").body()).isEqualTo(METRICS);
        } finally {
            open.forEach(Stream::close);
        }
        // a place is free again when the server has noticed
        while (get("/events?model=wind&since=0", 1) == 503) {
            Thread.onSpinWait();
        }
    }

    /** The status of an answer of which so many lines are read. */
    private int get(String path, int lines) throws Exception {
        HttpResponse<Stream<String>> response =
                client.send(HttpRequest.newBuilder(URI.create(api.url() + path)).build(), BodyHandlers.ofLines());
        try (Stream<String> body = response.body()) {
            assertThat(body.limit(lines).toList()).hasSize(lines);
        }
        return response.statusCode();
    }

    @Test
    void aStreamEndsInGoodOrderWithTheServer() throws Exception {
        try (Stream<String> lines = lines("/events?model=wind&since=0")) {
            live.asked.await();
            api.close();
            assertThat(lines.toList())
                    .as("a connection that is cut off would be an exception")
                    .startsWith("retry: 1000");
        }
        awaitNoThread("http-events-");
    }

    private static void awaitNoThread(String name) {
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith(name))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anUnknownModelIsNotFound() throws Exception {
        HttpResponse<String> response = get("/models/no%22where");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .startsWith("{\"error\":\"there is no model 'no\\\"where' here\",\"expected\":\"an id from /models");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics/", "/health", "/healthz", "/models/", "/favicon.ico", "/../etc/passwd"})
    void anUnknownPathIsNotFoundAndTheRoutesAreNamed(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .contains("\"expected\":\"one of /, /routes, /live, /live/version, /events, /metrics,"
                        + " /health/live, /health/ready, /models, /models/{id}, /models/{id}/score\"");
    }

    @Test
    void theRoutesAreListedInTheDocumentationToo() throws Exception {
        HttpResponse<String> response = get("/routes");
        assertThat(response.statusCode()).isEqualTo(200);
        String documentation = Files.readString(Path.of("..", "docs", "http.md"));
        assertThat(List.of(
                        "/",
                        "/routes",
                        "/live",
                        "/live/version",
                        "/events",
                        "/metrics",
                        "/health/live",
                        "/health/ready",
                        "/models",
                        "/models/{id}",
                        "/models/{id}/score"))
                .allSatisfy(route -> {
                    assertThat(response.body()).contains("\"" + route + "\":");
                    assertThat(documentation).contains("| `" + route + "` |");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void nothingCanBeWritten(String method) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(api.url() + "/models/wind"))
                        .method(method, BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
        assertThat(response.body())
                .isEqualTo("{\"error\":\"the method is " + method
                        + "\",\"expected\":\"GET or HEAD; POST at /models/{id}/score only\"}");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(api.url() + path))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "wind, /models/wind/score",
        "m/sensor-1, /models/m/sensor-1/score",
        "m/sensor-1, /models/m%2Fsensor-1/score",
        "m/score, /models/m/score/score",
        "m/50%, /models/m/50%25/score",
    })
    void recordsAreScoredByTheModelOfTheId(String id, String path) throws Exception {
        models.put(id, "{}");
        HttpResponse<String> response = post(path, "{\"x\":1}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(response.body()).isEqualTo(id + " {\"x\":1}");
    }

    @Test
    void recordsOfAnUnknownModelAreNotScored() throws Exception {
        HttpResponse<String> response = post("/models/nowhere/score", "{}");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).startsWith("{\"error\":\"there is no model 'nowhere' here\"");
        assertThat(post("/models/score", "{}").statusCode()).isEqualTo(405);
        assertThat(get("/models/nowhere/score").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"MALFORMED, 400", "INVALID, 422", "TOO_LARGE, 413"})
    void aRefusedRecordIsNamedWithTheReasonOfItsDeadLetter(Models.RefusedException.Kind kind, int status)
            throws Exception {
        failure = new Models.RefusedException(kind, "missing-field", "the field 'x' is missing", OptionalInt.of(2));
        HttpResponse<String> response = post("/models/wind/score", "[]");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body())
                .isEqualTo(
                        "{\"error\":\"the field 'x' is missing\",\"expected\":\"a record as in the input topic, or an"
                                + " array of them\",\"reason\":\"missing-field\",\"record\":2}");
        failure = new Models.RefusedException(kind, "not-json", "no", OptionalInt.empty());
        assertThat(post("/models/wind/score", "").body()).endsWith("\"reason\":\"not-json\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {HttpApi.MAX_BODY_BYTES + 1, 3 * HttpApi.MAX_BODY_BYTES})
    void aBodyThatIsTooLargeIsRefusedWhetherItsLengthIsToldOrNot(int length) throws Exception {
        models.put("wind", "{}");
        HttpResponse<String> told = post("/models/wind/score", " ".repeat(length));
        assertThat(told.statusCode()).isEqualTo(413);
        assertThat(told.body())
                .isEqualTo(
                        "{\"error\":\"the body has more than 1048576 bytes\",\"expected\":\"a record, or fewer records"
                                + " at once\"}");
        HttpResponse<String> chunked = client.send(
                HttpRequest.newBuilder(URI.create(api.url() + "/models/wind/score"))
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[length])))
                        .build(),
                BodyHandlers.ofString());
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(post("/models/wind/score", " ".repeat(HttpApi.MAX_BODY_BYTES))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whileModelsAreMovedRecordsAreNotScored() throws Exception {
        failure = new Models.NotAvailableException("the store is being moved", null);
        assertThat(post("/models/wind/score", "{}").statusCode()).isEqualTo(503);
        failure = new IllegalStateException("password=hunter2");
        assertThat(post("/models/wind/score", "{}").body()).contains("see the application's log");
    }

    @Test
    void headAnswersWithTheHeadersOfGetAndNoBody() throws Exception {
        HttpResponse<String> head = send("HEAD", "/metrics");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length"))
                .isEqualTo(Integer.toString(METRICS.getBytes(StandardCharsets.UTF_8).length));
        assertThat(header(head, "Content-Type")).startsWith("text/plain");
        assertThat(send("HEAD", "/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").body()).isEqualTo(METRICS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/models", "/models/wind"})
    void modelsThatCannotBeReadNowAreUnavailableAndNotAnError(String path) throws Exception {
        failure = new Models.NotAvailableException("the store is being moved", new IllegalStateException("inner"));
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(header(response, "Retry-After")).isEqualTo("1");
        assertThat(response.body())
                .isEqualTo("{\"error\":\"the store is being moved\",\"expected\":\"a retry in a second\"}");
    }

    @Test
    void aFailureTellsClientsNothingOfItsInside() throws Exception {
        failure = new IllegalStateException("password=hunter2");
        HttpResponse<String> response = get("/models");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body())
                .isEqualTo("{\"error\":\"this request failed\","
                        + "\"expected\":\"see the application's log for the cause\"}");
        failure = null;
        assertThat(get("/models").statusCode()).isEqualTo(200);
    }

    @Test
    void aPortThatIsTakenIsAnErrorThatNamesItAndTheRemedy() {
        assertThatThrownBy(() -> HttpApi.start("127.0.0.1", api.port(), ports()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot serve HTTP on 127.0.0.1:" + api.port())
                .hasMessageContaining("http.port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "192.0.2.1"})
    void aHostThatIsNotOfThisMachineIsAnErrorThatNamesIt(String host) {
        assertThatThrownBy(() -> HttpApi.start(host, 0, ports()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot serve HTTP on " + host + ":0")
                .hasMessageContaining("http.");
    }

    @Test
    void aSlowAnswerHoldsUpNoOther() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (HttpApi other = HttpApi.start(
                "127.0.0.1",
                0,
                new HttpApi.Ports(
                        () -> {
                            asked.countDown();
                            awaitUninterruptibly(release);
                            return METRICS;
                        },
                        () -> Health.up("the process runs"),
                        () -> ready,
                        ports().models(),
                        live))) {
            var slow = client.sendAsync(
                    HttpRequest.newBuilder(URI.create(other.url() + "/metrics")).build(), BodyHandlers.ofString());
            asked.await();
            HttpRequest health = HttpRequest.newBuilder(URI.create(other.url() + "/health/live"))
                    .build();
            assertThat(client.send(health, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(slow).isNotDone();
            release.countDown();
            assertThat(slow.get().body()).isEqualTo(METRICS);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void itsThreadsDoNotKeepTheProcessAlive() throws Exception {
        get("/");
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith("http-") || thread.getName().startsWith("HTTP-Dispatcher"))
                .toList();
        assertThat(threads).hasSizeGreaterThan(1).allMatch(Thread::isDaemon);
    }

    private HttpApi.Ports ports() {
        return new HttpApi.Ports(
                () -> METRICS,
                () -> ready,
                () -> ready,
                new Models() {
                    @Override
                    public List<Models.Summary> list(int limit) {
                        return List.of();
                    }

                    @Override
                    public Optional<byte[]> json(String id) {
                        return Optional.empty();
                    }
                },
                live);
    }
}
