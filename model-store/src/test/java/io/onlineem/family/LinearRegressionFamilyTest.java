package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearRegressionFamilyTest {

    private static final double FLOOR = LinearRegressionFamily.DEFAULT_FLOOR;

    private static RegressionParameters withDeviations(double first, double second) {
        double[] variances = {first * first, second * second};
        return new RegressionParameters(new double[2][2], variances, new double[2], new double[] {1, 1});
    }

    @Test
    void theDensityIsThatOfTheResponseAroundTheRegression() {
        LinearRegressionFamily family = new LinearRegressionFamily(3, 0, false, FLOOR);
        Fields fields = new Fields()
                .with("coefficients", new double[][] {{1, 2, -3}})
                .with("variances", new double[] {4})
                .with("center", new double[] {10, 20, 30})
                .with("scale", new double[] {3, 2, 5});
        double[] density = new double[1];
        family.prepare(family.read(fields, 1)).logDensities(new double[] {5, 0.5, -2}, 0, density);

        // the regression is at 8, one and a half standard deviations from the response
        assertThat(density[0]).isCloseTo(-0.5 * Math.log(2 * Math.PI * 4) - 1.125, within(1e-12));
    }

    @Test
    void missingCovariatesAreExpectedAtTheirMeanAndTheResponseAccordingly() {
        LinearRegressionFamily family = new LinearRegressionFamily(3, 0, false, FLOOR);
        Fields fields = new Fields()
                .with("coefficients", new double[][] {{1, 2, -3}})
                .with("variances", new double[] {4})
                .with("center", new double[] {10, 20, 30})
                .with("scale", new double[] {3, 2, 5});
        Imputation imputation = new Imputation();
        family.prepare(family.read(fields, 1))
                .impute(new double[] {Double.NaN, 7, Double.NaN}, 0, new double[] {1}, imputation);

        assertThat(imputation.values()).extracting(Imputation.Value::position).containsExactly(0, 2);
        assertThat(imputation.values().get(0).number()).isCloseTo(1 + 2 * 7 - 3 * 30, within(1e-9));
        assertThat(imputation.values().get(1).number()).isEqualTo(30);
    }

    @Test
    void aThinComponentOnAHandfulOfRecordsIsDegenerate() {
        LinearRegressionFamily family = new LinearRegressionFamily(2);
        assertThat(family.isDegenerate(withDeviations(1, 0.1), new double[] {100, 8}))
                .isTrue();
        assertThat(family.isDegenerate(withDeviations(1, 0.1), new double[] {100, 20}))
                .isFalse();
        assertThat(family.isDegenerate(withDeviations(1, 0.3), new double[] {100, 5}))
                .isFalse();
    }

    @Test
    void aLineWithoutWidthIsDegenerateHoweverManyRecordsItHas() {
        LinearRegressionFamily family = new LinearRegressionFamily(2);
        assertThat(family.isDegenerate(withDeviations(1, 0.02), new double[] {100, 100}))
                .isTrue();
        assertThat(family.isDegenerate(withDeviations(1, 1e-5), new double[] {100, 100}))
                .isTrue();
    }

    @Test
    void aSharedVarianceOrNoneAtAllIsNotACollapse() {
        double[] counts = {100, 1};
        assertThat(new LinearRegressionFamily(2, 1, true, FLOOR).isDegenerate(withDeviations(1e-5, 1e-5), counts))
                .isFalse();
        assertThat(new LinearRegressionFamily(2).isDegenerate(withDeviations(1e-5, 1e-5), counts))
                .isFalse();
    }

    @Test
    void freeParametersAreCoefficientsAndVariances() {
        assertThat(new LinearRegressionFamily(3).degreesOfFreedom(2)).isEqualTo(8);
        assertThat(new LinearRegressionFamily(3, 2, true, FLOOR).degreesOfFreedom(2))
                .isEqualTo(7);
    }

    @Test
    void aRandomPartitionHasAllRecordsNearALine() {
        LinearRegressionFamily family = new LinearRegressionFamily(2);
        Observations sample = new Observations();
        for (int i = 0; i < 50; i++) {
            sample.add(new double[] {i, i % 2 == 0 ? i : Double.NaN});
        }
        int[] partition = family.partition(sample, family.pooled(sample, 1), 3, 20, new SplittableRandom(1));
        assertThat(partition).hasSize(50).containsOnly(0, 1, 2);
    }

    @Test
    void theResponseIsTheLastFieldUnlessNamed() {
        List<String> fields = List.of("hour", "load", "temperature");
        LinearRegressionFamily last = build(fields, Map.of());
        LinearRegressionFamily named = build(fields, Map.of("response", "load"));

        assertThat(last.order()).containsExactly(0, 1, 2);
        assertThat(named.order()).containsExactly(0, 2, 1);
    }

    private static LinearRegressionFamily build(List<String> fields, Map<String, String> options) {
        return (LinearRegressionFamily) new FamilySpec("linear-regression", fields, options).build();
    }

    @Test
    void valuesOutOfRangeAreRejected() {
        List<String> fields = List.of("x", "y");
        assertThatThrownBy(() -> build(fields, Map.of("response", "z")))
                .hasMessage("response is 'z'; expected one of [x, y]");
        assertThatThrownBy(() -> build(fields, Map.of("variance", "shared")))
                .hasMessage("variance is 'shared'; expected free or tied");
        assertThatThrownBy(() -> build(fields, Map.of("varianceFloor", "2")))
                .hasMessageContaining("variance floor is 2.0; expected more than 0 and less than 1");
        assertThatThrownBy(() -> build(List.of("y"), Map.of()))
                .hasMessage("a regression has 1 column; expected a response and at least one covariate");
        assertThatThrownBy(() -> new LinearRegressionFamily(2, 2, false, FLOOR))
                .hasMessage("the response is column 2; expected one from 0 to 1");
    }
}
