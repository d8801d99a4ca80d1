package io.onlineem.observation;

import io.onlineem.config.PosteriorContent;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Values of the posteriors topic. Thread-safe: Kafka Streams shares the serializer of a sink among its threads. */
public final class PosteriorSerde implements Serde<ScoredRecord> {

    private final ThreadLocal<Function<ScoredRecord, byte[]>> writer;

    /** Writes that content; reads {@link PosteriorContent#FULL} and {@link PosteriorContent#BINARY}. */
    public PosteriorSerde(PosteriorContent content) {
        this.writer = ThreadLocal.withInitial(writerOf(content));
    }

    private static Supplier<Function<ScoredRecord, byte[]>> writerOf(PosteriorContent content) {
        return switch (content) {
            case FULL -> () -> new PosteriorJson(true)::write;
            case MOST_LIKELY -> () -> new PosteriorJson(false)::write;
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
            return bytes.length > 0 && bytes[0] == '{' ? PosteriorJson.read(bytes) : PosteriorBinary.decode(bytes);
        };
    }
}
