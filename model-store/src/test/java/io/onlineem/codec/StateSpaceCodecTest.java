package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Statistics;
import io.onlineem.statespace.StateSpace;
import io.onlineem.statespace.StateSpaceParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A type without components, whose parameters are matrices, passes through the encodings. */
class StateSpaceCodecTest {

    private static ModelSpec spec(Map<String, String> options) {
        return new ModelSpec("linear-gaussian", 0, List.of("x", "y"), List.of(), options);
    }

    private static Observations data() {
        SplittableRandom random = new SplittableRandom(1);
        Observations data = new Observations();
        double level = 0;
        for (int i = 0; i < 200; i++) {
            level += random.nextGaussian();
            data.add(new double[] {level + random.nextGaussian(), 2 * level + random.nextGaussian()});
        }
        return data;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{preset=random-walk, processNoise=free}",
                "{preset=constant-velocity, timeStep=0.5}",
                "{preset=damped-oscillation, period=7}",
                "{preset=general, transition=free 0.9, observation=free 1; 2, offset=free}"
            })
    void aFitIsReadBackAsAStartWithWhatItIsOf(String text) {
        ModelSpec spec = spec(parse(text));
        StateSpace model = (StateSpace) spec.build();
        BatchEm.Fit<StateSpaceParameters> fit = new BatchEm<>(model).fit(data(), 1, 1, new BatchEm.Stopping(5, 1e-6));
        byte[] json = FitJson.write(new FitResult<>(spec, model.degreesOfFreedom(), "batch", 1, fit, 0));

        assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"components\":0", "\"processNoise\":[[");
        assertThat(FitJson.readSpec(json)).contains(spec);
        assertThat(FitJson.readStart(json, spec, model).fields())
                .isEqualTo(fit.parameters().fields());
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> options = new TreeMap<>();
        for (String entry : text.substring(1, text.length() - 1).split(", ", -1)) {
            if (!entry.isEmpty()) {
                options.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
            }
        }
        return options;
    }

    @Test
    void aDecodedStateIsTheSameBitForBit() {
        ModelSpec spec = spec(Map.of("preset", "local-linear-trend"));
        StateSpace model = (StateSpace) spec.build();
        OnlineEm<StateSpaceParameters> engine = new OnlineEm<>(model, Learning.DEFAULTS.withAveragingAfter(0));
        StateCodec<StateSpaceParameters> codec = new StateCodec<>(spec, model);
        ModelState<StateSpaceParameters> state = engine.start(data());
        Statistics statistics = engine.newStatistics();
        model.eStep(state.parameters()).accumulate(data(), statistics);
        ModelState<StateSpaceParameters> learned = engine.blend(state, statistics);
        byte[] encoded = codec.encode(learned);

        assertThat(codec.encode(codec.decode(encoded))).isEqualTo(encoded);
        assertThat(codec.decode(encoded).published().fields())
                .isEqualTo(learned.published().fields());
        assertThat(codec.encode(engine.blend(codec.decode(encoded), statistics)))
                .isEqualTo(codec.encode(engine.blend(learned, statistics)));
    }

    @Test
    void stateOfAnotherModelIsRefused() {
        ModelSpec one = spec(Map.of("preset", "local-level"));
        ModelSpec other = spec(Map.of("preset", "random-walk"));
        StateSpace model = (StateSpace) one.build();
        byte[] encoded = new StateCodec<>(one, model).encode(new OnlineEm<>(model, Learning.DEFAULTS).start(data()));

        assertThatThrownBy(() -> new StateCodec<>(other, (StateSpace) other.build()).decode(encoded))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("preset=random-walk");
    }
}
