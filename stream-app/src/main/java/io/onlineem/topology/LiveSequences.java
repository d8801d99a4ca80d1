package io.onlineem.topology;

import io.onlineem.codec.SequenceCodec;
import io.onlineem.em.Blocks;
import io.onlineem.em.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The sequences of one task: on disk as of the last commit, those seen last in memory. What has changed since is written
 * once, before the next commit, however many records came in between.
 */
final class LiveSequences {

    /** Memory for sequences, in numbers of 8 bytes: 64 MiB. */
    private static final long CACHED_NUMBERS = 8L << 20;

    /** While a search for expired sequences is under way, so many entries are looked at after so many records. */
    private static final int SEARCHED_AT_ONCE = 1024;

    private static final int RECORDS_BETWEEN = 256;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Blocks blocks;
    private final int memoryLength;
    private final Map<String, Live> live;

    /** In the order in which they were changed, so that what is written does not depend on chance. */
    private final List<Live> changed = new ArrayList<>();

    /** The one that was asked for last. */
    private Live newest;

    /** Where the search for expired sequences goes on; null between two rounds. */
    private Bytes searched;

    private long expiredBefore;
    private long nextRound = Long.MIN_VALUE;
    private int recordsSinceSearch;

    LiveSequences(KeyValueStore<Bytes, byte[]> store, Blocks blocks, int memoryLength, int width) {
        this.store = store;
        this.blocks = blocks;
        this.memoryLength = memoryLength;
        long records = (long) blocks.length() + blocks.lookAhead();
        long numbers = 64 + records * (width + 2L) + (2 + records / blocks.length()) * memoryLength;
        int most = (int) Math.max(1, Math.min(1_000_000, CACHED_NUMBERS / numbers));
        live = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Live> eldest) {
                if (size() > most) {
                    write(eldest.getValue());
                }
                return size() > most;
            }
        };
    }

    /** A sequence in memory. */
    private static final class Live {
        private final Sequence sequence;

        /** Whether it is not as the store has it. */
        private boolean changed;

        Live(Sequence sequence) {
            this.sequence = sequence;
        }
    }

    /** A sequence under way, or one that has not begun. */
    Sequence get(String name) {
        Live found = live.get(name);
        if (found == null) {
            byte[] stored = store.get(key(name));
            found = new Live(
                    stored == null
                            ? new Sequence(name, blocks, memoryLength)
                            : SequenceCodec.decode(stored, name, blocks, memoryLength));
            live.put(name, found);
        }
        newest = found;
        return found.sequence;
    }

    /** A sequence of its own, which is not kept. */
    Sequence apart(String name) {
        return new Sequence(name, blocks, memoryLength);
    }

    /** Remembers that the sequence that was asked for last has to be written before the next commit. */
    void changed() {
        if (!newest.changed) {
            newest.changed = true;
            changed.add(newest);
        }
    }

    /** Writes what has changed since the last time. */
    void write() {
        changed.forEach(this::write);
        changed.clear();
    }

    private void write(Live one) {
        if (one.changed) {
            store.put(key(one.sequence.name()), SequenceCodec.encode(one.sequence));
            one.changed = false;
        }
    }

    /** Forgets a sequence that has ended. */
    void forget(Sequence sequence) {
        Live forgotten = live.remove(sequence.name());
        if (forgotten != null) {
            forgotten.changed = false;
        }
        store.delete(key(sequence.name()));
    }

    /** Some of the sequences that have expired, after a record; as {@link #expired}, but seldom enough to cost little. */
    List<Sequence> expiredAfterRecord(long streamTime, long after) {
        recordsSinceSearch++;
        boolean due = searched == null ? streamTime >= nextRound : recordsSinceSearch >= RECORDS_BETWEEN;
        return due ? expired(streamTime, after) : List.of();
    }

    /**
     * Some of the sequences whose newest record is older than {@code after}. Rounds of the search begin an eighth of that
     * apart, by the time of the stream; each goes through all sequences, a number of them with each call.
     *
     * @param streamTime the latest time of any record, in milliseconds since the epoch
     */
    List<Sequence> expired(long streamTime, long after) {
        recordsSinceSearch = 0;
        if (searched == null && !beginsRound(streamTime, after)) {
            return List.of();
        }
        List<Sequence> expired = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.range(searched, null)) {
            for (int looked = 0; looked < SEARCHED_AT_ONCE && all.hasNext(); looked++) {
                KeyValue<Bytes, byte[]> entry = all.next();
                searched = next(entry.key);
                String name = new String(entry.key.get(), StandardCharsets.UTF_8);
                Live inMemory = live.get(name);
                long time = inMemory == null ? SequenceCodec.newest(entry.value) : inMemory.sequence.newest();
                if (time < expiredBefore) {
                    expired.add(
                            inMemory == null
                                    ? SequenceCodec.decode(entry.value, name, blocks, memoryLength)
                                    : inMemory.sequence);
                }
            }
            if (!all.hasNext()) {
                searched = null;
            }
        }
        return expired;
    }

    private boolean beginsRound(long streamTime, long after) {
        if (streamTime < nextRound) {
            return false;
        }
        boolean first = nextRound == Long.MIN_VALUE;
        nextRound = streamTime + Math.max(1, after / 8);
        if (!first) {
            expiredBefore = streamTime - after;
            write();
            searched = key("");
        }
        return !first;
    }

    /** The key that follows in the order of the store. */
    private static Bytes next(Bytes key) {
        return Bytes.wrap(Arrays.copyOf(key.get(), key.get().length + 1));
    }

    private static Bytes key(String name) {
        return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    }
}
