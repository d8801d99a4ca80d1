package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import org.junit.jupiter.api.Test;

class MultinomialFamilyTest {

    private static final double ROUNDING = 1e-12;
    private static final double NONE = Double.NaN;

    private final MultinomialFamily family = new MultinomialFamily(3);

    private MultinomialParameters parameters(double... probabilities) {
        return family.read(new Fields().with("probabilities", new double[][] {probabilities}), 1);
    }

    private double logDensity(MultinomialParameters parameters, double... record) {
        double[] logDensities = new double[1];
        family.prepare(parameters).logDensities(record, 0, logDensities);
        return logDensities[0];
    }

    @Test
    void observedCountsAreMultinomialGivenTheirTotal() {
        double expected = Math.log(10 * Math.pow(0.4, 2) * Math.pow(0.6, 3));

        assertThat(logDensity(parameters(0.2, 0.5, 0.3), 2, NONE, 3)).isCloseTo(expected, within(ROUNDING));
    }

    @Test
    void oneCountAloneSaysNothing() {
        assertThat(logDensity(parameters(0.2, 0.5, 0.3), NONE, NONE, 7)).isCloseTo(0, within(ROUNDING));
        assertThat(logDensity(parameters(0.2, 0.5, 0.3), 0, 0, NONE)).isZero();
    }

    @Test
    void missingCountsAreExpectedInProportionToTheObservedOnes() {
        Imputation imputation = new Imputation();
        double[] record = {2, NONE, 3};
        Emissions emissions = family.prepare(parameters(0.2, 0.5, 0.3));
        emissions.impute(record, 0, new double[] {1}, imputation);
        double[] statistics = new double[3];
        emissions.accumulate(record, 0, new double[] {0.5}, statistics, 0);

        assertThat(imputation.values()).hasSize(1);
        assertThat(imputation.values().get(0).position()).isEqualTo(1);
        assertThat(imputation.values().get(0).number()).isCloseTo(5, within(ROUNDING));
        assertThat(statistics).containsExactly(new double[] {1, 2.5, 1.5}, within(ROUNDING));
    }

    @Test
    void whereNothingIsCountedTheMeanTotalIsExpected() {
        Observations sample = Observations.of(new double[] {1, 2, 3}, new double[] {0, 4, 10});
        MultinomialParameters pooled = family.pooled(sample, 1);
        Imputation imputation = new Imputation();
        family.prepare(pooled).impute(new double[] {NONE, NONE, NONE}, 0, new double[] {1}, imputation);

        assertThat(pooled.total()).isEqualTo(10);
        assertThat(imputation.values().stream()
                        .mapToDouble(Imputation.Value::number)
                        .sum())
                .isCloseTo(10, within(ROUNDING));
    }

    @Test
    void parametersThatAreNoProbabilitiesAreRejected() {
        assertThatThrownBy(() -> new MultinomialFamily(1)).hasMessageContaining("number of fields is 1; expected");
        assertThatThrownBy(() -> parameters(0.5, 0.5)).hasMessageContaining("expected a 1 × 3 array");
        assertThatThrownBy(() -> parameters(0.5, 0.6, -0.1)).hasMessageContaining("expected probabilities");
        assertThatThrownBy(() -> family.read(parameters(0.2, 0.5, 0.3).fields().with("total", 0.0), 1))
                .hasMessage("total is 0.0; expected a positive, finite number");
    }
}
