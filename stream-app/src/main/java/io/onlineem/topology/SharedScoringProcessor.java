package io.onlineem.topology;

import io.onlineem.codec.Contribution;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.SlotCodec;
import io.onlineem.em.EStep;
import io.onlineem.em.MiniBatch;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.store.CommitSignal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Scores the records of one partition with the newest parameters and turns every mini-batch into a {@link Contribution} to
 * the shared model.
 *
 * <p>The mini-batch under way lives in memory, and before every commit its new records are written to the slots of a
 * change-logged store, so that after a crash the mini-batch is rebuilt from exactly the records that were committed. Slot i
 * holds record i of the mini-batch; the next mini-batch overwrites it, and the slot {@link #LEARNED} tells which records
 * are already contributed.
 */
final class SharedScoringProcessor<K, V, P extends Parameters> extends ScoringProcessor<K, V> {

    /** Key of the sequence number of the last record that was contributed. */
    private static final int LEARNED = -1;

    private final StreamModel<P> streamModel;
    private final ModelJson<P> json;
    private final String slotsName;
    private final CommitSignal signal;
    private final String parametersName;
    private final MiniBatch batch = new MiniBatch();

    private KeyValueStore<Integer, byte[]> slots;
    private KeyValueStore<Integer, byte[]> signalStore;
    private TimestampedKeyValueStore<String, byte[]> parameters;
    private byte[] published;
    private long version;
    private EStep scoring;
    private EStep learning;
    private long batchBegan;

    /** Sequence number of the last record that was contributed, and of the last one that is in a slot or contributed. */
    private long contributed;

    private long written;

    /** The value of {@link #contributed} in the store. */
    private long writtenContributed;

    /** Whether the slots will be written before the next commit. */
    private boolean raised;

    SharedScoringProcessor(
            StreamModel<P> streamModel,
            Input<K, V> input,
            String slotsName,
            CommitSignal signal,
            String parametersName,
            Outputs outputs,
            ModelMetrics metrics) {
        super(streamModel, input, outputs, metrics);
        this.streamModel = streamModel;
        this.json = streamModel.modelJson();
        this.slotsName = slotsName;
        this.signal = signal;
        this.parametersName = parametersName;
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        super.init(newContext);
        slots = context.getStateStore(slotsName);
        signalStore = context.getStateStore(signal.name());
        signal.listen(context.taskId(), this::writeSlots);
        parameters = context.getStateStore(parametersName);
        useStart();
        rebuildBatch();
        batchBegan = context.currentSystemTimeMs();
        schedule(this::flushOlder);
    }

    private void useStart() {
        published = null;
        ModelState<P> start = streamModel.initialState();
        if (start == null) {
            version = 0;
            scoring = null;
            learning = null;
        } else {
            use(start.version(), start.published(), start.parameters());
        }
    }

    private void use(long newVersion, P scoringParameters, P learningParameters) {
        version = newVersion;
        scoring = streamModel.model().eStep(scoringParameters);
        learning = learningParameters == scoringParameters
                ? scoring
                : streamModel.model().eStep(learningParameters);
    }

    private void rebuildBatch() {
        batch.clear();
        byte[] learned = slots.get(LEARNED);
        contributed = learned == null ? 0 : ByteBuffer.wrap(learned).getLong();
        List<byte[]> pending = new ArrayList<>();
        try (KeyValueIterator<Integer, byte[]> all = slots.all()) {
            while (all.hasNext()) {
                KeyValue<Integer, byte[]> slot = all.next();
                if (slot.key >= 0 && SlotCodec.sequence(slot.value) > contributed) {
                    pending.add(slot.value);
                }
            }
        }
        pending.sort(Comparator.comparingLong(SlotCodec::sequence));
        Observations scratch = new Observations();
        for (byte[] slot : pending) {
            SlotCodec.appendTo(scratch, slot);
            batch.add(scratch, scratch.size() - 1, SlotCodec.logLikelihood(slot));
        }
        written = contributed + pending.size();
        writtenContributed = contributed;
        raised = false;
        if (batch.size() > 0) {
            refreshParameters();
        }
    }

    @Override
    void score(Record<K, V> message, Observations observation) {
        if (batch.size() == 0) {
            refreshParameters();
            batchBegan = context.currentSystemTimeMs();
        }
        Posterior posterior = scoring == null ? null : scoring.score(observation, 0, MiniBatch.NO_MEMORY);
        double logLikelihood = posterior == null ? Double.NaN : posterior.logLikelihood();
        batch.add(observation, 0, logLikelihood);
        writeBeforeCommit();
        forwardScored(message, new ScoredRecord(streamModel.name(), version, posterior));
        if (batch.size() >= streamModel.learning().miniBatch()) {
            contribute(message.timestamp());
        }
    }

    private void flushOlder(long now) {
        if (batch.size() > 0 && hasWaited(batchBegan, now)) {
            contribute(now);
        }
    }

    private void contribute(long timestamp) {
        Contribution contribution;
        if (learning == null) {
            contribution = new Contribution.Sample(batch.records().slice(0, batch.size()));
        } else {
            Statistics statistics = streamModel.engine().newStatistics();
            batch.accumulate(learning, statistics);
            contribution = new Contribution.Batch(version, statistics);
        }
        forwardLearning(new Record<>(streamModel.name(), contribution, timestamp));
        contributed += batch.size();
        batch.clear();
        writeBeforeCommit();
    }

    private void writeBeforeCommit() {
        if (!raised) {
            raised = true;
            CommitSignal.raise(signalStore);
        }
    }

    /** Writes what has changed since the last time. */
    private void writeSlots() {
        raised = false;
        if (writtenContributed < contributed) {
            slots.put(
                    LEARNED,
                    ByteBuffer.allocate(Long.BYTES).putLong(contributed).array());
            writtenContributed = contributed;
        }
        int first = (int) Math.max(0, written - contributed);
        for (int i = first; i < batch.size(); i++) {
            slots.put(i, SlotCodec.encode(contributed + i + 1, batch.logLikelihood(i), batch.records(), i));
        }
        written = contributed + batch.size();
    }

    /** The newest parameters, read once per mini-batch: decoding them costs more than scoring a record. */
    private void refreshParameters() {
        ValueAndTimestamp<byte[]> newest = parameters.get(streamModel.name());
        if (newest == null || Arrays.equals(newest.value(), published)) {
            return;
        }
        PublishedModel<P> model = json.read(newest.value());
        use(model.version(), model.parameters(), model.learning());
        published = newest.value();
    }
}
