package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.em.Observations;
import io.onlineem.family.CategoricalFamily;
import io.onlineem.family.CategoricalParameters;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.MultinomialFamily;
import io.onlineem.family.MultinomialParameters;
import io.onlineem.family.ProductFamily;
import io.onlineem.family.ProductParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Mixtures of categorical and multinomial families keep the contract of models. */
class CountsMixtureTest {

    private static void assertProbabilities(double[] probabilities) {
        assertThat(Arrays.stream(probabilities).boxed()).allMatch(probability -> probability > 0 && probability <= 1);
        assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-12));
    }

    private static Fields with(Fields valid, String name, Object value) {
        return new Fields().withAll(valid).with(name, value);
    }

    @Nested
    class OfMultinomials extends ModelContract<MixtureParameters<MultinomialParameters>> {

        @Override
        protected Model<MixtureParameters<MultinomialParameters>> model(int width, int components) {
            return new Mixture<>(new MultinomialFamily(width), components);
        }

        @Override
        protected double[] adapt(double[] numbers) {
            return Arrays.stream(numbers)
                    .map(number -> Math.rint(Math.abs(number)))
                    .toArray();
        }

        @Override
        protected void assertValid(MixtureParameters<MultinomialParameters> parameters) {
            assertProbabilities(parameters.weights());
            for (double[] probabilities : parameters.emissions().probabilities()) {
                assertProbabilities(probabilities);
            }
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "probabilities", new double[] {0.5, 0.5}));
            invalid.add(with(valid, "probabilities", new double[][] {{0.5, 0.5}, {0.5, 0.6}}));
            invalid.add(with(valid, "probabilities", new double[][] {{0.5, 0.5}, {1.5, -0.5}}));
            invalid.add(with(valid, "probabilities", new double[][] {{0.5, 0.5}, {Double.NaN, 0.5}}));
            invalid.add(with(valid, "total", -1.0));
            return invalid;
        }
    }

    /** As many independent categories as there are numbers. */
    @Nested
    class OfCategories extends ModelContract<MixtureParameters<ProductParameters>> {

        @Override
        protected Model<MixtureParameters<ProductParameters>> model(int width, int components) {
            Map<String, Family<?>> families = new LinkedHashMap<>();
            for (int j = 0; j < width; j++) {
                families.put("x" + j, CategoricalFamily.named(List.of("low", "high"), true));
            }
            return new Mixture<>(new ProductFamily(families), components);
        }

        @Override
        protected double[] adapt(double[] numbers) {
            return Arrays.stream(numbers)
                    .map(number -> Observations.category(number < 0 ? "low" : number < 2 ? "middle" : "high"))
                    .toArray();
        }

        @Override
        protected void assertValid(MixtureParameters<ProductParameters> parameters) {
            assertProbabilities(parameters.weights());
            for (FamilyParameters factor : parameters.emissions().factors()) {
                CategoricalParameters categories = (CategoricalParameters) factor;
                assertThat(categories.categories()).containsExactly("low", "high", "other");
                for (double[] probabilities : categories.probabilities()) {
                    assertProbabilities(probabilities);
                }
            }
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            Fields factors = valid.nested("factors");
            Fields first = factors.nested("x0");
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "factors", new Fields()));
            for (Fields broken : List.of(
                    with(first, "categories", new String[] {"low", "high"}),
                    with(first, "categories", new String[] {"low", "high", "high"}),
                    with(first, "categories", "low"),
                    with(first, "probabilities", new double[][] {{0.5, 0.5}, {0.5, 0.5}}),
                    with(first, "probabilities", new double[][] {{0.5, 0.25, 0.25}, {0.5, 0.25, 0.5}}))) {
                invalid.add(with(valid, "factors", with(factors, "x0", broken)));
            }
            return invalid;
        }
    }
}
