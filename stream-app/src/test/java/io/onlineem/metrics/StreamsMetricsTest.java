package io.onlineem.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsMetricsTest {

    @Test
    void metricsOfKafkaStreamsAreThereWhileItIsOpenAndOnlyThen(@TempDir Path directory) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in").to("out");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "metrics");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.counter("other");
        try (KafkaStreams streams = new KafkaStreams(builder.build(), properties)) {
            try (StreamsMetrics metrics = StreamsMetrics.bind(streams, registry)) {
                assertThat(metrics).isNotNull();
                assertThat(registry.get("kafka.stream.alive.stream.threads")
                                .gauge()
                                .value())
                        .isEqualTo(1);
                assertThat(registry.find("kafka.consumer.request.total").functionCounters())
                        .isNotEmpty();
            }
            assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .containsExactly("other");
        }
    }
}
