package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.multinomial.CellParameters;
import io.onlineem.multinomial.IncompleteMultinomial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A type without families, whose parameters are nested by name, passes through the encodings. */
class IncompleteMultinomialCodecTest {

    private static final ModelSpec SPEC = new ModelSpec(
            "incomplete-multinomial",
            0,
            List.of("AB", "Ab", "aB", "ab"),
            List.of(),
            Map.of("probabilities", "p", "cells", "AB = 1/2 + p/4; Ab = (1-p)/4; aB = (1-p)/4; ab = p/4"));
    private static final IncompleteMultinomial MODEL = (IncompleteMultinomial) SPEC.build();

    @Test
    void aFitIsReadBackAsAStartWithWhatItIsOf() {
        BatchEm.Fit<CellParameters> fit = new BatchEm<>(MODEL)
                .fit(Observations.of(new double[] {125, 18, 20, 34}), 2, 1, BatchEm.Stopping.DEFAULTS);
        byte[] json = FitJson.write(new FitResult<>(SPEC, MODEL.degreesOfFreedom(), "batch", 1, fit, 0));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"parameters\":{\"probabilities\":{\"p\":0.62682", "\"cells\":{\"AB\":0.6567");
        assertThat(FitJson.readSpec(json)).contains(SPEC);
        assertThat(FitJson.readStart(json, SPEC, MODEL).probabilities())
                .isEqualTo(fit.parameters().probabilities());
    }

    @Test
    void learningOnFromADecodedStateGivesTheSameBits() {
        OnlineEm<CellParameters> engine = new OnlineEm<>(
                MODEL, Learning.DEFAULTS.withWarmUp(10).withMiniBatch(3).withAveragingAfter(50));
        StateCodec<CellParameters> codec = new StateCodec<>(SPEC, MODEL);
        OnlineLearner<CellParameters> straight = new OnlineLearner<>(engine, null);
        OnlineLearner<CellParameters> restored = new OnlineLearner<>(engine, null);
        SplittableRandom random = new SplittableRandom(1);
        Observations records = new Observations();
        for (int i = 0; i < 200; i++) {
            records.add(random.ints(4, 0, 9).asDoubleStream().toArray());
            straight.learn(records, i, straight.score(records, i));
            if (restored.learn(records, i, restored.score(records, i))) {
                restored = new OnlineLearner<>(engine, codec.decode(codec.encode(restored.state())));
            }
        }

        assertThat(straight.state().version()).isGreaterThan(50);
        assertThat(codec.encode(restored.state())).isEqualTo(codec.encode(straight.state()));
    }
}
