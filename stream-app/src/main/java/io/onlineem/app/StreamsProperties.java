package io.onlineem.app;

import io.onlineem.config.Configuration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The Kafka Streams properties of a configuration: our defaults, under whatever it sets itself. */
public final class StreamsProperties {

    /** Measured in benchmarks: with larger requests the same thread scores a third more records. */
    private static final Map<String, String> DEFAULTS = Map.of(
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            // the coming default, without which Kafka Streams warns at every start
            "processing.exception.handler.global.enabled",
            "true",
            StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
            "5000",
            StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
            Integer.toString(4 << 20),
            StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG),
            Integer.toString(256 << 10),
            StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
            Integer.toString(64 << 20));

    private StreamsProperties() {}

    /** The properties. */
    public static Properties of(Configuration configuration) {
        Properties properties = new Properties();
        properties.putAll(DEFAULTS);
        long largest =
                Math.max(TopicSetup.MAX_MODEL_BYTES, configuration.output().deadLettersMaxBytes());
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                Long.toString(largest + TopicSetup.OVERHEAD_BYTES));
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                Integer.toString(TopicSetup.MAX_MODEL_BYTES + TopicSetup.OVERHEAD_BYTES));
        // a default under a client's prefix would win over a setting without one
        Set<String> given = configuration.kafka().keySet();
        properties.keySet().removeIf(property -> given.contains(withoutPrefix((String) property)));
        properties.putAll(configuration.kafka());
        return properties;
    }

    private static String withoutPrefix(String property) {
        for (String prefix : List.of(StreamsConfig.CONSUMER_PREFIX, StreamsConfig.PRODUCER_PREFIX)) {
            if (property.startsWith(prefix)) {
                return property.substring(prefix.length());
            }
        }
        return property;
    }
}
