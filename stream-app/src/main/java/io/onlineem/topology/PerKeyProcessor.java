package io.onlineem.topology;

import io.onlineem.codec.BlockCodec;
import io.onlineem.codec.SlotCodec;
import io.onlineem.codec.StateCodec;
import io.onlineem.em.Block;
import io.onlineem.em.CareState;
import io.onlineem.em.MiniBatch;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.store.CommitSignal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Scores and learns one model per key, all of it in the task that owns the key.
 *
 * <p>Three stores, all change-logged and on disk: the state of every model, written once per mini-batch; the records of
 * the mini-batches under way, one slot each (see {@link SharedScoringProcessor}); and the keys whose mini-batch is not
 * empty, with the time it began, so that it can be learned from when it has waited long enough. The learners of the keys
 * seen last are kept in memory, as mirrors of the stores: they are made anew when the task starts.
 */
final class PerKeyProcessor<K, V, P extends Parameters> extends ScoringProcessor<K, V> {

    /** Memory for learners, in numbers of 8 bytes: 64 MiB. */
    private static final long CACHED_NUMBERS = 8L << 20;

    private final StreamModel<P> streamModel;
    private final StateCodec<P> codec;
    private final Function<? super K, String> keyName;
    private final Stores names;
    private final int cachedLearners;

    private KeyValueStore<Bytes, byte[]> states;
    private KeyValueStore<Bytes, byte[]> slots;
    private KeyValueStore<Bytes, byte[]> pending;
    private Map<String, OnlineLearner<P>> learners;

    /** Names of the stores. */
    record Stores(String states, String slots, String pending) {}

