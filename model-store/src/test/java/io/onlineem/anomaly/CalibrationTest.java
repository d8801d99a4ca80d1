package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.hmm.Hmm;
import io.onlineem.mixture.Mixture;
import io.onlineem.statespace.Presets;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of the records of a stream, a share α is given a tail probability below α. */
class CalibrationTest {

    private static final AnomalySettings COMBINED = AnomalySettings.DEFAULTS
            .withChannels(Channel.RECORD, Channel.of("minimum-5"), Channel.of("mean-20"))
            .withHalfLife(50_000);
    private static final AnomalySettings RECORD = COMBINED.withChannels(Channel.RECORD);

    /**
     * Binomial standard deviations. Rates of one stream are those of a sum of indicators that the fits, and the windows of
     * channels, make dependent; so a little more than the three that independent ones would be given.
     */
    private static final double DEVIATIONS = 4;

    /** A stream and its name. */
    record Stream(String name, DoubleSupplier surprises) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static double chiSquare(Random random, int dimension) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            double each = random.nextGaussian();
            sum += each * each;
        }
        return sum;
    }

    static List<Stream> continuous() {
        Random random = new Random(1);
        return List.of(
                new Stream("exponential", () -> -Math.log(random.nextDouble())),
                new Stream("normal", random::nextGaussian),
                new Stream("of a normal", () -> 0.919 + chiSquare(random, 1) / 2),
                new Stream("of ten normals, far from 0", () -> 500 + chiSquare(random, 10) / 2),
                new Stream("heavy-tailed", () -> 1 / Math.sqrt(random.nextDouble())));
    }

    static List<Stream> discrete() {
        Random random = new Random(2);
        return List.of(
                new Stream("geometric", () -> Math.floor(-Math.log(random.nextDouble()) / Math.log(2))),
                new Stream("of a coin", () -> random.nextDouble() < 0.03 ? 3.5 : 0.03),
                new Stream("constant but for one in a thousand", () -> random.nextDouble() < 0.001 ? 9 : -4),
                new Stream("bounded", random::nextDouble));
    }

    private static long[] below(AnomalyScorer scorer, DoubleSupplier surprises, int records, double... levels) {
        long[] counts = new long[levels.length];
        for (int i = 0; i < records; i++) {
            double p = scorer.score(surprises.getAsDouble()).tailProbability();
            for (int j = 0; j < levels.length; j++) {
                counts[j] += p < levels[j] ? 1 : 0;
            }
        }
        return counts;
    }

    private static void requireCalibrated(AnomalyScorer scorer, DoubleSupplier surprises, int records) {
        double[] levels = {0.1, 0.01, 1e-3, 1e-4};
        long[] counts = below(scorer, surprises, records, levels);
        for (int i = 0; i < levels.length; i++) {
            double expected = records * levels[i];
            assertThat((double) counts[i])
                    .as("records below %s", levels[i])
                    .isCloseTo(expected, within(DEVIATIONS * Math.sqrt(expected)));
        }
    }

    @ParameterizedTest
    @MethodSource("continuous")
    void oneRecordInTenThousandIsBelowOneInTenThousand(Stream stream) {
        requireCalibrated(new AnomalyScorer(RECORD), stream.surprises, 1_000_000);
    }

    @ParameterizedTest
    @MethodSource("continuous")
    void severalChannelsTogetherAreAsRightAsOne(Stream stream) {
        requireCalibrated(new AnomalyScorer(COMBINED), stream.surprises, 500_000);
    }

    @ParameterizedTest
    @MethodSource("continuous")
    void newsAfterTheHoldOffIsAsRight(Stream stream) {
        requireCalibrated(new AnomalyScorer(RECORD.withHoldOff(100)), stream.surprises, 500_000);
    }

    @ParameterizedTest
    @MethodSource("discrete")
    void noMoreRecordsAreBelowALevelThanItSaysWhereTheyAreTied(Stream stream) {
        int records = 500_000;
        double[] levels = {0.1, 0.01, 1e-3, 1e-4};
        long[] counts = below(new AnomalyScorer(RECORD), stream.surprises, records, levels);
        for (int i = 0; i < levels.length; i++) {
            double expected = records * levels[i];
            assertThat((double) counts[i])
                    .as("records below %s", levels[i])
                    .isLessThan(expected + DEVIATIONS * Math.sqrt(expected));
        }
    }

    @Test
    void theCalibrationIsRightAgainAfterAJumpInLevelAndScale() {
        Random random = new Random(5);
        AnomalyScorer scorer = new AnomalyScorer(RECORD);
        requireCalibrated(scorer, () -> -Math.log(random.nextDouble()), 200_000);
        int until = 0;
        while (!scorer.score(40 - 3 * Math.log(random.nextDouble())).newNormal()) {
            until++;
        }

        assertThat(until).isBetween(200, 300);
        requireCalibrated(scorer, () -> 40 - 3 * Math.log(random.nextDouble()), 500_000);
    }

    @Test
    void aSlowRiseIsFollowedRelativeToAMovingLevel() {
        Random random = new Random(6);
        int[] record = {0};
        DoubleSupplier rising = () -> 1e-3 * record[0]++ - Math.log(random.nextDouble());

        requireCalibrated(new AnomalyScorer(RECORD.withLevelHalfLife(500)), rising, 300_000);
    }

    private static <P extends Parameters> DoubleSupplier surprises(
            Model<P> model, Fields fields, DoubleSupplier values) {
        EStep eStep = model.eStep(model.read(fields));
        double[] memory = new double[model.memoryLength()];
        Observations records = new Observations();
        return () -> {
            records.clear();
            records.add(new double[] {values.getAsDouble()});
            return -eStep.score(records, 0, memory).logLikelihood();
        };
    }

    static List<Stream> models() {
        Random random = new Random(3);
        int[] state = {0};
        double[] level = {0};
        return List.of(
                new Stream(
                        "Gaussian mixture",
                        surprises(
                                new Mixture<>(new GaussianFamily(1, Covariance.FULL), 2),
                                new Fields()
                                        .with("weights", new double[] {0.7, 0.3})
                                        .with("means", new double[][] {{0}, {6}})
                                        .with("covariances", new double[][][] {{{1}}, {{4}}}),
                                () -> random.nextDouble() < 0.7
                                        ? random.nextGaussian()
                                        : 6 + 2 * random.nextGaussian())),
                new Stream(
                        "hidden Markov model",
                        surprises(
                                Hmm.of(new GaussianFamily(1, Covariance.FULL), 2),
                                new Fields()
                                        .with("initial", new double[] {0.75, 0.25})
                                        .with("transition", new double[][] {{0.95, 0.05}, {0.15, 0.85}})
                                        .with("means", new double[][] {{0}, {4}})
                                        .with("covariances", new double[][][] {{{1}}, {{2.25}}}),
                                () -> {
                                    boolean changes = random.nextDouble() < (state[0] == 0 ? 0.05 : 0.15);
                                    state[0] = changes ? 1 - state[0] : state[0];
                                    return state[0] == 0 ? random.nextGaussian() : 4 + 1.5 * random.nextGaussian();
                                })),
                new Stream(
                        "Kalman filter",
                        surprises(
                                Presets.localLevel(1).build(),
                                new Fields()
                                        .with("processNoise", new double[][] {{0.25}})
                                        .with("observationNoise", new double[][] {{1}}),
                                () -> {
                                    level[0] += 0.5 * random.nextGaussian();
                                    return level[0] + random.nextGaussian();
                                })));
    }

    @ParameterizedTest
    @MethodSource("models")
    void surprisesOfModelsAreCalibrated(Stream stream) {
        requireCalibrated(new AnomalyScorer(RECORD), stream.surprises, 300_000);
        requireCalibrated(new AnomalyScorer(COMBINED), stream.surprises, 300_000);
    }

    @Test
    void aConstantStreamHasLittleEvidenceHoweverLong() {
        AnomalyScorer scorer = new AnomalyScorer(COMBINED.withHalfLife(20_000));
        for (int i = 0; i < 100_000; i++) {
            assertThat(scorer.score(-20).score()).isLessThan(0.01);
        }

        assertThat(copy(scorer).score(-19.995).score()).isLessThan(0.5);
        assertThat(copy(scorer).score(1e10).score()).isLessThan(0.5);
        assertThat(copy(scorer).score(1e10).confidence()).isLessThan(0.5);
    }

    @Test
    void aChangeInTheLastDigitIsModest() {
        AnomalyScorer scorer = new AnomalyScorer(RECORD);
        Random random = new Random(9);
        for (int i = 0; i < 50_000; i++) {
            scorer.score(-20 + 1e-9 * random.nextDouble());
        }

        assertThat(copy(scorer).score(-20 + 1e-6).score()).isLessThan(0.4);
    }

    private static AnomalyScorer copy(AnomalyScorer scorer) {
        return new AnomalyScorer(scorer.settings(), scorer.state());
    }
}
