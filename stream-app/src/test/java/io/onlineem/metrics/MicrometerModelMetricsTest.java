package io.onlineem.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Scope;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Parameters;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.topology.StreamModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicrometerModelMetricsTest {

    private static final double ROUNDING = 1e-12;

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private static ModelSpec spec(int components) {
        return new ModelSpec("mixture", "gaussian", components, List.of("x", "y"), Map.of("covariance", "full"));
    }

    private static StreamModel<?> streamModel(String name, int components) {
        return StreamModel.of(name, spec(components), Learning.DEFAULTS);
    }

    /** Component k has the means k and -k and the standard deviations 2 and 3. */
    private static PublishedModel<?> model(String name, long version, double... weights) {
        double[][] means = new double[weights.length][];
        double[][][] covariances = new double[weights.length][][];
        for (int k = 0; k < weights.length; k++) {
            means[k] = new double[] {k, -k};
            covariances[k] = new double[][] {{4, 1}, {1, 9}};
        }
        ModelSpec spec = spec(weights.length);
        Parameters parameters = spec.build()
                .read(new Fields().with("weights", weights).with("means", means).with("covariances", covariances));
        return published(name, spec, version, parameters, List.of());
    }

    private static PublishedModel<?> published(
            String name, ModelSpec spec, long version, Parameters parameters, List<ModelState.Event> events) {
        return new PublishedModel<>(name, spec, version, 100 * version, 0.25, -3.5, parameters, parameters, events);
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void recordsAreCountedByWhatBecameOfThem() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        metrics.warmingUp();
        metrics.scored(-1);
        metrics.scored(-4);
        metrics.rejected(Reason.NOT_JSON);
        metrics.rejected(Reason.NOT_JSON);
        metrics.rejected(Reason.ABSENT_KEY);

        assertThat(counter("online.em.observations", "model", "m", "status", "scored"))
                .isEqualTo(2);
        assertThat(counter("online.em.observations", "model", "m", "status", "warming-up"))
                .isEqualTo(1);
        assertThat(counter("online.em.rejected", "model", "m", "reason", "not-json"))
                .isEqualTo(2);
        assertThat(counter("online.em.rejected", "model", "m", "reason", "absent-key"))
                .isEqualTo(1);
        assertThat(counter("online.em.rejected", "model", "m", "reason", "too-large"))
                .isZero();
        assertThat(gauge("online.em.recent.mean.log.likelihood", "model", "m")).isEqualTo(-2.5, within(ROUNDING));
    }

    @Test
    void commandsAreCountedByWhatBecameOfThemAndSoIsWhatTheyLeaveOut() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        metrics.commanded(Acknowledgement.Outcome.APPLIED);
        metrics.commanded(Acknowledgement.Outcome.REFUSED);
        metrics.commanded(Acknowledgement.Outcome.REFUSED);
        metrics.skipped(32);
        metrics.skipped(8);

        assertThat(counter("online.em.commands", "model", "m", "outcome", "applied"))
                .isEqualTo(1);
        assertThat(counter("online.em.commands", "model", "m", "outcome", "refused"))
                .isEqualTo(2);
        assertThat(counter("online.em.commands", "model", "m", "outcome", "duplicate"))
                .isZero();
        assertThat(counter("online.em.skipped.observations", "model", "m")).isEqualTo(40);
    }

    @Test
    void aSharedModelShowsTheParametersThatWereLearnedLast() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        assertThat(gauge("online.em.parameter.version")).isNaN();
        assertThat(gauge("online.em.parameter.age")).isNaN();
        assertThat(gauge("online.em.component.weight", "component", "0")).isNaN();

        metrics.learned(model("m", 1, 0.5, 0.5), 100, 1_000_000);
        metrics.learned(model("m", 2, 0.125, 0.875), 100, 3_000_000);
        clock.add(Duration.ofSeconds(90));

        assertThat(gauge("online.em.parameter.version", "model", "m")).isEqualTo(2);
        assertThat(gauge("online.em.parameter.age", "model", "m")).isEqualTo(90);
        assertThat(gauge("online.em.model.observations", "model", "m")).isEqualTo(200);
        assertThat(gauge("online.em.step.size", "model", "m")).isEqualTo(0.25);
        assertThat(gauge("online.em.mean.log.likelihood", "model", "m")).isEqualTo(-3.5);
        assertThat(gauge("online.em.component.weight", "component", "0")).isEqualTo(0.125);
        assertThat(gauge("online.em.component.weight", "component", "1")).isEqualTo(0.875);
        assertThat(counter("online.em.batches")).isEqualTo(2);
        assertThat(counter("online.em.learned.observations")).isEqualTo(200);
        assertThat(registry.get("online.em.learning").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(4, within(ROUNDING));
    }

    @Test
    void aSharedModelIsShownByTheInstanceThatOwnsItFromTheMomentItTakesOver() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        metrics.restored(model("m", 7, 0.5, 0.5));
        assertThat(gauge("online.em.parameter.version")).isEqualTo(7);
        assertThat(counter("online.em.batches")).isZero();

        metrics.released();
        assertThat(gauge("online.em.parameter.version")).isNaN();
    }

    @Test
    void theRecentMeanForgetsByTheRegistrysClock() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.PER_KEY);
        metrics.scored(-9);
        assertThat(gauge("online.em.recent.mean.log.likelihood")).isEqualTo(-9);
        clock.add(MicrometerModelMetrics.HALF_LIFE);
        metrics.scored(-3);
        assertThat(gauge("online.em.recent.mean.log.likelihood")).isEqualTo(-5, within(ROUNDING));
    }

    @Test
    void perKeyModelsAddUpAndHaveNoSeriesOfTheirOwn() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.PER_KEY);
        Set<Meter.Id> before = Set.copyOf(ids());
        for (int key = 0; key < 1000; key++) {
            metrics.learned(model("m/" + key, 1, 0.5, 0.5), 3, 1000);
        }
        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(counter("online.em.batches", "model", "m")).isEqualTo(1000);
        assertThat(counter("online.em.learned.observations", "model", "m")).isEqualTo(3000);
        assertThat(registry.find("online.em.component.weight").gauges()).isEmpty();
        assertThat(registry.find("online.em.parameter.version").gauges()).isEmpty();
    }

    @Test
    void noMoreComponentsThanADashboardCanShowHaveASeries() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 500), Scope.SHARED);
        double[] weights = new double[500];
        Arrays.fill(weights, 1 / 500.0);
        weights[MicrometerModelMetrics.MAX_COMPONENT_SERIES - 1] = 2 / 500.0;
        weights[499] = 0;
        metrics.learned(model("m", 1, weights), 1, 1);
        assertThat(registry.find("online.em.component.weight").gauges())
                .hasSize(MicrometerModelMetrics.MAX_COMPONENT_SERIES);
        assertThat(gauge("online.em.component.weight", "component", "31")).isEqualTo(2 / 500.0);
        assertThat(registry.find("online.em.component.mean").gauges())
                .hasSize(2 * MicrometerModelMetrics.MAX_COMPONENT_SERIES);
    }

    @Test
    void noMoreMeansThanADashboardCanShowHaveASeries() {
        List<String> features = IntStream.range(0, 100).mapToObj(j -> "x" + j).toList();
        ModelSpec spec = new ModelSpec("mixture", "poisson", 40, features, Map.of());
        new MicrometerModelMetrics(registry, StreamModel.of("m", spec, Learning.DEFAULTS), Scope.SHARED);

        assertThat(registry.find("online.em.component.mean").gauges())
                .hasSize(MicrometerModelMetrics.MAX_MEAN_SERIES)
                .extracting(gauge -> gauge.getId().getTag("field"))
                .containsOnly("x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7");
        assertThat(registry.find("online.em.component.deviation").gauges())
                .hasSize(MicrometerModelMetrics.MAX_MEAN_SERIES);
    }

    @Test
    void componentsAreShownWithTheirMeansAndDeviations() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        metrics.learned(model("m", 1, 0.5, 0.5), 100, 1);

        assertThat(gauge("online.em.component.mean", "component", "1", "field", "x"))
                .isEqualTo(1);
        assertThat(gauge("online.em.component.mean", "component", "1", "field", "y"))
                .isEqualTo(-1, within(ROUNDING));
        assertThat(gauge("online.em.component.deviation", "component", "0", "field", "x"))
                .isEqualTo(2, within(ROUNDING));
        assertThat(gauge("online.em.component.deviation", "component", "0", "field", "y"))
                .isEqualTo(3, within(ROUNDING));
    }

    @Test
    void eventsAreCountedWhenTheyHappenAndNotAgainWithLaterVersions() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        Parameters parameters = model("m", 1, 0.5, 0.5).parameters();
        List<ModelState.Event> events = List.of(
                new ModelState.Event(ModelState.Event.Type.DRIFT, List.of(), 4, 400, -1, -5),
                new ModelState.Event(ModelState.Event.Type.MERGE_AND_SPLIT, List.of(0, 1, 1), 5, 500, -5, -4));
        metrics.learned(published("m", spec(2), 3, parameters, List.of()), 100, 1);
        metrics.learned(published("m", spec(2), 4, parameters, events.subList(0, 1)), 100, 1);
        metrics.learned(published("m", spec(2), 5, parameters, events), 100, 1);
        metrics.learned(published("m", spec(2), 6, parameters, events), 100, 1);

        assertThat(counter("online.em.events", "type", "drift")).isEqualTo(1);
        assertThat(counter("online.em.events", "type", "merge-and-split")).isEqualTo(1);
        assertThat(counter("online.em.events", "type", "restart")).isZero();
        assertThat(counter("online.em.models.started")).isZero();
    }

    @Test
    void mStepsAreThoseAfterTheFirstOne() {
        StreamModel<?> model = StreamModel.of("m", spec(2), Learning.DEFAULTS.withFirstMStep(250));
        var metrics = new MicrometerModelMetrics(registry, model, Scope.SHARED);
        for (int version = 1; version <= 4; version++) {
            metrics.learned(model("m", version, 0.5, 0.5), 100, 1);
        }
        assertThat(counter("online.em.batches")).isEqualTo(4);
        assertThat(counter("online.em.m.steps")).isEqualTo(2);
        assertThat(counter("online.em.models.started")).isEqualTo(1);
    }

    @Test
    void timesAreHistograms() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.PER_KEY);
        metrics.timed(2_000, 5);
        metrics.timed(40_000, 250);

        assertThat(registry.get("online.em.scoring").timer().totalTime(TimeUnit.MICROSECONDS))
                .isEqualTo(42, within(ROUNDING));
        assertThat(registry.get("online.em.posterior").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(255, within(ROUNDING));
        assertThat(registry.get("online.em.posterior").timer().takeSnapshot().histogramCounts())
                .filteredOn(count ->
                        count.bucket(TimeUnit.MILLISECONDS) == 100 || count.bucket(TimeUnit.MILLISECONDS) == 300)
                .extracting(CountAtBucket::count)
                .containsExactly(1.0, 2.0);
    }

    @Test
    void miniBatchesOnTheirWayAreShownWhereTheModelIsLearned() {
        var metrics = new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED);
        assertThat(gauge("online.em.batches.in.flight")).isNaN();
        metrics.arrived(3);
        assertThat(gauge("online.em.batches.in.flight")).isEqualTo(3);
        metrics.released();
        assertThat(gauge("online.em.batches.in.flight")).isNaN();
    }

    @Test
    void closingRemovesEverythingAndLeavesOtherModelsAlone() {
        var other = new MicrometerModelMetrics(registry, streamModel("other", 2), Scope.SHARED);
        List<Meter.Id> before = ids();
        new MicrometerModelMetrics(registry, streamModel("m", 2), Scope.SHARED).close();
        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
        other.close();
        assertThat(ids()).isEmpty();
    }

    private List<Meter.Id> ids() {
        return registry.getMeters().stream().map(Meter::getId).toList();
    }

    @Test
    void theDocumentationListsExactlyWhatPrometheusSees() throws Exception {
        Map<String, String> perKey = rows(Scope.PER_KEY);
        Map<String, String> shared = rows(Scope.SHARED);
        assertThat(shared.keySet()).containsAll(perKey.keySet());
        StringBuilder table = new StringBuilder("| Name | Type | Labels | Scope | Meaning |\n|---|---|---|---|---|\n");
        shared.forEach((name, row) -> table.append(row.replace("SCOPE", perKey.containsKey(name) ? "both" : "shared"))
                .append('\n'));
        assertThat(Files.readString(Path.of("..", "docs", "metrics.md")))
                .as("docs/metrics.md holds this table:\n%s", table)
                .contains("\n\n" + table + "\n");
    }

    /** Lines of the documentation, by name, made from what Prometheus gets. */
    private static Map<String, String> rows(Scope scope) {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new MicrometerModelMetrics(prometheus, streamModel("m", 2), scope);
        Map<String, String> rows = new TreeMap<>();
        Matcher family = Pattern.compile("# HELP (\\S+) (.*)\n# TYPE \\S+ (\\S+)\n\\S+?\\{(.*)} .*\n")
                .matcher(prometheus.scrape());
        while (family.find()) {
            List<String> labels = new ArrayList<>();
            for (String label : family.group(4).split(",", -1)) {
                String name = label.substring(0, label.indexOf('='));
                if (!name.equals("le")) {
                    labels.add("`" + name + "`");
                }
            }
            rows.put(
                    family.group(1),
                    "| `" + family.group(1) + "` | " + family.group(3) + " | " + String.join(", ", labels)
                            + " | SCOPE | " + family.group(2) + " |");
        }
        return rows;
    }
}
