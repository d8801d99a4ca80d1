package io.onlineem.topology;

import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Contribution;
import io.onlineem.codec.ControlState;
import io.onlineem.codec.ControlStateCodec;
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
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the shared model: blends every {@link Contribution} into its state, maximises and publishes. Before there is a model
 * it collects warm-up samples, each in an entry of its own so that none is written twice, and starts from them once they
 * are enough. An {@link Instruction} is applied between two contributions, in the same transaction as they are.
 */
final class BlendingProcessor<P extends Parameters> implements Processor<String, Object, String, Publication<P>> {

    private static final Logger LOG = LoggerFactory.getLogger(BlendingProcessor.class);

    private static final String STATE = "state";
    private static final String CONTROL = "control";
    private static final String SAMPLE = "sample-";

    private final StreamModel<P> streamModel;
    private final StateCodec<P> codec;
    private final Controls<P> controls = new Controls<>();
    private final String storeName;
    private final Watching watching;
    private final ModelMetrics metrics;

    private ProcessorContext<String, Publication<P>> context;
    private TaskLog log;
    private KeyValueStore<String, byte[]> store;
    private OnlineEm<P> engine;
    private ModelState<P> state;
    private ControlState control;
    private Observations sample;
    private int samples;

    BlendingProcessor(StreamModel<P> streamModel, String storeName, Watching watching, ModelMetrics metrics) {
        this.streamModel = streamModel;
        this.codec = streamModel.stateCodec();
        this.storeName = storeName;
        this.watching = watching;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Publication<P>> newContext) {
        context = newContext;
        log = new TaskLog(streamModel.name(), context.taskId());
        store = context.getStateStore(storeName);
        byte[] storedControl = store.get(CONTROL);
        control = storedControl == null ? ControlState.NONE : ControlStateCodec.decode(storedControl);
        engine = streamModel.engine(control.stepSize());
        byte[] stored = store.get(STATE);
        state = stored != null ? codec.decode(stored) : control.since() > 0 ? null : streamModel.initialState();
        if (state != null) {
            log.with(() -> LOG.info("the model is learned here from now on, from version {} on", state.version()));
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
    public void process(Record<String, Object> message) {
        if (message.value() instanceof Instruction instruction) {
            control(instruction);
            return;
        }
        long begin = System.nanoTime();
        ModelState<P> old = state;
        long before = old == null ? 0 : old.observations();
        if (!learn((Contribution) message.value())) {
            return;
        }
        store.put(STATE, codec.encode(state));
        PublishedModel<P> published = streamModel.publish(streamModel.name(), state);
        log.with(() -> tell(old));
        metrics.learned(published, state.observations() - before, System.nanoTime() - begin);
        publish(published);
    }

    /** Contributions come from partitions that are not equally far; versions are in order, and so are their timestamps. */
    private void publish(PublishedModel<P> published) {
        forward(new Publication.Newest<>(published), Math.max(0, context.currentStreamTimeMs()));
    }

    private void forward(Publication<P> publication, long timestamp) {
        context.forward(new Record<>(streamModel.name(), publication, timestamp));
    }

    @Override
    public void close() {
        metrics.released();
    }

    /** What happens to a model beside learning is worth a line, learning itself is not. */
    private void tell(ModelState<P> old) {
        if (old == null) {
            LOG.info("the model has started from {} observations", state.observations());
            return;
        }
        for (ModelState.Event event : state.events()) {
            if (event.version() > old.version()) {
                LOG.info(
                        "{} in version {}, after {} observations: the mean log-likelihood of a record was {} and is {}{}",
                        event.type().label(),
                        event.version(),
                        event.observations(),
                        event.before(),
                        event.after(),
                        event.components().isEmpty() ? "" : ", components " + event.components());
            }
        }
    }

    /** Whether there are new parameters. */
    private boolean learn(Contribution contribution) {
        return contribution instanceof Contribution.Batch batch
                ? blend(batch)
                : learnFrom(((Contribution.Sample) contribution).records());
    }

    private boolean blend(Contribution.Batch batch) {
        // what was computed with parameters that others have replaced may mean other components
        if (control.paused() || batch.version() < control.since()) {
            skip(batch.statistics().observations());
            return false;
        }
        if (state == null) {
            throw new IllegalStateException("statistics of version " + batch.version() + " of the model '"
                    + streamModel.name() + "' arrived, but its state is gone: the changelog of the store '" + storeName
                    + "' was deleted while the models topic was not; expected both or neither."
                    + " Delete the models topic too and restart, or restore the changelog");
        }
        metrics.arrived(state.version() - batch.version());
        state = engine.blend(state, batch.statistics());
        return true;
    }

    private boolean learnFrom(Observations records) {
        if (control.paused()) {
            skip(records.size());
            return false;
        }
        if (state != null) {
            Statistics statistics = streamModel.model().newStatistics();
            streamModel.model().eStep(state.parameters()).accumulate(records, statistics);
            state = engine.blend(state, statistics);
            return true;
        }
        sample.addAll(records);
        if (sample.size() < streamModel.learning().warmUp()) {
            store.put(SAMPLE + samples, ObservationsCodec.encode(records));
            samples++;
            return false;
        }
        state = engine.start(sample).numbered(Math.max(1, control.since()));
        forgetSample();
        return true;
    }

    private void skip(long observations) {
        metrics.skipped(observations);
        control = control.withSkipped(observations);
        store.put(CONTROL, ControlStateCodec.encode(control));
    }

    private void control(Instruction instruction) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        Watched watched = new Watched(watching, streamModel.name(), null, context.currentStreamTimeMs());
        Controlled<P> before = new Controlled<>(streamModel, streamModel.name(), state, control, watched);
        if (!streamModel.name().equals(instruction.model())) {
            acknowledge(controls.refuse(
                    instruction,
                    "the key is " + (instruction.model() == null ? "missing" : "'" + instruction.model() + "'")
                            + "; expected the name of the model, '" + streamModel.name() + "'",
                    before,
                    place));
            return;
        }
        if (place.partition() != 0) {
            // another task has the model
            acknowledge(controls.refuse(
                    instruction,
                    "the command is in partition " + place.partition() + " of the topic " + place.topic()
                            + "; expected partition 0, since all partitions share one model: give the topic one"
                            + " partition",
                    before,
                    place));
            return;
        }
        Controls.Handled<P> handled = controls.handle(instruction, before, place, context.currentSystemTimeMs());
        if (handled.acknowledgement().outcome() == Acknowledgement.Outcome.APPLIED) {
            Controlled<P> after = handled.after();
            control = after.control();
            engine = after.engine();
            if (after.replaced()) {
                // the records of the warm-up are those of the model that was
                metrics.skipped(sample.size());
                control = control.withSkipped(sample.size());
                forgetSample();
                replace(after.state());
            }
            store.put(CONTROL, ControlStateCodec.encode(control));
            if (!control.orders().equals(before.control().orders())) {
                forward(new Publication.Ordered<>(control.orders()), context.currentSystemTimeMs());
            }
        }
        acknowledge(handled.acknowledgement().withSkipped(control.skipped()));
    }

    private void replace(ModelState<P> replacement) {
        state = replacement;
        if (state == null) {
            store.delete(STATE);
            metrics.released();
            forward(new Publication.Gone<>(), Math.max(0, context.currentStreamTimeMs()));
            return;
        }
        store.put(STATE, codec.encode(state));
        PublishedModel<P> published = streamModel.publish(streamModel.name(), state);
        metrics.restored(published);
        publish(published);
    }

    private void acknowledge(Acknowledgement acknowledgement) {
        metrics.commanded(acknowledgement.outcome());
        log.with(() -> {
            if (acknowledgement.outcome() == Acknowledgement.Outcome.REFUSED) {
                LOG.warn("a command to the model was refused: {}", acknowledgement.reason());
            } else {
                LOG.info(
                        "command {} to the model: {}",
                        acknowledgement.verb(),
                        acknowledgement.outcome().label());
            }
        });
        forward(new Publication.Acknowledged<>(acknowledgement), context.currentSystemTimeMs());
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
