package io.onlineem.store;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stores of the topology. Most are cached, because Kafka Streams flushes its own caches before a commit: what is
 * written many times between two commits is change-logged once.
 */
public final class ModelStores {

    private ModelStores() {}

    /**
     * The records of the mini-batch under way of one partition, by slot: few and small, hence in memory; written once per
     * commit, see {@link CommitSignal}, hence not cached.
     */
    public static StoreBuilder<KeyValueStore<Integer, byte[]>> sharedSlots(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Integer(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /** The state of a shared model: one entry, in memory. */
    public static StoreBuilder<KeyValueStore<String, byte[]>> sharedState(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** Anything of per-key models: as many entries as keys, hence on disk. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> perKey(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** Sequences, and what is kept of each: many entries, hence on disk; written once per commit, see {@link CommitSignal}. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> sequences(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /** The newest parameters of the shared models, on every instance. */
    public static Materialized<String, byte[], KeyValueStore<Bytes, byte[]>> parameters(String name) {
        return Materialized.<String, byte[]>as(Stores.inMemoryKeyValueStore(name))
                .withCachingDisabled();
    }
}
