package io.onlineem.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Scope;
import io.onlineem.em.Parameters;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.topology.ModelMetrics;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of one model in a Micrometer registry; docs/metrics.md lists them.
 *
 * <p>A shared model has gauges of its parameters: they tell what this instance learned last and are {@code NaN} where it
 * has not learned, since one instance at a time blends the statistics of all. Per-key models have sums over all keys only:
 * the number of series depends neither on the data nor on the number of keys.
 *
 * <p>Thread-safe. What is called for every record adds to striped counters; everything else waits until the registry is
 * read.
 */
public final class MicrometerModelMetrics implements ModelMetrics, AutoCloseable {

    /** Components with a series of their own; a dashboard cannot show more. */
    static final int MAX_COMPONENT_SERIES = 32;

    /** Half-life of the recent mean log-likelihood. */
    static final Duration HALF_LIFE = Duration.ofMinutes(1);

    private static final String WEIGHTS = "weights";

    private final MeterRegistry registry;
    private final Clock clock;
    private final List<Meter> meters = new ArrayList<>();

    private final LongAdder scored = new LongAdder();
    private final LongAdder warmingUp = new LongAdder();
    private final Map<Reason, LongAdder> rejected = new EnumMap<>(Reason.class);
    private final LongAdder batches = new LongAdder();
    private final LongAdder learned = new LongAdder();
    private final RecentMean recent;
    private final Timer learning;
    private final boolean shared;

    private volatile Learned newest;
    private volatile Weights weights = new Weights(null, new double[0]);

    /** What was learned last, and when by the registry's clock. */
    private record Learned(PublishedModel<?> model, long nanoTime) {}

    /** Weights of some parameters: to look them up once per version, not once per series. */
    private record Weights(Parameters of, double[] values) {}

    /**
     * Registers the metrics of a model.
     *
     * @param registry where; its clock tells ages
     * @param model name of the model, the tag of all its metrics
     * @param scope shared models have gauges of their parameters
     * @param components number of components of the model; the first 32 have a series each
     */
    public MicrometerModelMetrics(MeterRegistry registry, String model, Scope scope, int components) {
        this.registry = registry;
        this.clock = registry.config().clock();
        this.recent = new RecentMean(HALF_LIFE, clock::monotonicTime);
        this.shared = scope == Scope.SHARED;
        Tags tags = Tags.of("model", model);

        String observations = "Valid observations, by whether there was a model to score them with";
        counter("online.em.observations", observations, tags.and("status", "scored"), scored);
        counter("online.em.observations", observations, tags.and("status", "warming-up"), warmingUp);
        for (Reason reason : Reason.values()) {
            rejected.put(reason, new LongAdder());
            counter(
                    "online.em.rejected",
                    "Records that are not valid observations, by reason",
                    tags.and("reason", reason.label()),
                    rejected.get(reason));
        }
        counter(
                "online.em.batches",
                "Mini-batches blended into a model; a start from a warm-up counts as one",
                tags,
                batches);
        counter("online.em.learned.observations", "Observations learned from", tags, learned);
        learning = Timer.builder("online.em.learning")
                .description("Time to blend a mini-batch, maximise and store the model")
                .tags(tags)
                .serviceLevelObjectives(buckets())
                .register(registry);
        meters.add(learning);
        gauge(
                "online.em.recent.mean.log.likelihood",
                "Mean log-likelihood of the records scored of late; a record's weight halves every minute",
                "nats",
                tags,
                metrics -> metrics.recent.mean());
        if (shared) {
            sharedGauges(tags, components);
        }
    }

    private void sharedGauges(Tags tags, int components) {
        modelGauge("online.em.parameter.version", "Version of the parameters", null, tags, PublishedModel::version);
        gauge(
                "online.em.parameter.age",
                "Time since the parameters changed",
                "seconds",
                tags,
                metrics -> metrics.parameterAge());
        modelGauge(
                "online.em.model.observations",
                "Observations that the model has counted since its start, on all instances",
                null,
                tags,
                PublishedModel::observations);
        modelGauge(
                "online.em.step.size", "Step size of the newest observation", "ratio", tags, PublishedModel::stepSize);
        modelGauge(
                "online.em.mean.log.likelihood",
                "Prequential mean log-likelihood per record since the start: each scored before it was learned from",
                "nats",
                tags,
                PublishedModel::meanLogLikelihood);
        for (int k = 0; k < Math.min(components, MAX_COMPONENT_SERIES); k++) {
            int component = k;
            gauge(
                    "online.em.component.weight",
                    "Weight of a component, counted from 0; the first " + MAX_COMPONENT_SERIES + " only",
                    "ratio",
                    tags.and("component", Integer.toString(k)),
                    metrics -> metrics.weight(component));
        }
    }

    private static Duration[] buckets() {
        return new Duration[] {
            Duration.of(100, ChronoUnit.MICROS),
            Duration.of(300, ChronoUnit.MICROS),
            Duration.ofMillis(1),
            Duration.ofMillis(3),
            Duration.ofMillis(10),
            Duration.ofMillis(30),
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofSeconds(1)
        };
    }

    private void counter(String name, String description, Tags tags, LongAdder adder) {
        meters.add(FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void modelGauge(
            String name, String description, String unit, Tags tags, ToDoubleFunction<PublishedModel<?>> value) {
        gauge(name, description, unit, tags, metrics -> {
            Learned last = metrics.newest;
            return last == null ? Double.NaN : value.applyAsDouble(last.model());
        });
    }

    private void gauge(
            String name, String description, String unit, Tags tags, ToDoubleFunction<MicrometerModelMetrics> value) {
        meters.add(Gauge.builder(name, this, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }

    private double parameterAge() {
        Learned last = newest;
        return last == null
                ? Double.NaN
                : (clock.monotonicTime() - last.nanoTime()) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private double weight(int component) {
        Learned last = newest;
        if (last == null) {
            return Double.NaN;
        }
        Parameters parameters = last.model().parameters();
        Weights known = weights;
        if (known.of() != parameters) {
            known = new Weights(
                    parameters, parameters.fields().get(WEIGHTS) instanceof double[] values ? values : new double[0]);
            weights = known;
        }
        return component < known.values().length ? known.values()[component] : Double.NaN;
    }

    @Override
    public void scored(double logLikelihood) {
        scored.increment();
        recent.add(logLikelihood);
    }

    @Override
    public void warmingUp() {
        warmingUp.increment();
    }

    @Override
    public void rejected(Reason reason) {
        rejected.get(reason).increment();
    }

    @Override
    public void learned(PublishedModel<?> model, long observations, long nanoseconds) {
        batches.increment();
        learned.add(observations);
        learning.record(nanoseconds, TimeUnit.NANOSECONDS);
        if (shared) {
            newest = new Learned(model, clock.monotonicTime());
        }
    }

    @Override
    public void restored(PublishedModel<?> model) {
        if (shared) {
            newest = new Learned(model, clock.monotonicTime());
        }
    }

    @Override
    public void released() {
        newest = null;
    }

    /** Removes the metrics from the registry. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
