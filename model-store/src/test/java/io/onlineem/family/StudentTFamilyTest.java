package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudentTFamilyTest {

    private static final double FLOOR = GaussianFamily.DEFAULT_FLOOR;

    private static StudentTFamily fixed(double degreesOfFreedom) {
        return new StudentTFamily(2, Covariance.FULL, OptionalDouble.of(degreesOfFreedom), FLOOR);
    }

    private static Fields standard() {
        return new Fields().with("means", new double[][] {{1, 2}}).with("scales", new double[][][] {{{1, 0.5}, {0.5, 2}}
        });
    }

    private static double logDensity(Family<?> family, Fields fields, double... record) {
        double[] density = new double[1];
        prepared(family, fields).logDensities(record, 0, density);
        return density[0];
    }

    private static <P extends FamilyParameters> Emissions prepared(Family<P> family, Fields fields) {
        return family.prepare(family.read(fields, 1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e10, 1e15, 1e300})
    void manyDegreesOfFreedomAreAGaussian(double degreesOfFreedom) {
        Fields gaussian = standard().with("covariances", standard().get("scales"));
        double expected = logDensity(new GaussianFamily(2, Covariance.FULL), gaussian, 4, -3);
        assertThat(logDensity(fixed(degreesOfFreedom), standard(), 4, -3)).isCloseTo(expected, within(1e-6));
        assertThat(logDensity(fixed(degreesOfFreedom), standard(), 4, Double.NaN))
                .isCloseTo(logDensity(new GaussianFamily(2, Covariance.FULL), gaussian, 4, Double.NaN), within(1e-6));
    }

    @Test
    void fixedDegreesOfFreedomCostNoParameterAndNeedNotBeGiven() {
        assertThat(fixed(4).degreesOfFreedom(3)).isEqualTo(15);
        assertThat(new StudentTFamily(2, Covariance.FULL).degreesOfFreedom(3)).isEqualTo(18);
        assertThat(fixed(4).read(standard(), 1).degreesOfFreedom()).containsExactly(4);
        Fields other = standard().with("degreesOfFreedom", new double[] {5});
        assertThatThrownBy(() -> fixed(4).read(other, 1))
                .hasMessage("degreesOfFreedom is [5.0]; expected 4.0, to which they are fixed");
    }

    @Test
    void scalesAreCheckedByTheirName() {
        Fields indefinite = standard().with("scales", new double[][][] {{{1, 2}, {2, 1}}});
        assertThatThrownBy(() -> fixed(4).read(indefinite, 1)).hasMessageContaining("scales[0] is [[1.0, 2.0]");
    }

    @Test
    void centreAndUnitAreThoseOfMostRecords() {
        Observations sample = new Observations();
        for (int i = -50; i <= 50; i++) {
            sample.add(new double[] {7 + i, i < -40 ? 1e100 : i});
        }
        Coordinates coordinates = Coordinates.robust(sample, 2);
        assertThat(coordinates.centre()).containsExactly(7, 10);
        assertThat(coordinates.scale()).containsExactly(new double[] {25 * 1.4826, 25 * 1.4826}, within(1.5));
    }

    @Test
    void aWeightMovesTheMedianAsThatManyCopiesDo() {
        Observations weighted = new Observations();
        Observations copied = new Observations();
        for (int i = 0; i < 20; i++) {
            int weight = i < 5 ? 4 : 1;
            weighted.add(new double[] {i * i}, 0, 1, weight);
            for (int copy = 0; copy < weight; copy++) {
                copied.add(new double[] {i * i});
            }
        }
        assertThat(Coordinates.robust(weighted, 1).centre())
                .isEqualTo(Coordinates.robust(copied, 1).centre());
        assertThat(Coordinates.robust(weighted, 1).scale())
                .isEqualTo(Coordinates.robust(copied, 1).scale());
    }

    @Test
    void whereHalfTheValuesAreTheSameTheStandardDeviationIsTheUnit() {
        Observations sample = Observations.of(new double[] {3}, new double[] {3}, new double[] {3}, new double[] {7});
        assertThat(Coordinates.robust(sample, 1)).usingRecursiveComparison().isEqualTo(Coordinates.of(sample, 1));
    }

    @Test
    void degreesOfFreedomAreANumberInOneFormOrLearned() {
        FamilySpec whole = new FamilySpec("student-t", List.of("x"), Map.of("degreesOfFreedom", "4"));
        FamilySpec decimal = new FamilySpec("student-t", List.of("x"), Map.of("degreesOfFreedom", "4.0"));
        FamilySpec learned = new FamilySpec("student-t", List.of("x"), Map.of());

        assertThat(whole).isEqualTo(decimal);
        assertThat(whole.build().degreesOfFreedom(1)).isEqualTo(2);
        assertThat(learned.options()).containsEntry("degreesOfFreedom", "learned");
        assertThat(learned.build().degreesOfFreedom(1)).isEqualTo(3);
    }

    @Test
    void valuesOutOfRangeAreRejected() {
        assertThatThrownBy(() -> fixed(0)).hasMessageContaining("degreesOfFreedom is 0.0; expected a number above 0");
        assertThatThrownBy(() -> fixed(Double.POSITIVE_INFINITY)).hasMessageContaining("expected a number above 0");
        assertThatThrownBy(() -> new FamilySpec("student-t", List.of("x"), Map.of("degreesOfFreedom", "few")))
                .hasMessage("degreesOfFreedom is 'few'; expected learned or a number above 0");
    }
}
