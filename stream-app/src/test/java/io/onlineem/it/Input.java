package io.onlineem.it;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces a workload, record by record, each exactly once. */
final class Input implements AutoCloseable {

    private final Workload workload;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Queue<Future<RecordMetadata>> underWay = new ArrayDeque<>();
    private int sent;

    Input(String bootstrapServers, Workload workload, int sent) {
        this.workload = workload;
        this.sent = sent;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        16 << 20,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        64 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends all records before that number which have not been sent yet. */
    void sendUpTo(int number) {
        for (; sent < Math.min(number, workload.size()); sent++) {
            underWay.add(producer.send(workload.record(sent)));
        }
        while (!underWay.isEmpty() && underWay.peek().isDone()) {
            require(underWay.remove());
        }
    }

    /** Sends the rest and waits until all have arrived. */
    void sendAll() {
        sendUpTo(workload.size());
        while (!underWay.isEmpty()) {
            require(underWay.remove());
        }
    }

    /** Sends a record that is not of the workload and returns its offset. */
    long send(ProducerRecord<byte[], byte[]> record) {
        return require(producer.send(record)).offset();
    }

    private static RecordMetadata require(Future<RecordMetadata> arrived) {
        try {
            return arrived.get();
        } catch (ExecutionException e) {
            throw new AssertionError("the test's producer failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
