package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fits that other people's software finds, found again. */
class ReferenceFitTest {

    private static final int STARTS = 20;
    private static final long[] SEEDS = {1, 2, 2026};

    /** Six significant digits. */
    private static final double LOG_LIKELIHOOD = 5e-7;

    /** Four significant digits, of the largest number of its kind where one is near zero. */
    private static final double PARAMETER = 5e-5;

    static Stream<Arguments> mclustFits() {
        return Stream.of("gmm-faithful.json", "gmm-iris.json").flatMap(file -> {
            Reference reference = Reference.read(file);
            Observations data = reference.observations("data");
            return reference.each("fits").stream().map(fit -> Arguments.of(name(file, fit), data, fit));
        });
    }

    static Stream<Arguments> scikitLearnFits() {
        return Reference.read("gmm-scikit-learn.json").each("sets").stream().flatMap(set -> {
            Observations data = set.observations("data");
            return set.each("fits").stream().map(fit -> Arguments.of(name(set.text("name"), fit), data, fit));
        });
    }

    private static String name(String data, Reference fit) {
        return data + " " + fit.text("covariance") + " K=" + (int) fit.number("K");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mclustFits")
    void batchEmReachesTheFitsOfMclust(String name, Observations data, Reference expected) {
        for (long seed : SEEDS) {
            BatchEm.Fit<MixtureParameters<GaussianParameters>> fit = fit(data, expected, seed);

            assertReached(fit, expected);
            assertThat(fit.converged()).isTrue();
            assertThat(-fit.bic(model(data, expected).degreesOfFreedom()))
                    .isCloseTo(expected.number("bic"), within(LOG_LIKELIHOOD * Math.abs(expected.number("bic"))));
            assertSameParameters(fit.parameters(), expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scikitLearnFits")
    void batchEmIsNoWorseThanTheBestOfManyFitsOfScikitLearn(String name, Observations data, Reference expected) {
        for (long seed : SEEDS) {
            BatchEm.Fit<?> fit = fit(data, expected, seed);
            double logLikelihood = expected.number("loglik");
            assertThat(fit.logLikelihood())
                    .isGreaterThanOrEqualTo(logLikelihood - LOG_LIKELIHOOD * Math.abs(logLikelihood));
            assertThat(fit.degenerate()).isFalse();
        }
    }

    private static void assertReached(BatchEm.Fit<?> fit, Reference expected) {
        double logLikelihood = expected.number("loglik");
        assertThat(fit.logLikelihood()).isCloseTo(logLikelihood, within(LOG_LIKELIHOOD * Math.abs(logLikelihood)));
        assertThat(fit.degenerate()).isFalse();
    }

    private static void assertSameParameters(MixtureParameters<GaussianParameters> found, Reference expected) {
        double[][] means = expected.matrix("means");
        int[] match = new int[means.length];
        for (int k = 0; k < means.length; k++) {
            match[k] = nearest(means[k], found.emissions().means());
            assertThat(found.weights()[match[k]]).isCloseTo(expected.vector("weights")[k], within(PARAMETER));
            assertClose(found.emissions().means()[match[k]], means[k]);
            double[][] covariance = expected.matrices("covariances")[k];
            assertClose(flat(found.emissions().covariances()[match[k]]), flat(covariance));
        }
        assertThat(match).doesNotHaveDuplicates();
    }

    private static void assertClose(double[] found, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        Offset<Double> tolerance = within(PARAMETER * largest);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], tolerance);
        }
    }

    private static double[] flat(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    }

    private static int nearest(double[] mean, double[][] candidates) {
        int best = -1;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int k = 0; k < candidates.length; k++) {
            double distance = 0;
            for (int j = 0; j < mean.length; j++) {
                distance += Math.pow(mean[j] - candidates[k][j], 2);
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = k;
            }
        }
        return best;
    }

    private static BatchEm.Fit<MixtureParameters<GaussianParameters>> fit(
            Observations data, Reference expected, long seed) {
        return new BatchEm<>(model(data, expected)).fit(data, STARTS, seed, BatchEm.Stopping.DEFAULTS);
    }

    private static Mixture<GaussianParameters> model(Observations data, Reference expected) {
        Covariance covariance = Covariance.of(expected.text("covariance"));
        return new Mixture<>(new GaussianFamily(data.length(0), covariance), (int) expected.number("K"));
    }
}
