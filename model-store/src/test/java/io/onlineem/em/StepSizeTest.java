package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepSizeTest {

    /** Rounding of up to 10,000 logarithms, and the remainder of the Euler-Maclaurin formula. */
    private static final double PRODUCT = 1e-10;

    /** Fractions of a step are taken in two ways, either side of 1,000 observations. */
    private static final double FRACTION = 1e-6;

    static Stream<StepSize> stepSizes() {
        return Stream.of(
                new StepSize.PowerDecay(1, 0),
                new StepSize.PowerDecay(1, 10),
                new StepSize.PowerDecay(0.51, 0),
                new StepSize.PowerDecay(0.6, 0),
                new StepSize.PowerDecay(2.0 / 3, 0),
                new StepSize.PowerDecay(0.75, 500),
                new StepSize.PowerDecay(0.999999, 3),
                new StepSize.Constant(0.001),
                new StepSize.Constant(1),
                new StepSize.HalfLife(5000),
                new RestartedStep(new StepSize.Constant(0.001)),
                new RestartedStep(new StepSize.HalfLife(5000)));
    }

    @ParameterizedTest
    @MethodSource("stepSizes")
    void theCompositeStepIsThatOfTheProductOfItsObservations(StepSize stepSize) {
        for (int n : List.of(0, 1, 7, 100, 995, 1000, 5000, 1_000_000)) {
            for (int m : List.of(1, 2, 8, 9, 16, 256, 10_000)) {
                double remaining = 1;
                for (int i = 1; i <= m; i++) {
                    remaining *= 1 - stepSize.at(n + i);
                }
                assertThat(stepSize.composite(n, m))
                        .as("n = %d, m = %d", n, m)
                        .isCloseTo(1 - remaining, within(PRODUCT));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stepSizes")
    void stepsOfConsecutiveBatchesCompose(StepSize stepSize) {
        for (double n : List.of(0.0, 3.0, 0.25, 998.0, 12_345.0)) {
            for (double m : List.of(1.0, 5.0, 64.0, 2.5, 300.75)) {
                for (double rest : List.of(1.0, 7.0, 500.0, 0.125)) {
                    double whole = stepSize.composite(n, m + rest);
                    double parts = 1 - (1 - stepSize.composite(n, m)) * (1 - stepSize.composite(n + m, rest));
                    boolean fractions = m != Math.rint(m) || rest != Math.rint(rest);
                    // below that the fraction of a large step is only bracketed by its neighbours
                    double tolerance = !fractions ? PRODUCT : n >= 1000 ? FRACTION : stepSize.at(n + 1);
                    assertThat(whole)
                            .as("n = %s, m = %s, rest = %s", n, m, rest)
                            .isCloseTo(parts, within(tolerance));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stepSizes")
    void stepsLieBetweenZeroAndOne(StepSize stepSize) {
        for (double n : List.of(0.0, 0.5, 1.0, 1000.0, 1e9, 1e15)) {
            assertThat(stepSize.at(n + 1)).isPositive().isLessThanOrEqualTo(1);
            assertThat(stepSize.composite(n, 0)).isZero();
            for (double m : List.of(1e-3, 1.0, 256.0)) {
                assertThat(stepSize.composite(n, m)).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void exponentOneWithoutOffsetIsTheRunningMean() {
        StepSize stepSize = new StepSize.PowerDecay(1, 0);
        assertThat(stepSize.composite(0, 5)).isEqualTo(1);
        assertThat(stepSize.composite(30, 10)).isEqualTo(0.25);
        assertThat(stepSize.composite(1.5, 0.5)).isEqualTo(0.25);
    }

    @Test
    void theFirstObservationReplacesWhatWasThereBefore() {
        assertThat(new StepSize.PowerDecay(0.7, 0).composite(0, 1)).isEqualTo(1);
        assertThat(new StepSize.PowerDecay(0.7, 0).composite(0, 100)).isEqualTo(1);
    }

    @Test
    void afterTheHalfLifeWhatWasLearnedWeighsHalf() {
        assertThat(new StepSize.HalfLife(5000).composite(123, 5000)).isCloseTo(0.5, within(1e-14));
        assertThat(new StepSize.HalfLife(0.5).composite(0, 1)).isCloseTo(0.75, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0, -1, 1.01, Double.NaN})
    void exponentsThatDoNotConvergeAreRejected(double exponent) {
        assertThatThrownBy(() -> new StepSize.PowerDecay(exponent, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("step size exponent is " + exponent + "; expected more than 0.5 and at most 1");
    }

    @Test
    void otherValuesOutOfRangeAreRejected() {
        assertThatThrownBy(() -> new StepSize.PowerDecay(0.7, -1)).hasMessageContaining("offset is -1.0");
        assertThatThrownBy(() -> new StepSize.PowerDecay(0.7, Double.POSITIVE_INFINITY))
                .hasMessageContaining("offset is Infinity");
        assertThatThrownBy(() -> new StepSize.Constant(0)).hasMessageContaining("constant step size is 0.0");
        assertThatThrownBy(() -> new StepSize.Constant(1.5)).hasMessageContaining("constant step size is 1.5");
        assertThatThrownBy(() -> new StepSize.HalfLife(0)).hasMessageContaining("half-life is 0.0");
        assertThatThrownBy(() -> new StepSize.HalfLife(Double.NaN)).hasMessageContaining("half-life is NaN");
    }

    @Test
    void aRestartedConstantStepComesDownToItsValueAndStays() {
        StepSize restarted = new StepSize.Constant(0.001).restarted();
        assertThat(restarted.at(100)).isEqualTo(0.01);
        assertThat(restarted.at(1000)).isEqualTo(0.001);
        assertThat(restarted.at(1e6)).isEqualTo(0.001);
        assertThat(new StepSize.PowerDecay(0.7, 5).restarted()).isEqualTo(new StepSize.PowerDecay(0.7, 5));
    }

    @ParameterizedTest
    @MethodSource("stepSizes")
    void setBackToAMemoryTheStepIsItsReciprocal(StepSize stepSize) {
        for (double memory : new double[] {50, 100, 700}) {
            StepSize restarted = stepSize.restarted();
            double n = stepSize.countWithMemory(memory);
            double expected = n == 0 ? restarted.at(0) : Math.max(1 / memory, stepSize.at(n));
            assertThat(restarted.at(n)).isCloseTo(expected, within(1e-12));
        }
    }
}
