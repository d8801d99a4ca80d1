package io.onlineem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComponentsTest {

    /** Closed forms of a few operations. */
    private static final double ROUNDING = 1e-12;

    private static final double[][] MEAN = {{2}};

    private static Fields gaussian(double mean, double variance) {
        return new Fields().with("means", new double[][] {{mean}}).with("covariances", new double[][][] {{{variance}}});
    }

    private static Fields studentT(double degreesOfFreedom) {
        return new Fields()
                .with("means", MEAN)
                .with("scales", new double[][][] {{{3}}})
                .with("degreesOfFreedom", new double[] {degreesOfFreedom});
    }

    private static Fields of(String name, double value) {
        return new Fields().with(name, new double[] {value});
    }

    private static Fields of(String name, double value, String other, double otherValue) {
        return of(name, value).with(other, new double[] {otherValue});
    }

    /** Means and standard deviations are those of SciPy 1.17.1. */
    static Stream<Arguments> families() {
        Map<String, String> none = Map.of();
        return Stream.of(
                Arguments.of("gaussian", none, gaussian(3, 4), 3, 2),
                Arguments.of("log-normal", none, gaussian(0.3, 0.5), 1.7332530178673955, 1.396018051619922),
                Arguments.of("student-t", none, studentT(5), 2, 2.2360679774997894),
                Arguments.of("student-t", none, studentT(2), 2, Double.NaN),
                Arguments.of("gamma", none, of("shapes", 2.5, "scales", 1.5), 3.75, 2.3717082451262845),
                Arguments.of("exponential", none, of("rates", 0.4), 2.5, 2.5),
                Arguments.of("poisson", none, of("rates", 7), 7, 2.6457513110645907),
                Arguments.of("binomial", Map.of("trials", "12"), of("probabilities", 0.3), 3.6, 1.5874507866387542),
                Arguments.of("bernoulli", none, of("probabilities", 0.2), 0.2, 0.4),
                Arguments.of(
                        "von-mises",
                        Map.of("period", "24"),
                        of("means", 20, "concentrations", 1.7),
                        20,
                        3.5971673099033157),
                Arguments.of("von-mises", Map.of("period", "24"), of("means", 0, "concentrations", 0), 0, Double.NaN));
    }

    private static Components components(ModelSpec spec, Fields parameters) {
        return Components.of(spec, spec.build().read(parameters)).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aComponentOfAnyFamilyHasItsMeanAndItsStandardDeviation(
            String family, Map<String, String> options, Fields parameters, double mean, double deviation) {
        ModelSpec spec = new ModelSpec("mixture", family, 1, List.of("x"), options);
        Components components = components(spec, of("weights", 1).withAll(parameters));

        assertThat(Components.numericFeatures(spec)).containsExactly(0);
        assertThat(components.means()[0][0]).isEqualTo(mean, within(ROUNDING));
        assertThat(components.deviations()[0][0]).isEqualTo(deviation, within(ROUNDING));
    }

    @Test
    void countsWithAnExposureAreThoseOfItsMean() {
        ModelSpec spec = new ModelSpec("mixture", "poisson", 1, List.of("n", "e"), Map.of("exposure", "e"));
        Fields parameters = of("weights", 1).withAll(of("rates", 2)).with("exposure", 8.0);
        Components components = components(spec, parameters);

        assertThat(components.means()[0]).containsExactly(new double[] {16, 8}, within(ROUNDING));
        assertThat(components.deviations()[0][0]).isEqualTo(4, within(ROUNDING));
        assertThat(components.deviations()[0][1]).isNaN();
    }

    @Test
    void inAProductEveryFeatureIsShownButCategories() {
        Prior prior = new Prior(5, null);
        ModelSpec spec = ModelSpec.of(
                "mixture",
                2,
                List.of(
                        new FamilySpec("poisson", List.of("n"), Map.of()),
                        new FamilySpec("categorical", List.of("c"), Map.of("categories", "a,b")),
                        new FamilySpec("gaussian", List.of("x", "y"), Map.of(), Optional.of(prior))),
                Map.of());
        Fields gaussians = new Fields()
                .with("means", new double[][] {{1, 2}, {3, 4}})
                .with("covariances", new double[][][] {{{4, 0}, {0, 9}}, {{16, 1}, {1, 25}}});
        Fields factors = new Fields()
                .with("n", new Fields().with("rates", new double[] {4, 9}))
                .with(
                        "c",
                        new Fields()
                                .with("categories", new String[] {"a", "b"})
                                .with("probabilities", new double[][] {{0.5, 0.5}, {0.1, 0.9}}))
                .with("x,y", gaussians);
        Components components = components(
                spec, new Fields().with("weights", new double[] {0.25, 0.75}).with("factors", factors));

        assertThat(Components.numericFeatures(spec)).containsExactly(0, 2, 3);
        assertThat(components.weights()).containsExactly(0.25, 0.75);
        assertThat(components.means()[0]).containsExactly(4, Double.NaN, 1, 2);
        assertThat(components.means()[1]).containsExactly(9, Double.NaN, 3, 4);
        assertThat(components.deviations()[0]).containsExactly(2, Double.NaN, 2, 3);
        assertThat(components.deviations()[1]).containsExactly(3, Double.NaN, 4, 5);
    }

    @Test
    void aStateWeighsWhatItIsTakenInTheLongRun() {
        ModelSpec spec = new ModelSpec("hmm", "poisson", 2, List.of("n"), Map.of());
        Fields parameters = new Fields()
                .with("initial", new double[] {1, 0})
                .with("transition", new double[][] {{0.7, 0.3}, {0.1, 0.9}})
                .with("rates", new double[] {1, 5});

        assertThat(components(spec, parameters).weights()).containsExactly(new double[] {0.25, 0.75}, within(ROUNDING));
    }

    @Test
    void aModelWithoutAFamilyHasNoSuchComponents() {
        ModelSpec spec = new ModelSpec(
                "incomplete-multinomial",
                0,
                List.of("AA", "Aa", "aa"),
                List.of(),
                Map.of("probabilities", "p", "cells", "AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2"));
        Parameters parameters = spec.build().read(new Fields().with("probabilities", new Fields().with("p", 0.4)));

        assertThat(Components.numericFeatures(spec)).isEmpty();
        assertThat(Components.of(spec, parameters)).isEmpty();
    }
}
