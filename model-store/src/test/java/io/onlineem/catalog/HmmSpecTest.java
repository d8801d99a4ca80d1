package io.onlineem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.family.FamilySpec;
import io.onlineem.hmm.Hmm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HmmSpecTest {

    private static ModelSpec spec(Map<String, String> options) {
        return ModelSpec.of(
                "hmm",
                3,
                List.of(
                        new FamilySpec("gaussian", List.of("x", "y"), Map.of()),
                        new FamilySpec("poisson", List.of("n"), Map.of())),
                options);
    }

    @Test
    void aHiddenMarkovModelIsComposedWithAProductOfFamilies() {
        Hmm<?> model = (Hmm<?>) spec(Map.of()).build();

        assertThat(model.components()).isEqualTo(3);
        assertThat(model.memoryLength()).isEqualTo(3);
        assertThat(model.width()).isEqualTo(3);
        assertThat(model.degreesOfFreedom()).isEqualTo(2 + 6 + 3 * (2 + 3) + 3);
    }

    @ParameterizedTest
    @CsvSource({
        "full,free,8",
        "full,stationary,6",
        "full,fixed,6",
        "full,0.5 0.25 0.25,6",
        "full,'.5,.25,.25',6",
        "left-to-right,free,5",
        "left-to-right,'1, 0, 0',3",
        "110; 011; 101,stationary,3"
    })
    void optionsGiveTheStructureOfTheChain(String transitions, String initial, int free) {
        ModelSpec spec = spec(Map.of("transitions", transitions, "initial", initial));

        assertThat(spec.build().degreesOfFreedom() - 18).isEqualTo(free);
    }

    @Test
    void equalModelsAreDescribedAlike() {
        String described =
                "hmm of 3 gaussian {covariance=full, covarianceFloor=1.0E-10} in [x, y] times poisson {exposure=}"
                        + " in [n]";

        assertThat(spec(Map.of("stickyStrength", "0", "initial", "free")).describe())
                .isEqualTo(described);
        for (String initial : List.of("0.5 ,0.25, .25", "0.50 2.5e-1 0.25")) {
            for (String transitions : List.of("110;011;101", " 110; 011;\n 1 01")) {
                assertThat(spec(Map.of("transitions", transitions, "initial", initial))
                                .describe())
                        .isEqualTo(described + " with {initial=0.5,0.25,0.25, transitions=110;011;101}");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "initial,start,'initial is ''start''; expected one of free, stationary, fixed, or the probability of each state'",
        "initial,'',\"initial is ''; expected\"",
        "initial,'0.5,0.x,0','initial is ''0.5,0.x,0''; expected free, stationary, fixed, or the probability of each'",
        "initial,'0.5,,0.5','expected free, stationary, fixed, or the probability of each state, such as 0.5,0.5'",
        "initial,0.5 0.5,'the fixed initial distribution has 2 probabilities; expected 3'",
        "initial,1 1 1,'fixed initial probabilities'",
        "initial,-1 1 1,'fixed initial probabilities'",
        "transitions,ring,'transitions are ''ring''; expected full, left-to-right or 3 rows'",
        "stickyStrength,-1,'staying in a state is -1.0; expected a number of observations'",
        "gamma,1,'option ''gamma'' is not known'"
    })
    void optionsThatMakeNoModelAreRejected(String option, String value, String message) {
        assertThatThrownBy(() -> spec(Map.of(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message.replace("\"", ""));
    }
}
