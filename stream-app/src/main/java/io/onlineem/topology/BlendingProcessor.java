package io.onlineem.topology;

import io.onlineem.codec.Contribution;
import io.onlineem.codec.ObservationsCodec;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.StateCodec;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Parameters;
import io.onlineem.em.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Owns the shared model: blends every {@link Contribution} into its state, maximises and publishes. Before there is a model
 * it collects warm-up samples, each in an entry of its own so that none is written twice, and starts from them once they
 * are enough.
 */
final class BlendingProcessor<P extends Parameters>
        implements Processor<String, Contribution, String, PublishedModel<P>> {

    private static final String STATE = "state";
    private static final String SAMPLE = "sample-";

    private final StreamModel<P> streamModel;
    private final OnlineEm<P> engine;
    private final StateCodec<P> codec;
    private final String storeName;
    private final ModelMetrics metrics;

    private ProcessorContext<String, PublishedModel<P>> context;
    private KeyValueStore<String, byte[]> store;
    private ModelState<P> state;
    private Observations sample;
    private int samples;

    BlendingProcessor(StreamModel<P> streamModel, String storeName, ModelMetrics metrics) {
        this.streamModel = streamModel;
        this.engine = streamModel.engine();
        this.codec = streamModel.stateCodec();
        this.storeName = storeName;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, PublishedModel<P>> newContext) {
        context = newContext;
        store = context.getStateStore(storeName);
        byte[] stored = store.get(STATE);
        state = stored == null ? streamModel.initialState() : codec.decode(stored);
        if (state != null) {
            metrics.restored(streamModel.publish(streamModel.name(), state));
        }
        sample = new Observations();
        samples = 0;
        for (byte[] chunk = store.get(SAMPLE + samples); chunk != null; chunk = store.get(SAMPLE + samples)) {
            sample.addAll(ObservationsCodec.decode(chunk));
            samples++;
        }
    }

    @Override
    public void process(Record<String, Contribution> message) {
        long begin = System.nanoTime();
        long before = state == null ? 0 : state.observations();
        if (message.value() instanceof Contribution.Batch batch) {
            blend(batch);
        } else if (message.value() instanceof Contribution.Sample warmUp) {
            learnFrom(warmUp.records());
        }
        if (state == null) {
            return;
        }
        store.put(STATE, codec.encode(state));
        PublishedModel<P> published = streamModel.publish(streamModel.name(), state);
        metrics.learned(published, state.observations() - before, System.nanoTime() - begin);
        // contributions come from partitions that are not equally far; versions are in order, and so are their
        // timestamps
        context.forward(message.withValue(published).withTimestamp(context.currentStreamTimeMs()));
    }

    @Override
    public void close() {
        metrics.released();
    }

    private void blend(Contribution.Batch batch) {
        if (state == null) {
            throw new IllegalStateException("statistics of version " + batch.version() + " of the model '"
                    + streamModel.name() + "' arrived, but its state is gone: the changelog of the store '" + storeName
                    + "' was deleted while the models topic was not; expected both or neither."
                    + " Delete the models topic too and restart, or restore the changelog");
        }
        metrics.arrived(state.version() - batch.version());
        state = engine.blend(state, batch.statistics());
    }

    private void learnFrom(Observations records) {
        if (state != null) {
            Statistics statistics = streamModel.model().newStatistics();
            streamModel.model().eStep(state.parameters()).accumulate(records, statistics);
            state = engine.blend(state, statistics);
            return;
        }
        sample.addAll(records);
        if (sample.size() < streamModel.learning().warmUp()) {
            store.put(SAMPLE + samples, ObservationsCodec.encode(records));
            samples++;
            return;
        }
        state = engine.start(sample);
        forgetSample();
    }

    private void forgetSample() {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (entry.key.startsWith(SAMPLE)) {
                    keys.add(entry.key);
                }
            }
        }
        keys.forEach(store::delete);
        sample = new Observations();
        samples = 0;
    }
}
