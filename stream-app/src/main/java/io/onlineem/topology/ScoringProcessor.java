package io.onlineem.topology;

import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import io.onlineem.observation.Differences;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ObservationReader;
import io.onlineem.observation.ScoredRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What scoring tasks of both scopes have in common: a valid record is scored and counted, an invalid one is forwarded as
 * rejected, with its reason in the headers, and changes nothing else.
 */
abstract class ScoringProcessor<K, V> implements Processor<K, V, Object, Object> {

    /** Largest key and headers, in bytes. */
    private static final long MOST_CARRIED = 256 << 10;

    private final Duration halfInterval;
    private final Input<K, V> input;
    private final Outputs outputs;
    private final StreamModel<?> model;
    private final int width;
    private final Observations read = new Observations();
    private final Observations differenced = new Observations();
    private KeyValueStore<Bytes, byte[]> previous;
    private Cancellable flushes;

    final ModelMetrics metrics;
    ProcessorContext<Object, Object> context;

    /**
     * Where observations come from.
     *
     * @param reader makes them of values
     * @param keyName names the sequence, and in the scope per-key the model, of a key
     * @param differences what of an observation is the difference from the previous one of its key
     * @param previousStore name of the store of what is kept of that; unused without differences
     */
    record Input<K, V>(
            ObservationReader<V> reader,
            Function<? super K, String> keyName,
            Differences differences,
            String previousStore) {}

    /** Names of the children to which outputs go. */
    record Outputs(String posteriors, String rejected, String learning) {}

    ScoringProcessor(StreamModel<?> model, Input<K, V> input, Outputs outputs, ModelMetrics metrics) {
        this.halfInterval = model.flushInterval().dividedBy(2);
        this.model = model;
        this.width = model.model().width();
        this.input = input;
        this.outputs = outputs;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        context = newContext;
        if (!input.differences().isEmpty()) {
            previous = context.getStateStore(input.previousStore());
        }
    }

    @Override
    public final void process(Record<K, V> message) {
        read.clear();
        try {
            requireCarried(message);
            requireValue(message);
            input.reader().read(message.value(), read);
            requireOne();
            Observations observation = previous == null ? read : difference(message);
            requireObservation(observation);
            score(message, observation);
        } catch (InvalidObservationException e) {
            metrics.rejected(e.reason());
            context.forward(
                    message.withHeaders(RejectionHeaders.of(message.headers(), e, context.recordMetadata())),
                    outputs.rejected());
        }
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
        if (message.key() == null) {
            throw new InvalidObservationException(
                    Reason.ABSENT_KEY,
                    "the record has no key; expected one, since differences are taken along the records of a key");
        }
        Bytes key = Bytes.wrap(input.keyName().apply(message.key()).getBytes(StandardCharsets.UTF_8));
        byte[] kept = previous.get(key);
        differenced.clear();
        input.differences().append(read, 0, kept == null ? null : numbers(kept), differenced);
        previous.put(key, bytes(input.differences().raw(read, 0)));
        return differenced;
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

    private void requireOne() {
        if (read.size() != 1) {
            throw new IllegalStateException("the observation reader has added " + read.size()
                    + " records; expected exactly one, or an InvalidObservationException");
        }
        if (width > 0) {
            read.requireLength(0, width);
        }
    }

    /** Readers are anybody's: what they let through would otherwise be in a committed warm-up before a model refuses it. */
    private void requireObservation(Observations observation) {
        for (int j = 0; j < width; j++) {
            double number = observation.value(0, j);
            boolean missing = Double.isNaN(number) && model.missingAllowed();
            if (!missing && !(Math.abs(number) <= ObservationReader.LARGEST)) {
                throw new InvalidObservationException(
                        Reason.NOT_FINITE,
                        "number " + j + " of the observation is " + number
                                + "; expected a finite number of magnitude at most " + ObservationReader.LARGEST);
            }
        }
        Problem problem = model.model().problem(observation, 0);
        if (problem != null) {
            throw InvalidObservationException.of(problem, model.spec().features(), observation, 0);
        }
    }

    /**
     * Scores and counts one valid observation.
     *
     * @throws InvalidObservationException before anything has changed, if the record is not valid after all
     */
    abstract void score(Record<K, V> message, Observations observation);

    /** Looks twice per flush interval, so that no mini-batch waits longer than one. */
    final void schedule(Punctuator flushOlder) {
        if (halfInterval.toMillis() > 0) {
            flushes = context.schedule(halfInterval, PunctuationType.WALL_CLOCK_TIME, flushOlder);
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
        }
        context.forward(message.withValue(scored), outputs.posteriors());
    }

    final void forwardLearning(Record<?, ?> learning) {
        context.forward(
                learning.withKey((Object) learning.key()).withValue((Object) learning.value()), outputs.learning());
    }
}
