package io.onlineem.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The generated stream of an {@link Example}, sent to a topic of any cluster at a steady rate. It never ends: the example
 * is generated again and again, each time with the next seed.
 */
public final class Feed {

    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

    private final Example example;
    private final String topic;
    private final double rate;
    private final long limit;
    private final long seed;

    /**
     * A feed.
     *
     * @param topic null for the topic of the example's configuration
     * @param rate records a second
     * @param limit records after which it ends by itself
     * @param seed of the generated stream
     * @throws IllegalArgumentException if a number is not positive; names it
     */
    public Feed(Example example, String topic, double rate, long limit, long seed) {
        if (!(rate > 0 && rate <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("rate is " + rate + "; expected a positive number");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("number of records is " + limit + "; expected at least 1");
        }
        this.example = example;
        this.topic = topic == null ? DemoConfiguration.topic(example) : topic;
        this.rate = rate;
        this.limit = limit;
        this.seed = seed;
    }

    /** Where the records go. */
    public String topic() {
        return topic;
    }

    /**
     * Sends until it is stopped or has sent all.
     *
     * @param kafka properties of the producer, {@code bootstrap.servers} among them
     * @param stopped whether to stop; asked several times a second
     * @return how many records the brokers have acknowledged
     * @throws IllegalStateException if a record cannot be sent
     */
    public long run(Map<String, String> kafka, BooleanSupplier stopped) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        properties.putAll(kafka);
        AtomicReference<Exception> failure = new AtomicReference<>();
        long sent = 0;
        try (Producer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            long begin = System.nanoTime();
            List<ExampleRecord> records = List.of();
            for (int next = 0; sent < limit && failure.get() == null; next++) {
                if (next == records.size()) {
                    records = example.generate(seed, sent / Math.max(1, records.size()));
                    next = 0;
                }
                if (!await(begin + (long) (sent / rate * 1e9), stopped)) {
                    break;
                }
                ExampleRecord record = records.get(next);
                var unused = producer.send(new ProducerRecord<>(topic, record.key(), record.json()), (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
                sent++;
            }
            producer.flush();
        } catch (KafkaException e) {
            failure.compareAndSet(null, e);
        }
        if (failure.get() != null) {
            throw new IllegalStateException(
                    "the records cannot be sent to " + topic + ": "
                            + failure.get().getMessage()
                            + "; expected a Kafka broker at " + kafka.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)
                            + " that has the topic or creates it",
                    failure.get());
        }
        return sent;
    }

    /** Whether the time has come; not if it is to stop before. */
    private static boolean await(long time, BooleanSupplier stopped) {
        long wait = time - System.nanoTime();
        while (wait > 0 && !stopped.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(wait, LONGEST_WAIT));
            wait = time - System.nanoTime();
        }
        return !stopped.getAsBoolean();
    }
}
