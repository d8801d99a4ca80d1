package io.onlineem.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onlineem.demo.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The binder of Micrometer where tasks come and go. It has been known to keep the metrics of tasks that are gone, and to
 * leave out those whose labels are not those of others of the same name.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class StreamsMetricsIT {

    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final String LAG = "kafka.consumer.fetch.manager.records.lag";

    @TempDir
    Path directory;

    private KafkaStreams instance(EmbeddedBroker broker, String name) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .groupByKey()
                .count(Materialized.as("counts"));
        Properties properties = new Properties();
        properties.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "metrics",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                StreamsConfig.STATE_DIR_CONFIG,
                directory.resolve(name).toString(),
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                2));
        return new KafkaStreams(builder.build(), properties);
    }

    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags("application", "metrics");
        return registry;
    }

    /** What a registry holds, without the values: name, labels and kind. */
    private static Set<String> series(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getName() + meter.getId().getTags())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> ofFreshBinding(KafkaStreams streams) {
        PrometheusMeterRegistry fresh = registry();
        try (StreamsMetrics metrics = StreamsMetrics.bind(streams, fresh)) {
            assertThat(metrics).isNotNull();
            return series(fresh);
        }
    }

    private static Set<Integer> partitionsOf(KafkaStreams streams) {
        return streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(TaskMetadata::taskId)
                .map(task -> task.partition())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> partitionsWithLag(MeterRegistry registry) {
        return registry.find(LAG).gauges().stream()
                .filter(gauge -> "in".equals(gauge.getId().getTag("topic")))
                .map(gauge -> Integer.valueOf(gauge.getId().getTag("partition")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tasks(MeterRegistry registry) {
        return registry.getMeters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .filter(tag -> tag.getKey().equals("task.id"))
                .map(Tag::getValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What a registry has to hold, told without Micrometer: of the metrics of one name those with the most labels, for only
     * these can be added up.
     */
    private static Set<String> finest(KafkaStreams streams) {
        Map<String, List<MetricName>> byName = streams.metrics().values().stream()
                .filter(metric -> metric.metricValue() instanceof Number)
                .map(Metric::metricName)
                .filter(name ->
                        !name.group().equals("app-info") && !name.group().equals("kafka-metrics-count"))
                .collect(Collectors.groupingBy(StreamsMetricsIT::meterName));
        Set<String> finest = new TreeSet<>();
        byName.forEach((meter, names) -> {
            int most = names.stream().mapToInt(name -> name.tags().size()).max().orElseThrow();
            names.stream().filter(name -> name.tags().size() == most).forEach(name -> finest.add(meter + labels(name)));
        });
        return finest;
    }

    private static String meterName(MetricName name) {
        return ("kafka." + name.group() + "." + name.name())
                .replace("-metrics", "")
                .replace('-', '.');
    }

    private static List<Tag> labels(MetricName name) {
        Tags tags = Tags.of("application", "metrics", "kafka.version", AppInfoParser.getVersion());
        for (Map.Entry<String, String> tag : name.tags().entrySet()) {
            tags = tags.and(tag.getKey().replace('-', '.'), tag.getValue());
        }
        return tags.stream().toList();
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    private static long scraped(PrometheusMeterRegistry registry) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith("kafka_"))
                .count();
    }

    /** Until the instance has so many partitions, and its metrics are what a fresh binding would give and all there is. */
    private static void await(KafkaStreams streams, PrometheusMeterRegistry registry, int partitions) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Set<Integer> assigned = partitionsOf(streams);
            Set<String> expected = ofFreshBinding(streams);
            Set<String> found = series(registry);
            Set<String> lacking = without(finest(streams), found);
            if (streams.state() == KafkaStreams.State.RUNNING
                    && assigned.size() == partitions
                    && partitionsWithLag(registry).equals(assigned)
                    && found.equals(expected)
                    && lacking.isEmpty()
                    && scraped(registry) == found.size()) {
                assertThat(tasks(registry))
                        .isEqualTo(assigned.stream().map(p -> "0_" + p).collect(Collectors.toSet()));
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + LIMIT + ": partitions " + assigned + " of " + partitions
                        + ", with lag " + partitionsWithLag(registry) + ", gone and still there "
                        + without(found, expected) + ", there and not shown " + without(expected, found) + ", left out "
                        + lacking + ", scraped " + scraped(registry) + " of " + found.size());
            }
            LockSupport.parkNanos(SOON.toNanos());
        }
    }

    @Test
    void afterARebalanceTheMetricsAreThoseOfTheTasksThatAreHere() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("in", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            PrometheusMeterRegistry ofFirst = registry();
            PrometheusMeterRegistry ofSecond = registry();
            try (KafkaStreams first = instance(broker, "first");
                    StreamsMetrics firstMetrics = StreamsMetrics.bind(first, ofFirst, SOON)) {
                assertThat(firstMetrics).isNotNull();
                first.start();
                await(first, ofFirst, PARTITIONS);
                KafkaStreams second = instance(broker, "second");
                try (StreamsMetrics secondMetrics = StreamsMetrics.bind(second, ofSecond, SOON)) {
                    assertThat(secondMetrics).isNotNull();
                    second.start();
                    await(first, ofFirst, PARTITIONS / 2);
                    await(second, ofSecond, PARTITIONS / 2);
                    second.close(CloseOptions.timeout(Duration.ofSeconds(20))
                            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
                }
                assertThat(series(ofSecond)).isEmpty();
                await(first, ofFirst, PARTITIONS);
            }
            assertThat(series(ofFirst)).isEmpty();
        }
    }
}
