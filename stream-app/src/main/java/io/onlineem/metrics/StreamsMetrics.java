package io.onlineem.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Kafka Streams' own metrics, and those of its clients, in a Micrometer registry, for as long as this is open.
 *
 * <p>Metrics come and go with tasks and partitions; they are looked up again every few seconds, on a daemon thread.
 */
public final class StreamsMetrics implements AutoCloseable {

    /** Micrometer's default of a minute leaves dashboards empty for that long after a start or a rebalance. */
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private final ScheduledExecutorService refresher;
    private final KafkaStreamsMetrics binder;

    private StreamsMetrics(ScheduledExecutorService refresher, KafkaStreamsMetrics binder) {
        this.refresher = refresher;
        this.binder = binder;
    }

    /**
     * Adds the metrics of a topology that may or may not run yet.
     *
     * @param streams the topology; close this before it
     * @param registry where
     */
    public static StreamsMetrics bind(KafkaStreams streams, MeterRegistry registry) {
        return bind(streams, registry, REFRESH);
    }

    static StreamsMetrics bind(KafkaStreams streams, MeterRegistry registry, Duration refresh) {
        ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kafka-streams-metrics");
            thread.setDaemon(true);
            return thread;
        });
        KafkaStreamsMetrics binder = new KafkaStreamsMetrics(streams, Tags.empty(), refresher, refresh);
        binder.bindTo(registry);
        return new StreamsMetrics(refresher, binder);
    }

    /** Removes them. */
    @Override
    public void close() {
        refresher.shutdownNow();
        binder.close();
    }
}
