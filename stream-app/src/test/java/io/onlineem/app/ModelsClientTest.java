package io.onlineem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.Command;
import io.onlineem.codec.ModelParts;
import io.onlineem.codec.ModelSummary;
import io.onlineem.codec.WatchOrdersJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ModelsClientTest {

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    private static Configuration configuration(String more) {
        return ConfigurationReader.read("test.yaml", """
                application: app
                input: {topic: in, fields: [x]}
                model: {components: 1, name: m}
                %s
                """.formatted(more), Path.of(""), Map.of());
    }

    private static byte[] json(long version, int padding) {
        return ("{\"model\":\"m\",\"version\":" + version + ",\"observations\":10,\"text\":\"" + "é".repeat(padding)
                        + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void model(String topic, long version, int padding) {
        ModelParts.of("m", new ModelSummary("m", version, 10, -1), json(version, padding))
                .forEach(part -> record(topic, part.key(), part.value()));
    }

    private void record(String topic, String key, byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(new RecordHeader("online-em.partition", new byte[] {'2'}));
        records.add(new ConsumerRecord<>(
                topic,
                0,
                records.size(),
                1000L * records.size(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key,
                value,
                headers,
                Optional.empty()));
    }

    private static Acknowledgement acknowledgement(String model, long version) {
        return new Acknowledgement(
                "id",
                "pause",
                model,
                Acknowledgement.Outcome.APPLIED,
                version,
                10,
                true,
                1_700_000_000_000L,
                null,
                0,
                null,
                1,
                5);
    }

    private ModelsClient client(String topic, Configuration configuration) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0])));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, (long) records.size()));
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
        return new ModelsClient(configuration, consumer);
    }

    @Test
    void theNewestOfEveryModelIsWhatHasNotBeenTakenAway() {
        model("app-models", 1, 10);
        model("app-models", 2, 1_000_000);
        record("app-models", "m/gone", json(3, 0));
        record("app-models", "m#control/gone", AcknowledgementJson.write(acknowledgement("m/gone", 4)));
        record("app-models", "m/gone", null);
        record("app-models", "m/key", json(7, 0));
        WatchOrders orders = WatchOrders.NONE.with(new WatchOrders.Maintenance("id", "m/key", 1, 2), 0);
        record("app-models", "m#watch/key", WatchOrdersJson.write("m/key", orders));

        ModelsClient.Newest newest = client("app-models", configuration("")).newest();

        assertThat(newest.models()).containsOnlyKeys("m", "m/key");
        assertThat(newest.models().get("m")).isEqualTo(json(2, 1_000_000));
        assertThat(newest.acknowledgements()).containsOnlyKeys("m/gone");
        assertThat(newest.orders()).isEqualTo(Map.of("m/key", orders));
        assertThat(newest.partitions()).containsEntry("m/key", 2).containsEntry("m/gone", 2);
    }

    @Test
    void theHistoryHasEveryVersionWholeWhateverItsParts() {
        model("h", 2, 1_000_000);
        model("h", 3, 1_000_001);
        record("h", "m#control", AcknowledgementJson.write(acknowledgement("m", 3)));
        model("h", 4, 1_000_002);
        model("h", 5, 3);
        record("h", "m#watch", WatchOrdersJson.write("m", WatchOrders.NONE));
        record("h", "other", json(9, 0));

        List<ModelsClient.Past> past = client("h", configuration("output: {models: {history: {topic: h}}}"))
                .history("m");

        assertThat(past).extracting(ModelsClient.Past::version).containsExactly(2L, 3L, 3L, 4L, 5L);
        assertThat(past.get(0).model()).isEqualTo(json(2, 1_000_000));
        assertThat(past.get(1).model()).isEqualTo(json(3, 1_000_001));
        assertThat(past.get(2).acknowledgement()).isEqualTo(acknowledgement("m", 3));
        assertThat(past.get(3).model()).isEqualTo(json(4, 1_000_002));
        assertThat(past.get(4).time()).isAfter(Instant.EPOCH);
    }

    @Test
    void whatTheConfigurationLacksIsSaid() {
        ModelsClient client = new ModelsClient(configuration(""), consumer);

        assertThatThrownBy(() -> client.history("m"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("output.models.history.topic");
        assertThatThrownBy(() -> client.send("m", Command.of("1", "pause"), null, Duration.ofSeconds(1)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("control.topic");
    }

    @Test
    void aCommandThatIsLargerThanItsTopicTakesIsNotSent() {
        byte[] document = ("[\"" + "x".repeat(17 << 20) + "\"]").getBytes(StandardCharsets.UTF_8);
        ModelsClient client = new ModelsClient(configuration("control: {topic: c}"), consumer);

        assertThatThrownBy(() -> client.send(
                        "m", Command.of("1", "load").with("document", document), null, Duration.ofSeconds(1)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("bytes; expected at most 16777216");
    }

    @Test
    void aTopicThatDoesNotExistIsNamed() {
        ModelsClient client = new ModelsClient(configuration(""), new MockConsumer<>("earliest") {
            @Override
            public synchronized List<PartitionInfo> partitionsFor(String topic) {
                return List.of();
            }
        });

        assertThatThrownBy(client::newest).hasMessageContaining("the topic 'app-models' does not exist");
    }
}
