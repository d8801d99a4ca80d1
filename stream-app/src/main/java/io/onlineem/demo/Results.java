package io.onlineem.demo;

import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelParts;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Configuration;
import io.onlineem.config.PosteriorContent;
import io.onlineem.em.Parameters;
import io.onlineem.observation.Alert;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What anyone can read of the application's work: the committed records of its topics, of one partition each. Not thread-safe.
 *
 * @param <P> parameters of the model
 */
final class Results<P extends Parameters> implements AutoCloseable {

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition posteriors;
    private final TopicPartition models;

    /** Null if nothing is smoothed. */
    private final TopicPartition smoothed;

    /** What becomes of incidents; null if nothing is watched. */
    private final TopicPartition watched;

    private final List<String> features;
    private final Deserializer<ScoredRecord> posteriorReader;
    private final ModelJson<P> modelJson;

    private final List<ScoredItem> items = new ArrayList<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final Map<Long, PublishedModel<P>> versions = new HashMap<>();
    private final Map<String, List<ScoredRecord>> smoothedBySequence = new HashMap<>();
    private final Map<String, byte[]> parts = new HashMap<>();
    private PublishedModel<P> newest;
    private int warmingUp;
    private double logLikelihood;

    Results(Configuration configuration, ModelJson<P> modelJson) {
        this(
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                configuration.kafka().get("bootstrap.servers"),
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer()),
                configuration,
                modelJson);
    }

    Results(Consumer<byte[], byte[]> consumer, Configuration configuration, ModelJson<P> modelJson) {
        Configuration.Output output = configuration.output();
        this.consumer = consumer;
        this.features = configuration.model().spec().features();
        this.posteriorReader = new PosteriorSerde(PosteriorContent.FULL, features).deserializer();
        this.modelJson = modelJson;
        this.posteriors = new TopicPartition(output.posteriorsTopic(), 0);
        this.models = new TopicPartition(output.modelsTopic(), 0);
        this.smoothed = output.smoothedTopic()
                .map(topic -> new TopicPartition(topic, 0))
                .orElse(null);
        this.watched = configuration
                .anomalies()
                .map(anomalies -> new TopicPartition(anomalies.alertsTopic(), 0))
                .orElse(null);
        List<TopicPartition> partitions = new ArrayList<>(List.of(posteriors, models));
        if (watched != null) {
            partitions.add(watched);
        }
        if (smoothed != null) {
            partitions.add(smoothed);
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Reads what has come, waiting for it at most that long.
     *
     * @return whether anything has come
     */
    boolean poll(Duration timeout) {
        boolean any = false;
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(timeout)) {
            any = true;
            if (message.topic().equals(posteriors.topic())) {
                add(message);
            } else if (watched != null && message.topic().equals(watched.topic())) {
                alerts.add(AlertJson.read(message.value(), features));
            } else if (smoothed != null && message.topic().equals(smoothed.topic())) {
                smoothedBySequence
                        .computeIfAbsent(new String(message.key(), StandardCharsets.UTF_8), name -> new ArrayList<>())
                        .add(posteriorReader.deserialize(message.topic(), message.value()));
            } else {
                addModel(message);
            }
        }
        return any;
    }

    private void addModel(ConsumerRecord<byte[], byte[]> message) {
        String key = new String(message.key(), StandardCharsets.UTF_8);
        if (ModelParts.isPart(message.value())) {
            parts.put(key, message.value());
            return;
        }
        if (!ModelParts.isModel(message.value())) {
            return;
        }
        newest = modelJson.read(ModelParts.whole(key, message.value(), parts::get));
        versions.put(newest.version(), newest);
    }

    private void add(ConsumerRecord<byte[], byte[]> message) {
        ScoredRecord scored = posteriorReader.deserialize(message.topic(), message.value());
        byte[] id = message.headers().lastHeader(Replay.ID_HEADER).value();
        items.add(new ScoredItem(new String(id, StandardCharsets.UTF_8), scored));
        if (scored.isWarmingUp()) {
            warmingUp++;
        } else {
            logLikelihood += scored.posterior().logLikelihood();
        }
    }

    /** Whether all parameters published so far have been read. */
    boolean hasNewestModel() {
        return hasAllOf(models);
    }

    /** Whether all that became of incidents so far has been read. */
    boolean hasNewestAlert() {
        return watched == null || hasAllOf(watched);
    }

    private boolean hasAllOf(TopicPartition partition) {
        return consumer.position(partition)
                >= consumer.endOffsets(List.of(partition)).get(partition);
    }

    /** What became of incidents, in order. */
    List<Alert> alerts() {
        return alerts;
    }

    /** The items in the order in which they were scored. */
    List<ScoredItem> items() {
        return items;
    }

    /** The smoothed posteriors of a sequence, in its order; of the records that were scored, from the first one on. */
    List<ScoredRecord> smoothed(String sequence) {
        return smoothedBySequence.getOrDefault(sequence, List.of());
    }

    /** Items that came before there were parameters. */
    int warmingUp() {
        return warmingUp;
    }

    /** The prequential mean log-likelihood so far, natural logarithm, per item scored; {@code NaN} before the first. */
    double meanLogLikelihood() {
        return logLikelihood / (items.size() - warmingUp);
    }

    /** The parameters published last; null before the first. */
    PublishedModel<P> newest() {
        return newest;
    }

    /** The parameters of a version; the newest if it was never published, as given parameters are not. */
    PublishedModel<P> version(long version) {
        PublishedModel<P> found = versions.get(version);
        return found == null ? newest : found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
