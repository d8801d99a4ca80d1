package io.onlineem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.family.FamilySpec;
import io.onlineem.mixture.LaggedMixture;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A mixture with the option {@code lags} is one of windows. */
class LaggedSpecTest {

    private static ModelSpec spec(String lags, FamilySpec... factors) {
        return ModelSpec.of("mixture", 2, List.of(factors), Map.of("lags", lags));
    }

    @Test
    void lagsMakeAMixtureConditionedOnPreviousRecords() {
        FamilySpec factor = new FamilySpec("student-t", List.of("x", "y"), Map.of());
        Model<?> model = spec("2", factor).build();

        assertThat(model).isInstanceOf(LaggedMixture.class);
        assertThat(model.width()).isEqualTo(2);
        assertThat(model.memoryLength()).isEqualTo(8);
        assertThat(spec("2", factor).describe()).endsWith("with {lags=2.0}");
        assertThat(spec("0", factor)).isEqualTo(ModelSpec.of("mixture", 2, List.of(factor), Map.of()));
    }

    @Test
    void itsComponentsAreThoseOfTheNewestRecord() {
        ModelSpec spec = spec("1", new FamilySpec("gaussian", List.of("x"), Map.of()));
        LaggedMixture<?> model = (LaggedMixture<?>) spec.build();
        Observations sample = Observations.of(new double[] {1}, new double[] {5}, new double[] {2}, new double[] {7});
        Components components = Components.of(spec, model.start(sample, new SplittableRandom(1)))
                .orElseThrow();

        assertThat(Components.numericFeatures(spec)).containsExactly(0);
        assertThat(components.means()).hasDimensions(2, 1);
        assertThat(components.deviations()).hasDimensions(2, 1);
    }

    @Test
    void familiesThatPredictNothingHaveNoLags() {
        FamilySpec poisson = new FamilySpec("poisson", List.of("n"), Map.of());
        FamilySpec gaussian = new FamilySpec("gaussian", List.of("x"), Map.of());

        assertThatThrownBy(() -> spec("1", poisson))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "lags is 1 of poisson; expected fields of one family, one of [gaussian, student-t], or no lags");
        assertThatThrownBy(() -> spec("1", gaussian, poisson)).hasMessageContaining("gaussian times poisson");
        assertThatThrownBy(() -> spec("1.5", gaussian)).hasMessageContaining("expected a whole number from 0 to 100");
        assertThatThrownBy(() -> spec("-1", gaussian)).hasMessageContaining("expected a whole number from 0 to 100");
    }
}
