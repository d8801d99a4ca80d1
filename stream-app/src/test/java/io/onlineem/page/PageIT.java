package io.onlineem.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.onlineem.app.Application;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.EmbeddedBroker;
import io.onlineem.demo.Example;
import io.onlineem.demo.Feed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    /** The example as it is, but for the broker, a free port and commits that follow closely. */
    private void watch(Example example) throws Exception {
        String file = example.label() + ".yaml";
        String text = Files.readString(Path.of("..", "examples", file)) + "\nhttp: {port: 0}\n";
        Configuration configuration = ConfigurationReader.read(
                file,
                text,
                directory,
                Map.of(
                        "ONLINE_EM_KAFKA_BOOTSTRAP_SERVERS",
                        broker.bootstrapServers(),
                        "ONLINE_EM_KAFKA_STATE_DIR",
                        directory.resolve("state").toString(),
                        "ONLINE_EM_KAFKA_COMMIT_INTERVAL_MS",
                        "100"));
        application = Application.start(configuration);
        Feed feed = new Feed(example, null, RATE, Long.MAX_VALUE, 1);
        Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        feeding = new FutureTask<>(() -> feed.run(kafka, () -> stopped));
        new Thread(feeding, "feed").start();
        browser.look(WIDTHS.get(0), false);
        browser.open(application.url().orElseThrow() + "/");
        await("document.readyState === 'complete' && !document.querySelector('#scrub').hidden");
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
