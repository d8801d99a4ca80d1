package io.onlineem.topology;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.WatchOrders;
import io.onlineem.em.Block;
import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.observation.Alert;
import io.onlineem.observation.Differences;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ObservationReader;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.store.CommitSignal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What scoring tasks of both scopes have in common: a valid record is scored and counted, an invalid one is forwarded as
 * rejected, with its reason in the headers, and changes nothing else.
 */
abstract class ScoringProcessor<K, V> implements Processor<K, V, Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(ScoringProcessor.class);

    /** Largest key and headers, in bytes. */
    private static final long MOST_CARRIED = 256 << 10;

    private final Duration halfInterval;
    private final Input<K, V> input;
    private final Outputs outputs;
    private final StreamModel<?> model;
    private final int width;
    private final ObservationChecks checks;
    private final Observations read = new Observations();
    private final Observations differenced = new Observations();
    private final CommitSignal signal;
    private final Set<Reason> told = EnumSet.noneOf(Reason.class);
    private TaskLog log;
    private KeyValueStore<Bytes, byte[]> previous;
    private KeyValueStore<Integer, byte[]> signalStore;
    private LiveSequences sequences;
    private AnomalyWatch watch;
    private Cancellable flushes;

    /** Whether the stores will be written before the next commit. */
    private boolean raised;

    /** Records since one was timed, and when the one to be timed was taken up. */
    private int sinceTimed = ModelMetrics.TIMED_RECORDS;

    private long takenUp;

    /** What the model sees of the record at hand, and its sequence; null without memory. */
    private Observations observed;

    private String observedSequence;

    final ModelMetrics metrics;
    private final RecordSampler sampler;
    ProcessorContext<Object, Object> context;

    /**
     * Where observations come from.
     *
     * @param reader makes them of values
     * @param keyName names the sequence, and in the scope per-key the model, of a key
     * @param differences what of an observation is the difference from the previous one of its key
     * @param previousStore name of the store of what is kept of that; unused without differences
     * @param sequences when sequences end; of no concern to models without memory
     * @param sequencesStore name of the store of sequences; unused without memory
     * @param watching whether and how records are watched for anomalies
     * @param watchStore name of the store of what is kept of that; unused where they are not
     */
    record Input<K, V>(
            ObservationReader<V> reader,
            Function<? super K, String> keyName,
            Differences differences,
            String previousStore,
            Sequences sequences,
            String sequencesStore,
            Watching watching,
            String watchStore) {}

    /**
     * Names of the children to which outputs go.
     *
     * @param smoothed null if nothing is smoothed
     * @param alerts null if nothing is watched
     */
    record Outputs(String posteriors, String rejected, String learning, String smoothed, String alerts) {}

    /** @param signal tells when to write what is kept in memory */
    ScoringProcessor(
            StreamModel<?> model, Input<K, V> input, CommitSignal signal, Outputs outputs, ModelMetrics metrics) {
        this.halfInterval = model.flushInterval().dividedBy(2);
        this.model = model;
        this.width = model.model().width();
        this.checks = new ObservationChecks(model);
        this.input = input;
        this.signal = signal;
        this.outputs = outputs;
        this.metrics = metrics;
        this.sampler = metrics.sampler();
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        context = newContext;
        log = new TaskLog(model.name(), context.taskId());
        log.with(() -> LOG.debug("records of this partition are scored here from now on"));
        if (!input.differences().isEmpty()) {
            previous = context.getStateStore(input.previousStore());
        }
        if (isSequential()) {
            sequences = new LiveSequences(
                    context.getStateStore(input.sequencesStore()),
                    model.learning().blocks(),
                    model.model().memoryLength(),
                    width);
        }
        if (input.watching().isOn()) {
            watch = new AnomalyWatch(
                    model, input.watching(), context.getStateStore(input.watchStore()), metrics, this::forwardAlert);
        }
        signalStore = context.getStateStore(signal.name());
        signal.listen(context.taskId(), this::write);
        raised = false;
    }

    /** Whether the model carries memory along sequences. */
    final boolean isSequential() {
        return model.model().memoryLength() > 0;
    }

    /** Whether smoothed posteriors are asked for. */
    final boolean isSmoothed() {
        return outputs.smoothed() != null;
    }

    @Override
    public final void process(Record<K, V> message) {
        if (message.value() instanceof Instruction instruction) {
            control(instruction);
            return;
        }
        if (++sinceTimed >= ModelMetrics.TIMED_RECORDS) {
            takenUp = System.nanoTime();
        }
        read.clear();
        try {
            requireCarried(message);
            requireValue(message);
            input.reader().read(message.value(), read);
            checks.requireOne(read);
            Observations observation = previous == null ? read : difference(message);
            checks.requireValid(observation);
            // before the season is learned from: a record that is refused changes nothing
            observedSequence = sequences == null ? null : sequenceName(message, "the records of a key are a sequence");
            if (watch != null) {
                observation = watch.begin(watchedStream(message), message.timestamp(), observation);
            }
            observed = observation;
            if (sequences == null) {
                score(message, observation);
            } else {
                scoreAlong(message, observation);
            }
        } catch (InvalidObservationException e) {
            metrics.rejected(e.reason());
            tell(e.reason());
            context.forward(
                    message.withHeaders(RejectionHeaders.of(message.headers(), e, context.recordMetadata())),
                    outputs.rejected());
        }
    }

    /** Once for each reason, since a stream may hold nothing else; without the values, which may be anybody's data. */
    private void tell(Reason reason) {
        if (!told.add(reason)) {
            return;
        }
        log.with(() -> LOG.warn(
                "the record {} was rejected: {}. Its dead letter says more; others that are rejected here for the same reason"
                        + " are not told of, but counted in the metrics",
                context.recordMetadata()
                        .map(source -> source.topic() + "-" + source.partition() + "@" + source.offset())
                        .orElse("at hand"),
                reason.label()));
    }

    /** A posterior that its topic does not take would stop the stream. */
    private static void requireCarried(Record<?, ?> message) {
        long bytes = RecordSize.ofKeyAndHeaders(message.key(), message.headers());
        if (bytes > MOST_CARRIED) {
            throw new InvalidObservationException(
                    Reason.TOO_LARGE,
                    "the key and the headers have " + bytes + " bytes; expected at most " + MOST_CARRIED
                            + ", since the posterior carries them too");
        }
    }

    private static void requireValue(Record<?, ?> message) {
        if (message.value() == null) {
            throw new InvalidObservationException(
                    Reason.ABSENT_VALUE, "the record has no value; expected one that holds an observation");
        }
    }

    /** What is kept of a record is changed even if the model refuses it: it was read, and the next one follows it. */
    private Observations difference(Record<K, V> message) {
        String name = sequenceName(message, "differences are taken along the records of a key");
        Bytes key = Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
        byte[] kept = previous.get(key);
        differenced.clear();
        input.differences().append(read, 0, kept == null ? null : numbers(kept), differenced);
        previous.put(key, bytes(input.differences().raw(read, 0)));
        return differenced;
    }

    private String sequenceName(Record<K, V> message, String why) {
        String name = input.reader().sequence();
        if (name != null) {
            return name;
        }
        if (message.key() == null) {
            throw new InvalidObservationException(
                    Reason.ABSENT_KEY, "the record has no key; expected one, since " + why);
        }
        return input.keyName().apply(message.key());
    }

    /** The key or the sequence, or the partition where all of its records are watched together. */
    private String watchedStream(Record<K, V> message) {
        String part = input.watching().perKey() || isPerKey()
                ? sequenceName(message, "the records of a key are watched by themselves")
                : Integer.toString(context.taskId().partition());
        return model.name() + "/" + part;
    }

    /** Whether every key has a model of its own. */
    abstract boolean isPerKey();

    /** Keeps what a sequence carries, before its next record is scored: reasons are found from there. */
    final void keepMemory(Sequence sequence) {
        if (watch != null) {
            sequence.copyMemory(watch.before());
        }
    }

    /**
     * How unusual the record at hand is; afterwards the observation weighs as much as is to be learned of it.
     *
     * @param orders what those who watch were told
     * @return null if nothing is watched, or the record was not scored
     */
    final Anomaly watch(WatchOrders orders, long version, EStep scoring, Posterior posterior) {
        if (watch == null) {
            return null;
        }
        writeBeforeCommit();
        return watch.observe(orders, version, scoring, posterior);
    }

    final boolean isWatching() {
        return input.watching().isOn();
    }

    /** What commands can ask of those who watch. */
    final Watched watched(String modelName) {
        return new Watched(
                input.watching(),
                modelName,
                watch == null ? feedback -> Optional.empty() : watch::unknown,
                context.currentStreamTimeMs());
    }

    private void forwardAlert(Alert alert, long time) {
        writeBeforeCommit();
        context.forward(new Record<>(alert.stream(), alert, Math.max(0, time)), outputs.alerts());
    }

    private static double[] numbers(byte[] bytes) {
        double[] numbers = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(numbers);
        return numbers;
    }

    private static byte[] bytes(double[] numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Double.BYTES);
        buffer.asDoubleBuffer().put(numbers);
        return buffer.array();
    }

    private void scoreAlong(Record<K, V> message, Observations observation) {
        String name = observedSequence;
        Sequence sequence = sequences.get(name);
        Sequences.Place place = input.sequences().place(sequence.newest(), message.timestamp());
        if (place == Sequences.Place.APART) {
            Sequence apart = sequences.apart(name);
            score(message, observation, apart);
            end(apart, message.timestamp());
        } else {
            if (place == Sequences.Place.FIRST) {
                end(sequence, message.timestamp());
            }
            score(message, observation, sequence);
            sequences.changed();
        }
        writeBeforeCommit();
        if (input.sequences().expire()) {
            long streamTime = context.currentStreamTimeMs();
            long after = input.sequences().expireAfter().toMillis();
            forget(sequences.expiredAfterRecord(streamTime, after), streamTime);
        }
    }

    /** Goes on with the search for expired sequences where no record comes. */
    private void expire() {
        if (sequences != null && input.sequences().expire()) {
            long streamTime = context.currentStreamTimeMs();
            forget(sequences.expired(streamTime, input.sequences().expireAfter().toMillis()), streamTime);
        }
    }

    private void forget(List<Sequence> expired, long streamTime) {
        for (Sequence sequence : expired) {
            end(sequence, streamTime);
            sequences.forget(sequence);
        }
    }

    /** What is kept in memory will be written before the next commit. */
    final void writeBeforeCommit() {
        if (!raised) {
            raised = true;
            CommitSignal.raise(signalStore);
        }
    }

    private void write() {
        raised = false;
        if (sequences != null) {
            sequences.write();
        }
        if (watch != null) {
            watch.write();
        }
        writeBatch();
    }

    /** Writes what has changed in the mini-batches since the last time. */
    abstract void writeBatch();

    /** Scores and counts one valid observation of a sequence. */
    abstract void score(Record<K, V> message, Observations observation, Sequence sequence);

    /** Counts what is left of a sequence that has ended. */
    abstract void end(Sequence sequence, long timestamp);

    /**
     * Scores and counts one valid observation of a model without memory.
     *
     * @throws InvalidObservationException before anything has changed, if the record is not valid after all
     */
    abstract void score(Record<K, V> message, Observations observation);

    /** Applies a command to a model that this task owns. */
    void control(Instruction instruction) {
        throw new IllegalStateException("a command to '" + instruction.model() + "' came to a task that owns no model");
    }

    /** Looks twice per flush interval, so that no mini-batch waits longer than one. */
    final void schedule(Punctuator flushOlder) {
        if (halfInterval.toMillis() > 0) {
            flushes = context.schedule(halfInterval, PunctuationType.WALL_CLOCK_TIME, now -> {
                expire();
                if (watch != null && watch.expire(context.currentStreamTimeMs())) {
                    writeBeforeCommit();
                }
                flushOlder.punctuate(now);
            });
        }
    }

    /** A task that is suspended or revived closes and initialises the same processor again, but keeps its schedules. */
    @Override
    public final void close() {
        if (flushes != null) {
            flushes.cancel();
            flushes = null;
        }
    }

    final boolean hasWaited(long since, long now) {
        return now - since >= halfInterval.toMillis();
    }

    final void forwardScored(Record<K, V> message, ScoredRecord scored) {
        if (scored.isWarmingUp()) {
            metrics.warmingUp();
        } else {
            metrics.scored(scored.posterior().logLikelihood());
            if (sinceTimed >= ModelMetrics.TIMED_RECORDS) {
                sinceTimed = 0;
                metrics.timed(
                        System.nanoTime() - takenUp, Math.max(0, context.currentSystemTimeMs() - message.timestamp()));
            }
        }
        if (sampler.wants(observedSequence, scored)) {
            sampler.keep(shownKey(message), message.timestamp(), observed, scored);
        }
        context.forward(message.withValue(scored), outputs.posteriors());
    }

    private String shownKey(Record<K, V> message) {
        if (observedSequence != null) {
            return observedSequence;
        }
        return message.key() == null ? "" : input.keyName().apply(message.key());
    }

    /** Forwards the smoothed posteriors of the records that were scored, with their times. */
    final void forwardSmoothed(Block block, List<Posterior> posteriors, String name, long version) {
        for (int i = 0; i < block.counted(); i++) {
            if (!Double.isNaN(block.logLikelihoods()[i])) {
                context.forward(
                        new Record<>(
                                block.sequence(),
                                new ScoredRecord(name, version, posteriors.get(i)),
                                Math.max(0, block.times()[i])),
                        outputs.smoothed());
            }
        }
    }

    final void forwardLearning(Record<?, ?> learning) {
        context.forward(
                learning.withKey((Object) learning.key()).withValue((Object) learning.value()), outputs.learning());
    }
}
