package io.onlineem.topology;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.StateCodec;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Parameters;
import io.onlineem.em.StepSize;
import java.time.Duration;

/**
 * A model on a stream: what is learned, how, and under which name. Immutable.
 *
 * @param <P> the parameters
 */
public final class StreamModel<P extends Parameters> {

    private final String name;
    private final ModelSpec spec;
    private final OnlineEm<P> engine;
    private final P start;
    private final Duration flushInterval;
    private final boolean missingAllowed;

    private StreamModel(
            String name, ModelSpec spec, OnlineEm<P> engine, P start, Duration flushInterval, boolean missingAllowed) {
        this.name = name;
        this.spec = spec;
        this.engine = engine;
        this.start = start;
        this.flushInterval = flushInterval;
        this.missingAllowed = missingAllowed;
    }

    /** A model that starts from a warm-up sample; mini-batches that are not full are learned from after a second. */
    public static StreamModel<?> of(String name, ModelSpec spec, Learning learning) {
        requireName(name);
        return of(name, spec, spec.build(), learning);
    }

    private static <P extends Parameters> StreamModel<P> of(
            String name, ModelSpec spec, Model<P> model, Learning learning) {
        return new StreamModel<>(name, spec, new OnlineEm<>(model, learning), null, Duration.ofSeconds(1), false);
    }

    private static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("the model's name is '" + name
                    + "'; expected 1 to 100 letters, digits, dots, underscores and hyphens,"
                    + " since topics and stores are named after it");
        }
    }

    /**
     * The same, started from parameters: no warm-up.
     *
     * @param json what {@code fit} prints, a record of the models topic, or bare parameters
     */
    public StreamModel<P> startedFrom(byte[] json) {
        return new StreamModel<>(
                name, spec, engine, FitJson.readStart(json, spec, model()), flushInterval, missingAllowed);
    }

    /**
     * The same, started from parameters: no warm-up.
     *
     * @throws IllegalArgumentException if they are not parameters of this model
     */
    public StreamModel<P> startedFrom(Fields parameters) {
        return new StreamModel<>(name, spec, engine, model().read(parameters), flushInterval, missingAllowed);
    }

    /**
     * The same, with another bound on how long a mini-batch waits to be full.
     *
     * @param interval zero for ever: learning then depends on the records alone and is the same on every replay
     */
    public StreamModel<P> flushedAfter(Duration interval) {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("the flush interval is " + interval + "; expected zero or more");
        }
        return new StreamModel<>(name, spec, engine, start, interval, missingAllowed);
    }

    /**
     * The same, but values of an observation may be missing: {@code NaN} is then one that was not observed, and no error.
     *
     * @throws IllegalArgumentException if the model does not take missing values
     */
    public StreamModel<P> withMissingValues() {
        if (!model().acceptsMissing()) {
            throw new IllegalArgumentException(
                    "the model '" + name + "' takes no missing values; expected one that does");
        }
        return new StreamModel<>(name, spec, engine, start, flushInterval, true);
    }

    /** Whether {@code NaN} stands for a missing value, and is no error. */
    boolean missingAllowed() {
        return missingAllowed;
    }

    /** The name under which it is published; names its stores too. */
    public String name() {
        return name;
    }

    /** What is learned. */
    public ModelSpec spec() {
        return spec;
    }

    /** How it is learned. */
    public Learning learning() {
        return engine.learning();
    }

    /** How long a mini-batch waits to be full; zero for ever. */
    public Duration flushInterval() {
        return flushInterval;
    }

    Model<P> model() {
        return engine.model();
    }

    OnlineEm<P> engine() {
        return engine;
    }

    /** The driver with another step size; null for the configured one. */
    OnlineEm<P> engine(StepSize stepSize) {
        return stepSize == null ? engine : new OnlineEm<>(model(), learning().withStepSize(stepSize));
    }

    /** The state it begins with: of the given parameters, or null if it has to warm up. */
    ModelState<P> initialState() {
        return start == null ? null : engine.startFrom(start);
    }

    /** The same, from another driver. */
    ModelState<P> initialState(OnlineEm<P> driver) {
        return start == null ? null : driver.startFrom(start);
    }

    StateCodec<P> stateCodec() {
        return new StateCodec<>(spec, model());
    }

    ModelJson<P> modelJson() {
        return new ModelJson<>(spec, model());
    }

    PublishedModel<P> publish(String publishedName, ModelState<P> state) {
        return PublishedModel.of(publishedName, spec, state);
    }
}
