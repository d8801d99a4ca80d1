package io.onlineem.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.onlineem.app.Application;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.EmbeddedBroker;
import io.onlineem.demo.Example;
import io.onlineem.demo.Feed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The live page in a real browser, while the application learns an example from a real broker. Pictures are in {@code
 * target/screenshots}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PageIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final double RATE = 1000;
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final List<Integer> WIDTHS = List.of(1280, 400);

    @TempDir
    static Path profile;

    @TempDir
    Path directory;

    private static EmbeddedBroker broker;
    private static Browser browser;

    private Application application;
    private volatile boolean stopped;
    private FutureTask<Long> feeding;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "there is no chromium: apt-get install chromium");
        broker = EmbeddedBroker.start();
        browser = Browser.start(program.get(), profile);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @AfterEach
    void stopFeeding() throws Exception {
        stopped = true;
        if (browser != null) {
            browser.open("about:blank");
        }
        if (feeding != null) {
            assertThat(feeding.get()).isPositive();
        }
        if (application != null) {
            application.close();
        }
    }

    @Test
    void aMixtureIsDrawnWithItsRecordsWhileItLearns() throws Exception {
        watch(Example.PAYMENTS);

        await("document.querySelectorAll('.scatter .record').length > 50");
        assertHeadline("Learning a mixture of 6", "from the Kafka topic payments");
        assertThat(count(".scatter .ellipse")).isBetween(2L, 6L);
        assertThat(count(".multiples .multiple")).isEqualTo(4);
        assertThat(count(".weights .bar-fill")).isEqualTo(6);
        await("document.querySelectorAll('#records tbody tr').length >= 5");
        assertThat(text("#records tbody")).containsAnyOf("sd above", "sd below", "of its kind");

        assertThatNumbersChange();
        assertThatPastVersionsCanBeLookedAt();
        assertThatChartsTakeKeys();
        assertThatTheThemeCanBeSwitched();
        picture("payments");
    }

    @Test
    void theStatesOfASequenceAreATimelineBesideTheirTransitions() throws Exception {
        watch(Example.MACHINES);

        await("document.querySelectorAll('.timeline .state').length > 100");
        assertHeadline("Learning a hidden Markov model with 4 states", "machines");
        assertThat(count(".matrix td")).isEqualTo(16);
        assertThat(count(".scatter .ellipse")).isEqualTo(4);
        assertThatNumbersChange();
        picture("machines");

        browser.value("(() => { const choice = document.querySelector('#drawing .panel-head select');"
                + " choice.value = [...choice.options].map(one => one.value).find(one => one !== choice.value);"
                + " choice.dispatchEvent(new Event('change')); })()");
        await("document.querySelector('.timeline svg').getAttribute('aria-label').includes("
                + "document.querySelector('#drawing .panel-head select').value)"
                + " && document.querySelectorAll('.timeline .state').length > 20");
        assertNoComplaints();
    }

    @Test
    void theLevelBehindMeasurementsIsALineWithItsBand() throws Exception {
        watch(Example.SENSOR);

        await("document.querySelectorAll('.level .record').length > 100");
        assertHeadline("Learning a local level model of gauge and sonar", "levels");
        assertThat(count(".level .band[d^='M']")).isEqualTo(2);
        assertThat(count(".numbers tr")).isEqualTo(3);
        assertThatNumbersChange();
        picture("sensor");
    }

    @Test
    void topicsHaveTheirTopWords() throws Exception {
        watch(Example.LOGS);

        await("document.querySelectorAll('.topics > div').length === 8");
        assertHeadline("Learning 8 topics of the texts in message", "logs");
        assertThat(count(".words .word")).isEqualTo(8 * 8);
        await("document.querySelectorAll('#drawing table tr').length > 3");
        assertThatNumbersChange();
        picture("logs");
    }

    @Test
    void cellsAreBarsBesideWhatWasSeen() throws Exception {
        show("abo.yaml", example("abo.yaml"));
        feed(this::sendPhenotypes);
        openPage();

        await("document.querySelectorAll('#drawing .bar-fill').length === 4 + 3");
        assertHeadline("Learning the probabilities behind the counts of A, B, AB and O", "phenotypes");
        await("document.querySelector('#drawing').innerText.includes('seen')");
        assertThatNumbersChange();
        picture("cells");
    }

    /** Groups of a hundred people whose alleles A, B and O have the probabilities 0.25, 0.05 and 0.7. */
    private long sendPhenotypes() {
        SplittableRandom random = new SplittableRandom(1);
        long sent = 0;
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (; !stopped; sent++) {
                int[] counts = new int[4];
                for (int i = 0; i < 100; i++) {
                    String pair = allele(random) + allele(random);
                    counts[pair.equals("OO") ? 3 : pair.contains("A") ? pair.contains("B") ? 2 : 0 : 1]++;
                }
                String json = String.format(
                        "{\"A\":%d,\"B\":%d,\"AB\":%d,\"O\":%d}", counts[0], counts[1], counts[2], counts[3]);
                var unused = producer.send(new ProducerRecord<>("phenotypes", "clinic", json));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
        return sent;
    }

    private static String allele(SplittableRandom random) {
        double at = random.nextDouble();
        return at < 0.25 ? "A" : at < 0.3 ? "B" : "O";
    }

    @Test
    void incidentsAreToldWithTheirReasonsAndAPauseWithItsTime() throws Exception {
        show("servers.yaml", example("servers.yaml") + "\ncontrol: {topic: servers-control}\n");
        feed(new Feed(Example.SERVERS, null, RATE, Long.MAX_VALUE, 1));
        openPage();

        await("document.querySelectorAll('.incidents tbody tr').length >= 3");
        assertThat(browser.value("document.querySelector('#anomalies').hidden").asBoolean())
                .isFalse();
        assertThat(text(".incidents tbody"))
                .contains("servers/web-")
                .containsPattern("open|over")
                .containsPattern("0\\.[0-9]{2}, 1 in [0-9,]+")
                .containsPattern("(requests|cpu|latency|memory) [0-9.]+, expected [0-9.]+ \\(")
                .containsPattern("[0-9]+ of [0-9]+");
        assertThat(count(".scores .event")).isPositive();
        assertThat(browser.value("document.querySelector('.scores .line').getAttribute('d')")
                        .asText())
                .startsWith("M");
        assertThatNumbersChange();
        await("document.querySelector('#headline').innerText.includes('open')");
        picture("servers");

        command("{\"id\":\"1\",\"command\":\"pause\"}");
        await("/, has been paused since [0-9:]+\\. Version/.test(document.querySelector('#headline').innerText)");
        assertThat(text("#status")).isEqualTo("live, learning paused");
        picture("servers-paused");
        command("{\"id\":\"2\",\"command\":\"resume\"}");
        await("!document.querySelector('#headline').innerText.includes('paused')");
        assertNoComplaints();
    }

    private static void command(String json) throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("servers-control", "servers", json))
                    .get();
        }
    }

    @Test
    void everyKeyHasAPageOfItsOwnWhereItHasAModelOfItsOwn() throws Exception {
        show(
                "requests.yaml",
                example("requests.yaml")
                        .replace("model:\n", "model:\n  scope: per-key\n")
                        .replace("warmUp: 2000", "warmUp: 300"));
        feed(new Feed(Example.REQUESTS, null, RATE, Long.MAX_VALUE, 1));
        openPage();

        await("document.querySelectorAll('#model option').length > 1");
        await("document.querySelector('#model').value.startsWith('requests/')");
        String first = browser.value("document.querySelector('#model').value").asText();
        browser.value("(() => { const choice = document.querySelector('#model');"
                + " choice.value = [...choice.options].map(one => one.value).find(one => one !== choice.value);"
                + " choice.dispatchEvent(new Event('change')); })()");
        await("document.title.startsWith('requests/') && !document.title.startsWith(" + quoted(first) + ")");
        await("document.querySelectorAll('.scatter .record').length > 20");
        assertThatNumbersChange();
    }

    private void watch(Example example) throws Exception {
        String file = example.label() + ".yaml";
        show(file, example(file));
        feed(new Feed(example, null, RATE, Long.MAX_VALUE, 1));
        openPage();
    }

    private static String example(String file) throws IOException {
        return Files.readString(Path.of("..", "examples", file));
    }

    /** Starts an example as it is, but for the broker, a free port and commits that follow closely. */
    private void show(String file, String text) {
        Configuration configuration = ConfigurationReader.read(
                file,
                text + "\nhttp: {port: 0}\n",
                directory,
                Map.of(
                        "ONLINE_EM_KAFKA_BOOTSTRAP_SERVERS",
                        broker.bootstrapServers(),
                        "ONLINE_EM_KAFKA_STATE_DIR",
                        directory.resolve("state").toString(),
                        "ONLINE_EM_KAFKA_COMMIT_INTERVAL_MS",
                        "100"));
        application = Application.start(configuration);
    }

    private void feed(Feed feed) {
        Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        feed(() -> feed.run(kafka, () -> stopped));
    }

    private void feed(Callable<Long> sending) {
        feeding = new FutureTask<>(sending);
        new Thread(feeding, "feed").start();
    }

    private void openPage() {
        browser.look(WIDTHS.get(0), false);
        browser.open(application.url().orElseThrow() + "/");
        await("document.readyState === 'complete' && document.querySelector('#scrub')"
                + " && !document.querySelector('#scrub').hidden");
    }

    private static void await(String condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!browser.value("Boolean(" + condition + ")").asBoolean()) {
            assertThat(System.nanoTime())
                    .as(
                            "%s within %s; the page says: %s; complaints: %s",
                            condition, LIMIT, text("body"), browser.complaints())
                    .isLessThan(end);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static long count(String selector) {
        return browser.value("document.querySelectorAll(\"" + selector + "\").length")
                .asLong();
    }

    private static String text(String selector) {
        return browser.value("document.querySelector('" + selector + "').innerText")
                .asText();
    }

    private static void assertHeadline(String... parts) {
        assertThat(text("#headline")).contains(parts).containsPattern("Version [0-9,]+, [0-9,.]+ records a second");
    }

    private static void assertNoComplaints() {
        assertThat(browser.complaints()).isEmpty();
    }

    private static void assertThatNumbersChange() {
        String before = text("#figures");
        String line = browser.value("document.querySelector('#likelihood .line').getAttribute('d')")
                .asText();
        await("document.querySelector('#figures').innerText !== " + quoted(before));
        await("document.querySelector('#likelihood .line').getAttribute('d') !== " + quoted(line));
        assertNoComplaints();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static void assertThatPastVersionsCanBeLookedAt() {
        await("Number(document.querySelector('#version').max) > 2");
        browser.value("(() => { const slider = document.querySelector('#version'); slider.value = 0;"
                + " slider.dispatchEvent(new Event('input')); })()");
        await("document.body.classList.contains('past')");
        assertThat(text("#version-shown")).matches("[0-9,]+ of [0-9,]+").doesNotMatch("([0-9,]+) of \\1");
        assertThat(count("#likelihood .marker")).isLessThanOrEqualTo(1);
        browser.value("document.querySelector('#newest').click()");
        await("!document.body.classList.contains('past')");
    }

    private static void assertThatChartsTakeKeys() {
        browser.value("document.querySelector('#likelihood svg').focus()");
        browser.press("ArrowLeft");
        await("document.querySelector('#likelihood .readout').textContent.includes(' at ')");
    }

    private static void assertThatTheThemeCanBeSwitched() {
        String ground = "getComputedStyle(document.body).backgroundColor";
        String light = browser.value(ground).asText();
        browser.value("document.querySelector('#theme').click()");
        await(ground + " !== " + quoted(light));
        browser.value("document.querySelector('#theme').click()");
        await(ground + " === " + quoted(light));
        browser.value("localStorage.clear(); delete document.documentElement.dataset.theme");
    }

    /** In two widths, light and dark; nothing is wider than the window. */
    private static void picture(String name) throws Exception {
        for (int width : WIDTHS) {
            for (boolean dark : List.of(false, true)) {
                browser.look(width, dark);
                await("document.querySelector('#likelihood svg').getBoundingClientRect().width <= " + width);
                assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                        .as("width of the page at %s", width)
                        .isLessThanOrEqualTo(width);
                browser.screenshot(PICTURES.resolve(name + "-" + width + (dark ? "-dark" : "-light") + ".png"));
            }
        }
        assertNoComplaints();
    }
}
