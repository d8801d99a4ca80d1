package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.mixture.Reference;
import org.junit.jupiter.api.Test;

/** Against SciPy, by the script beside the numbers. */
class GeneralizedParetoTest {

    private static final Reference REFERENCE = Reference.read("generalized-pareto.json");

    @Test
    void survivalIsThatOfScipy() {
        for (Reference point : REFERENCE.each("points")) {
            GeneralizedPareto tail = new GeneralizedPareto(point.number("scale"), point.number("shape"));
            double expected = point.number("survival");

            assertThat(tail.survival(point.number("y"))).isCloseTo(expected, within(1e-12 * expected));
            if (expected > 0) {
                assertThat(tail.quantile(expected)).isCloseTo(point.number("y"), within(1e-9 * point.number("y")));
            }
        }
    }

    @Test
    void fitsAreWithinHalfAStandardErrorOfTheLargestLikelihood() {
        for (Reference fit : REFERENCE.each("fits")) {
            double[] excesses = fit.vector("excesses");
            double shape = fit.number("shape");
            double scale = fit.number("scale");
            GeneralizedPareto tail = GeneralizedPareto.fit(excesses, 0, excesses.length);
            // Smith 1987: asymptotic deviations of the maximum of the likelihood.
            double root = Math.sqrt(excesses.length);

            assertThat(tail.shape()).isCloseTo(shape, within(0.5 * (1 + shape) / root));
            assertThat(tail.scale()).isCloseTo(scale, within(0.5 * scale * Math.sqrt(2 * (1 + shape)) / root));
        }
    }

    @Test
    void anySampleHasAFit() {
        for (double[] excesses :
                new double[][] {{1}, {2, 2, 2, 2, 2, 2, 2, 2}, {1e-300, 1e-200, 1, 1e200}, {1e-12, 5}}) {
            GeneralizedPareto tail = GeneralizedPareto.fit(excesses, 0, excesses.length);

            assertThat(tail.survival(excesses[0])).isBetween(0.0, 1.0);
        }
    }

    @Test
    void aScaleThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new GeneralizedPareto(0, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scale is 0.0");
    }
}
