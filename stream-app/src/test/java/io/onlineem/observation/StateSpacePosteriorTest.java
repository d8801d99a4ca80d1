package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.statespace.StateSpace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Posteriors over continuous states, which have no probabilities but outputs, in both encodings. */
class StateSpacePosteriorTest {

    private static final StateSpace MODEL = (StateSpace)
            new ModelSpec("linear-gaussian", 0, List.of("level"), List.of(), Map.of("preset", "local-linear-trend"))
                    .build();

    private static ScoredRecord scored(int record) {
        Observations data = Observations.of(new double[][] {{1}, {2.5}, {2}, {Double.NaN}, {4}, {4.5}});
        EStep eStep = MODEL.eStep(MODEL.start(data, new SplittableRandom(1)));
        double[] memory = new double[MODEL.memoryLength()];
        Posterior posterior = null;
        for (int i = 0; i <= record; i++) {
            posterior = eStep.score(data, i, memory);
        }
        return new ScoredRecord("tank", 7, posterior);
    }

    private static String json(int record, boolean full) {
        return new String(new PosteriorJson(full, List.of("level")).write(scored(record)), StandardCharsets.UTF_8);
    }

    @Test
    void aRecordTellsStatePredictionAndInnovation() {
        assertThat(json(4, true))
                .startsWith("{\"model\":\"tank\",\"version\":7,\"status\":\"scored\",\"logLikelihood\":")
                .containsPattern("\"mean\":\\[[-0-9.]+,[-0-9.]+],\"covariance\":\\[\\[")
                .containsPattern("\"prediction\":\\[[-0-9.]+],\"predictionDeviation\":\\[[0-9.]+]")
                .containsPattern("\"innovation\":\\[[-0-9.]+],\"next\":\\[[-0-9.]+],\"nextDeviation\":")
                .doesNotContain("component", "posterior\"");
    }

    @Test
    void aMissingValueIsPredicted() {
        assertThat(json(3, true))
                .contains("\"logLikelihood\":0,")
                .containsPattern("\"missing\":\\{\"level\":[-0-9.]+}");
    }

    @Test
    void beforeTheStateIsDeterminedNothingIsTold() {
        assertThat(json(0, true))
                .isEqualTo("{\"model\":\"tank\",\"version\":7,\"status\":\"scored\",\"logLikelihood\":0}");
    }

    @Test
    void theShortFormLeavesOutputsOut() {
        assertThat(json(4, false)).doesNotContain("outputs");
    }

    @Test
    void theBinaryFormKeepsEveryBit() {
        for (int i = 0; i < 6; i++) {
            // deviations of missing values are no part of it
            assertThat(PosteriorBinary.decode(PosteriorBinary.encode(scored(i))))
                    .usingRecursiveComparison()
                    .ignoringFields("posterior.missing.deviation")
                    .isEqualTo(scored(i));
        }
    }
}
