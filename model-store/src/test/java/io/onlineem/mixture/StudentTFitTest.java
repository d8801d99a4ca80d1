package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.family.Covariance;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.StudentTFamily;
import io.onlineem.family.StudentTParameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits of mixtures of Student-t distributions: the maximum that a general optimiser finds, and what outliers do to it. */
class StudentTFitTest {

    /** Six significant digits. */
    private static final double LOG_LIKELIHOOD = 5e-7;

    /** Four significant digits, of the largest number of its kind. */
    private static final double PARAMETER = 5e-5;

    private static final double[][] MEANS = {{0, 0}, {6, 3}};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void batchEmReachesTheMaximumThatSciPyFinds(long seed) {
        Reference expected = Reference.read("student-t-mixture.json");
        Mixture<StudentTParameters> model = new Mixture<>(new StudentTFamily(2, Covariance.FULL), 2);
        BatchEm.Fit<MixtureParameters<StudentTParameters>> fit =
                new BatchEm<>(model).fit(expected.observations("data"), 8, seed, BatchEm.Stopping.DEFAULTS);

        double logLikelihood = expected.number("loglik");
        assertThat(fit.logLikelihood()).isCloseTo(logLikelihood, within(LOG_LIKELIHOOD * Math.abs(logLikelihood)));
        assertThat(fit.converged()).isTrue();
        assertThat(fit.degenerate()).isFalse();
        StudentTParameters found = fit.parameters().emissions();
        int first = found.means()[0][0] < 2 ? 0 : 1;
        for (int k = 0; k < 2; k++) {
            int at = k == 0 ? first : 1 - first;
            assertThat(fit.parameters().weights()[at]).isCloseTo(expected.vector("weights")[k], within(PARAMETER));
            assertClose(found.means()[at], expected.matrix("means")[k], expected.matrix("means")[1]);
            double[][] scale = expected.matrices("scales")[k];
            for (int j = 0; j < 2; j++) {
                assertClose(found.scales()[at][j], scale[j], scale[0]);
            }
            double degrees = expected.vector("degreesOfFreedom")[k];
            assertThat(found.degreesOfFreedom()[at]).isCloseTo(degrees, within(PARAMETER * degrees));
        }
    }

    private static void assertClose(double[] found, double[] expected, double[] ofSize) {
        Offset<Double> tolerance =
                within(PARAMETER * Arrays.stream(ofSize).map(Math::abs).max().orElseThrow());
        assertThat(found).containsExactly(expected, tolerance);
    }

    /** Draws of standard deviation 1, and one in twenty anywhere within 50 of them. */
    private static Observations draw(long seed, boolean outliers) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        for (int i = 0; i < 950; i++) {
            double[] mean = MEANS[i % 2];
            drawn.add(new double[] {mean[0] + random.nextGaussian(), mean[1] + random.nextGaussian()});
        }
        for (int i = 0; outliers && i < 50; i++) {
            drawn.add(new double[] {random.nextDouble(-50, 50), random.nextDouble(-50, 50)});
        }
        return drawn;
    }

    /** How far, at most, the outliers move a mean. */
    private static <P extends FamilyParameters> double moved(
            Family<P> family, Function<P, double[][]> means, long seed) {
        BatchEm<MixtureParameters<P>> em = new BatchEm<>(new Mixture<>(family, 2));
        BatchEm.Stopping stopping = new BatchEm.Stopping(500, 1e-9);
        double[][] clean = means.apply(
                em.fit(draw(seed, false), 8, seed, stopping).parameters().emissions());
        double[][] contaminated = means.apply(
                em.fit(draw(seed, true), 8, seed, stopping).parameters().emissions());
        return Math.min(
                Math.max(distance(clean[0], contaminated[0]), distance(clean[1], contaminated[1])),
                Math.max(distance(clean[0], contaminated[1]), distance(clean[1], contaminated[0])));
    }

    private static double distance(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void grossOutliersHardlyMoveTheMeansWhereTheyCarryThoseOfGaussiansAway(long seed) {
        double studentT = moved(new StudentTFamily(2, Covariance.FULL), StudentTParameters::means, seed);
        double gaussian = moved(new GaussianFamily(2, Covariance.FULL), GaussianParameters::means, seed);

        assertThat(studentT).as("in standard deviations").isLessThan(0.1);
        assertThat(gaussian).as("in standard deviations").isGreaterThan(0.5);
    }

    @Test
    void oneHugeValueIsPassedOver() {
        Observations data = draw(3, false);
        data.add(new double[] {1e100, -1e100});
        double[][] means = new BatchEm<>(new Mixture<>(new StudentTFamily(2, Covariance.FULL), 2))
                .fit(data, 4, 1, new BatchEm.Stopping(500, 1e-9))
                .parameters()
                .emissions()
                .means();
        int first = means[0][0] < 3 ? 0 : 1;
        assertThat(means[first]).containsExactly(MEANS[0], within(0.2));
        assertThat(means[1 - first]).containsExactly(MEANS[1], within(0.2));
    }

    @Test
    void aGaussianSampleHasManyDegreesOfFreedom() {
        SplittableRandom random = new SplittableRandom(4);
        Observations data = new Observations();
        for (int i = 0; i < 5000; i++) {
            data.add(new double[] {random.nextGaussian()});
        }
        Mixture<StudentTParameters> model = new Mixture<>(new StudentTFamily(1, Covariance.FULL), 1);
        double[] degrees = new BatchEm<>(model)
                .fit(data, 1, 1, BatchEm.Stopping.DEFAULTS)
                .parameters()
                .emissions()
                .degreesOfFreedom();
        assertThat(degrees[0]).isBetween(40.0, StudentTFamily.MOST_DEGREES_OF_FREEDOM);
    }
}
