package io.onlineem.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Scope;
import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MicrometerModelMetricsTest {

    private static final double ROUNDING = 1e-12;

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private record Weighted(double... weights) implements Parameters {
        @Override
        public Fields fields() {
            return new Fields().with("weights", weights);
        }
    }

    private static PublishedModel<?> model(String name, long version, double... weights) {
        Weighted parameters = new Weighted(weights);
        ModelSpec spec = new ModelSpec("mixture", "gaussian", 2, List.of("x"), Map.of("covariance", "full"));
        return new PublishedModel<>(name, spec, version, 100 * version, 0.25, -3.5, parameters, parameters, List.of());
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void recordsAreCountedByWhatBecameOfThem() {
        var metrics = new MicrometerModelMetrics(registry, "m", Scope.SHARED, 2);
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
    void aSharedModelShowsTheParametersThatWereLearnedLast() {
        var metrics = new MicrometerModelMetrics(registry, "m", Scope.SHARED, 2);
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
        var metrics = new MicrometerModelMetrics(registry, "m", Scope.SHARED, 2);
        metrics.restored(model("m", 7, 0.5, 0.5));
        assertThat(gauge("online.em.parameter.version")).isEqualTo(7);
        assertThat(counter("online.em.batches")).isZero();

        metrics.released();
        assertThat(gauge("online.em.parameter.version")).isNaN();
    }

    @Test
    void theRecentMeanForgetsByTheRegistrysClock() {
        var metrics = new MicrometerModelMetrics(registry, "m", Scope.PER_KEY, 2);
        metrics.scored(-9);
        assertThat(gauge("online.em.recent.mean.log.likelihood")).isEqualTo(-9);
        clock.add(MicrometerModelMetrics.HALF_LIFE);
        metrics.scored(-3);
        assertThat(gauge("online.em.recent.mean.log.likelihood")).isEqualTo(-5, within(ROUNDING));
    }

    @Test
    void perKeyModelsAddUpAndHaveNoSeriesOfTheirOwn() {
        var metrics = new MicrometerModelMetrics(registry, "m", Scope.PER_KEY, 2);
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
        var metrics = new MicrometerModelMetrics(registry, "m", Scope.SHARED, 500);
        double[] weights = new double[500];
        weights[MicrometerModelMetrics.MAX_COMPONENT_SERIES - 1] = 1;
        metrics.learned(model("m", 1, weights), 1, 1);
        assertThat(registry.find("online.em.component.weight").gauges())
                .hasSize(MicrometerModelMetrics.MAX_COMPONENT_SERIES);
        assertThat(gauge("online.em.component.weight", "component", "31")).isEqualTo(1);
    }

    @Test
    void closingRemovesEverythingAndLeavesOtherModelsAlone() {
        var other = new MicrometerModelMetrics(registry, "other", Scope.SHARED, 2);
        List<Meter.Id> before = ids();
        new MicrometerModelMetrics(registry, "m", Scope.SHARED, 2).close();
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
        new MicrometerModelMetrics(prometheus, "m", scope, 2);
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
