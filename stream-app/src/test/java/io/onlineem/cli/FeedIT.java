package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.demo.EmbeddedBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FeedIT {

    private final StringWriter err = new StringWriter();

    private int feed(String... arguments) {
        List<String> all = new ArrayList<>(List.of("feed"));
        all.addAll(List.of(arguments));
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all.toArray(String[]::new));
    }

    @Test
    void anExampleIsSentToATopicOnceAndThenWithTheNextSeed() throws Exception {
        int records = 24_000 + 100;
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("pumps", 1, (short) 1)))
                    .all()
                    .get();
            int code = feed(
                    "--example", "telemetry",
                    "--bootstrap-servers", broker.bootstrapServers(),
                    "--topic", "pumps",
                    "--rate", "1000000",
                    "--kafka", "acks=all",
                    "--records", Integer.toString(records));

            assertThat(code).as(err.toString()).isZero();
            assertThat(err.toString()).contains("sent " + records + " records");
            List<ConsumerRecord<String, String>> sent = read(broker, records);
            assertThat(sent.get(0).value()).contains("\"temperature\":");
            List<String> values = sent.stream().map(ConsumerRecord::value).toList();
            assertThat(values.subList(24_000, records)).isNotEqualTo(values.subList(0, 100));
        }
    }

    private static List<ConsumerRecord<String, String>> read(EmbeddedBroker broker, int records) {
        TopicPartition partition = new TopicPartition("pumps", 0);
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, (long) records);
            while (read.size() < records) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
        }
        return read;
    }

    @Test
    void aClusterThatDoesNotAnswerIsAFailureThatNamesIt() {
        int code = feed(
                "--example", "payments",
                "--bootstrap-servers", "127.0.0.1:1",
                "--kafka", "max.block.ms=500",
                "--records", "1");

        assertThat(code).isEqualTo(Main.FAILURE);
        assertThat(err.toString()).contains("cannot be sent to payments", "expected a Kafka broker at 127.0.0.1:1");
    }
}
