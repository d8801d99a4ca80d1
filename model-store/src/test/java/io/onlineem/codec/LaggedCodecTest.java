package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Statistics;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A mixture of windows, whose components are wider than a record, passes through the encodings. */
class LaggedCodecTest {

    private static final ModelSpec SPEC = ModelSpec.of(
            "mixture", 2, List.of(new FamilySpec("gaussian", List.of("x", "y"), Map.of())), Map.of("lags", "2"));

    @SuppressWarnings("unchecked")
    private static Model<MixtureParameters<GaussianParameters>> model() {
        return (Model<MixtureParameters<GaussianParameters>>) SPEC.build();
    }

    private static Observations data() {
        SplittableRandom random = new SplittableRandom(1);
        Observations data = new Observations();
        double level = 0;
        for (int i = 0; i < 200; i++) {
            level = 0.9 * level + random.nextGaussian();
            data.add(new double[] {level, random.nextGaussian()});
        }
        return data;
    }

    @Test
    void aFitIsReadBackAsAStartWithWhatItIsOf() {
        BatchEm.Fit<MixtureParameters<GaussianParameters>> fit =
                new BatchEm<>(model()).fit(data(), 1, 1, new BatchEm.Stopping(5, 1e-6));
        byte[] json = FitJson.write(new FitResult<>(SPEC, model().degreesOfFreedom(), "batch", 1, fit, 0));

        assertThat(FitJson.readSpec(json)).contains(SPEC);
        assertThat(FitJson.readStart(json, SPEC, model()).fields())
                .isEqualTo(fit.parameters().fields());
    }

    @Test
    void aDecodedStateIsTheSameBitForBit() {
        OnlineEm<MixtureParameters<GaussianParameters>> engine = new OnlineEm<>(model(), Learning.DEFAULTS);
        StateCodec<MixtureParameters<GaussianParameters>> codec = new StateCodec<>(SPEC, model());
        ModelState<MixtureParameters<GaussianParameters>> state = engine.start(data());
        Statistics statistics = engine.newStatistics();
        model().eStep(state.parameters()).accumulate(data(), statistics);
        byte[] encoded = codec.encode(engine.blend(state, statistics));

        assertThat(codec.encode(codec.decode(encoded))).isEqualTo(encoded);
    }
}
