package io.onlineem.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.codec.ModelSummary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.UnknownStateStoreException;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelViewTest {

    /** The version is the length of what is stored. */
    private static final ModelView.Decoder<Bytes> DECODER = new ModelView.Decoder<>() {
        @Override
        public Optional<Bytes> key(String model) {
            return model.startsWith("m/") ? Optional.of(bytes(model.substring(2))) : Optional.empty();
        }

        @Override
        public ModelSummary summary(Bytes key, byte[] stored) {
            return new ModelSummary(text(key.get()), stored.length, 1, -1);
        }

        @Override
        public byte[] json(Bytes key, byte[] stored, Function<Bytes, byte[]> others) {
            return (text(key.get()) + "=" + text(stored)).getBytes(StandardCharsets.UTF_8);
        }
    };

    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("states").get();
    private KafkaStreams.State state = KafkaStreams.State.RUNNING;
    private RuntimeException failure;
    private final ModelView<Bytes> view = new ModelView<>(() -> state, this::open, DECODER);

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> open() {
        if (failure != null) {
            throw failure;
        }
        return store;
    }

    private void put(String key, String value) {
        store.put(bytes(key), value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void listsNoMoreModelsThanAskedForInTheOrderOfTheStore() {
        put("b", "12");
        put("a", "1");
        put("c", "123");
        assertThat(view.list(2)).containsExactly(new ModelSummary("a", 1, 1, -1), new ModelSummary("b", 2, 1, -1));
        assertThat(view.list(10)).extracting(ModelSummary::version).isEqualTo(List.of(1L, 2L, 3L));
    }

    @Test
    void givesAModelByItsNameOrNothing() {
        put("a", "1");
        assertThat(view.json("m/a").map(ModelViewTest::text)).contains("a=1");
        assertThat(view.json("m/b")).isEmpty();
        assertThat(view.json("a")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = KafkaStreams.State.class,
            names = {"CREATED", "PENDING_SHUTDOWN", "NOT_RUNNING", "PENDING_ERROR", "ERROR"})
    void isUnavailableWhileTheTopologyDoesNotRun(KafkaStreams.State other) {
        state = other;
        assertThatThrownBy(() -> view.list(1))
                .isInstanceOf(ModelsUnavailableException.class)
                .hasMessageContaining(other.name());
    }

    @Test
    void isUnavailableWhileTheStoreIsOpenedOrMoved() {
        failure = new InvalidStateStoreException("may have migrated");
        assertThatThrownBy(() -> view.list(1)).isInstanceOf(ModelsUnavailableException.class);
        assertThatThrownBy(() -> view.json("m/a")).isInstanceOf(ModelsUnavailableException.class);
    }

    @Test
    void aStoreThatTheTopologyDoesNotHaveIsAnErrorAndNotAMomentsTrouble() {
        failure = new UnknownStateStoreException("no store 'states'");
        assertThatThrownBy(() -> view.list(1)).isSameAs(failure);
    }
}
