package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import io.onlineem.mixture.Mixture;
import io.onlineem.mixture.MixtureParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CategoricalFamilyTest {

    private static final double ROUNDING = 1e-12;

    private static Observations texts(String... texts) {
        Observations observations = new Observations();
        for (String text : texts) {
            observations.add(new double[] {Observations.category(text)});
            observations.addCategories(Map.of(Observations.category(text), text));
        }
        return observations;
    }

    private static Fields fields(String[] categories, double[]... probabilities) {
        return new Fields().with("categories", categories).with("probabilities", probabilities);
    }

    private static double density(CategoricalFamily family, CategoricalParameters parameters, String text) {
        double[] logDensities = new double[parameters.components()];
        family.prepare(parameters).logDensities(new double[] {Observations.category(text)}, 0, logDensities);
        return Math.exp(logDensities[0]);
    }

    @Test
    void theMostFrequentTextsAreCategoriesAndTheRestIsOther() {
        CategoricalFamily family = CategoricalFamily.learned(2);
        CategoricalParameters pooled = family.pooled(texts("b", "a", "c", "b", "d", "c", "b", "c", "c"), 1);

        assertThat(pooled.categories()).containsExactly("c", "b", "other");
        // with one more record that is spread alike
        assertThat(pooled.probabilities()[0])
                .containsExactly(new double[] {13 / 30.0, 10 / 30.0, 7 / 30.0}, within(ROUNDING));
        assertThat(density(family, pooled, "a")).isCloseTo(7 / 30.0, within(ROUNDING));
        assertThat(density(family, pooled, "never seen")).isCloseTo(7 / 30.0, within(ROUNDING));
    }

    @Test
    void weightsDecideWhatIsFrequent() {
        Observations observations = texts("a", "a", "b");
        Observations weighted = new Observations();
        weighted.add(observations, 0);
        weighted.add(observations.record(2), 0, 1, 5);
        weighted.addCategories(observations.categories());

        assertThat(CategoricalFamily.learned(1).pooled(weighted, 1).categories())
                .containsExactly("b", "other");
    }

    @Test
    void aTextThatReadsOtherIsOther() {
        CategoricalFamily family = CategoricalFamily.learned(3);
        CategoricalParameters pooled = family.pooled(texts("other", "other", "a"), 1);

        assertThat(pooled.categories()).containsExactly("a", "other");
        assertThat(density(family, pooled, "other")).isCloseTo(2.5 / 4, within(ROUNDING));
    }

    @Test
    void fewerTextsThanThereIsRoomForAreAllCategories() {
        CategoricalFamily family = CategoricalFamily.learned(20);
        CategoricalParameters pooled = family.pooled(texts("x", "y"), 2);
        double[] statistics = family.statistics(pooled, pooled, new double[] {0.5, 0.5});

        assertThat(pooled.categories()).containsExactly("x", "y", "other");
        assertThat(statistics).hasSize(42);
        assertThat(family.degreesOfFreedom(2)).isEqualTo(40);
        assertThat(family.degreesOfFreedom(pooled)).isEqualTo(4);
        assertThat(family.fit(statistics, 0, 100, pooled).probabilities()[1])
                .containsExactly(pooled.probabilities()[1], within(ROUNDING));
    }

    @Test
    void aFitHasNoMoreFreeParametersThanCategoriesWereFound() {
        Map<String, Family<?>> factors = new LinkedHashMap<>();
        factors.put("text", new PriorFamily<>(CategoricalFamily.learned(20), new Prior(1, null)));
        factors.put("flag", new FieldwiseFamily(new Bernoulli(), 1));
        Mixture<ProductParameters> model = new Mixture<>(new ProductFamily(factors), 2);
        Observations sample = new Observations();
        for (String text : List.of("x", "y", "x", "y")) {
            sample.add(new double[] {Observations.category(text), 1});
            sample.addCategories(Map.of(Observations.category(text), text));
        }
        MixtureParameters<ProductParameters> start = model.start(sample, new SplittableRandom(1));

        assertThat(model.degreesOfFreedom()).isEqualTo(1 + 40 + 2);
        assertThat(model.degreesOfFreedom(start)).isEqualTo(1 + 4 + 2);
    }

    @Test
    void aTextThatIsNotNamedIsAProblemUnlessOthersAreTaken() {
        CategoricalFamily closed = CategoricalFamily.named(List.of("chip", "online"), false);
        CategoricalFamily open = CategoricalFamily.named(List.of("chip", "online"), true);
        double[] unknown = {Observations.category("fax")};

        assertThat(closed.problem(new double[] {Observations.category("chip")}, 0))
                .isNull();
        assertThat(closed.problem(new double[] {Double.NaN}, 0)).isNull();
        assertThat(closed.problem(unknown, 0).expected()).isEqualTo("one of chip, online");
        assertThat(open.problem(unknown, 0)).isNull();
        assertThat(open.pooled(texts("chip"), 1).categories()).containsExactly("chip", "online", "other");
        assertThat(CategoricalFamily.named(List.of("other", "chip"), true)
                        .pooled(texts("chip"), 1)
                        .categories())
                .containsExactly("chip", "other");
    }

    @Test
    void whatWasNeverSeenIsUnlikelyButNotImpossible() {
        CategoricalFamily family = CategoricalFamily.named(List.of("a", "b"), false);
        CategoricalParameters fitted = family.fit(new double[] {1, 0}, 0, 100, family.pooled(texts("a"), 1));

        assertThat(fitted.probabilities()[0]).containsExactly(1 - 1e-10, 1e-10);
    }

    @Test
    void aPriorKeepsWhatWasNeverSeenPossible() {
        CategoricalFamily family = CategoricalFamily.named(List.of("a", "b"), false);
        PriorFamily<CategoricalParameters> map = new PriorFamily<>(family, new Prior(2, null));
        PriorParameters<CategoricalParameters> fitted =
                map.fit(new double[] {1, 0}, 0, 100, map.pooled(texts("a", "a", "a"), 1));

        // 100 records and 2 imagined ones, of which an eighth is b
        assertThat(fitted.estimate().probabilities()[0][1]).isCloseTo(0.25 / 102, within(ROUNDING));
    }

    @Test
    void theLocationOfAPriorIsMatchedByNames() {
        CategoricalFamily family = CategoricalFamily.learned(2);
        Fields location = fields(new String[] {"other", "a", "z"}, new double[] {0.1, 0.7, 0.2});
        PriorFamily<CategoricalParameters> map = new PriorFamily<>(family, new Prior(10, location));
        PriorParameters<CategoricalParameters> pooled = map.pooled(texts("a", "b"), 1);
        PriorParameters<CategoricalParameters> fitted = map.fit(new double[] {0.5, 0.5, 0}, 0, 10, pooled);

        assertThat(fitted.estimate().categories()).containsExactly("a", "b", "other");
        assertThat(fitted.estimate().probabilities()[0])
                .containsExactly(new double[] {0.6, 0.25, 0.15}, within(ROUNDING));
    }

    @Test
    void theMostLikelyCategoryIsImputed() {
        CategoricalFamily family = CategoricalFamily.named(List.of("a", "b"), false);
        CategoricalParameters parameters =
                family.read(fields(new String[] {"a", "b"}, new double[] {0.9, 0.1}, new double[] {0.2, 0.8}), 2);
        Imputation imputation = new Imputation();
        family.prepare(parameters).impute(new double[] {Double.NaN}, 0, new double[] {0.3, 0.7}, imputation);

        assertThat(imputation.values()).containsExactly(new Imputation.Value(0, Double.NaN, "b"));
    }

    @Test
    void parametersOfNamedCategoriesNeedNotRepeatTheNames() {
        CategoricalFamily family = CategoricalFamily.named(List.of("a", "b"), true);
        Fields fields = new Fields().with("probabilities", new double[][] {{0.5, 0.25, 0.25}});

        assertThat(family.read(fields, 1).categories()).containsExactly("a", "b", "other");
    }

    @Test
    void parametersThatDoNotFitAreRejected() {
        CategoricalFamily learned = CategoricalFamily.learned(2);
        CategoricalFamily named = CategoricalFamily.named(List.of("a", "b"), false);

        assertThatThrownBy(() -> learned.read(fields(new String[] {"a", "b"}, new double[] {0.5, 0.5}), 1))
                .hasMessage("categories are [a, b]; expected at most 3 names, of which one is other");
        assertThatThrownBy(() -> learned.read(new Fields().with("probabilities", new double[][] {{1}}), 1))
                .hasMessageContaining("lack the field 'categories'; expected an array of texts");
        assertThatThrownBy(() -> named.read(fields(new String[] {"a", "c"}, new double[] {0.5, 0.5}), 1))
                .hasMessage("categories are [a, c]; expected [a, b]");
        assertThatThrownBy(() -> named.read(fields(new String[] {"a", "b"}, new double[] {0.5, 0.6}), 1))
                .hasMessageContaining("probabilities[0] are [0.5, 0.6], which sum to 1.1; expected a sum of 1");
        assertThatThrownBy(() -> named.read(fields(new String[] {"b", "a"}, new double[] {0.5}), 1))
                .hasMessageContaining("expected a 1 × 2 array");
    }

    @Test
    void optionsThatMakeNoSenseAreRejected() {
        assertThatThrownBy(() -> new FamilySpec("categorical", List.of("x", "y"), Map.of()))
                .hasMessageContaining("has the fields [x, y]; expected one");
        assertThatThrownBy(() -> spec("categories", "0")).hasMessageContaining("number of categories is 0");
        assertThatThrownBy(() -> spec("categories", "only")).hasMessageContaining("[only]; expected at least 2");
        assertThatThrownBy(() -> spec("categories", "a,,b")).hasMessageContaining("[a, , b]; expected each name once");
        assertThatThrownBy(() -> spec("categories", "a,b,a")).hasMessageContaining("expected each name once");
        assertThatThrownBy(() -> spec("other", "maybe")).hasMessage("other is 'maybe'; expected true or false");
    }

    private static FamilySpec spec(String option, String value) {
        return new FamilySpec("categorical", List.of("x"), Map.of(option, value));
    }
}
