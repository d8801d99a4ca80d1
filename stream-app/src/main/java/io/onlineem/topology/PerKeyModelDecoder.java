package io.onlineem.topology;

import io.onlineem.codec.ControlState;
import io.onlineem.codec.ControlStateCodec;
import io.onlineem.codec.ModelSummary;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Parameters;
import io.onlineem.store.ModelView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/** The store of the states of per-key models: keys and binary states, published as {@code name/key}. */
final class PerKeyModelDecoder<P extends Parameters> implements ModelView.Decoder<Bytes> {

    private final StreamModel<P> streamModel;
    private final boolean controlled;
    private final String prefix;

    /** @param controlled whether commands are taken; otherwise a pause is not heeded */
    PerKeyModelDecoder(StreamModel<P> streamModel, boolean controlled) {
        this.streamModel = streamModel;
        this.controlled = controlled;
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

    @Override
    public OptionalLong pausedSince(String model, Function<Bytes, byte[]> stored) {
        if (!controlled || !model.startsWith(prefix)) {
            return OptionalLong.empty();
        }
        byte[] control = stored.apply(PerKeyProcessor.controlKey(model.substring(prefix.length())));
        if (control == null) {
            return OptionalLong.empty();
        }
        ControlState state = ControlStateCodec.decode(control);
        return state.paused() ? OptionalLong.of(state.pausedSince()) : OptionalLong.empty();
    }

    private PublishedModel<P> published(Bytes key, byte[] stored) {
        return streamModel.publish(
                prefix + new String(key.get(), StandardCharsets.UTF_8),
                streamModel.stateCodec().decode(stored));
    }
}
