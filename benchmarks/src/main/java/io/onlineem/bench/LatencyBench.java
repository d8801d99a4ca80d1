package io.onlineem.bench;

import io.onlineem.config.PosteriorContent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Time from when a record is due to be sent to when a consumer that reads committed records has its posterior. Records are
 * due evenly, whatever becomes of those before them: a pipeline that stalls is charged for every record that waits.
 */
final class LatencyBench {

    private static final int WIDTH = 4;
    private static final int COMPONENTS = 8;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final List<Column> COLUMNS = List.of(
            new Column("posterior", "posterior", "%s"),
            new Column("p50Millis", "p50 ms", "%.1f"),
            new Column("p99Millis", "p99 ms", "%.1f"),
            new Column("maxMillis", "max ms", "%.1f"),
            new Column("p99LowestMillis", "lowest p99", "%.1f"),
            new Column("p99HighestMillis", "highest p99", "%.1f"));

    private final int rate;
    private final int seconds;
    private final int rounds;
    private final Progress progress;
    private int runs;

    LatencyBench(int rate, int seconds, int rounds, Progress progress) {
        this.rate = rate;
        this.seconds = seconds;
        this.rounds = rounds;
        this.progress = progress;
    }

    private record Latencies(double p50, double p99, double max) {}

    Section run() throws Exception {
        Workload workload = new Workload(WIDTH, COMPONENTS);
        Map<Subject, List<Latencies>> results = new LinkedHashMap<>();
        results.put(Subject.copy(workload), new ArrayList<>());
        results.put(Subject.shared(workload, PosteriorContent.FULL), new ArrayList<>());
        try (BenchBroker broker = BenchBroker.start()) {
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<Subject, List<Latencies>> entry : results.entrySet()) {
                    Latencies latencies = measure(broker, entry.getKey());
                    progress.say(String.format(
                            Locale.ROOT,
                            "latency, round %d of %d: %s p50 %.1f ms, p99 %.1f ms",
                            round,
                            rounds,
                            entry.getKey().label(),
                            latencies.p50(),
                            latencies.p99()));
                    entry.getValue().add(latencies);
                }
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        results.forEach((subject, latencies) -> rows.add(List.of(
                subject.copies() ? "none: copy" : subject.label(),
                Median.of(latencies, Latencies::p50),
                Median.of(latencies, Latencies::p99),
                Median.of(latencies, Latencies::max),
                latencies.stream().mapToDouble(Latencies::p99).min().getAsDouble(),
                latencies.stream().mapToDouble(Latencies::p99).max().getAsDouble())));
        return new Section(
                "latency",
                String.format(Locale.ROOT, "Latency at %,d records a second, exactly once", rate),
                COLUMNS,
                rows,
                List.of(
                        "from when a record is due to be sent (producer without linger) to when a read-committed consumer"
                                + " has its posterior",
                        String.format(
                                Locale.ROOT,
                                "%d s per run after %d s of warm-up, medians of %d alternated runs; records become"
                                        + " readable with the commit, every 100 ms",
                                seconds,
                                warmUpSeconds(),
                                rounds)));
    }

    private int warmUpSeconds() {
        return (seconds + 1) / 2;
    }

    private Latencies measure(BenchBroker broker, Subject subject) throws Exception {
        String application = "bench-latency-" + subject.label() + "-" + ++runs;
        String input = application + "-input";
        broker.createTopic(input);
        int skipped = rate * warmUpSeconds();
        long[] latencies = new long[skipped + rate * seconds];
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Subject.Running running = subject.start(broker, application, input);
                Consumer<byte[], byte[]> consumer = consumer(broker, Subject.outputTopic(application))) {
            awaitRunning(running, application);
            long begin = System.nanoTime();
            Thread sender = new Thread(
                    () -> send(broker, input, subject.workload(), begin, latencies.length, failure), "bench-sender");
            sender.start();
            try {
                receive(consumer, running, begin, latencies, failure);
            } finally {
                sender.interrupt();
                sender.join();
            }
        }
        BenchBroker.delete(Subject.stateFolder(broker, application));
        broker.deleteTopicsOf(application);
        long[] measured = Arrays.copyOfRange(latencies, skipped, latencies.length);
        return new Latencies(
                Median.quantile(measured, 0.5) / 1e6,
                Median.quantile(measured, 0.99) / 1e6,
                Median.quantile(measured, 1) / 1e6);
    }

    private static void awaitRunning(Subject.Running running, String application) {
        long begin = System.nanoTime();
        while (running.state() != KafkaStreams.State.RUNNING) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException("the application '" + application + "' is " + running.state()
                        + " after 60 s; expected RUNNING, and its log says why it is not");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static Consumer<byte[], byte[]> consumer(BenchBroker broker, String topic) {
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    /** When record i is due, as {@link System#nanoTime()} counts. */
    private long due(long begin, int i) {
        return begin + (long) (i * 1e9 / rate);
    }

    private void send(
            BenchBroker broker,
            String topic,
            Workload workload,
            long begin,
            int count,
            AtomicReference<Exception> failure) {
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(), ProducerConfig.LINGER_MS_CONFIG, 0);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count && !Thread.currentThread().isInterrupted(); i++) {
                byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
                byte[] value = workload.next();
                for (long wait = due(begin, i) - System.nanoTime();
                        wait > 0;
                        wait = due(begin, i) - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
                Future<RecordMetadata> unused =
                        producer.send(new ProducerRecord<>(topic, key, value), (metadata, error) -> {
                            if (error != null) {
                                failure.compareAndSet(null, error);
                            }
                        });
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void receive(
            Consumer<byte[], byte[]> consumer,
            Subject.Running running,
            long begin,
            long[] latencies,
            AtomicReference<Exception> failure) {
        int received = 0;
        long progressed = System.nanoTime();
        while (received < latencies.length) {
            Iterable<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL);
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                int i = ByteBuffer.wrap(record.key()).getInt();
                latencies[i] = now - due(begin, i);
                received++;
                progressed = now;
            }
            if (failure.get() != null) {
                throw new IllegalStateException("records could not be sent", failure.get());
            }
            if (!running.state().isRunningOrRebalancing() || now - progressed > PATIENCE_NANOS) {
                throw new IllegalStateException("only " + received + " of " + latencies.length
                        + " records came out; the state is " + running.state() + ", and the log says why");
            }
        }
    }
}
