package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.family.Covariance;
import io.onlineem.family.FieldwiseFamily;
import io.onlineem.family.FieldwiseParameters;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.Poisson;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Deaths of women over 80 by day, from The Times of 1910 to 1912; frequencies are weights. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 2026})
    void fitsOfCountsAreThoseOfDirectMaximisation(long seed) {
        Reference reference = Reference.read("poisson-mixture-deaths.json");
        Observations data = new Observations();
        for (int i = 0; i < reference.vector("counts").length; i++) {
            data.add(
                    new double[] {reference.vector("counts")[i]},
                    0,
                    1,
                    reference.vector("frequencies")[i]);
        }
        for (Reference expected : reference.each("fits")) {
            Mixture<FieldwiseParameters> model =
                    new Mixture<>(new FieldwiseFamily(new Poisson(false), 1), (int) expected.number("K"));
            BatchEm.Fit<MixtureParameters<FieldwiseParameters>> fit =
                    new BatchEm<>(model).fit(data, STARTS, seed, BatchEm.Stopping.DEFAULTS);

            double logLikelihood = expected.number("loglik");
            assertThat(fit.logLikelihood()).isCloseTo(logLikelihood, within(LOG_LIKELIHOOD * Math.abs(logLikelihood)));
            assertThat(fit.converged()).isTrue();
            Fields found = fit.parameters().fields();
            double[] rates = (double[]) found.get("rates");
            boolean swapped = rates[0] > rates[1];
            assertClose(inOrder(rates, swapped), expected.vector("rates"));
            assertClose(inOrder((double[]) found.get("weights"), swapped), expected.vector("weights"));
        }
    }

    private static double[] inOrder(double[] two, boolean swapped) {
        return swapped ? new double[] {two[1], two[0]} : two;
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