    PerKeyProcessor(
            StreamModel<P> streamModel,
            Input<K, V> input,
            Stores names,
            CommitSignal signal,
            Outputs outputs,
            ModelMetrics metrics) {
        super(streamModel, input, signal, outputs, metrics);
        this.streamModel = streamModel;
        this.codec = streamModel.stateCodec();
        this.keyName = input.keyName();
        this.names = names;
        // the records of a warm-up are kept in the mini-batch too
        long records = Math.max(
                streamModel.learning().miniBatch(), streamModel.learning().warmUp());
        records += streamModel.learning().componentCare() == null ? 0 : CareState.RECENT;
        long numbers = 64
                + 6L * streamModel.model().statisticsLength()
                + streamModel.model().width() * records;
        this.cachedLearners = (int) Math.max(1, Math.min(100_000, CACHED_NUMBERS / numbers));
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        super.init(newContext);
        states = context.getStateStore(names.states());
        slots = context.getStateStore(names.slots());
        pending = context.getStateStore(names.pending());
        learners = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, OnlineLearner<P>> eldest) {
                return size() > cachedLearners;
            }
        };
        schedule(this::flushOlder);
    }

    @Override
    void score(Record<K, V> message, Observations observation) {
        if (message.key() == null) {
            throw new InvalidObservationException(
                    Reason.ABSENT_KEY, "the record has no key; expected one, since every key has a model of its own");
        }
        String key = keyName.apply(message.key());
        OnlineLearner<P> learner = learner(key);
        Posterior posterior = learner.score(observation, 0);
        forward(message, key, learner, posterior);
        count(key, learner, message.timestamp(), () -> learner.learn(observation, 0, posterior));
    }

    @Override
    void score(Record<K, V> message, Observations observation, Sequence sequence) {
        String key = sequence.name();
        OnlineLearner<P> learner = learner(key);
        Posterior posterior = learner.score(sequence, observation, 0);
        forward(message, key, learner, posterior);
        count(
                key,
                learner,
                message.timestamp(),
                () -> learner.learn(sequence, observation, 0, posterior, message.timestamp()));
    }

    @Override
    void end(Sequence sequence, long timestamp) {
        OnlineLearner<P> learner = learner(sequence.name());
        count(sequence.name(), learner, timestamp, () -> learner.end(sequence));
    }

    private void forward(Record<K, V> message, String key, OnlineLearner<P> learner, Posterior posterior) {
        long version = learner.state() == null ? 0 : learner.state().version();
        forwardScored(message, new ScoredRecord(publishedName(key), version, posterior));
    }

    /**
     * Counts records in the mini-batch of a key, and writes what has become of it.
     *
     * @param step adds them; tells whether the model has learned
     */
    private void count(String key, OnlineLearner<P> learner, long timestamp, BooleanSupplier step) {
        boolean warmingUp = learner.state() == null;
        long before = counted(learner);
        int filled = filled(learner.batch());
        long begin = System.nanoTime();
        if (step.getAsBoolean()) {
            learned(key, learner, counted(learner) - before, begin, timestamp);
            if (warmingUp) {
                forgetSlots(key, streamModel.learning().miniBatch(), filled);
            } else if (filled > 0) {
                pending.delete(bytes(key));
            }
            return;
        }
        MiniBatch batch = learner.batch();
        for (int slot = filled; slot < filled(batch); slot++) {
            slots.put(slotKey(key, slot), encode(before, batch, slot));
        }
        if (filled == 0 && batch.size() > 0 && !warmingUp) {
            long now = context.currentSystemTimeMs();
            pending.put(bytes(key), ByteBuffer.allocate(Long.BYTES).putLong(now).array());
        }
    }

    /** Slots that the mini-batch fills: one for each record, or for each block where the model has sequences. */
    private int filled(MiniBatch batch) {
        return isSequential() ? batch.blocks().size() : batch.size();
    }

    /** What is numbered from those that are counted on is in the mini-batch under way. */
    private byte[] encode(long counted, MiniBatch batch, int slot) {
        return isSequential()
                ? BlockCodec.encode(counted + slot + 1, batch.blocks().get(slot))
                : SlotCodec.encode(counted + slot + 1, batch.logLikelihood(slot), batch.records(), slot);
    }

    private void flushOlder(long now) {
        List<Bytes> waiting = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = pending.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                if (hasWaited(ByteBuffer.wrap(entry.value).getLong(), now)) {
                    waiting.add(entry.key);
                }
            }
        }
        for (Bytes waitingKey : waiting) {
            String key = new String(waitingKey.get(), StandardCharsets.UTF_8);
            OnlineLearner<P> learner = learner(key);
            int size = learner.batch().size();
            long begin = System.nanoTime();
            if (learner.flush()) {
                learned(key, learner, size, begin, now);
            }
            pending.delete(waitingKey);
        }
    }

    @Override
    void writeBatch() {
        // slots are written as they are filled: their store is cached
    }

    private void learned(String key, OnlineLearner<P> learner, long observations, long begin, long timestamp) {
        ModelState<P> state = learner.state();
        states.put(bytes(key), codec.encode(state));
        var published = streamModel.publish(publishedName(key), state);
        metrics.learned(published, observations, System.nanoTime() - begin);
        forwardLearning(new Record<>(published.model(), new Publication.Newest<>(published), timestamp));
    }

    private OnlineLearner<P> learner(String key) {
        OnlineLearner<P> learner = learners.get(key);
        if (learner == null) {
            learner = restore(key);
            learners.put(key, learner);
        }
        return learner;
    }

    private OnlineLearner<P> restore(String key) {
        byte[] stored = states.get(bytes(key));
        ModelState<P> state = stored == null ? streamModel.initialState() : codec.decode(stored);
        OnlineLearner<P> learner = new OnlineLearner<>(streamModel.engine(), state);
        Observations scratch = new Observations();
        long counted = counted(learner);
        // not bounded by the capacity: the mini-batch may be smaller now than when these records came
        byte[] slot = slots.get(slotKey(key, 0));
        for (int i = 0; slot != null && number(slot) == counted + i + 1; i++) {
            if (isSequential()) {
                learner.batch().add(BlockCodec.decode(slot));
            } else {
                SlotCodec.appendTo(scratch, slot);
                learner.batch().add(scratch, i, SlotCodec.logLikelihood(slot));
            }
            slot = slots.get(slotKey(key, i + 1));
        }
        if (isSmoothed()) {
            learner.listen(block -> smooth(key, learner, block));
        }
        return learner;
    }

    private long number(byte[] slot) {
        return isSequential() ? BlockCodec.number(slot) : SlotCodec.sequence(slot);
    }

    private void smooth(String key, OnlineLearner<P> learner, Block block) {
        if (learner.state() != null) {
            forwardSmoothed(
                    block,
                    learner.smooth(block),
                    publishedName(key),
                    learner.state().version());
        }
    }

    private void forgetSlots(String key, int from, int to) {
        for (int i = from; i < to; i++) {
            slots.delete(slotKey(key, i));
        }
    }

    private long counted(OnlineLearner<P> learner) {
        return learner.state() == null ? 0 : learner.state().observations();
    }

    private String publishedName(String key) {
        return streamModel.name() + "/" + key;
    }

    private static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    private static Bytes slotKey(String key, int slot) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(name.length + Integer.BYTES)
                .put(name)
                .putInt(slot)
                .array());
    }
}
