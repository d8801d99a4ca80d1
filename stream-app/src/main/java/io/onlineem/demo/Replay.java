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

/** Sends the days to a topic, in order, in a thread of its own. Every record has its date in a header as well. */
final class Replay implements AutoCloseable {

    /** Header with the date, which the posterior of the record keeps. */
    static final String DATE_HEADER = "date";

    private final WindData data;
    private final String bootstrapServers;
    private final String topic;
    private final String key;
    private final double rate;
    private final FutureTask<Void> sending = new FutureTask<>(this::send);
    private volatile boolean closed;

    /**
     * Begins to send.
     *
     * @param key key of every record
     * @param rate records a second; infinite: as fast as possible
     */
    static Replay start(WindData data, String bootstrapServers, String topic, String key, double rate) {
        Replay replay = new Replay(data, bootstrapServers, topic, key, rate);
        new Thread(replay.sending, "replay").start();
        return replay;
    }

    private Replay(WindData data, String bootstrapServers, String topic, String key, double rate) {
        this.data = data;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.key = key;
        this.rate = rate;
    }

    private Void send() throws ExecutionException, InterruptedException {
        Map<String, Object> properties =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 5);
        try (Producer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            long begin = System.nanoTime();
            for (int day = 0; day < data.days() && !closed; day++) {
                awaitNanos(begin + (long) (day / rate * 1e9));
                Header date =
                        new RecordHeader(DATE_HEADER, data.dates().get(day).getBytes(StandardCharsets.UTF_8));
                sent.add(producer.send(new ProducerRecord<>(topic, null, key, data.json(day), List.of(date))));
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
                throw new IllegalStateException("the days cannot be sent: " + e.getCause(), e.getCause());
            }
        }
    }

    /** Stops sending. */
    @Override
    public void close() {
        closed = true;
    }
}
