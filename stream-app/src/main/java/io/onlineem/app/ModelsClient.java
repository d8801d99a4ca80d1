package io.onlineem.app;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.CodecException;
import io.onlineem.codec.Command;
import io.onlineem.codec.CommandJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelParts;
import io.onlineem.codec.WatchOrdersJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.topology.OnlineEmTopology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What someone beside the application can see of its models, and tell them: reads the models topic and the history topic,
 * committed records only, and sends commands. Not thread-safe.
 */
public final class ModelsClient implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private static final String ANSWER_MS = "15000";

    private final Configuration configuration;
    private final Consumer<String, byte[]> consumer;

    /**
     * A client of the application of a configuration.
     *
     * @throws StartException if its Kafka properties are of no use
     */
    public ModelsClient(Configuration configuration) {
        this(configuration, consumer(configuration));
    }

    ModelsClient(Configuration configuration, Consumer<String, byte[]> consumer) {
        this.configuration = configuration;
        this.consumer = consumer;
    }

    private static Consumer<String, byte[]> consumer(Configuration configuration) {
        Map<String, Object> properties =
                streams(configuration).getGlobalConsumerConfigs(configuration.application() + "-models");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS);
        try {
            return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    private static StreamsConfig streams(Configuration configuration) {
        return new StreamsConfig(StreamsProperties.of(configuration));
    }

    private static StartException unusable(KafkaException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new StartException(
                "the connection to Kafka cannot be set up: " + root.getMessage() + "; check the properties under kafka",
                e);
    }

    /**
     * The newest of the models topic.
     *
     * @param models the newest parameters, JSON, by name of the model
     * @param acknowledgements the newest acknowledgement of each model that was ever commanded, by name of the model
     * @param orders what those who watch the streams of each model were told, by name of the model; only where they were
     * @param partitions partitions of the control topic, by name of the model; only of models of keys
     */
    public record Newest(
            Map<String, byte[]> models,
            Map<String, Acknowledgement> acknowledgements,
            Map<String, WatchOrders> orders,
            Map<String, Integer> partitions) {}

    /**
     * A record of the history topic.
     *
     * @param time when it was written
     * @param version version of the model; after a command, of the acknowledgement
     * @param model the parameters, JSON; null for an acknowledgement
     * @param acknowledgement what became of a command; null for a model
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Past(Instant time, long version, byte[] model, Acknowledgement acknowledgement) {}

    /**
     * Reads the models topic.
     *
     * @throws StartException if the topic does not exist or the cluster does not answer
     */
    public Newest newest() {
        Map<String, byte[]> values = new HashMap<>();
        Map<String, Acknowledgement> acknowledgements = new TreeMap<>();
        Map<String, WatchOrders> orders = new TreeMap<>();
        Map<String, Integer> partitions = new HashMap<>();
        String topic = configuration.output().modelsTopic();
        read(topic, record -> {
            byte[] value = record.value();
            if (value == null) {
                values.remove(record.key());
                partition(record).ifPresent(partition -> partitions.put(record.key(), partition));
            } else if (AcknowledgementJson.isAcknowledgement(value)) {
                Acknowledgement acknowledgement = AcknowledgementJson.read(value);
                if (AcknowledgementJson.key(String.valueOf(acknowledgement.model()))
                        .equals(record.key())) {
                    acknowledgements.put(acknowledgement.model(), acknowledgement);
                    partitions.put(acknowledgement.model(), acknowledgement.partition());
                }
            } else if (WatchOrdersJson.isWatchOrders(value)) {
                orders.put(WatchOrdersJson.model(value), WatchOrdersJson.read(value));
            } else {
                values.put(record.key(), value);
                partition(record).ifPresent(partition -> partitions.put(record.key(), partition));
            }
        });
        Map<String, byte[]> models = new TreeMap<>();
        values.forEach((key, value) -> {
            byte[] whole = ModelParts.isModel(value) ? ModelParts.whole(key, value, values::get) : null;
            if (whole != null) {
                models.put(key, whole);
            }
        });
        return new Newest(models, acknowledgements, orders, partitions);
    }

    /**
     * All that the history topic has of a model, oldest first.
     *
     * @throws StartException if there is no such topic, or the cluster does not answer
     */
    public List<Past> history(String model) {
        String topic = configuration
                .output()
                .history()
                .map(Configuration.History::topic)
                .orElseThrow(() ->
                        new StartException("the configuration names no history topic; past versions are kept from when"
                                + " output.models.history.topic is set and the application restarted"));
        // the parts of all versions of a model have the same two sets of keys
        Map<String, byte[]> parts = new HashMap<>();
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        String acknowledged = AcknowledgementJson.key(model);
        read(topic, record -> {
            if (record.value() == null) {
                return;
            }
            if (ModelParts.isPart(record.value())) {
                parts.put(record.key() + "@" + ModelJson.version(record.value()), record.value());
            } else if (record.key().equals(model) || record.key().equals(acknowledged)) {
                records.add(record);
            }
        });
        List<Past> past = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            Instant time = Instant.ofEpochMilli(record.timestamp());
            if (record.key().equals(acknowledged)) {
                Acknowledgement acknowledgement = AcknowledgementJson.read(record.value());
                past.add(new Past(time, acknowledgement.version(), null, acknowledgement));
                continue;
            }
            long version = ModelJson.version(record.value());
            byte[] whole = ModelParts.whole(model, record.value(), key -> parts.get(key + "@" + version));
            if (whole != null) {
                past.add(new Past(time, version, whole, null));
            }
        }
        return past;
    }

    private interface Reader {
        void read(ConsumerRecord<String, byte[]> record);
    }

    private void read(String topic, Reader reader) {
        try {
            List<TopicPartition> partitions = partitions(topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(reader::read);
            }
        } catch (TimeoutException e) {
            throw unanswered(e);
        }
    }

    private List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        if (partitions.isEmpty()) {
            throw new StartException("the topic '" + topic + "' does not exist at "
                    + configuration.kafka().get("bootstrap.servers")
                    + "; expected that of a running application: start it, or name its configuration");
        }
        return partitions;
    }

    private StartException unanswered(Exception e) {
        return new StartException(
                "no answer from " + configuration.kafka().get("bootstrap.servers")
                        + "; expected a Kafka broker there: check kafka.bootstrap.servers, the network and the security"
                        + " settings",
                e);
    }

    private static Optional<Integer> partition(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(OnlineEmTopology.PARTITION_HEADER);
        return header == null
                ? Optional.empty()
                : Optional.of(Integer.valueOf(new String(header.value(), StandardCharsets.UTF_8)));
    }

    /**
     * Sends a command and waits for what becomes of it.
     *
     * @param model name of the model
     * @param partition of the control topic, as {@link Newest#partitions()} tells; null if it does not: the one to which Kafka's
     *     producers send records of the key
     * @return empty if there is no acknowledgement after that time
     * @throws StartException if no command can be sent: there is no control topic, it does not take as much, or the cluster
     *     does not answer
     */
    public Optional<Acknowledgement> send(String model, Command command, Integer partition, Duration timeout) {
        String topic = configuration
                .controlTopic()
                .orElseThrow(
                        () -> new StartException("the configuration names no control topic; commands are taken from"
                                + " when control.topic is set and the application restarted"));
        byte[] json = CommandJson.write(command);
        int most = TopicSetup.MAX_MODEL_BYTES;
        if (json.length > most) {
            throw new StartException("the command has " + json.length + " bytes; expected at most " + most
                    + ", the largest record of the control topic: a model of that size is loaded as model.start");
        }
        Map<String, Object> properties =
                streams(configuration).getProducerConfigs(configuration.application() + "-commands");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "20000");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(most + TopicSetup.OVERHEAD_BYTES));
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            int count = partitions(topic).size();
            seekToEnd();
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(topic, partition(model, partition, count), model, json);
            producer.send(record).get(30, TimeUnit.SECONDS);
            return await(command.id(), timeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                throw new StartException(
                        "the command has " + json.length + " bytes, more than the topic '" + topic
                                + "' takes; raise its max.message.bytes to " + (most + TopicSetup.OVERHEAD_BYTES),
                        e);
            }
            if (e.getCause() instanceof TimeoutException) {
                throw unanswered(e);
            }
            throw new StartException(
                    "the command could not be sent: " + e.getCause().getMessage(), e);
        } catch (TimeoutException | java.util.concurrent.TimeoutException e) {
            throw unanswered(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the command was sent", e);
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    private int partition(String model, Integer partition, int count) {
        if (configuration.model().scope() == Scope.SHARED) {
            return 0;
        }
        if (partition != null && partition < count) {
            return partition;
        }
        byte[] key = model.substring(model.indexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }

    /** What comes after this is what the command causes. */
    private void seekToEnd() {
        List<TopicPartition> partitions = partitions(configuration.output().modelsTopic());
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    private Optional<Acknowledgement> await(String id, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() - end < 0) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (record.value() == null || !AcknowledgementJson.isAcknowledgement(record.value())) {
                    continue;
                }
                try {
                    Acknowledgement acknowledgement = AcknowledgementJson.read(record.value());
                    if (id.equals(acknowledgement.id())) {
                        return Optional.of(acknowledgement);
                    }
                } catch (CodecException e) {
                    throw new StartException(
                            "an acknowledgement in the models topic cannot be read: " + e.getMessage()
                                    + "; use the release of the application",
                            e);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
