package io.onlineem.topology;

import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelParts;
import io.onlineem.codec.ModelSummary;
import io.onlineem.store.ModelView;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The global store of parameters: model names and values of the models topic. */
final class SharedModelDecoder implements ModelView.Decoder<String> {

    @Override
    public Optional<String> key(String model) {
        return Optional.of(model);
    }

    @Override
    public ModelSummary summary(String key, byte[] stored) {
        return ModelJson.summary(stored);
    }

    @Override
    public boolean isModel(byte[] stored) {
        return ModelParts.isModel(stored);
    }

    @Override
    public byte[] json(String key, byte[] stored, Function<String, byte[]> others) {
        return ModelParts.whole(key, stored, others);
    }

    @Override
    public OptionalLong pausedSince(String model, Function<String, byte[]> stored) {
        byte[] newest = stored.apply(AcknowledgementJson.key(model));
        if (newest == null) {
            return OptionalLong.empty();
        }
        Acknowledgement acknowledgement = AcknowledgementJson.read(newest);
        return acknowledgement.paused() ? OptionalLong.of(acknowledgement.pausedSince()) : OptionalLong.empty();
    }
}
