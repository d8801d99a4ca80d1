package io.onlineem.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends items to a topic, in order, in a thread of its own. Every record has the id of its item in a header. */
final class Replay implements AutoCloseable {

    /** Header with the id, which the posterior of the record keeps. */
    static final String ID_HEADER = "id";

    private final List<Item> items;
    private final String bootstrapServers;
    private final String topic;
    private final double rate;
    private final FutureTask<Void> sending = new FutureTask<>(this::send);
    private volatile boolean closed;

    /**
     * A record to send.
     *
     * @param id what it is called
     * @param key its key
     * @param json its value
     */
    record Item(String id, String key, String json) {}

    /**
     * Begins to send.
     *
     * @param rate records a second; infinite: as fast as possible
     */
    static Replay start(List<Item> items, String bootstrapServers, String topic, double rate) {
        Replay replay = new Replay(items, bootstrapServers, topic, rate);
        new Thread(replay.sending, "replay").start();
        return replay;
    }

    private Replay(List<Item> items, String bootstrapServers, String topic, double rate) {
        this.items = items;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.rate = rate;
    }

    private Void send() throws ExecutionException, InterruptedException {
        Map<String, Object> properties =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 5);
        try (Producer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < items.size() && !closed; i++) {
                awaitNanos(begin + (long) (i / rate * 1e9));
                Item item = items.get(i);
                Header id = new RecordHeader(ID_HEADER, item.id().getBytes(StandardCharsets.UTF_8));
                sent.add(producer.send(new ProducerRecord<>(topic, null, item.key(), item.json(), List.of(id))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
        return null;
    }

    private void awaitNanos(long time) {
        for (long wait = time - System.nanoTime(); wait > 0 && !closed; wait = time - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(wait, TimeUnit.MILLISECONDS.toNanos(100)));
        }
    }

    /**
     * Does nothing unless sending has failed.
     *
     * @throws IllegalStateException if it has
     */
    void check() throws InterruptedException {
        if (sending.isDone()) {
            try {
                sending.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the records cannot be sent: " + e.getCause(), e.getCause());
            }
        }
    }

    /** Whether all has been sent. */
    boolean isFinished() {
        return sending.isDone();
    }

    /** Stops sending. */
    @Override
    public void close() {
        closed = true;
    }
}
