package io.onlineem.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning, committed records only unless told otherwise. */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> partitions = new HashSet<>();

    TopicReader(String bootstrapServers, String topic) {
        this(bootstrapServers, topic, "read_committed");
    }

    TopicReader(String bootstrapServers, String topic, String isolationLevel) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolationLevel,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        5000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.partitionsFor(topic)
                .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        consumer.assign(partitions);
    }

    /** What has come since the last call; waits a little if nothing has. */
    void poll(Consumer<ConsumerRecord<byte[], byte[]>> action) {
        consumer.poll(POLL).forEach(action);
    }

    /** Everything up to what is now the end. */
    void readToEnd(Deadline deadline, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            deadline.require(() -> "read " + partitions + " up to " + ends);
            poll(action);
        }
    }

    /** Everything up to what is now the end. */
    List<ConsumerRecord<byte[], byte[]>> readToEnd(Deadline deadline) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        readToEnd(deadline, records::add);
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
