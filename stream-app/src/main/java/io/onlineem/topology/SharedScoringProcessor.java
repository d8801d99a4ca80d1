package io.onlineem.topology;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Contribution;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelParts;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.WatchOrdersJson;
import io.onlineem.em.Block;
import io.onlineem.em.EStep;
import io.onlineem.em.MiniBatch;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.em.Statistics;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.store.CommitSignal;
import java.util.Arrays;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Scores the records of one partition with the newest parameters and turns every mini-batch into a {@link Contribution} to
 * the shared model. Where the model has memory, each record is scored along its sequence, and a mini-batch is made of the
 * blocks of all sequences that are complete.
 *
 * <p>The mini-batch under way and the sequences live in memory, and before every commit what is new of them is written to
 * change-logged stores, so that after a crash both are rebuilt from exactly the records that were committed.
 */
final class SharedScoringProcessor<K, V, P extends Parameters> extends ScoringProcessor<K, V> {

    private final StreamModel<P> streamModel;
    /** A model in parts may be replaced while it is read, but not again and again. */
    private static final int ATTEMPTS = 100;

    private final ModelJson<P> json;
    private final Stores names;
    private final String ordersKey;
    private final MiniBatch batch = new MiniBatch();

    private MiniBatchSlots slots;
    private TimestampedKeyValueStore<String, byte[]> parameters;
    private byte[] published;
    private byte[] publishedOrders;
    private WatchOrders orders;
    private long version;
    private EStep scoring;
    private EStep learning;
    private long batchBegan;

    /** Records scored since the parameters were looked at. */
    private int sinceRefresh;

    private boolean refreshDue;

    /** Names of the stores. */
    record Stores(String slots, String parameters) {}

    SharedScoringProcessor(
            StreamModel<P> streamModel,
            Input<K, V> input,
            Stores names,
            CommitSignal signal,
            Outputs outputs,
            ModelMetrics metrics) {
        super(streamModel, input, signal, outputs, metrics);
        this.streamModel = streamModel;
        this.json = streamModel.modelJson();
        this.names = names;
        this.ordersKey = WatchOrdersJson.key(streamModel.name());
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        super.init(newContext);
        parameters = context.getStateStore(names.parameters());
        useStart();
        publishedOrders = null;
        orders = WatchOrders.NONE;
        refreshOrders();
        batch.clear();
        slots = new MiniBatchSlots(context.getStateStore(names.slots()), isSequential(), batch);
        if (batch.size() > 0) {
            refreshParameters();
        }
        refreshDue = batch.size() == 0;
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

    @Override
    void score(Record<K, V> message, Observations observation) {
        refreshIfDue();
        Posterior posterior = scoring == null ? null : scoring.score(observation, 0, MiniBatch.NO_MEMORY);
        Anomaly anomaly = watch(orders, version, scoring, posterior);
        began();
        batch.add(observation, 0, posterior == null ? Double.NaN : posterior.logLikelihood());
        writeBeforeCommit();
        forwardScored(message, new ScoredRecord(streamModel.name(), version, posterior, anomaly));
        contributeIfFull(message.timestamp());
    }

    @Override
    void score(Record<K, V> message, Observations observation, Sequence sequence) {
        refreshIfDue();
        if (scoring == null) {
            watch(orders, version, null, null);
            forwardScored(message, new ScoredRecord(streamModel.name(), version, null));
            if (sequence.isUnderWay()) {
                // the model that it was scored with was reset
                end(sequence, message.timestamp());
            }
            add(sequence.unscored(observation, 0, message.timestamp()), message.timestamp());
            return;
        }
        keepMemory(sequence);
        Posterior posterior = sequence.score(scoring, observation, 0);
        Anomaly anomaly = watch(orders, version, scoring, posterior);
        forwardScored(message, new ScoredRecord(streamModel.name(), version, posterior, anomaly));
        sequence.add(observation, 0, posterior.logLikelihood(), message.timestamp());
        for (Block block = sequence.take(); block != null; block = sequence.take()) {
            add(block, message.timestamp());
        }
    }

    @Override
    void end(Sequence sequence, long timestamp) {
        Block rest = sequence.end();
        if (rest != null) {
            add(rest, timestamp);
        }
    }

    private void add(Block block, long timestamp) {
        if (isSmoothed() && scoring != null) {
            forwardSmoothed(block, scoring.smooth(block.records()), streamModel.name(), version);
        }
        began();
        batch.add(block);
        writeBeforeCommit();
        contributeIfFull(timestamp);
    }

    private void began() {
        if (batch.size() == 0) {
            batchBegan = context.currentSystemTimeMs();
        }
    }

    private void contributeIfFull(long timestamp) {
        if (batch.size() >= streamModel.learning().miniBatch()) {
            contribute(timestamp);
        }
    }

    private void flushOlder(long now) {
        refreshOrders();
        if (batch.size() > 0 && hasWaited(batchBegan, now)) {
            contribute(now);
        }
    }

    private void contribute(long timestamp) {
        Contribution contribution;
        if (learning == null) {
            contribution = new Contribution.Sample(batch.sample());
        } else {
            Statistics statistics = streamModel.engine().newStatistics();
            batch.accumulate(learning, statistics);
            contribution = new Contribution.Batch(version, statistics);
        }
        forwardLearning(new Record<>(streamModel.name(), contribution, timestamp));
        slots.contributed();
        refreshDue = true;
        writeBeforeCommit();
    }

    @Override
    boolean isPerKey() {
        return false;
    }

    @Override
    void writeBatch() {
        slots.write();
    }

    /** Once per mini-batch: decoding parameters costs more than scoring a record. */
    private void refreshIfDue() {
        sinceRefresh++;
        if (refreshDue
                || (isSequential() && sinceRefresh >= streamModel.learning().miniBatch())) {
            refreshParameters();
            refreshOrders();
            refreshDue = false;
            sinceRefresh = 0;
        }
    }

    private void refreshParameters() {
        byte[] newest = stored(streamModel.name());
        if (newest == null) {
            if (published != null) {
                // the model was reset, and warms up
                useStart();
            }
            return;
        }
        if (Arrays.equals(newest, published)) {
            return;
        }
        byte[] whole = ModelParts.whole(streamModel.name(), newest, this::stored);
        for (int attempt = 1; whole == null && attempt < ATTEMPTS; attempt++) {
            // a newer version has come while this one was read
            newest = stored(streamModel.name());
            whole = ModelParts.whole(streamModel.name(), newest, this::stored);
        }
        if (whole == null) {
            throw new IllegalStateException("parts of the model '" + streamModel.name() + "' are missing in the store '"
                    + parameters.name()
                    + "'; expected all that its newest record names: the models topic has lost records;"
                    + " delete it and the state of the application, and restart");
        }
        PublishedModel<P> model = json.read(whole);
        use(model.version(), model.parameters(), model.learning());
        published = newest;
    }

    private void refreshOrders() {
        byte[] newest = isWatching() ? stored(ordersKey) : null;
        if (newest != null && !Arrays.equals(newest, publishedOrders)) {
            orders = WatchOrdersJson.read(newest);
            publishedOrders = newest;
        }
    }

    private byte[] stored(String key) {
        return ValueAndTimestamp.getValueOrNull(parameters.get(key));
    }
}
