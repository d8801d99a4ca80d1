package io.onlineem.live;

import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Domain;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.http.Live;
import io.onlineem.http.Models;
import io.onlineem.metrics.MicrometerModelMetrics.Totals;
import io.onlineem.observation.Alert;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.PosteriorJson;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.topology.ModelWatcher;
import io.onlineem.topology.RecordSampler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the live page shows of the models that this instance learns: samples of the scored records, the least likely ones of
 * late, past versions, and counts over time.
 *
 * <p>A record that is not kept costs a few comparisons and allocates nothing; once a second a clock decides how many will be
 * kept in the next. Everything is bounded: {@value #MOST_MODELS} models, {@value LiveModel#SAMPLES} samples of each, {@value
 * History#MOST} versions of each. Thread-safe.
 */
public final class LiveModels implements Live, ModelWatcher, AutoCloseable {

    /** Models of which something is kept; of per-key models those that came first and still learn, or are looked at. */
    static final int MOST_MODELS = 16;

    /** Records kept a second, of all models together. */
    static final int SAMPLES_PER_TICK = 40;

    /** Consecutive records kept a second of the sequence that is followed. */
    static final int FOLLOWED_PER_TICK = 200;

    /** Least likely records taken a second, while a window begins. */
    static final int UNLIKELY_PER_TICK = 200;

    /** Records of incidents taken a second. */
    static final int ANOMALIES_PER_TICK = 20;

    /** Tail probability up to which a record of an incident is kept as such. */
    private static final double UNUSUAL = 0.01;

    static final int MOST_REASONS = 3;
    private static final int MOST_SEQUENCES = 24;
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Ticks of a window of the least likely records. */
    private static final int WINDOW = 30;

    /** Ticks without anything after which a model makes room for another, and a sequence for another. */
    private static final int SILENT = 30;

    private static final Logger LOG = LoggerFactory.getLogger(LiveModels.class);
    private static final JsonFactory FACTORY = new JsonFactory();

    private final About about;
    private final Sources sources;
    private final boolean documents;
    private final boolean sequential;
    private final List<Domain> domains;
    private final ScheduledExecutorService clock;

    private final Map<String, Entry> models = new LinkedHashMap<>();
    private final Course course = new Course();
    private final Ring<Course.Moment> recent = new Ring<>(Course.MOST);
    private final Set<String> sequences = new LinkedHashSet<>();
    private final AtomicLong number = new AtomicLong();
    private final AtomicInteger budget = new AtomicInteger(SAMPLES_PER_TICK);
    private final AtomicInteger followedBudget = new AtomicInteger(FOLLOWED_PER_TICK);
    private final AtomicInteger unlikelyBudget = new AtomicInteger(UNLIKELY_PER_TICK);

    private final AtomicInteger anomalyBudget = new AtomicInteger(ANOMALIES_PER_TICK);

    /** Tail probability of the most unusual record of this second; null before there is one. */
    private final AtomicReference<Double> leastProbable = new AtomicReference<>();

    private volatile int stride = 1;
    private volatile double bound = Double.POSITIVE_INFINITY;
    private volatile String followed;
    private volatile long followedTick;

    private Totals before;
    private long newestVersion;
    private volatile long tick;
    private long tickNanos;
    private boolean failed;

    /**
     * What does not change.
     *
     * @param application the name of the application
     * @param topic where records come from
     * @param model the name of the model; the ids of per-key models begin with it
     * @param perKey whether there is a model for every key
     * @param spec what is learned
     * @param warmUp records before the first parameters
     * @param watched whether records are watched for anomalies
     */
    public record About(
            String application,
            String topic,
            String model,
            boolean perKey,
            ModelSpec spec,
            int warmUp,
            boolean watched) {}

    /**
     * What changes, asked once a second or when somebody looks.
     *
     * @param totals what was counted
     * @param lag records of the input that wait; {@code NaN} if not known
     * @param state one word on the application
     * @param models reads a model that was not told of by {@link #learned}; empty if there is none
     * @param pausedSince since when a model does not learn, in milliseconds, 0 if that is not known; empty if it learns
     */
    public record Sources(
            Supplier<Totals> totals,
            DoubleSupplier lag,
            Supplier<String> state,
            Function<String, Optional<PublishedModel<?>>> models,
            Function<String, OptionalLong> pausedSince) {}

    /** A model, and when anything was heard of it. */
    private static final class Entry {
        private final LiveModel model = new LiveModel();
        private long heard;
        private long learned;
    }

    /** Keeps what it is told; the clock stands still. */
    public LiveModels(About about, Sources sources) {
        this.about = about;
        this.sources = sources;
        this.documents = ModelSpec.readsDocuments(about.spec().type());
        Model<?> model = about.spec().build();
        this.sequential = model.memoryLength() > 0;
        this.domains = model.domains();
        this.before = new Totals(0, 0, 0, 0, 0);
        this.tickNanos = System.nanoTime();
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "live");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts the clock, which goes until it is closed. */
    public void start() {
        // fails never: what a tick throws is logged
        var unused =
                clock.scheduleAtFixedRate(this::guardedTick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void learned(PublishedModel<?> model) {
        Entry entry = entry(model.model());
        if (entry != null) {
            entry.model.learned(model);
        }
    }

    @Override
    public void told(Alert alert) {
        Entry entry = entry(about.perKey() ? alert.stream() : alert.model());
        if (entry != null) {
            entry.model.told(alert, number.incrementAndGet(), System.currentTimeMillis());
        }
    }

    @Override
    public RecordSampler sampler() {
        return new TaskSampler();
    }

    private final class TaskSampler implements RecordSampler {

        private int count;
        private boolean skipped;

        @Override
        public boolean wants(String sequence, ScoredRecord scored) {
            if (scored.anomaly() != null) {
                judged(scored.anomaly().tailProbability());
            }
            if (++count >= stride && budget.get() > 0) {
                return true;
            }
            if (!scored.isWarmingUp() && scored.posterior().logLikelihood() < bound && unlikelyBudget.get() > 0) {
                return true;
            }
            if (isAnomaly(scored) && anomalyBudget.get() > 0) {
                return true;
            }
            return sequence != null && isFollowed(sequence) && isNext();
        }

        /** Whether it is one of the records for which there is an incident; while one is open others belong to it too. */
        private boolean isAnomaly(ScoredRecord scored) {
            return scored.anomaly() != null
                    && scored.anomaly().incident() != null
                    && scored.anomaly().tailProbability() <= UNUSUAL;
        }

        /** Whether the record of the followed sequence is taken; if not, the next one that is comes after a gap. */
        private boolean isNext() {
            followedTick = tick;
            skipped |= followedBudget.get() <= 0;
            return followedBudget.get() > 0;
        }

        @Override
        public void keep(String key, long timestamp, Observations observation, ScoredRecord scored) {
            boolean drawn = count >= stride && budget.getAndDecrement() > 0;
            boolean low = !scored.isWarmingUp()
                    && scored.posterior().logLikelihood() < bound
                    && unlikelyBudget.getAndDecrement() > 0;
            boolean anomaly = isAnomaly(scored) && anomalyBudget.getAndDecrement() > 0;
            boolean next = sequential && isFollowed(key) && followedBudget.getAndDecrement() > 0;
            if (drawn) {
                count = 0;
            }
            Entry entry = entry(scored.model());
            if (entry == null) {
                return;
            }
            Sample sample = Sample.of(
                    number.incrementAndGet(), key, timestamp, observation, documents, next && skipped, scored);
            if (drawn) {
                entry.model.sample(sample);
                heard(key);
            }
            if (next) {
                skipped = false;
                entry.model.follow(sample);
            }
            if (anomaly) {
                entry.model.anomaly(sample);
            }
            if (low && sample.logLikelihood() < entry.model.bound()) {
                entry.model.unlikely(sample);
                bound = leastBound();
            }
        }
    }

    private void judged(double tailProbability) {
        Double least = leastProbable.get();
        if (least == null || tailProbability < least) {
            leastProbable.accumulateAndGet(
                    tailProbability, (one, other) -> one == null ? other : Double.valueOf(Math.min(one, other)));
        }
    }

    private boolean isFollowed(String sequence) {
        return sequence.equals(followed);
    }

    private synchronized void heard(String sequence) {
        if (sequential && followed == null) {
            follow(sequence);
        }
        if (sequential) {
            // those heard of last come last, and those not heard of for long make room
            sequences.remove(sequence);
            sequences.add(sequence);
            if (sequences.size() > MOST_SEQUENCES) {
                sequences.remove(sequences.iterator().next());
            }
        }
    }

    private synchronized void follow(String sequence) {
        if (!sequence.equals(followed)) {
            models.values().forEach(entry -> entry.model.unfollow());
            followed = sequence;
            followedTick = tick;
        }
    }

    private synchronized double leastBound() {
        return models.values().stream()
                .mapToDouble(entry -> entry.model.bound())
                .max()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** What is kept of a model; null if there is no room for it. */
    private synchronized Entry entry(String model) {
        Entry entry = models.get(model);
        if (entry == null) {
            entry = admitted(model, false);
        }
        if (entry != null) {
            entry.heard = tick;
            entry.learned = tick;
        }
        return entry;
    }

    /** @param wanted whether somebody looks at it, for whom another has to make room */
    private Entry admitted(String model, boolean wanted) {
        if (models.size() >= MOST_MODELS) {
            String silent = null;
            for (Map.Entry<String, Entry> each : models.entrySet()) {
                if ((wanted || tick - each.getValue().heard > SILENT)
                        && (silent == null || each.getValue().heard < models.get(silent).heard)) {
                    silent = each.getKey();
                }
            }
            if (silent == null) {
                return null;
            }
            models.remove(silent);
        }
        Entry entry = new Entry();
        entry.heard = tick;
        models.put(model, entry);
        return entry;
    }

    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            if (!failed) {
                failed = true;
                LOG.warn("the live page could not be brought up to date; this is told once", e);
            }
        }
    }

    /** A second is over. */
    void tick() {
        long now = System.nanoTime();
        long time = System.currentTimeMillis();
        Totals totals = sources.totals().get();
        double lag = sources.lag().getAsDouble();
        List<Map.Entry<String, Entry>> all;
        synchronized (this) {
            tick++;
            all = List.copyOf(models.entrySet());
        }
        for (Map.Entry<String, Entry> each : all) {
            refresh(each.getKey(), each.getValue(), time);
        }
        Double least = leastProbable.getAndSet(null);
        synchronized (this) {
            double seconds = Math.max((now - tickNanos) / 1e9, 1e-3);
            tickNanos = now;
            Course.Moment moment = new Course.Moment(
                    time,
                    seconds,
                    totals.scored() - before.scored(),
                    totals.warmingUp() - before.warmingUp(),
                    totals.rejected() - before.rejected(),
                    totals.logLikelihood() - before.logLikelihood(),
                    totals.finite() - before.finite(),
                    lag,
                    newestVersion,
                    least == null ? Double.NaN : least);
            before = totals;
            course.add(moment);
            recent.add(moment);
            stride = (int) Math.max(1, (moment.scored() + moment.warmingUp()) / SAMPLES_PER_TICK);
            budget.set(SAMPLES_PER_TICK);
            followedBudget.set(FOLLOWED_PER_TICK);
            unlikelyBudget.set(UNLIKELY_PER_TICK);
            anomalyBudget.set(ANOMALIES_PER_TICK);
            if (tick % WINDOW == 0) {
                models.values().forEach(entry -> entry.model.nextWindow());
                bound = Double.POSITIVE_INFINITY;
            }
            if (followed != null && tick - followedTick > SILENT) {
                sequences.remove(followed);
                followed = null;
            }
            notifyAll();
        }
    }

    private void refresh(String id, Entry entry, long time) {
        if (!about.perKey() && (entry.model.newest() == null || tick - entry.learned > SILENT)) {
            // another instance learns it
            read(id, entry.model);
        }
        entry.model.refresh(time, number.incrementAndGet());
        readPause(id, entry.model);
        Portrait newest = entry.model.newest();
        if (newest != null) {
            synchronized (this) {
                newestVersion = Math.max(newestVersion, newest.version());
            }
        }
    }

    private void read(String id, LiveModel model) {
        Portrait newest = model.newest();
        try {
            sources.models()
                    .apply(id)
                    .filter(found -> newest == null || found.version() > newest.version())
                    .ifPresent(model::learned);
        } catch (Models.NotAvailableException e) {
            LOG.debug("the model {} cannot be read now", id, e);
        }
    }

    private void readPause(String id, LiveModel model) {
        try {
            model.pausedSince(sources.pausedSince().apply(id));
        } catch (Models.NotAvailableException e) {
            LOG.debug("whether the model {} is paused cannot be read now", id, e);
        }
    }

    @Override
    public boolean has(String id) {
        return look(id) != null;
    }

    @Override
    public Optional<byte[]> snapshot(String id, String sequence) {
        String chosen = id.isEmpty() ? whichever() : id;
        LiveModel model = look(chosen);
        if (model == null) {
            return Optional.empty();
        }
        if (!sequence.isEmpty() && sequential) {
            follow(sequence);
        }
        return Optional.of(object(generator -> {
            generator.writeStringProperty("application", about.application());
            generator.writeStringProperty("topic", about.topic());
            generator.writeStringProperty("model", chosen);
            generator.writeBooleanProperty("perKey", about.perKey());
            generator.writeNumberProperty("warmUp", about.warmUp());
            generator.writeBooleanProperty("watched", about.watched());
            writeSpec(generator);
            writeChanges(generator, model, 0);
            generator.writeName("course");
            writeMoments(generator, courseNow());
        }));
    }

    private void writeSpec(JsonGenerator generator) {
        ModelSpec spec = about.spec();
        generator.writeStringProperty("type", spec.type());
        generator.writeStringProperty("family", spec.family());
        generator.writeNumberProperty("components", spec.components());
        generator.writeName("options");
        generator.writeStartObject();
        spec.options().forEach(generator::writeStringProperty);
        generator.writeEndObject();
        generator.writeName("features");
        generator.writeStartArray();
        Map<Integer, Double> periods = Portrait.periods(spec);
        for (int j = 0; j < Math.min(spec.features().size(), Portrait.MOST_FEATURES); j++) {
            generator.writeStartObject();
            generator.writeStringProperty("name", spec.features().get(j));
            generator.writeStringProperty(
                    "kind", j < domains.size() && domains.get(j) == Domain.CATEGORY ? "category" : "number");
            if (periods.containsKey(j)) {
                Numbers.write(generator, "period", periods.get(j));
            }
            generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeName("factors");
        generator.writeStartArray();
        spec.factors().forEach(factor -> {
            generator.writeStartObject();
            generator.writeStringProperty("family", factor.family());
            generator.writeName("options");
            generator.writeStartObject();
            factor.options().forEach(generator::writeStringProperty);
            generator.writeEndObject();
            generator.writeName("features");
            generator.writeStartArray();
            factor.features().forEach(generator::writeString);
            generator.writeEndArray();
            generator.writeEndObject();
        });
        generator.writeEndArray();
    }

    @Override
    public Optional<byte[]> version(String id, long version) {
        LiveModel model = look(id);
        return model == null
                ? Optional.empty()
                : model.portraits().stream()
                        .filter(portrait -> portrait.version() == version)
                        .map(Portrait::json)
                        .findFirst();
    }

    @Override
    public Optional<News> news(String id, long since, Duration wait) throws InterruptedException {
        LiveModel model = look(id);
        if (model == null) {
            return Optional.empty();
        }
        awaitTick(wait);
        long moment = number.get();
        return Optional.of(new News(moment, object(generator -> writeChanges(generator, model, Math.max(1, since)))));
    }

    private synchronized void awaitTick(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        long from = tick;
        for (long left = wait.toNanos(); tick == from && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized String whichever() {
        return modelIds().stream().findFirst().orElse(about.model());
    }

    /** What is kept of a model at which somebody looks; null if there is no such model. */
    private LiveModel look(String id) {
        Entry entry;
        synchronized (this) {
            entry = models.get(id);
            if (entry != null) {
                entry.heard = tick;
                return entry.model;
            }
        }
        Optional<PublishedModel<?>> found = sources.models().apply(id);
        if (found.isEmpty() && !id.equals(about.model())) {
            return null;
        }
        synchronized (this) {
            entry = admitted(id, true);
        }
        entry.model.learned(found.orElse(null));
        entry.model.refresh(System.currentTimeMillis(), number.incrementAndGet());
        return entry.model;
    }

    private interface Body {
        void write(JsonGenerator generator);
    }

    private static byte[] object(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            body.write(generator);
            generator.writeEndObject();
        }
        return out.toByteArray();
    }

    /** @param since 0 for everything */
    private void writeChanges(JsonGenerator generator, LiveModel model, long since) {
        generator.writeNumberProperty("moment", number.get());
        generator.writeNumberProperty("time", System.currentTimeMillis());
        generator.writeStringProperty("state", sources.state().get());
        OptionalLong pausedSince = model.pausedSince();
        generator.writeStringProperty("learning", pausedSince.isPresent() ? "paused" : "running");
        generator.writeNumberProperty("pausedSince", pausedSince.orElse(0));
        generator.writeName("totals");
        writeTotals(generator, sources.totals().get());
        generator.writeName("recent");
        writeMoments(generator, since == 0 ? recentNow() : newestMoment());
        writeNames(generator, "models", modelIds());
        if (sequential) {
            writeNames(generator, "sequences", sequencesNow());
            if (followed != null) {
                generator.writeStringProperty("sequence", followed);
            }
        }
        if (since == 0 || model.portraitNumber() > since) {
            writeVersions(generator, model);
        }
        writeSamples(generator, "records", model.samples(since));
        writeSamples(generator, "followed", model.followed(since));
        if (since == 0 || model.hasNewUnlikely(since)) {
            writeUnlikely(generator, "unlikely", model.unlikely());
        }
        if (since == 0 || model.hasNewAnomalies(since)) {
            writeUnlikely(generator, "anomalies", model.anomalies());
        }
        writeIncidents(generator, model.incidents(since));
    }

    private synchronized List<Course.Moment> courseNow() {
        return course.all();
    }

    private synchronized List<Course.Moment> recentNow() {
        return recent.all();
    }

    private synchronized List<Course.Moment> newestMoment() {
        List<Course.Moment> all = recent.all();
        return all.subList(Math.max(0, all.size() - 1), all.size());
    }

    private synchronized List<String> modelIds() {
        return models.keySet().stream()
                .filter(id -> !about.perKey() || !id.equals(about.model()))
                .toList();
    }

    private synchronized List<String> sequencesNow() {
        return new ArrayList<>(sequences).stream().sorted().toList();
    }

    private static void writeNames(JsonGenerator generator, String name, List<String> names) {
        generator.writeName(name);
        generator.writeStartArray();
        names.forEach(generator::writeString);
        generator.writeEndArray();
    }

    private static void writeTotals(JsonGenerator generator, Totals totals) {
        generator.writeStartObject();
        generator.writeNumberProperty("scored", totals.scored());
        generator.writeNumberProperty("warmingUp", totals.warmingUp());
        generator.writeNumberProperty("rejected", totals.rejected());
        generator.writeEndObject();
    }

    /** What the newest alert of each says, and when it was first heard of here. */
    private void writeIncidents(JsonGenerator generator, List<LiveModel.Told> incidents) {
        if (incidents.isEmpty()) {
            return;
        }
        generator.writeName("incidents");
        generator.writeStartArray();
        for (LiveModel.Told told : incidents) {
            generator.writeStartObject();
            generator.writeNumberProperty("opened", told.opened());
            generator.writeName("alert");
            generator.writeRawValue(
                    new String(AlertJson.write(told.alert(), about.spec().features()), StandardCharsets.UTF_8));
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    /**
     * Rows of time, scored a second, warming up a second, rejected a second, mean log-likelihood, lag, version, and of the most
     * unusual record score and tail probability.
     */
    private static void writeMoments(JsonGenerator generator, List<Course.Moment> moments) {
        generator.writeStartArray();
        for (Course.Moment moment : moments) {
            generator.writeStartArray();
            generator.writeNumber(moment.time());
            Numbers.write(generator, moment.scored() / moment.seconds());
            Numbers.write(generator, moment.warmingUp() / moment.seconds());
            Numbers.write(generator, moment.rejected() / moment.seconds());
            Numbers.write(generator, moment.logLikelihood() / moment.finite());
            Numbers.write(generator, moment.lag());
            generator.writeNumber(moment.version());
            Numbers.write(
                    generator,
                    Double.isNaN(moment.tailProbability())
                            ? Double.NaN
                            : AnomalyScore.scoreOf(moment.tailProbability()));
            Numbers.write(generator, moment.tailProbability());
            generator.writeEndArray();
        }
        generator.writeEndArray();
    }

    private static void writeVersions(JsonGenerator generator, LiveModel model) {
        Portrait newest = model.newest();
        generator.writeName("versions");
        generator.writeStartArray();
        for (Portrait portrait : model.portraits()) {
            generator.writeStartArray();
            generator.writeNumber(portrait.version());
            generator.writeNumber(portrait.model().observations());
            generator.writeNumber(portrait.time());
            generator.writeEndArray();
        }
        generator.writeEndArray();
        if (newest != null) {
            generator.writeName("portrait");
            generator.writeRawValue(new String(newest.json(), StandardCharsets.UTF_8));
        }
    }

    private void writeSamples(JsonGenerator generator, String name, List<Sample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        PosteriorJson posteriors = new PosteriorJson(true, about.spec().features());
        generator.writeName(name);
        generator.writeStartArray();
        for (Sample sample : samples) {
            generator.writeStartObject();
            writeSample(generator, sample, posteriors);
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    private static void writeSample(JsonGenerator generator, Sample sample, PosteriorJson posteriors) {
        generator.writeNumberProperty("number", sample.number());
        generator.writeStringProperty("key", sample.key());
        generator.writeNumberProperty("time", sample.timestamp());
        if (sample.gap()) {
            generator.writeBooleanProperty("gap", true);
        }
        if (sample.words() != null) {
            generator.writeName("words");
            generator.writeStartObject();
            sample.words().forEach((word, count) -> Numbers.write(generator, word, count));
            generator.writeEndObject();
        } else {
            generator.writeName("values");
            generator.writeStartArray();
            for (int j = 0; j < sample.values().length; j++) {
                if (sample.texts() != null && sample.texts()[j] != null) {
                    generator.writeString(sample.texts()[j]);
                } else {
                    Numbers.write(generator, sample.values()[j]);
                }
            }
            generator.writeEndArray();
        }
        generator.writeName("scored");
        generator.writeRawValue(new String(posteriors.write(sample.scored()), StandardCharsets.UTF_8));
    }

    private void writeUnlikely(JsonGenerator generator, String name, List<LiveModel.Unlikely> unlikely) {
        PosteriorJson posteriors = new PosteriorJson(true, about.spec().features());
        generator.writeName(name);
        generator.writeStartArray();
        for (LiveModel.Unlikely one : unlikely) {
            generator.writeStartObject();
            writeSample(generator, one.sample(), posteriors);
            generator.writeName("reasons");
            generator.writeStartArray();
            if (one.reasons() != null) {
                one.reasons().forEach(reason -> writeReason(generator, reason));
            }
            generator.writeEndArray();
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    private void writeReason(JsonGenerator generator, Portrait.Reason reason) {
        generator.writeStartObject();
        generator.writeStringProperty("field", about.spec().features().get(reason.feature()));
        generator.writeNumberProperty("index", reason.feature());
        if (reason.category() == null) {
            Numbers.write(generator, "expected", reason.expected());
            Numbers.write(generator, "deviations", reason.deviations());
        } else {
            generator.writeStringProperty("expected", reason.category());
            Numbers.write(generator, "probability", reason.probability());
        }
        generator.writeEndObject();
    }

    /** Stops the clock; what is kept can still be read. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
