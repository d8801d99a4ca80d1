package io.onlineem.topology;

import io.onlineem.codec.ControlStateCodec;
import io.onlineem.codec.ModelSummary;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Parameters;
import io.onlineem.store.ModelView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/** The store of the states of per-key models: keys and binary states, published as {@code name/key}. */
final class PerKeyModelDecoder<P extends Parameters> implements ModelView.Decoder<Bytes> {

    private final StreamModel<P> streamModel;
    private final String prefix;

    PerKeyModelDecoder(StreamModel<P> streamModel) {
        this.streamModel = streamModel;
        this.prefix = streamModel.name() + "/";
    }

    @Override
    public Optional<Bytes> key(String model) {
        return model.startsWith(prefix)
                ? Optional.of(Bytes.wrap(model.substring(prefix.length()).getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    @Override
    public boolean isModel(byte[] stored) {
        return !ControlStateCodec.isControlState(stored);
    }

    @Override
    public ModelSummary summary(Bytes key, byte[] stored) {
        return ModelSummary.of(published(key, stored));
    }

    @Override
    public byte[] json(Bytes key, byte[] stored, Function<Bytes, byte[]> others) {
        return streamModel.modelJson().write(published(key, stored));
    }

    private PublishedModel<P> published(Bytes key, byte[] stored) {
        return streamModel.publish(
                prefix + new String(key.get(), StandardCharsets.UTF_8),
                streamModel.stateCodec().decode(stored));
    }
}
