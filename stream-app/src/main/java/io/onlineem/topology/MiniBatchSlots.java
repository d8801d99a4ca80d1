package io.onlineem.topology;

import io.onlineem.codec.BlockCodec;
import io.onlineem.codec.SlotCodec;
import io.onlineem.em.MiniBatch;
import io.onlineem.em.Observations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The mini-batch under way of one partition, as it is kept in a change-logged store: slot i holds its record i, or its block
 * i where the model has sequences. The next mini-batch overwrites them, and one more slot tells which are contributed.
 */
final class MiniBatchSlots {

    /** Key of the number of the last record or block that was contributed. */
    private static final int CONTRIBUTED = -1;

    private final KeyValueStore<Integer, byte[]> store;
    private final boolean ofBlocks;
    private final MiniBatch batch;

    /** Number of the last record or block that was contributed, and of the last one that is in a slot or contributed. */
    private long contributed;

    private long written;

    /** The value of {@link #contributed} in the store. */
    private long writtenContributed;

    /**
     * Slots of a mini-batch, which is filled from them.
     *
     * @param ofBlocks whether they hold blocks
     * @param batch empty
     */
    MiniBatchSlots(KeyValueStore<Integer, byte[]> store, boolean ofBlocks, MiniBatch batch) {
        this.store = store;
        this.ofBlocks = ofBlocks;
        this.batch = batch;
        rebuild();
    }

    private void rebuild() {
        byte[] stored = store.get(CONTRIBUTED);
        contributed = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
        ToLongFunction<byte[]> number = ofBlocks ? BlockCodec::number : SlotCodec::sequence;
        List<byte[]> pending = new ArrayList<>();
        try (KeyValueIterator<Integer, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Integer, byte[]> slot = all.next();
                if (slot.key >= 0 && number.applyAsLong(slot.value) > contributed) {
                    pending.add(slot.value);
                }
            }
        }
        pending.sort(Comparator.comparingLong(number));
        Observations scratch = new Observations();
        for (byte[] slot : pending) {
            if (ofBlocks) {
                batch.add(BlockCodec.decode(slot));
            } else {
                SlotCodec.appendTo(scratch, slot);
                batch.add(scratch, scratch.size() - 1, SlotCodec.logLikelihood(slot));
            }
        }
        written = contributed + pending.size();
        writtenContributed = contributed;
    }

    /** The mini-batch is contributed, and empty from now on. */
    void contributed() {
        contributed += filled();
        batch.clear();
    }

    private int filled() {
        return ofBlocks ? batch.blocks().size() : batch.size();
    }

    /** Writes what has changed since the last time. */
    void write() {
        if (writtenContributed < contributed) {
            store.put(
                    CONTRIBUTED,
                    ByteBuffer.allocate(Long.BYTES).putLong(contributed).array());
            writtenContributed = contributed;
        }
        int first = (int) Math.max(0, written - contributed);
        for (int i = first; i < filled(); i++) {
            long number = contributed + i + 1;
            store.put(
                    i,
                    ofBlocks
                            ? BlockCodec.encode(number, batch.blocks().get(i))
                            : SlotCodec.encode(number, batch.logLikelihood(i), batch.records(), i));
        }
        written = contributed + filled();
    }
}
