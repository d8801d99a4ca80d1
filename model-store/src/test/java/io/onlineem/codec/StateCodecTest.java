package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Drift;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.StepSize;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {

    private static final int WARM_UP = 40;
    private static final int RECORDS = 3000;

    private final StateCodec<MixtureParameters<GaussianParameters>> codec =
            new StateCodec<>(Examples.SPEC, Examples.model());

    @ParameterizedTest
    @CsvSource({
        "full, false, false",
        "full, true, true",
        "tied, false, true",
        "tied, true, false",
        "diagonal, true, true",
        "spherical, true, false"
    })
    void learningOnFromADecodedStateGivesTheSameBits(String covariance, boolean averaging, boolean drift) {
        ModelSpec spec =
                new ModelSpec("mixture", "gaussian", 3, List.of("a", "b", "c"), Map.of("covariance", covariance));
        Learning learning = new Learning(
                        new StepSize.PowerDecay(0.7, 2), 8, WARM_UP, 3, 0, averaging ? 100 : Learning.NEVER, 1)
                .withDrift(drift ? Drift.DEFAULTS : null)
                .withComponentCare(drift ? new ComponentCare(0.001, 100) : null);
        requireSameBits(spec, spec.build(), learning);
    }

    private static <P extends Parameters> void requireSameBits(ModelSpec spec, Model<P> model, Learning learning) {
        OnlineEm<P> engine = new OnlineEm<>(model, learning);
        StateCodec<P> codec = new StateCodec<>(spec, model);
        Observations records = records();

        OnlineLearner<P> straight = new OnlineLearner<>(engine, null);
        OnlineLearner<P> restored = new OnlineLearner<>(engine, null);
        for (int i = 0; i < RECORDS; i++) {
            straight.learn(records, i, straight.score(records, i));
            if (restored.learn(records, i, restored.score(records, i))) {
                restored = new OnlineLearner<>(engine, codec.decode(codec.encode(restored.state())));
            }
        }

        assertThat(straight.state().version()).isGreaterThan(30);
        assertThat(codec.encode(restored.state())).isEqualTo(codec.encode(straight.state()));
    }

    /** Far from the origin, in very different units. */
    private static Observations records() {
        SplittableRandom random = new SplittableRandom(11);
        Observations records = new Observations();
        for (int i = 0; i < RECORDS; i++) {
            int cluster = random.nextInt(3);
            records.add(new double[] {
                1e9 + 3 * cluster + random.nextGaussian(),
                1e-6 * (cluster * cluster + random.nextGaussian()),
                -40 + 7 * random.nextGaussian()
            });
        }
        return records;
    }

    @Test
    void publishedParametersThatWereTheSameObjectAreTheSameObjectAgain() {
        ModelState<MixtureParameters<GaussianParameters>> state =
                new OnlineEm<>(Examples.model(), Learning.DEFAULTS).startFrom(Examples.parameters());

        ModelState<MixtureParameters<GaussianParameters>> decoded = codec.decode(codec.encode(state));

        assertThat(decoded.published()).isSameAs(decoded.parameters());
        assertThat(decoded.averaged()).isNull();
        assertThat(decoded.meanLogLikelihood()).isNaN();
    }

    @Test
    void aDetectorThatLearnsItsBaselineIsReadBack() {
        assertThat(codec.decode(codec.encode(Examples.youngState())))
                .usingRecursiveComparison()
                .isEqualTo(Examples.youngState());
    }

    @Test
    void theStateOfAnotherModelIsRefusedWithBothNamesAndTheRemedy() {
        ModelSpec other =
                new ModelSpec("mixture", "gaussian", 2, List.of("höhe", "speed"), Map.of("covariance", "full"));
        byte[] state = codec.encode(Examples.state());

        assertThatThrownBy(() -> new StateCodec<>(other, Examples.model()).decode(state))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(
                        Examples.SPEC.describe(), other.describe(), "another application id or model name", "reset");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 255})
    void anUnknownVersionIsRefusedWithBothVersions(int version) {
        byte[] state = codec.encode(Examples.state());
        state[3] = (byte) version;

        assertThatThrownBy(() -> codec.decode(state))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("a model state has format version " + version, "reads versions 1 to 2");
    }

    @Test
    void aValueOfAnotherKindIsRefusedWithBothKinds() {
        byte[] observations = ObservationsCodec.encode(Examples.observations());

        assertThatThrownBy(() -> codec.decode(observations))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("is observations", "expected a model state");
    }

    @Test
    void aKindOfALaterReleaseIsRefusedAsUnknown() {
        byte[] state = codec.encode(Examples.state());
        state[2] = 99;

        assertThatThrownBy(() -> codec.decode(state))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("kind 99", "expected a model state", "upgrade");
    }

    @Test
    void aValueThatIsNotOursIsRefused() {
        assertThatThrownBy(() -> codec.decode("{\"version\":1}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("0x7B22", "expected a model state", "0x454D");
    }

    @Test
    void bytesAfterTheEndAreRefused() {
        byte[] state = codec.encode(Examples.state());

        assertThatThrownBy(() -> codec.decode(Arrays.copyOf(state, state.length + 1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("1 bytes follow its end");
    }
}
