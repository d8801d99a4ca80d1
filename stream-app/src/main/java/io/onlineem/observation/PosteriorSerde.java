package io.onlineem.observation;

import io.onlineem.config.PosteriorContent;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Values of the posteriors topic. Thread-safe: Kafka Streams shares the serializer of a sink among its threads. */
public final class PosteriorSerde implements Serde<ScoredRecord> {

    private final ThreadLocal<Function<ScoredRecord, byte[]>> writer;
    private final List<String> features;

    /**
     * Writes that content; reads {@link PosteriorContent#FULL} and {@link PosteriorContent#BINARY}.
     *
     * @param features names of the values of a record, by which missing ones are called
     */
    public PosteriorSerde(PosteriorContent content, List<String> features) {
        this.writer = ThreadLocal.withInitial(writerOf(content, features));
        this.features = List.copyOf(features);
    }

    private static Supplier<Function<ScoredRecord, byte[]>> writerOf(PosteriorContent content, List<String> features) {
        return switch (content) {
            case FULL -> () -> new PosteriorJson(true, features)::write;
            case MOST_LIKELY -> () -> new PosteriorJson(false, features)::write;
            case BINARY -> () -> PosteriorBinary::encode;
        };
    }

    @Override
    public Serializer<ScoredRecord> serializer() {
        return (topic, scored) -> scored == null ? null : writer.get().apply(scored);
    }

    @Override
    public Deserializer<ScoredRecord> deserializer() {
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            return bytes.length > 0 && bytes[0] == '{'
                    ? PosteriorJson.read(bytes, features)
                    : PosteriorBinary.decode(bytes);
        };
    }
}
