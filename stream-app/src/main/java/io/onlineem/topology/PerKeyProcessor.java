package io.onlineem.topology;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.BlockCodec;
import io.onlineem.codec.ControlState;
import io.onlineem.codec.ControlStateCodec;
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
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores and learns one model per key, all of it in the task that owns the key.
 *
 * <p>Three stores, all change-logged and on disk: the state of every model, written once per mini-batch; the records of
 * the mini-batches under way, one slot each (see {@link SharedScoringProcessor}); and the keys whose mini-batch is not
 * empty, with the time it began, so that it can be learned from when it has waited long enough. The learners of the keys
 * seen last are kept in memory, as mirrors of the stores: they are made anew when the task starts.
 *
 * <p>Where commands are taken, what is remembered of those to a model is beside its state. They come in the partition of the
 * records of the key, so that they are applied between two of them and in the same transaction.
 */
final class PerKeyProcessor<K, V, P extends Parameters> extends ScoringProcessor<K, V> {

    /** Memory for learners, in numbers of 8 bytes: 64 MiB. */
    private static final long CACHED_NUMBERS = 8L << 20;

    /** Before the key of a model where what is remembered of commands is stored: no name of a key begins with it in UTF-8. */
    private static final byte CONTROL = (byte) 0xFF;

    private static final Logger LOG = LoggerFactory.getLogger(PerKeyProcessor.class);

    private final StreamModel<P> streamModel;
    private final StateCodec<P> codec;
    private final Function<? super K, String> keyName;
    private final Stores names;
    private final int cachedLearners;
    private final boolean controlled;
    private final Controls<P> controls = new Controls<>();

    private KeyValueStore<Bytes, byte[]> states;
    private KeyValueStore<Bytes, byte[]> slots;
    private KeyValueStore<Bytes, byte[]> pending;
    private Map<String, Owned<P>> owned;

    /** A model in memory. */
    private static final class Owned<P extends Parameters> {
        private final OnlineLearner<P> learner;
        private ControlState control;

        Owned(OnlineLearner<P> learner, ControlState control) {
            this.learner = learner;
            this.control = control;
        }
    }

    /** Names of the stores. */
    record Stores(String states, String slots, String pending) {}

    PerKeyProcessor(
            StreamModel<P> streamModel,
            Input<K, V> input,
            Stores names,
            CommitSignal signal,
            Outputs outputs,
            ModelMetrics metrics,
            boolean controlled) {
        super(streamModel, input, signal, outputs, metrics);
        this.streamModel = streamModel;
        this.controlled = controlled;
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
        owned = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Owned<P>> eldest) {
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
        Owned<P> own = owned(key);
        OnlineLearner<P> learner = own.learner;
        Posterior posterior = learner.score(observation, 0);
        forward(message, key, own, posterior);
        count(key, own, message.timestamp(), () -> learner.learn(observation, 0, posterior));
    }

    @Override
    void score(Record<K, V> message, Observations observation, Sequence sequence) {
        String key = sequence.name();
        Owned<P> own = owned(key);
        OnlineLearner<P> learner = own.learner;
        keepMemory(sequence);
        Posterior posterior = learner.score(sequence, observation, 0);
        forward(message, key, own, posterior);
        count(
                key,
                own,
                message.timestamp(),
                () -> learner.learn(sequence, observation, 0, posterior, message.timestamp()));
    }

    @Override
    void end(Sequence sequence, long timestamp) {
        Owned<P> own = owned(sequence.name());
        count(sequence.name(), own, timestamp, () -> own.learner.end(sequence));
    }

    private void forward(Record<K, V> message, String key, Owned<P> own, Posterior posterior) {
        OnlineLearner<P> learner = own.learner;
        long version = learner.state() == null ? 0 : learner.state().version();
        Anomaly anomaly = watch(own.control.orders(), version, learner.scoring(), posterior);
        forwardScored(message, new ScoredRecord(publishedName(key), version, posterior, anomaly));
    }

    @Override
    boolean isPerKey() {
        return true;
    }

    /**
     * Counts records in the mini-batch of a key, and writes what has become of it.
     *
     * @param step adds them; tells whether the model has learned
     */
    private void count(String key, Owned<P> own, long timestamp, BooleanSupplier step) {
        OnlineLearner<P> learner = own.learner;
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
        long skipped = learner.takeSkipped();
        if (skipped > 0) {
            metrics.skipped(skipped);
            own.control = own.control.withSkipped(skipped);
            states.put(controlKey(key), ControlStateCodec.encode(own.control));
        }
        MiniBatch batch = learner.batch();
        for (int slot = filled; slot < filled(batch); slot++) {
            slots.put(slotKey(key, slot), encode(before, batch, slot));
        }
        if (filled == 0 && batch.size() > 0 && !warmingUp) {
            waitFrom(key);
        }
    }

    private void waitFrom(String key) {
        long now = context.currentSystemTimeMs();
        pending.put(bytes(key), ByteBuffer.allocate(Long.BYTES).putLong(now).array());
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
            OnlineLearner<P> learner = owned(key).learner;
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
        publish(published.model(), new Publication.Newest<>(published), timestamp);
    }

