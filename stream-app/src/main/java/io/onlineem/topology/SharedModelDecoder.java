package io.onlineem.topology;

import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelSummary;
import io.onlineem.store.ModelView;
import java.util.Optional;

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
    public byte[] json(String key, byte[] stored) {
        return stored;
    }
}
