package io.onlineem.app;

import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.em.Parameters;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.Differences;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.store.ModelView;
import io.onlineem.topology.DeadLetterProcessor;
import io.onlineem.topology.ModelMetrics;
import io.onlineem.topology.ModelScorer;
import io.onlineem.topology.OnlineEmTopology;
import io.onlineem.topology.Sequences;
import io.onlineem.topology.StreamModel;
import io.onlineem.topology.Watching;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** The topology of a configuration: JSON observations in; posteriors, models and dead letters out. Starts nothing. */
public final class ApplicationTopology {

    /** Stands for what is no text, and may occur in a text. */
    private static final char REPLACEMENT = '\uFFFD';

    private ApplicationTopology() {}

    /** The model of a configuration, on its stream. */
    public static StreamModel<?> model(Configuration configuration) {
        StreamModel<?> model = StreamModel.of(
                        configuration.model().name(), configuration.model().spec(), configuration.learning())
                .flushedAfter(configuration.flushInterval());
        if (configuration.input().mayBeMissing()) {
            model = model.withMissingValues();
        }
        return configuration.model().start().isPresent()
                ? model.startedFrom(configuration.model().start().get())
                : model;
    }

    /** Builds the topology. */
    public static Topology build(Configuration configuration, ModelMetrics metrics) {
        return build(configuration, model(configuration), metrics);
    }

    /** The models that the topology of a configuration has learned, where it runs. */
    public static ModelView<?> view(Configuration configuration, KafkaStreams streams) {
        return onlineEm(configuration, model(configuration)).view(streams);
    }

    /** Scores records, as the input topic has them, with the parameters that the topology of a configuration has learned. */
    public static ModelScorer<?, byte[]> scorer(Configuration configuration, KafkaStreams streams) {
        return onlineEm(configuration, model(configuration)).scorer(streams, () -> reader(configuration));
    }

    private static JsonObservationReader reader(Configuration configuration) {
        Configuration.Input input = configuration.input();
        return new JsonObservationReader(
                input.fields(), input.weight(), configuration.sequences().field(), input.maxBytes());
    }

    private static <P extends Parameters> OnlineEmTopology<P> onlineEm(
            Configuration configuration, StreamModel<P> model) {
        String modelsTopic = configuration.output().modelsTopic();
        OnlineEmTopology<P> topology = configuration.model().scope() == Scope.SHARED
                ? OnlineEmTopology.shared(model, modelsTopic)
                : OnlineEmTopology.perKey(model, modelsTopic);
        topology = topology.withDifferences(Differences.of(configuration.input().fields()))
                .withSequences(new Sequences(
                        configuration.sequences().gap(),
                        configuration.sequences().expireAfter()));
        if (configuration.anomalies().isPresent()) {
            Configuration.Anomalies anomalies = configuration.anomalies().get();
            topology = topology.withAnomalies(new Watching(anomalies.detection(), anomalies.perKey()));
        }
        if (configuration.controlTopic().isPresent()) {
            topology = topology.withControl(configuration.controlTopic().get());
        }
        if (configuration.output().history().isPresent()) {
            topology =
                    topology.withHistory(configuration.output().history().get().topic());
        }
        return configuration.output().smoothedTopic().isPresent() ? topology.withSmoothing() : topology;
    }

    private static <P extends Parameters> Topology build(
            Configuration configuration, StreamModel<P> model, ModelMetrics metrics) {
        Configuration.Input input = configuration.input();
        Configuration.Output output = configuration.output();
        Serde<byte[]> bytes = Serdes.ByteArray();

        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> records = builder.stream(
                input.topic(),
                Consumed.with(bytes, bytes)
                        .withName("observations")
                        .withTimestampExtractor(ApplicationTopology::timestamp));
        OnlineEmTopology.ScoredStream<byte[], byte[]> scored = onlineEm(configuration, model)
                .withMetrics(metrics)
                .addTo(builder, records, () -> reader(configuration), ApplicationTopology::keyName);
        PosteriorSerde posteriors =
                new PosteriorSerde(output.content(), model.spec().features());
        scored.posteriors()
                .to(output.posteriorsTopic(), Produced.with(bytes, posteriors).withName("posteriors"));
        output.smoothedTopic().ifPresent(topic -> scored.smoothed()
                .to(topic, Produced.with(Serdes.String(), posteriors).withName("smoothed")));
        configuration.anomalies().ifPresent(anomalies -> scored.alerts()
                .mapValues(alert -> AlertJson.write(alert, model.spec().features()), Named.as("write-alerts"))
                .to(
                        anomalies.alertsTopic(),
                        Produced.with(Serdes.String(), bytes).withName("alerts")));
        scored.rejected()
                .process(() -> new DeadLetterProcessor(output.deadLettersMaxBytes()), Named.as("cut-dead-letters"))
                .to(output.deadLettersTopic(), Produced.with(bytes, bytes).withName("dead-letters"));
        return builder.build();
    }

    /** Some clients write records without a timestamp, with which Kafka Streams would stop: they get the one before. */
    static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
        return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTime);
    }

    /** The key as text, or in hexadecimal digits if it is none. */
    static String keyName(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            return "0x" + HexFormat.of().formatHex(key);
        }
    }
}
