package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Drift;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the adaptive mode and component care need reaches them in both scopes, and what they did is published. */
class ChangingStreamTest {

    private static final ModelSpec SPEC =
            new ModelSpec("mixture", "gaussian", 2, List.of("x", "y"), Map.of("covariance", "full"));

    /** Two components on the same spot, for two clusters. */
    private static final Fields COINCIDING = new Fields()
            .with("weights", new double[] {0.5, 0.5})
            .with("means", new double[][] {{5, 0}, {5, 0}})
            .with("covariances", new double[][][] {{{25, 0}, {0, 1}}, {{25, 0}, {0, 1}}});

    @Test
    void everyScopePublishesThatAComponentWasMovedAndThatTheStreamChanged() {
        Learning learning = Learning.DEFAULTS
                .withMiniBatch(32)
                .withDrift(Drift.DEFAULTS)
                .withComponentCare(new ComponentCare(0.02, 1000));
        StreamModel<?> model =
                StreamModel.of("m", SPEC, learning).startedFrom(COINCIDING).flushedAfter(Duration.ZERO);
        for (TopologyRun each : List.of(TopologyRun.shared(model), TopologyRun.perKey(model))) {
            try (TopologyRun run = each) {
                SplittableRandom random = new SplittableRandom(1);
                for (int i = 0; i < 12_000; i++) {
                    double jump = i < 8_000 ? 0 : 20;
                    run.pipe("k", 10 * random.nextInt(2) + random.nextGaussian(), jump + random.nextGaussian());
                }
                List<byte[]> models = run.models.readValuesToList();
                PublishedModel<?> newest = new ModelJson<>(SPEC, SPEC.build()).read(models.get(models.size() - 1));
                assertThat(newest.events())
                        .extracting(Event::type)
                        .containsExactly(Event.Type.MERGE_AND_SPLIT, Event.Type.DRIFT);
                assertThat(newest.events().get(1).observations()).isBetween(8_001L, 8_500L);
            }
        }
    }
}
