package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.app.Application;
import io.onlineem.app.StartException;
import io.onlineem.config.Configuration;
import io.onlineem.topology.DeadLetterProcessor;
import io.onlineem.topology.RejectionHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application does with records that it cannot use, and with a cluster that it cannot use. */
class BadInputIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int VALID = 1000;
    private static final int DEAD_LETTER_BYTES = 6_000_000;
    private static final int LARGE = 5_000_000;
    private static final int TOO_LARGE = 7_000_000;

    private final BrokerProcess broker = BrokerProcess.shared();

    @TempDir
    Path directory;

    /** A record that is no observation, and what its dead letter says and holds. */
    private record Bad(String reason, byte[] key, byte[] value, byte[] header, byte[] keptKey, byte[] keptValue) {

        static Bad of(String reason, byte[] value) {
            byte[] key = bytes("key");
            return new Bad(reason, key, value, null, key, value);
        }
    }

    private static List<Bad> bad() {
        byte[] fine = bytes("{\"a\":1,\"b\":2,\"c\":3}");
        return List.of(
                Bad.of("absent-value", null),
                Bad.of("not-json", bytes("")),
                Bad.of("not-json", bytes("no observation")),
                Bad.of("not-json", random(1000)),
                Bad.of("missing-field", bytes("{\"a\":1,\"c\":3}")),
                Bad.of("not-a-number", bytes("{\"a\":1,\"b\":\"2\",\"c\":3}")),
                Bad.of("not-a-number", bytes("{\"a\":1,\"b\":[2],\"c\":3}")),
                Bad.of("not-finite", bytes("{\"a\":1,\"b\":NaN,\"c\":3}")),
                Bad.of("not-finite", bytes("{\"a\":1,\"b\":2,\"c\":-Infinity}")),
                Bad.of("not-finite", bytes("{\"a\":1e999,\"b\":2,\"c\":3}")),
                Bad.of("too-large", random(LARGE)),
                new Bad(
                        "too-large",
                        bytes("key"),
                        random(TOO_LARGE),
                        null,
                        bytes("key"),
                        Arrays.copyOf(random(TOO_LARGE), DEAD_LETTER_BYTES - bytes("key").length)),
                new Bad("too-large", random(LARGE), fine, null, random(LARGE), fine),
                new Bad("too-large", random(TOO_LARGE), fine, null, null, fine),
                new Bad("too-large", bytes("key"), fine, random(TOO_LARGE), bytes("key"), fine));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private TestApplication application(String name, String scope) {
        return new TestApplication(name, broker.bootstrapServers())
                .set("model", "{scope: " + scope + ", components: 3}")
                .set("learning", "{miniBatch: 50, warmUp: 100, starts: 2, flushInterval: 500ms}")
                .set("output", "{deadLetters: {maxBytes: " + DEAD_LETTER_BYTES + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "per-key"})
    void whatIsNoObservationGoesToDeadLettersAndChangesNothingElse(String scope) {
        TestApplication settings = application("bad-" + scope, scope);
        settings.createInput(2, Map.of("max.message.bytes", "10000000"));
        Workload workload = new Workload(settings.input(), 2, 21);
        for (int i = 0; i < VALID; i++) {
            workload.addOfKey("key-" + i % 2, false);
        }
        Deadline deadline = Deadline.in(LIMIT);
        Map<Long, Bad> bad = new HashMap<>();
        try (RunningApplication application = RunningApplication.start(settings, directory.resolve("state"));
                Input input = settings.produce(workload);
                Outcome outcome = new Outcome(settings);
                TopicReader deadLetters = settings.read(settings.deadLetters())) {
            int sent = 0;
            for (Bad each : bad()) {
                sent += VALID / bad().size();
                input.sendUpTo(sent);
                bad.put(input.send(record(settings.input(), each)), each);
            }
            input.sendAll();

            List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
            while (letters.size() < bad.size() || outcome.observations() < VALID) {
                application.requireAlive();
                deadline.require(() -> bad.size() + " dead letters and " + VALID + " observations; there are "
                        + letters.size() + " and " + outcome.observations());
                deadLetters.poll(letters::add);
                outcome.pollScored();
            }
            outcome.requireScoredOnce(workload.valid());
            assertThat(letters).hasSize(bad.size());
            for (ConsumerRecord<byte[], byte[]> letter : letters) {
                assertThat(header(letter, RejectionHeaders.TOPIC)).isEqualTo(settings.input());
                assertThat(header(letter, RejectionHeaders.PARTITION)).isEqualTo("0");
                Bad original = bad.remove(Long.valueOf(header(letter, RejectionHeaders.OFFSET)));
                assertThat(original).as("record of dead letter %s", letter).isNotNull();
                requireLetter(letter, original);
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Bad bad) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, bad.key(), bad.value());
        if (bad.header() != null) {
            record.headers().add(new RecordHeader("large", bad.header()));
        }
        return record;
    }

    private static void requireLetter(ConsumerRecord<byte[], byte[]> letter, Bad original) {
        assertThat(header(letter, RejectionHeaders.REASON)).isEqualTo(original.reason());
        assertThat(header(letter, RejectionHeaders.MESSAGE)).contains("expected");
        // not containsExactly, which would print millions of bytes
        assertThat(Arrays.equals(letter.key(), original.keptKey()))
                .as("key of %s", original.reason())
                .isTrue();
        assertThat(Arrays.equals(letter.value(), original.keptValue()))
                .as("value of %s", original.reason())
                .isTrue();
        long bytes = length(original.key()) + length(original.value());
        bytes += original.header() == null ? 0 : length(original.header()) + "large".length();
        if (bytes > DEAD_LETTER_BYTES) {
            assertThat(header(letter, DeadLetterProcessor.ORIGINAL_BYTES)).isEqualTo(Long.toString(bytes));
            assertThat(letter.headers().lastHeader("large")).isNull();
        } else {
            assertThat(letter.headers().lastHeader(DeadLetterProcessor.ORIGINAL_BYTES))
                    .isNull();
        }
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void missingTopicsThatMayNotBeCreatedAreAnErrorThatNamesThem() {
        TestApplication settings = application("no-topics", "shared").set("output", "{createTopics: false}");
        settings.createInput(1, Map.of());
        Configuration configuration = settings.configuration(directory.resolve("state"));

        assertThatThrownBy(() -> Application.start(configuration))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(settings.posteriors())
                .hasMessageContaining(settings.models())
                .hasMessageContaining(settings.deadLetters())
                .hasMessageNotContaining(settings.input())
                .hasMessageContaining("createTopics");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aClusterThatDoesNotAnswerIsAnErrorThatNamesItsAddress() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            Configuration configuration = new TestApplication("no-broker", address)
                    .set("model", "{components: 3}")
                    .kafka("request.timeout.ms", "1000")
                    .kafka("default.api.timeout.ms", "2000")
                    .configuration(directory.resolve("state"));

            assertThatThrownBy(() -> Application.start(configuration))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("kafka.bootstrap.servers");
        }
    }
}