    /** Tells where commands to the model go, if any are taken. */
    private void publish(String name, Publication<P> publication, long timestamp) {
        Record<String, Publication<P>> record = new Record<>(name, publication, timestamp);
        if (controlled) {
            record.headers()
                    .add(
                            OnlineEmTopology.PARTITION_HEADER,
                            Integer.toString(context.taskId().partition()).getBytes(StandardCharsets.UTF_8));
        }
        forwardLearning(record);
    }

    @Override
    void control(Instruction instruction) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        String prefix = streamModel.name() + "/";
        String name = instruction.model();
        String key = name != null && name.startsWith(prefix) ? name.substring(prefix.length()) : null;
        if (key == null || !isKnown(key)) {
            String reason = key == null
                    ? "the key is " + (name == null ? "missing" : "'" + name + "'") + "; expected '" + prefix
                            + "' and the key of a model"
                    : "no record of the key '" + key + "' has come to partition " + place.partition()
                            + "; expected a key of this partition: send commands to the partition of the key's records,"
                            + " which the header " + OnlineEmTopology.PARTITION_HEADER + " of its model tells";
            var nothing = new Controlled<>(streamModel, streamModel.name(), null, ControlState.NONE, watched(prefix));
            acknowledge(streamModel.name(), controls.refuse(instruction, reason, nothing, place));
            return;
        }
        Owned<P> own = owned(key);
        Controls.Handled<P> handled = controls.handle(
                instruction,
                new Controlled<>(streamModel, name, own.learner.state(), own.control, watched(name)),
                place,
                context.currentSystemTimeMs());
        if (handled.acknowledgement().outcome() == Acknowledgement.Outcome.APPLIED) {
            WatchOrders before = own.control.orders();
            own = become(key, handled.after(), own.learner.batch().size());
            if (!own.control.orders().equals(before)) {
                publish(name, new Publication.Ordered<>(own.control.orders()), context.currentSystemTimeMs());
            }
        }
        acknowledge(name, handled.acknowledgement().withSkipped(own.control.skipped()));
    }

    private boolean isKnown(String key) {
        return owned.containsKey(key)
                || states.get(bytes(key)) != null
                || states.get(controlKey(key)) != null
                || slots.get(slotKey(key, 0)) != null;
    }

    /** Stores what has become of a model by a command, and makes its learner anew from that. */
    private Owned<P> become(String key, Controlled<P> after, int underWay) {
        ControlState control = after.control();
        if (after.replaced()) {
            // the mini-batch under way is of the model that was
            metrics.skipped(underWay);
            control = control.withSkipped(underWay);
            for (int i = 0; slots.get(slotKey(key, i)) != null; i++) {
                slots.delete(slotKey(key, i));
            }
            long now = Math.max(0, context.currentStreamTimeMs());
            if (after.state() == null) {
                states.delete(bytes(key));
                publish(after.name(), new Publication.Gone<>(), now);
            } else {
                states.put(bytes(key), codec.encode(after.state()));
                publish(after.name(), new Publication.Newest<>(streamModel.publish(after.name(), after.state())), now);
            }
        }
        states.put(controlKey(key), ControlStateCodec.encode(control));
        owned.remove(key);
        Owned<P> own = owned(key);
        pending.delete(bytes(key));
        if (!control.paused()
                && own.learner.state() != null
                && own.learner.batch().size() > 0) {
            waitFrom(key);
        }
        return own;
    }

    private void acknowledge(String name, Acknowledgement acknowledgement) {
        metrics.commanded(acknowledgement.outcome());
        if (acknowledgement.outcome() == Acknowledgement.Outcome.REFUSED) {
            LOG.warn("a command to the model {} was refused: {}", name, acknowledgement.reason());
        } else {
            LOG.info(
                    "command {} to the model {}: {}",
                    acknowledgement.verb(),
                    name,
                    acknowledgement.outcome().label());
        }
        publish(name, new Publication.Acknowledged<>(acknowledgement), context.currentSystemTimeMs());
    }

    private Owned<P> owned(String key) {
        Owned<P> own = owned.get(key);
        if (own == null) {
            own = restore(key);
            owned.put(key, own);
        }
        return own;
    }

    private Owned<P> restore(String key) {
        byte[] storedControl = controlled ? states.get(controlKey(key)) : null;
        ControlState control = storedControl == null ? ControlState.NONE : ControlStateCodec.decode(storedControl);
        byte[] stored = states.get(bytes(key));
        ModelState<P> state =
                stored != null ? codec.decode(stored) : control.since() > 0 ? null : streamModel.initialState();
        OnlineLearner<P> learner = new OnlineLearner<>(streamModel.engine(control.stepSize()), state);
        learner.beginAt(Math.max(1, control.since()));
        learner.pause(control.paused());
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
        return new Owned<>(learner, control);
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

    /** Where what is remembered of the commands to the model of a key is stored, beside its state. */
    static Bytes controlKey(String key) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(
                ByteBuffer.allocate(1 + name.length).put(CONTROL).put(name).array());
    }

    private static Bytes slotKey(String key, int slot) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(name.length + Integer.BYTES)
                .put(name)
                .putInt(slot)
                .array());
    }
}
