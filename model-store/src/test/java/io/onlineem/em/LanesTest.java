package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LanesTest {

    /** What {@link Lanes#exp} promises. */
    private static final double EXP = 1e-13;

    /** A few units in the last place of the sum of magnitudes. */
    private static final double SUM = 1e-15;

    private final SplittableRandom random = new SplittableRandom(5);
    private final double[] scratch = new double[Lanes.SIZE];

    static IntStream sizes() {
        return IntStream.rangeClosed(1, Lanes.SIZE);
    }

    private double[] draw(double from, double to) {
        return random.doubles(Lanes.SIZE, from, to).toArray();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sumsAndDotProductsAreExactToRounding(int n) {
        double[] x = draw(-1, 1);
        double[] y = draw(-1e3, 1e3);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal dot = BigDecimal.ZERO;
        double size = 0;
        double dotSize = 0;
        for (int i = 0; i < n; i++) {
            sum = sum.add(new BigDecimal(x[i]));
            dot = dot.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i])));
            size += Math.abs(x[i]);
            dotSize += Math.abs(x[i] * y[i]);
        }

        assertThat(Lanes.sum(x, n, scratch)).isCloseTo(sum.doubleValue(), within(n * SUM * size));
        assertThat(Lanes.dot(x, y, n, scratch)).isCloseTo(dot.doubleValue(), within(n * SUM * dotSize));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sumsOfLogarithmsAreExactOverTheWholeRange(int n) {
        for (double largest : new double[] {1, 2, 8, 1e19}) {
            double[] x = new double[Lanes.SIZE];
            double expected = 0;
            for (int i = 0; i < n; i++) {
                x[i] = i % 3 == 0 ? largest : 1 + random.nextDouble() * (largest - 1);
                expected += Math.log(x[i]);
            }
            assertThat(Lanes.sumOfLogs(x, n, scratch)).isCloseTo(expected, within(1e-14 * (1 + expected)));
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void exponentialsAreAccurateAndWriteNothingBeyond(int n) {
        double[] x = draw(-95, 0);
        double[] shift = draw(0, 5);
        double[] y = new double[Lanes.SIZE];
        Arrays.fill(y, -1);
        Lanes.exp(x, shift, y, n);
        for (int i = 0; i < n; i++) {
            double expected = Math.exp(x[i] - shift[i]);
            assertThat(y[i]).isCloseTo(expected, within(EXP * expected));
        }
        assertThat(Arrays.stream(y, n, Lanes.SIZE)).allMatch(value -> value == -1);
    }

    @Test
    void theExponentialOfZeroIsOneAndOfAnythingFarBelowATinyNumber() {
        double[] y = new double[4];
        Lanes.exp(new double[] {0, -699, -1e10, -Double.MAX_VALUE}, new double[4], y, 4);
        assertThat(y[0]).isEqualTo(1);
        assertThat(y[1]).isCloseTo(Math.exp(-699), within(0.1 * Math.exp(-699)));
        assertThat(y[2]).isPositive().isLessThan(1e-300);
        assertThat(y[3]).isEqualTo(y[2]);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void elementwiseLoopsComputeWhatTheySay(int n) {
        double[] x = draw(-2, 2);
        double[] y = draw(1, 2);
        double[] u = draw(-2, 2);
        double[] v = draw(-2, 2);
        double[][] results = new double[12][];
        for (int r = 0; r < results.length; r++) {
            results[r] = y.clone();
        }
        Lanes.standardise(x, 0.5, 2, results[0], n);
        Lanes.shift(x, 0.5, results[1], n);
        Lanes.scale(x, 3, results[2], n);
        Lanes.addScaled(2, x, results[3], n);
        Lanes.addScaled(2, x, 3, u, -1, v, 0.5, x, results[4], n);
        Lanes.addScaledSquare(-0.5, x, results[5], n);
        Lanes.addSquaredDistance(2, x, 0.25, results[6], n);
        Lanes.multiply(x, u, results[7], n);
        Lanes.divide(x, y, results[8], n);
        Lanes.add(x, results[9], n);
        Lanes.max(x, results[10], n);
        Lanes.log(y.clone(), results[11], n);
        for (int i = 0; i < Lanes.SIZE; i++) {
            double[] expected = {
                (x[i] - 0.5) * 2,
                x[i] + 0.5,
                3 * x[i],
                y[i] + 2 * x[i],
                y[i] + 2 * x[i] + 3 * u[i] - v[i] + 0.5 * x[i],
                y[i] - 0.5 * x[i] * x[i],
                y[i] + 4 * (x[i] - 0.25) * (x[i] - 0.25),
                x[i] * u[i],
                x[i] / y[i],
                y[i] + x[i],
                Math.max(x[i], y[i]),
                Math.log(y[i])
            };
            for (int r = 0; r < results.length; r++) {
                assertThat(results[r][i]).isCloseTo(i < n ? expected[r] : y[i], within(1e-14));
            }
        }
    }

    @Test
    void loadTransposesRecordsAndTheirWeights() {
        Observations records = Observations.of(new double[] {1, 2}, new double[] {3, 4}, new double[] {5, 6});
        Lanes lanes = new Lanes(2);
        lanes.load(records, 1, 2);

        assertThat(lanes.size()).isEqualTo(2);
        assertThat(lanes.column(0)).startsWith(3, 5);
        assertThat(lanes.column(1)).startsWith(4, 6);
        assertThat(lanes.weights()).startsWith(1, 1);
        assertThat(lanes.weighted()).isFalse();

        records.add(new double[] {7, 8}, 0, 2, 2.5);
        lanes.load(records, 2, 2);
        assertThat(lanes.column(0)).startsWith(5, 7);
        assertThat(lanes.weights()).startsWith(1, 2.5);
        assertThat(lanes.weighted()).isTrue();
    }

    @Test
    void whatIsBesideABlockHasItsRecordsAndRoomOfItsOwn() {
        Lanes lanes = new Lanes(2);
        Lanes beside = lanes.beside(1);
        lanes.load(Observations.of(new double[] {1, 2}, new double[] {3, 4}), 0, 2);

        assertThat(beside.size()).isEqualTo(2);
        assertThat(beside.weights()).isSameAs(lanes.weights());
        assertThat(beside.column(0)).containsOnly(0);
        beside.column(0)[0] = 7;
        assertThat(lanes.column(0)).startsWith(1, 3);
    }
}
