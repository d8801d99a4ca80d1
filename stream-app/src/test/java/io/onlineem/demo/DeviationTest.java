package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviationTest {

    private static final double ROUNDING = 1e-12;

    @Test
    void isTheConditionalDistributionOfABivariateGaussian() {
        // sd 2 and 3, correlation 0.5: x | y has mean 1 + 0.5 * 2/3 * (y - 5) and sd 2 * sqrt(1 - 0.25)
        double[][] covariance = {{4, 3}, {3, 9}};

        List<Deviation> deviations = Deviation.of(new double[] {7, 8}, new double[] {1, 5}, covariance);

        Deviation first = deviations.get(0);
        assertThat(first.index()).isZero();
        assertThat(first.value()).isEqualTo(7);
        assertThat(first.expected()).isCloseTo(2, within(ROUNDING));
        assertThat(first.deviation()).isCloseTo(Math.sqrt(3), within(ROUNDING));
        assertThat(first.score()).isCloseTo(5 / Math.sqrt(3), within(ROUNDING));
        Deviation second = deviations.get(1);
        assertThat(second.expected()).isCloseTo(5 + 0.5 * 1.5 * 6, within(ROUNDING));
        assertThat(second.deviation()).isCloseTo(3 * Math.sqrt(0.75), within(ROUNDING));
    }

    @Test
    void namesTheMostDeviatingNumberFirst() {
        double[][] independent = {{1, 0, 0}, {0, 1, 0}, {0, 0, 100}};

        List<Deviation> deviations = Deviation.of(new double[] {1, -3, 20}, new double[3], independent);

        assertThat(deviations).extracting(Deviation::index).containsExactly(1, 2, 0);
    }
}
