package io.onlineem.store;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Tells a processor that its task is about to commit, so that it can write then what it has kept in memory since the last
 * commit, into change-logged stores without a cache.
 *
 * <p>Kafka Streams has no such call, but it flushes its caches before every commit, and what is dirty then arrives at the
 * store under the cache. Here that store keeps nothing; it runs the task's listener. So whoever has something to write
 * {@linkplain #raise raises} the signal, which makes its one entry dirty, and is called once before the next commit: or
 * earlier, if the cache is full, and at once, if there is none. Thread-safe; one for each processor of a topology.
 */
public final class CommitSignal {

    private static final Integer ENTRY = 0;
    private static final byte[] RAISED = {};

    private final String name;
    private final Map<TaskId, Runnable> listeners = new ConcurrentHashMap<>();

    /** A signal through a store of that name. */
    public CommitSignal(String name) {
        this.name = name;
    }

    /** Name of its store. */
    public String name() {
        return name;
    }

    /** The store, for the processor to declare. */
    public StoreBuilder<KeyValueStore<Integer, byte[]>> store() {
        return Stores.keyValueStoreBuilder(new Supplier(), Serdes.Integer(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingDisabled();
    }

    /** Sets who is told of the commits of a task, in place of whoever was before; called in the task's thread. */
    public void listen(TaskId task, Runnable listener) {
        listeners.put(task, listener);
    }

    /** Asks for the call of the listener. */
    public static void raise(KeyValueStore<Integer, byte[]> store) {
        store.put(ENTRY, RAISED);
    }

    private final class Supplier implements KeyValueBytesStoreSupplier {

        @Override
        public String name() {
            return name;
        }

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            return new Store();
        }

        @Override
        public String metricsScope() {
            return "commit-signal";
        }
    }

    /** Under the cache: keeps nothing. */
    private final class Store implements KeyValueStore<Bytes, byte[]> {

        private TaskId task;
        private boolean open;

        @Override
        public String name() {
            return name;
        }

        @Override
        public void init(StateStoreContext context, StateStore root) {
            task = context.taskId();
            context.register(root, (key, value) -> {});
            open = true;
        }

        @Override
        public void put(Bytes key, byte[] value) {
            Runnable listener = listeners.get(task);
            if (listener == null) {
                throw new IllegalStateException("the commit signal '" + name + "' of task " + task
                        + " was raised, but nobody listens; expected a listener before the first signal");
            }
            listener.run();
        }

        @Override
        public byte[] putIfAbsent(Bytes key, byte[] value) {
            put(key, value);
            return null;
        }

        @Override
        public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
            entries.forEach(entry -> put(entry.key, entry.value));
        }

        @Override
        public byte[] delete(Bytes key) {
            return null;
        }

        @Override
        public byte[] get(Bytes key) {
            return null;
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
            return new Nothing();
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> all() {
            return new Nothing();
        }

        @Override
        public long approximateNumEntries() {
            return 0;
        }

        @Override
        public void close() {
            open = false;
        }

        @Override
        public boolean persistent() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }

    private static final class Nothing implements KeyValueIterator<Bytes, byte[]> {

        private final Iterator<KeyValue<Bytes, byte[]>> nothing = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
            return nothing.hasNext();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            return nothing.next();
        }

        @Override
        public Bytes peekNextKey() {
            return nothing.next().key;
        }

        @Override
        public void close() {}
    }
}
