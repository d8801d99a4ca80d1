package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.family.Covariance;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.LinearRegressionFamily;
import io.onlineem.family.LogNormalFamily;
import io.onlineem.family.StudentTFamily;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One online pass over 100,000 draws from two known components, beside batch EM and the truth. */
class OnePassTest {

    private static final int RECORDS = 100_000;

    /** Parts whose fits tell the standard error of the fit of all. */
    private static final int PARTS = 20;

    /** Averaging begins when the start is forgotten. */
    private static final Learning LEARNING = Learning.DEFAULTS.withMiniBatch(64).withAveragingAfter(20_000);

    private static final double[] WEIGHTS = {0.35, 0.65};
    private static final double[][] MEANS = {{0, 0}, {3, 2}};
    private static final double[][][] MATRICES = {{{1, 0.5}, {0.5, 1}}, {{1.5, -0.4}, {-0.4, 0.6}}};
    private static final double[] DEGREES = {3, 8};
    private static final double[][] LINES = {{1, 2}, {4, -1}};
    private static final double[] VARIANCES = {0.5, 1};

    /** Draws a record of component k. */
    private interface Draw {
        double[] from(int k, SplittableRandom random);
    }

    static Stream<Arguments> families() {
        Fields gaussian =
                new Fields().with("weights", WEIGHTS).with("means", MEANS).with("covariances", MATRICES);
        return Stream.of(
                Arguments.of("gaussian", new GaussianFamily(2, Covariance.FULL), gaussian, (Draw)
                        (k, random) -> gaussian(k, 1, random)),
                Arguments.of("log-normal", new LogNormalFamily(2, Covariance.FULL), gaussian, (Draw) (k, random) ->
                        Arrays.stream(gaussian(k, 1, random)).map(Math::exp).toArray()),
                Arguments.of(
                        "student-t",
                        new StudentTFamily(2, Covariance.FULL),
                        new Fields()
                                .with("weights", WEIGHTS)
                                .with("means", MEANS)
                                .with("scales", MATRICES)
                                .with("degreesOfFreedom", DEGREES),
                        (Draw) (k, random) -> gaussian(k, precision(DEGREES[k], random), random)),
                Arguments.of(
                        "linear-regression",
                        new LinearRegressionFamily(2),
                        new Fields()
                                .with("weights", WEIGHTS)
                                .with("coefficients", LINES)
                                .with("variances", VARIANCES),
                        (Draw) (k, random) -> {
                            double x = 2 * random.nextGaussian();
                            double noise = Math.sqrt(VARIANCES[k]) * random.nextGaussian();
                            return new double[] {x, LINES[k][0] + LINES[k][1] * x + noise};
                        }));
    }

    private static double[] gaussian(int k, double precision, SplittableRandom random) {
        double[][] matrix = MATRICES[k];
        double diagonal = Math.sqrt(matrix[0][0]);
        double below = matrix[1][0] / diagonal;
        double first = random.nextGaussian() / Math.sqrt(precision);
        double second = random.nextGaussian() / Math.sqrt(precision);
        return new double[] {
            MEANS[k][0] + diagonal * first,
            MEANS[k][1] + below * first + Math.sqrt(matrix[1][1] - below * below) * second
        };
    }

    /** χ²(ν) / ν. */
    private static double precision(double degrees, SplittableRandom random) {
        double sum = 0;
        for (int i = 0; i < degrees; i++) {
            double normal = random.nextGaussian();
            sum += normal * normal;
        }
        return sum / degrees;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("families")
    <P extends FamilyParameters> void onePassRecoversTheParameters(
            String name, Family<P> family, Fields truth, Draw draw) {
        SplittableRandom random = new SplittableRandom(2026);
        Observations data = new Observations(RECORDS, 2);
        for (int i = 0; i < RECORDS; i++) {
            data.add(draw.from(random.nextDouble() < WEIGHTS[0] ? 0 : 1, random));
        }
        Mixture<P> model = new Mixture<>(family, 2);
        BatchEm<MixtureParameters<P>> em = new BatchEm<>(model);
        BatchEm.Stopping stopping = new BatchEm.Stopping(1000, 1e-9);
        MixtureParameters<P> batch = em.climb(data, model.read(truth), stopping).parameters();
        double[] standardErrors = FittedNumbers.standardErrors(model, batch, data, PARTS, truth, stopping);
        double[] expected = FittedNumbers.of(batch, truth);
        double[] online = FittedNumbers.of(onePass(model, data), truth);
        double[] given = FittedNumbers.of(model.read(truth), truth);
        for (int i = 0; i < expected.length; i++) {
            double bound = Math.max(3 * standardErrors[i], 0.01 * Math.abs(expected[i]));
            assertThat(online[i]).as("number %s, online", i).isCloseTo(expected[i], within(bound));
            assertThat(expected[i]).as("number %s, batch", i).isCloseTo(given[i], within(4 * standardErrors[i]));
        }
    }

    private static <P extends FamilyParameters> MixtureParameters<P> onePass(Mixture<P> model, Observations data) {
        OnlineLearner<MixtureParameters<P>> learner = new OnlineLearner<>(new OnlineEm<>(model, LEARNING), null);
        for (int i = 0; i < data.size(); i++) {
            learner.learn(data, i, null);
        }
        learner.flush();
        return learner.state().published();
    }
}
