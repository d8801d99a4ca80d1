package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GaussianFamilyTest {

    private static GaussianParameters diagonal(double[]... variances) {
        double[][] means = new double[variances.length][variances[0].length];
        double[][][] covariances = new double[variances.length][variances[0].length][variances[0].length];
        for (int k = 0; k < variances.length; k++) {
            for (int j = 0; j < variances[k].length; j++) {
                covariances[k][j][j] = variances[k][j];
            }
        }
        double[] ones = new double[variances[0].length];
        Arrays.fill(ones, 1);
        return new GaussianParameters(means, covariances, new double[ones.length], ones);
    }

    @Test
    void aThinComponentOnAHandfulOfRecordsIsDegenerate() {
        GaussianFamily family = new GaussianFamily(2, Covariance.FULL);
        GaussianParameters thin = diagonal(new double[] {1, 1}, new double[] {1, 0.01});

        assertThat(family.isDegenerate(thin, new double[] {100, 8})).isTrue();
        assertThat(family.isDegenerate(thin, new double[] {100, 20})).isFalse();
    }

    @Test
    void aSmallComponentOfOrdinaryWidthIsNotDegenerate() {
        GaussianFamily family = new GaussianFamily(2, Covariance.FULL);
        GaussianParameters narrow = diagonal(new double[] {1, 1}, new double[] {0.2, 0.1});
        assertThat(family.isDegenerate(narrow, new double[] {100, 5})).isFalse();
    }

    @Test
    void aComponentAtTheFloorIsDegenerateHoweverManyRecordsItHas() {
        GaussianFamily family = new GaussianFamily(2, Covariance.DIAGONAL);
        GaussianParameters collapsed = diagonal(new double[] {1, 1}, new double[] {1, family.floor()});
        assertThat(family.isDegenerate(collapsed, new double[] {100, 100})).isTrue();
    }

    @Test
    void aColumnThatIsConstantForAllComponentsIsNotTheirCollapse() {
        GaussianFamily family = new GaussianFamily(2, Covariance.FULL);
        double floor = family.floor();
        GaussianParameters constant = diagonal(new double[] {1, floor}, new double[] {0.5, floor});
        assertThat(family.isDegenerate(constant, new double[] {50, 50})).isFalse();
    }

    @Test
    void aSharedCovarianceCannotCollapse() {
        GaussianFamily family = new GaussianFamily(2, Covariance.TIED);
        GaussianParameters flat = diagonal(new double[] {1, family.floor()}, new double[] {1, family.floor()});
        assertThat(family.isDegenerate(flat, new double[] {100, 1})).isFalse();
    }

    @Test
    void freeParametersAreThoseOfTheCovarianceType() {
        assertThat(new GaussianFamily(4, Covariance.FULL).degreesOfFreedom(3)).isEqualTo(42);
        assertThat(new GaussianFamily(4, Covariance.TIED).degreesOfFreedom(3)).isEqualTo(22);
        assertThat(new GaussianFamily(4, Covariance.DIAGONAL).degreesOfFreedom(3))
                .isEqualTo(24);
        assertThat(new GaussianFamily(4, Covariance.SPHERICAL).degreesOfFreedom(3))
                .isEqualTo(15);
    }

    @ParameterizedTest
    @EnumSource(Covariance.class)
    void covarianceTypesAreKnownByTheirLabels(Covariance covariance) {
        assertThat(Covariance.of(covariance.label())).isEqualTo(covariance);
    }

    @Test
    void valuesOutOfRangeAreRejected() {
        assertThatThrownBy(() -> new GaussianFamily(0, Covariance.FULL)).hasMessageContaining("dimension is 0");
        assertThatThrownBy(() -> new GaussianFamily(1, Covariance.FULL, 0))
                .hasMessageContaining("covariance floor is 0.0; expected more than 0");
        assertThatThrownBy(() -> Covariance.of("round"))
                .hasMessage("covariance is 'round'; expected one of full, tied, diagonal, spherical");
        assertThatThrownBy(() -> new FamilySpec("gauss", List.of("x"), Map.of()))
                .hasMessageContaining("family is 'gauss'; expected one of [");
        assertThatThrownBy(() -> new FamilySpec("gaussian", List.of("x"), Map.of("colour", "red")))
                .hasMessageContaining("colour");
        assertThatThrownBy(() -> new FamilySpec("gaussian", List.of("x"), Map.of("covarianceFloor", "low")))
                .hasMessageContaining("covarianceFloor is 'low'; expected a number");
    }
}
