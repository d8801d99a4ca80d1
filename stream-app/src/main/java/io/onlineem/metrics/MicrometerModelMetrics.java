package io.onlineem.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.onlineem.anomaly.Incident;
import io.onlineem.catalog.Components;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Scope;
import io.onlineem.em.ModelState;
import io.onlineem.em.Parameters;
import io.onlineem.observation.Alert;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.topology.ModelMetrics;
import io.onlineem.topology.ModelWatcher;
import io.onlineem.topology.RecordSampler;
import io.onlineem.topology.StreamModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

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

    /** Components with a series of their own. */
    static final int MAX_COMPONENT_SERIES = 32;

    /** Half-life of the recent mean log-likelihood. */
    static final Duration HALF_LIFE = Duration.ofMinutes(1);

    /** Means with a series of their own, of all components and fields together; deviations as many. */
    static final int MAX_MEAN_SERIES = 256;

    private final MeterRegistry registry;
    private final Clock clock;
    private final List<Meter> meters = new ArrayList<>();

    private final LongAdder scored = new LongAdder();
    private final LongAdder warmingUp = new LongAdder();
    private final Map<Acknowledgement.Outcome, LongAdder> commands = new EnumMap<>(Acknowledgement.Outcome.class);
    private final LongAdder skipped = new LongAdder();
    private final LongAdder anomalous = new LongAdder();
    private final Map<Incident.Status, LongAdder> incidents = new EnumMap<>(Incident.Status.class);
    private final Map<Reason, LongAdder> rejected = new EnumMap<>(Reason.class);
    private final Map<ModelState.Event.Type, LongAdder> events = new EnumMap<>(ModelState.Event.Type.class);
    private final LongAdder started = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder maximised = new LongAdder();
    private final LongAdder learned = new LongAdder();
    private final RecentMean recent;
    private final Timer scoring;
    private final Timer posterior;
    private final Timer learning;
    private final boolean shared;
    private final long firstMStep;

    private volatile ModelWatcher watcher = ModelWatcher.NONE;
    private volatile Learned newest;
    private volatile double inFlight = Double.NaN;
    private volatile Described described = new Described(null, Optional.empty());

    /** What was learned last, and when by the registry's clock. */
    private record Learned(PublishedModel<?> model, long nanoTime) {}

    /** Components of some parameters: to work them out once per version, not once per series. */
    private record Described(Parameters of, Optional<Components> components) {}

    /**
     * Registers the metrics of a model.
     *
     * @param registry where; its clock tells ages
     * @param model the model, whose name is the tag of all its metrics
     * @param scope shared models have gauges of their parameters
     */
    public MicrometerModelMetrics(MeterRegistry registry, StreamModel<?> model, Scope scope) {
        this.registry = registry;
        this.clock = registry.config().clock();
        this.recent = new RecentMean(HALF_LIFE, clock::monotonicTime);
        this.shared = scope == Scope.SHARED;
        this.firstMStep = model.learning().firstMStep();
        Tags tags = Tags.of("model", model.name());

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
        for (Acknowledgement.Outcome outcome : Acknowledgement.Outcome.values()) {
            commands.put(outcome, new LongAdder());
            counter(
                    "online.em.commands",
                    "Commands that were acknowledged, by what became of them",
                    tags.and("outcome", outcome.label()),
                    commands.get(outcome));
        }
        counter(
                "online.em.skipped.observations",
                "Observations that were scored and will not be learned from: in a pause, or replaced with their model",
                tags,
                skipped);
        counter("online.em.anomalies", "Scored records that belong to an incident", tags, anomalous);
        for (Incident.Status status : Incident.Status.values()) {
            incidents.put(status, new LongAdder());
            counter(
                    "online.em.incidents",
                    "What has become of incidents",
                    tags.and("status", status.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                    incidents.get(status));
        }
        for (ModelState.Event.Type type : ModelState.Event.Type.values()) {
            events.put(type, new LongAdder());
            counter(
                    "online.em.events",
                    "What has happened to a model beside learning, such as drift",
                    tags.and("type", kebab(type.label())),
                    events.get(type));
        }
        counter("online.em.models.started", "Models that have ended their warm-up", tags, started);
        counter(
                "online.em.batches",
                "Mini-batches blended into a model; a start from a warm-up counts as one",
                tags,
                batches);
        counter("online.em.m.steps", "M-steps: how often parameters were changed", tags, maximised);
        counter("online.em.learned.observations", "Observations learned from", tags, learned);
        scoring = timer(
                "online.em.scoring",
                "Time to read and score a record; one record in " + TIMED_RECORDS,
                tags,
                TimeUnit.MICROSECONDS,
                1,
                3,
                10,
                30,
                100,
                300,
                1_000,
                10_000,
                100_000);
        posterior = timer(
                "online.em.posterior",
                "Time from the timestamp of a record to its posterior; one record in " + TIMED_RECORDS,
                tags,
                TimeUnit.MILLISECONDS,
                1,
                3,
                10,
                30,
                100,
                300,
                1_000,
                3_000,
                10_000,
                30_000,
                100_000,
                300_000,
                3_600_000);
        learning = timer(
                "online.em.learning",
                "Time to blend a mini-batch, maximise and store the model",
                tags,
                TimeUnit.MICROSECONDS,
                100,
                300,
                1_000,
                3_000,
                10_000,
                30_000,
                100_000,
                300_000,
                1_000_000);
        gauge(
                "online.em.recent.mean.log.likelihood",
                "Mean log-likelihood of the records scored of late; a record's weight halves every minute",
                "nats",
                tags,
                metrics -> metrics.recent.mean());
        gauge(
                "online.em.parameter.age",
                "Time since parameters changed here: of the shared model, or of any of the per-key ones",
                "seconds",
                tags,
                metrics -> metrics.parameterAge());
        if (shared) {
            modelGauges(tags);
            if (ModelSpec.hasFamilies(model.spec().type())) {
                componentGauges(tags, model.spec());
            }
        }
    }

    /** As Prometheus' label values are written, {@code merge-and-split}. */
    private static String kebab(String label) {
        return label.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private void modelGauges(Tags tags) {
        modelGauge("online.em.parameter.version", "Version of the parameters", null, tags, PublishedModel::version);
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
        gauge(
                "online.em.batches.in.flight",
                "Mini-batches that were blended while the newest one was on its way",
                null,
                tags,
                metrics -> metrics.inFlight);
    }

    private void componentGauges(Tags tags, ModelSpec spec) {
        int components = Math.min(spec.components(), MAX_COMPONENT_SERIES);
        List<Integer> numeric = Components.numericFeatures(spec);
        List<Integer> shown = numeric.subList(0, Math.min(numeric.size(), MAX_MEAN_SERIES / components));
        for (int k = 0; k < components; k++) {
            int component = k;
            Tags ofComponent = tags.and("component", Integer.toString(k));
            componentGauge(
                    "online.em.component.weight",
                    "Weight of a component, or the share of a state in the long run; the first " + MAX_COMPONENT_SERIES,
                    "ratio",
                    ofComponent,
                    all -> all.weights()[component]);
            for (int feature : shown) {
                Tags ofField = ofComponent.and("field", spec.features().get(feature));
                componentGauge(
                        "online.em.component.mean",
                        "Mean of a field under a component, in the field's unit; the first " + MAX_MEAN_SERIES,
                        null,
                        ofField,
                        all -> all.means()[component][feature]);
                componentGauge(
                        "online.em.component.deviation",
                        "Standard deviation of a field under a component; as many",
                        null,
                        ofField,
                        all -> all.deviations()[component][feature]);
            }
        }
    }

    private Timer timer(String name, String description, Tags tags, TimeUnit unit, long... boundaries) {
        Timer timer = Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(LongStream.of(boundaries)
                        .mapToObj(boundary -> Duration.of(boundary, unit.toChronoUnit()))
                        .toArray(Duration[]::new))
                .register(registry);
        meters.add(timer);
        return timer;
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

    private void componentGauge(
            String name, String description, String unit, Tags tags, Function<Components, Double> value) {
        gauge(name, description, unit, tags, metrics -> metrics.components()
                .map(value)
                .orElse(Double.NaN));
    }

    private Optional<Components> components() {
        Learned last = newest;
        if (last == null) {
            return Optional.empty();
        }
        Parameters parameters = last.model().parameters();
        Described known = described;
        if (known.of() != parameters) {
            known = new Described(parameters, Components.of(last.model().spec(), parameters));
            described = known;
        }
        return known.components();
    }

    @Override
    public void scored(double logLikelihood) {
        scored.increment();
        recent.add(logLikelihood);
    }

    @Override
    public void timed(long nanoseconds, long milliseconds) {
        scoring.record(nanoseconds, TimeUnit.NANOSECONDS);
        posterior.record(milliseconds, TimeUnit.MILLISECONDS);
    }

    @Override
    public void warmingUp() {
        warmingUp.increment();
    }

    @Override
    public void commanded(Acknowledgement.Outcome outcome) {
        commands.get(outcome).increment();
    }

    @Override
    public void skipped(long observations) {
        skipped.add(observations);
    }

    @Override
    public void anomalous() {
        anomalous.increment();
    }

    @Override
    public void told(Alert alert) {
        incidents.get(alert.incident().status()).increment();
        watcher.told(alert);
    }

    @Override
    public void rejected(Reason reason) {
        rejected.get(reason).increment();
    }

    @Override
    public void arrived(long batchesInFlight) {
        inFlight = batchesInFlight;
    }

    @Override
    public void learned(PublishedModel<?> model, long observations, long nanoseconds) {
        batches.increment();
        learned.add(observations);
        learning.record(nanoseconds, TimeUnit.NANOSECONDS);
        if (model.version() == 1) {
            started.increment();
        }
        if (model.observations() >= firstMStep) {
            maximised.increment();
        }
        for (ModelState.Event event : model.events()) {
            if (event.version() == model.version()) {
                events.get(event.type()).increment();
            }
        }
        newest = new Learned(model, clock.monotonicTime());
        watcher.learned(model);
    }

    @Override
    public void restored(PublishedModel<?> model) {
        newest = new Learned(model, clock.monotonicTime());
        watcher.learned(model);
    }

    @Override
    public void released() {
        newest = null;
        inFlight = Double.NaN;
    }

    /** Tells somebody else of the model too, from now on; before the topology is built. */
    public void watchedBy(ModelWatcher newWatcher) {
        watcher = newWatcher;
    }

    @Override
    public RecordSampler sampler() {
        return watcher.sampler();
    }

    /**
     * What was counted so far.
     *
     * @param scored records scored
     * @param warmingUp valid records that came while there was no model
     * @param rejected records that are not valid
     * @param logLikelihood sum of the log-likelihoods of the scored ones, natural logarithm
     * @param finite of how many that is the sum: all whose log-likelihood is finite
     */
    public record Totals(long scored, long warmingUp, long rejected, double logLikelihood, long finite) {}

    /** What was counted so far; the counts are read one after another, while others go on. */
    public Totals totals() {
        RecentMean.Total logLikelihood = recent.total();
        long invalid = 0;
        for (LongAdder adder : rejected.values()) {
            invalid += adder.sum();
        }
        return new Totals(scored.sum(), warmingUp.sum(), invalid, logLikelihood.sum(), logLikelihood.count());
    }

    /** Removes the metrics from the registry. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
