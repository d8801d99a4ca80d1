package io.onlineem.store;

import io.onlineem.codec.ModelSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.UnknownStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The models in a store of a running topology, read from outside of its tasks by Kafka Streams' interactive queries.
 *
 * <p>Of a global store every instance sees all models. Of a task's store an instance sees the models of the tasks it runs
 * and of no others: with several instances each lists its share, and a key is found on the instance that owns it. What
 * is read may be newer than the last commit.
 *
 * <p>Thread-safe. It neither starts nor closes Kafka Streams.
 *
 * @param <K> keys of the store
 */
public final class ModelView<K> {

    /** A model in parts may be replaced while it is read, but not again and again. */
    private static final int ATTEMPTS = 10;

    private final Supplier<KafkaStreams.State> state;
    private final Supplier<ReadOnlyKeyValueStore<K, byte[]>> store;
    private final Decoder<K> decoder;

    /**
     * What keys and values of the store mean.
     *
     * @param <K> keys of the store
     */
    public interface Decoder<K> {

        /** The key under which a model is stored; empty if no model of that name can be there. */
        Optional<K> key(String model);

        /** Whether an entry is a model, and not a part of one. */
        default boolean isModel(byte[] stored) {
            return true;
        }

        /** The summary of a stored model. */
        ModelSummary summary(K key, byte[] stored);

        /**
         * The stored model as in the models topic, in one piece.
         *
         * @param others the values of other keys of the store
         * @return null if it is being replaced
         */
        byte[] json(K key, byte[] stored, Function<K, byte[]> others);

        /**
         * Since when learning is paused, in milliseconds since the epoch; 0 if that is not known; empty if it is not paused.
         *
         * @param stored the values of keys of the store
         */
        default OptionalLong pausedSince(String model, Function<K, byte[]> stored) {
            return OptionalLong.empty();
        }
    }

    /**
     * A view of one store.
     *
     * @param streams runs the topology; need not run yet
     * @param storeName name of a key-value store of the topology, with or without timestamps
     * @param decoder what its entries mean
     */
    public ModelView(KafkaStreams streams, String storeName, Decoder<K> decoder) {
        this(
                streams::state,
                () -> streams.store(StoreQueryParameters.fromNameAndType(
                        storeName, QueryableStoreTypes.<K, byte[]>keyValueStore())),
                decoder);
    }

    ModelView(
            Supplier<KafkaStreams.State> state, Supplier<ReadOnlyKeyValueStore<K, byte[]>> store, Decoder<K> decoder) {
        this.state = state;
        this.store = store;
        this.decoder = decoder;
    }

    /**
     * Summaries of the models here, in the order of the store.
     *
     * @param limit how many at most
     * @throws ModelsUnavailableException while the store is opened, restored or moved
     */
    public List<ModelSummary> list(int limit) {
        return query(models -> {
            List<ModelSummary> summaries = new ArrayList<>();
            try (KeyValueIterator<K, byte[]> all = models.all()) {
                while (summaries.size() < limit && all.hasNext()) {
                    KeyValue<K, byte[]> entry = all.next();
                    if (decoder.isModel(entry.value)) {
                        summaries.add(decoder.summary(entry.key, entry.value));
                    }
                }
            }
            return summaries;
        });
    }

    /**
     * A model as in the models topic; empty if there is none of that name here.
     *
     * @throws ModelsUnavailableException while the store is opened, restored or moved
     */
    public Optional<byte[]> json(String model) {
        return decoder.key(model).flatMap(key -> query(models -> json(key, models)));
    }

    /**
     * Since when a model does not learn because of a command, in milliseconds since the epoch; 0 if that is not known; empty if it
     * learns, or if there is none of that name here.
     *
     * @throws ModelsUnavailableException while the store is opened, restored or moved
     */
    public OptionalLong pausedSince(String model) {
        return query(models -> decoder.pausedSince(model, models::get));
    }

    private Optional<byte[]> json(K key, ReadOnlyKeyValueStore<K, byte[]> models) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            byte[] stored = models.get(key);
            if (stored == null || !decoder.isModel(stored)) {
                return Optional.empty();
            }
            byte[] json = decoder.json(key, stored, models::get);
            if (json != null) {
                return Optional.of(json);
            }
        }
        throw new ModelsUnavailableException("the model is being replaced; try again shortly", null);
    }

    private interface Query<K, R> {
        R of(ReadOnlyKeyValueStore<K, byte[]> models);
    }

    private <R> R query(Query<K, R> query) {
        KafkaStreams.State now = state.get();
        if (!now.isRunningOrRebalancing()) {
            throw new ModelsUnavailableException(
                    "Kafka Streams is " + now + "; models can be read while it is RUNNING", null);
        }
        try {
            return query.of(store.get());
        } catch (UnknownStateStoreException e) {
            throw e;
        } catch (InvalidStateStoreException e) {
            throw new ModelsUnavailableException(
                    "the store of models is being opened, restored or moved to another instance; try again shortly", e);
        }
    }
}
