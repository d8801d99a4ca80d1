package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import io.onlineem.mixture.Mixture;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldwiseFamilyTest {

    private static final double ROUNDING = 1e-12;

    private static FieldwiseFamily family(String name, Map<String, String> options, String... features) {
        return (FieldwiseFamily) new FamilySpec(name, List.of(features), options).build();
    }

    private static FieldwiseParameters fit(FieldwiseFamily family, double[]... records) {
        return family.pooled(Observations.of(records), 1);
    }

    private static List<Imputation.Value> impute(
            FieldwiseFamily family, FieldwiseParameters parameters, double... record) {
        Imputation imputation = new Imputation();
        family.prepare(parameters).impute(record, 0, new double[] {1}, imputation);
        return imputation.values();
    }

    @Test
    void aSingleFieldHasListsOfNumbersInJsonAndSeveralHaveMatrices() {
        FieldwiseParameters one = fit(family("poisson", Map.of(), "x"), new double[] {2}, new double[] {4});
        FieldwiseParameters two = fit(family("poisson", Map.of(), "x", "y"), new double[] {2, 1}, new double[] {4, 0});

        assertThat(one.fields().get("rates")).isEqualTo(new double[] {3});
        assertThat(one.fields().get("scale")).isEqualTo(3.0);
        assertThat(two.fields().get("rates")).isEqualTo(new double[][] {{3, 0.5}});
        assertThat(two.fields().get("scale")).isEqualTo(new double[] {3, 0.5});
    }

    @Test
    void aSingleFieldMayBeGivenAsAMatrix() {
        FieldwiseFamily family = family("poisson", Map.of(), "x");
        Fields column = new Fields().with("rates", new double[][] {{1}, {3}});

        assertThat(family.read(column, 2).fields().get("rates")).isEqualTo(new double[] {1, 3});
        assertThat(family.read(column, 2).fields().get("scale")).isEqualTo(2.0);
    }

    @Test
    void ratesArePerUnitOfExposure() {
        FieldwiseFamily family = family("poisson", Map.of("exposure", "hours"), "hours", "x");
        FieldwiseParameters parameters = fit(family, new double[] {2, 6}, new double[] {4, 9});

        assertThat(parameters.fields().get("rates")).isEqualTo(new double[] {2.5});
        assertThat(parameters.fields().get("exposure")).isEqualTo(3.0);
        assertThat(impute(family, parameters, 10, Double.NaN)).containsExactly(new Imputation.Value(1, 25, 5, null));
    }

    @Test
    void aMissingSizeIsExpectedAtItsMeanAndItsFieldsWithIt() {
        FieldwiseFamily family = family("binomial", Map.of("trials", "n"), "n", "x");
        FieldwiseParameters parameters = family.read(
                new Fields().with("probabilities", new double[] {0.25}).with("trials", 20.0), 1);

        assertThat(fit(family, new double[] {10, 5}, new double[] {30, 5}).size())
                .isEqualTo(20);
        assertThat(impute(family, parameters, Double.NaN, Double.NaN))
                .containsExactly(new Imputation.Value(0, 20, null), new Imputation.Value(1, 5, Math.sqrt(3.75), null));
        double[] logDensities = new double[1];
        family.prepare(parameters).logDensities(new double[] {Double.NaN, 3}, 0, logDensities);
        assertThat(logDensities).containsExactly(0);
    }

    @Test
    void moreSuccessesThanTrialsAreAProblem() {
        FieldwiseFamily own = family("binomial", Map.of("trials", "n"), "n", "x", "y");
        FieldwiseFamily fixed = family("binomial", Map.of("trials", "4"), "x");

        assertThat(own.problem(new double[] {3, 1, 4}, 0))
                .isEqualTo(new Problem(2, "at most as many successes as trials, 3"));
        assertThat(own.problem(new double[] {Double.NaN, 1, 4}, 0)).isNull();
        assertThat(own.problem(new double[] {3, Double.NaN, 3}, 0)).isNull();
        assertThat(fixed.problem(new double[] {5}, 0))
                .isEqualTo(new Problem(0, "at most as many successes as trials, 4"));
        assertThat(fixed.problem(new double[] {4}, 0)).isNull();
    }

    @Test
    void timesOfDayAreAveragedAcrossMidnight() {
        FieldwiseFamily family = family("von-mises", Map.of("period", "24"), "hour");
        FieldwiseParameters parameters = fit(family, new double[] {23}, new double[] {2}, new double[] {24 + 0.5});

        assertThat(((double[]) parameters.fields().get("means"))[0]).isCloseTo(0.5, within(ROUNDING));
        assertThat(impute(family, parameters, Double.NaN).get(0).number()).isCloseTo(0.5, within(ROUNDING));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-7, 1e-3, 0.4, 3, 20, 25, 5e3, 1e6, 9e7})
    void concentrationsAreFoundFromTheMeanResultantLength(double concentration) {
        double length = 1 - Bessel.oneMinusRatio(concentration);
        // 1 - length has the digits of a number near 1
        assertThat(VonMises.concentration(length))
                .isCloseTo(concentration, within(1e-15 + concentration * (1e-13 + 1e-15 * concentration)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.3, 1, 7, 19.9, 20.1, 1e3, 1e6, 9e7})
    void shapesAreFoundFromTheMeanLogarithm(double shape) {
        Gamma gamma = new Gamma();
        double[] fitted = gamma.fit(gamma.expectedTerms(new double[] {shape, 1 / shape}), 1, null);

        assertThat(fitted[0]).isCloseTo(shape, within(shape * (1e-12 + 1e-15 * shape)));
        assertThat(fitted[0] * fitted[1]).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void everyParameterOfEveryFieldIsFree() {
        assertThat(family("poisson", Map.of("exposure", "b"), "a", "b", "c").degreesOfFreedom(3))
                .isEqualTo(6);
        assertThat(family("gamma", Map.of(), "a", "b").degreesOfFreedom(3)).isEqualTo(12);
        assertThat(family("von-mises", Map.of(), "a").degreesOfFreedom(3)).isEqualTo(6);
        assertThat(family("bernoulli", Map.of(), "a", "b").degreesOfFreedom(3)).isEqualTo(6);
    }

    @Test
    void aComponentThatFallsOnOnePointStaysFiniteAndIsDegenerate() {
        assertCollapses("exponential", 0, (random, i) -> Draws.gamma(random, 1, 5));
        assertCollapses("gamma", 2.5, (random, i) -> Draws.gamma(random, 1.5, 5));
        assertCollapses("von-mises", 1.25, (random, i) -> Draws.vonMises(random, 3, 0.5));
    }

    private interface Draw {
        double draw(SplittableRandom random, int index);
    }

    private static void assertCollapses(String name, double point, Draw draw) {
        FieldwiseFamily family = family(name, Map.of(), "x");
        SplittableRandom random = new SplittableRandom(3);
        Observations data = new Observations();
        for (int i = 0; i < 200; i++) {
            data.add(new double[] {i % 4 == 0 ? point : draw.draw(random, i)});
        }
        Mixture<FieldwiseParameters> model = new Mixture<>(family, 2);
        BatchEm.Fit<?> fit = new BatchEm<>(model).fit(data, 10, 1, new BatchEm.Stopping(500, 1e-9));

        assertThat(fit.logLikelihood()).as(name).isFinite();
        assertThat(fit.degenerate()).as("%s %s", name, fit.parameters()).isTrue();
    }

    @Test
    void constantDataAreNoCollapseOfOneComponent() {
        FieldwiseFamily family = family("gamma", Map.of(), "x");
        FieldwiseParameters constant = family.pooled(Observations.of(new double[] {3}, new double[] {3}), 2);

        assertThat(constant.values()[0][0][0]).isEqualTo(Gamma.LARGEST_SHAPE);
        assertThat(family.isDegenerate(constant, new double[] {1, 1})).isFalse();
    }

    @Test
    void boundedLikelihoodsDoNotCollapse() {
        FieldwiseFamily family = family("poisson", Map.of(), "x");
        FieldwiseParameters zeros =
                family.fit(new double[] {0.5, 0, 0.5, 2}, 0, 100, family.pooled(Observations.of(new double[] {4}), 2));

        assertThat(zeros.fields().get("rates")).isEqualTo(new double[] {4e-10, 4});
        assertThat(family.isDegenerate(zeros, new double[] {50, 50})).isFalse();
    }

    @Test
    void whatWasNeverObservedIsAssumedToBeOrdinary() {
        FieldwiseFamily family = family("gamma", Map.of(), "x", "y");
        FieldwiseParameters parameters = fit(family, new double[] {2, Double.NaN}, new double[] {3, Double.NaN});

        assertThat(parameters.of(0, 1)).containsExactly(1, 1);
        assertThat(impute(family, parameters, 2, Double.NaN)).containsExactly(new Imputation.Value(1, 1, 1, null));
    }

    @Test
    void aPriorKeepsAFlagPossibleThatWasNeverSeen() {
        PriorFamily<FieldwiseParameters> map =
                new PriorFamily<>(family("bernoulli", Map.of(), "x"), new Prior(2, null));
        PriorParameters<FieldwiseParameters> pooled =
                map.pooled(Observations.of(new double[] {0}, new double[] {0}, new double[] {0}), 1);
        double[] fitted = (double[])
                map.fit(new double[] {1, 0}, 0, 100, pooled).estimate().fields().get("probabilities");

        // 100 records and 2 imagined ones, an eighth of them with the flag
        assertThat(fitted[0]).isCloseTo(0.25 / 102, within(ROUNDING));
    }

    @Test
    void optionsThatMakeNoSenseAreRejected() {
        assertThatThrownBy(() -> family("poisson", Map.of("exposure", "hour"), "hours", "x"))
                .hasMessage("exposure is 'hour'; expected one of the fields [hours, x]");
        assertThatThrownBy(() -> family("poisson", Map.of("exposure", "hours"), "hours"))
                .hasMessage("number of fields is 0; expected at least 1 beside the field of the exposure");
        assertThatThrownBy(() -> family("binomial", Map.of(), "x"))
                .hasMessageContaining("trials is ''; expected a whole number of at least 1");
        assertThatThrownBy(() -> family("binomial", Map.of("trials", "2.5"), "x"))
                .hasMessageContaining("trials is '2.5'; expected a whole number");
        assertThatThrownBy(() -> family("von-mises", Map.of("period", "0"), "x"))
                .hasMessageContaining("period is 0.0; expected a positive number");
    }

    @Test
    void parametersOutOfRangeAreRejectedByName() {
        assertThatThrownBy(() ->
                        family("exponential", Map.of(), "x").read(new Fields().with("rates", new double[] {1, 0}), 2))
                .hasMessage("rates holds 0.0; expected numbers above 0");
        assertThatThrownBy(() -> family("gamma", Map.of(), "x")
                        .read(new Fields().with("shapes", new double[] {1e9}).with("scales", new double[] {1}), 1))
                .hasMessage("shapes holds 1.0E9; expected numbers above 0, at most 1.0E8");
        assertThatThrownBy(() -> family("bernoulli", Map.of(), "x")
                        .read(new Fields().with("probabilities", new double[] {1.5}), 1))
                .hasMessage("probabilities holds 1.5; expected probabilities from 0 to 1");
    }

    @Test
    void aProbabilityOfZeroThatWasGivenDoesNotMakeAnythingImpossible() {
        FieldwiseFamily family = family("bernoulli", Map.of(), "x");
        FieldwiseParameters never = family.read(new Fields().with("probabilities", new double[] {0}), 1);
        double[] logDensities = new double[1];
        family.prepare(never).logDensities(new double[] {1}, 0, logDensities);

        assertThat(logDensities[0]).isCloseTo(Math.log(1e-10), within(ROUNDING));
    }
}
