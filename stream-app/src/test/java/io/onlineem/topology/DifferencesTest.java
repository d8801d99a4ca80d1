package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.InputField;
import io.onlineem.config.Scope;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.observation.Differences;
import io.onlineem.observation.ScoredRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DifferencesTest {

    private static final ModelSpec SPEC =
            new ModelSpec("mixture", "gaussian", 1, List.of("x", "difference(y)"), Map.of("covariance", "full"));

    private static final Differences OF_Y = Differences.of(
            List.of(InputField.number("x"), new InputField("y", Domain.REAL, false, Transform.DIFFERENCE)));

    /** Started from parameters that no mini-batch changes here. */
    private static StreamModel<?> model() {
        return StreamModel.of("m", SPEC, Learning.DEFAULTS).startedFrom(parameters());
    }

    private static Fields parameters() {
        return new Fields()
                .with("weights", new double[] {1})
                .with("means", new double[][] {{1, 2}})
                .with("covariances", new double[][][] {{{1, 0.5}, {0.5, 2}}});
    }

    private static TopologyRun run(Scope scope, StreamModel<?> model) {
        OnlineEmTopology<?> topology = scope == Scope.SHARED
                ? OnlineEmTopology.shared(model, "models")
                : OnlineEmTopology.perKey(model, "models");
        return new TopologyRun(topology.withDifferences(OF_Y));
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void aNumberIsReplacedByItsDifferenceFromThePreviousRecordOfItsKey(Scope scope) {
        try (TopologyRun run = run(scope, model().withMissingValues())) {
            assertDifferences(run, SPEC.build());
        }
    }

    private static <P extends Parameters> void assertDifferences(TopologyRun run, io.onlineem.em.Model<P> model) {
        EStep eStep = model.eStep(model.read(parameters()));
        Map<String, Double> previous = new HashMap<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 60; i++) {
            String key = "key-" + random.nextInt(3);
            double x = random.nextDouble();
            double y = 100 + 5 * random.nextDouble();
            run.pipe(key, x, y);
            Double before = previous.put(key, y);
            Posterior expected = eStep.score(
                    Observations.of(new double[] {x, before == null ? Double.NaN : y - before}), 0, new double[0]);

            KeyValue<String, ScoredRecord> scored = run.posteriors.readKeyValue();
            assertThat(scored.key).isEqualTo(key);
            // the binary form has no deviations
            assertThat(scored.value.posterior())
                    .usingRecursiveComparison()
                    .ignoringFields("missing.deviation")
                    .isEqualTo(expected);
            assertThat(scored.value.posterior().missing())
                    .extracting(Imputation.Value::position)
                    .isEqualTo(before == null ? List.of(1) : List.of());
        }
    }

    @Test
    void aRecordThatIsRefusedChangesNothingButOneThatWasReadIsFollowed() {
        try (TopologyRun run = run(Scope.SHARED, model().withMissingValues())) {
            run.pipe("a", 1, 10);
            run.pipe("a", "{\"x\":1}");
            run.pipe("a", 1, 1e200);
            run.pipe("a", 1, 12);
            run.pipe(null, 1, 13);

            assertThat(run.rejected.readValuesToList()).hasSize(3);
            List<ScoredRecord> scored = run.posteriors.readValuesToList();
            assertThat(scored).hasSize(2);
            assertThat(scored.get(1).posterior().missing()).isEmpty();
            assertThat(scored.get(1).posterior().logLikelihood()).isGreaterThan(-3);
        }
    }

    @Test
    void differencesNeedAModelThatBearsMissingValues() {
        assertThatThrownBy(() -> OnlineEmTopology.shared(model(), "models").withDifferences(OF_Y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the first difference of a key always is");
    }
}
