package io.onlineem.topology;

import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ObservationReader;
import io.onlineem.observation.ScoredRecord;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What scoring tasks of both scopes have in common: a valid record is scored and counted, an invalid one is forwarded as
 * rejected, with its reason in the headers, and changes nothing else.
 */
abstract class ScoringProcessor<K, V> implements Processor<K, V, Object, Object> {

    /** Largest key and headers, in bytes. */
    private static final long MOST_CARRIED = 256 << 10;

    private final Duration halfInterval;
    private final ObservationReader<V> reader;
    private final Outputs outputs;
    private final StreamModel<?> model;
    private final int width;
    private final Observations scratch = new Observations();
    private Cancellable flushes;

    final ModelMetrics metrics;
    ProcessorContext<Object, Object> context;

    /** Names of the children to which outputs go. */
    record Outputs(String posteriors, String rejected, String learning) {}

    ScoringProcessor(StreamModel<?> model, ObservationReader<V> reader, Outputs outputs, ModelMetrics metrics) {
        this.halfInterval = model.flushInterval().dividedBy(2);
        this.model = model;
        this.width = model.model().width();
        this.reader = reader;
        this.outputs = outputs;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Object, Object> newContext) {
        context = newContext;
    }

    @Override
    public final void process(Record<K, V> message) {
        scratch.clear();
        try {
            requireCarried(message);
            requireValue(message);
            reader.read(message.value(), scratch);
            requireObservation();
            score(message, scratch);
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

    /** Readers are anybody's: what they let through would otherwise be in a committed warm-up before a model refuses it. */
    private void requireObservation() {
        if (scratch.size() != 1) {
            throw new IllegalStateException("the observation reader has added " + scratch.size()
                    + " records; expected exactly one, or an InvalidObservationException");
        }
        if (width > 0) {
            scratch.requireLength(0, width);
        }
        for (int j = 0; j < width; j++) {
            double number = scratch.value(0, j);
            boolean missing = Double.isNaN(number) && model.missingAllowed();
            if (!missing && !(Math.abs(number) <= ObservationReader.LARGEST)) {
                throw new InvalidObservationException(
                        Reason.NOT_FINITE,
                        "number " + j + " of the observation is " + number
                                + "; expected a finite number of magnitude at most " + ObservationReader.LARGEST);
            }
        }
        Problem problem = model.model().problem(scratch, 0);
        if (problem != null) {
            throw new InvalidObservationException(
                    Reason.OUT_OF_DOMAIN,
                    "the field '" + model.spec().features().get(problem.position()) + "' is "
                            + scratch.value(0, problem.position()) + "; expected " + problem.expected());
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
