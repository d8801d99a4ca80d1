package io.onlineem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.family.FamilySpec;
import io.onlineem.multinomial.IncompleteMultinomial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncompleteMultinomialSpecTest {

    private static final String TYPE = "incomplete-multinomial";
    private static final Map<String, String> ABO =
            Map.of("probabilities", "A,B,O", "cells", "A = A^2 + 2 A O; B = B^2 + 2 B O; AB = 2 A B; O = O^2");

    private static ModelSpec spec(int components, List<String> features, Map<String, String> options) {
        return new ModelSpec(TYPE, components, features, List.of(), options);
    }

    @Test
    void featuresThatNameTheCellsAreTheirCountsInThatOrder() {
        ModelSpec spec = spec(0, List.of("O", "AB", "A", "B"), ABO);
        IncompleteMultinomial model = (IncompleteMultinomial) spec.build();

        assertThat(model.width()).isEqualTo(4);
        assertThat(model.table().cells()).containsExactly("O", "AB", "A", "B");
        assertThat(spec.components()).isEqualTo(6);
        assertThat(spec(6, spec.features(), ABO)).isEqualTo(spec);
    }

    @Test
    void oneFeatureNamesTheCellOfEachRecord() {
        IncompleteMultinomial model =
                (IncompleteMultinomial) spec(0, List.of("phenotype"), ABO).build();

        assertThat(model.width()).isEqualTo(1);
        assertThat(model.table().cells()).containsExactly("A", "B", "AB", "O");
    }

    @Test
    void aTextThatIsBrokenInOtherPlacesIsTheSameModel() {
        Map<String, String> broken = Map.of(
                "probabilities",
                "A,B,O ",
                "cells",
                "\n A = A^2 + 2 A O;\n  B = B^2 + 2 B O;  AB = 2 A B;\tO = O^2\n",
                "priorStrength",
                "0");
        ModelSpec spec = spec(0, List.of("phenotype"), ABO);

        assertThat(spec(0, List.of("phenotype"), broken)).isEqualTo(spec);
        assertThat(spec(0, List.of("phenotype"), broken).describe()).isEqualTo(spec.describe());
        assertThat(spec.describe())
                .isEqualTo("incomplete-multinomial of 6 in [phenotype] with {cells=A = A^2 + 2 A O; B = B^2 + 2 B O;"
                        + " AB = 2 A B; O = O^2, probabilities=A,B,O}");
    }

    @Test
    void whatDoesNotFitTogetherIsRejected() {
        List<String> features = List.of("phenotype");
        assertThatThrownBy(() -> spec(0, features, Map.of()))
                .hasMessageContaining("the option probabilities is missing; expected the names");
        assertThatThrownBy(() -> spec(0, features, Map.of("probabilities", "p")))
                .hasMessageContaining("the option cells is missing; expected the observed cells, such as");
        assertThatThrownBy(() -> spec(0, features, Map.of("probabilities", "p", "cells", "x = p; y = 2 q")))
                .hasMessageContaining("q is not one of the probabilities");
        assertThatThrownBy(() -> spec(0, List.of("A", "B", "O"), ABO))
                .hasMessageContaining("features are [A, B, O]; expected for counts the names of the cells");
        assertThatThrownBy(() -> spec(4, features, ABO))
                .hasMessage("number of components is 4; expected 6, the latent cells, or none given");
        assertThatThrownBy(() -> new ModelSpec(
                        TYPE,
                        0,
                        features,
                        List.of(new FamilySpec("gaussian", features, Map.of(), Optional.empty())),
                        ABO))
                .hasMessageContaining("expected none for the type incomplete-multinomial");
    }
}
