package io.onlineem.statespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filter, smoother and statistics beside the same Gaussian conditioned as a whole. */
class KalmanTest {

    /** Rounding of the oracle, which inverts matrices of the size of the whole sequence. */
    private static final double EXACT = 1e-10;

    /** Models of all kinds with parameters of which nothing is zero by chance. */
    enum Case {
        LOCAL_LEVEL,
        LEVEL_OF_SEVERAL_SENSORS,
        LOCAL_LINEAR_TREND,
        RANDOM_WALKS_WITH_FREE_NOISE,
        DAMPED_OSCILLATION,
        CONSTANT_VELOCITY,
        GIVEN_BEGINNING,
        ALL_LEARNED,
        ALL_LEARNED_NUMBER_BY_NUMBER;

        private StateSpaceBuilder builder() {
            return switch (this) {
                case LOCAL_LEVEL -> Presets.localLevel(1);
                case LEVEL_OF_SEVERAL_SENSORS -> Presets.localLevel(3);
                case LOCAL_LINEAR_TREND -> Presets.localLinearTrend(1);
                case RANDOM_WALKS_WITH_FREE_NOISE ->
                    Presets.randomWalk(2).processNoise(Noise.FREE).observationNoise(Noise.FREE);
                case DAMPED_OSCILLATION -> Presets.dampedOscillation(2, 5, 0.9);
                case CONSTANT_VELOCITY -> Presets.constantVelocity(2, 0.5);
                case GIVEN_BEGINNING ->
                    Presets.localLinearTrend(2)
                            .observationNoise(Noise.FREE)
                            .initial(new double[] {1, -0.5}, new double[][] {{2, 0.3}, {0.3, 0.5}});
                case ALL_LEARNED -> allLearned();
                case ALL_LEARNED_NUMBER_BY_NUMBER -> allLearned().observationNoise(Noise.DIAGONAL);
            };
        }

        private static StateSpaceBuilder allLearned() {
            return StateSpace.of(
                            new double[][] {{0.8, 0.2}, {-0.1, 0.9}}, new double[][] {{1, 0}, {0.5, 1}, {0.2, -0.3}})
                    .learnTransition()
                    .learnObservation()
                    .learnOffset();
        }

        StateSpace model() {
            return builder().build();
        }

        /** Learned once from other data. */
        StateSpaceParameters parameters() {
            StateSpace model = model();
            Observations other = draw(99, model.width(), 40);
            StateSpaceParameters start = model.start(other, new SplittableRandom(5));
            Statistics statistics = model.newStatistics();
            model.eStep(start).accumulate(other, statistics);
            return model.mStep(statistics.mean(), statistics.weight(), start);
        }
    }

    private static Observations draw(long seed, int width, int records) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        double[] record = new double[width];
        double level = 0;
        for (int i = 0; i < records; i++) {
            level += random.nextGaussian();
            for (int j = 0; j < width; j++) {
                record[j] = level + (1 + j) * random.nextGaussian();
            }
            drawn.add(record);
        }
        return drawn;
    }

    /** Some numbers missing, whole records too; not the first ones, which place a diffuse state. */
    private static Observations drawWithGaps(long seed, int width, int records) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations complete = draw(seed, width, records);
        Observations gaps = new Observations();
        for (int i = 0; i < records; i++) {
            double[] record = complete.record(i);
            for (int j = 0; j < width; j++) {
                record[j] = i == 5 || (i != 2 && i != 3 && random.nextInt(3) == 0) ? Double.NaN : record[j];
            }
            gaps.add(record);
        }
        return gaps;
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void theFilterIsTheJointGaussianOfTheRecordsSoFar(Case each) {
        StateSpace model = each.model();
        StateSpaceParameters parameters = each.parameters();
        Observations data = drawWithGaps(1, model.width(), 9);
        EStep eStep = model.eStep(parameters);
        double[] memory = new double[model.memoryLength()];
        double total = 0;
        for (int t = 0; t < data.size(); t++) {
            Posterior posterior = eStep.score(data, t, memory);
            total += posterior.logLikelihood();
            if (t < 4) {
                continue;
            }
            JointGaussian joint = new JointGaussian(parameters, data.slice(0, t + 1));
            assertClose(posterior.outputs().get("mean"), joint.mean(t));
            assertClose(posterior.outputs().get("covariance"), joint.covariance(t, t));
            assertThat(total).isCloseTo(joint.logLikelihood, within(EXACT * Math.abs(joint.logLikelihood)));
            assertImputed(posterior, joint, parameters, t);
        }
    }

    private static void assertImputed(
            Posterior posterior, JointGaussian joint, StateSpaceParameters parameters, int t) {
        int n = parameters.transition().length;
        int[] observed = joint.observed(t);
        List<Integer> missing = IntStream.range(0, parameters.observation().length)
                .filter(i -> !contains(observed, i))
                .boxed()
                .toList();
        assertThat(posterior.missing()).extracting(Imputation.Value::position).isEqualTo(missing);
        for (Imputation.Value value : posterior.missing()) {
            double expected = joint.expected(t).get(n + value.position(), 0);
            assertThat(value.number()).isCloseTo(expected, within(EXACT * Math.max(1, Math.abs(expected))));
            double square = joint.recordAndState(t).get(n + value.position(), n + value.position());
            assertThat(value.deviation())
                    .isCloseTo(Math.sqrt(square - expected * expected), within(1e-7 * Math.max(1, Math.abs(expected))));
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void predictionsAreTheJointGaussianOfTheRecordsBefore(Case each) {
        StateSpace model = each.model();
        StateSpaceParameters parameters = each.parameters();
        int width = model.width();
        Observations data = draw(3, width, 8);
        EStep eStep = model.eStep(parameters);
        double[] memory = new double[model.memoryLength()];
        Fields before = null;
        for (int t = 0; t < data.size(); t++) {
            Fields outputs = eStep.score(data, t, memory).outputs();
            if (t >= 3) {
                // the record that is to come, with nothing observed of it
                Observations ahead = data.slice(0, t);
                double[] nothing = new double[width];
                Arrays.fill(nothing, Double.NaN);
                ahead.add(nothing);
                JointGaussian joint = new JointGaussian(parameters, ahead);
                Matrix c = new Matrix(parameters.observation());
                Matrix spread = c.mult(joint.covariance(t, t)).mult(c.transpose());
                double[] prediction = outputs.vector("prediction", width);
                double[] deviation = outputs.vector("predictionDeviation", width);
                double[] innovation = outputs.vector("innovation", width);
                for (int i = 0; i < width; i++) {
                    double expected = parameters.offset()[i]
                            + c.row(i).mult(joint.mean(t)).get(0, 0);
                    double variance = spread.get(i, i) + parameters.observationNoise()[i][i];
                    assertThat(prediction[i]).isCloseTo(expected, within(EXACT * Math.max(1, Math.abs(expected))));
                    assertThat(deviation[i]).isCloseTo(Math.sqrt(variance), within(EXACT * Math.sqrt(variance)));
                    assertThat(innovation[i]).isEqualTo(data.value(t, i) - prediction[i]);
                }
                assertThat(before.vector("next", width)).containsExactly(prediction, within(EXACT));
                assertThat(before.vector("nextDeviation", width)).containsExactly(deviation, within(EXACT));
            }
            before = outputs;
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void theSmootherIsTheJointGaussianOfTheWholeBlock(Case each) {
        StateSpace model = each.model();
        StateSpaceParameters parameters = each.parameters();
        Observations data = drawWithGaps(2, model.width(), 9);
        JointGaussian joint = new JointGaussian(parameters, data);
        Observations block = data.slice(0, 9);
        block.setLookAhead(2);
        List<Posterior> smoothed = model.eStep(parameters).smooth(block);

        assertThat(smoothed).hasSize(7);
        for (int t = 0; t < 7; t++) {
            Fields outputs = smoothed.get(t).outputs();
            assertClose(outputs.get("mean"), joint.mean(t));
            assertClose(outputs.get("covariance"), joint.covariance(t, t));
            double[] signal = outputs.vector("signal", model.width());
            for (int i = 0; i < signal.length; i++) {
                Matrix row = new Matrix(new double[][] {parameters.observation()[i]});
                double expected =
                        parameters.offset()[i] + row.mult(joint.mean(t)).get(0, 0);
                assertThat(signal[i]).isCloseTo(expected, within(EXACT * Math.max(1, Math.abs(expected))));
            }
        }
    }

    /** Parts of the data: a block in the middle, from the memory of the filter, with look-ahead. */
    @ParameterizedTest
    @EnumSource(Case.class)
    void statisticsOfABlockAreThoseOfTheJointGaussian(Case each) {
        StateSpace model = each.model();
        StateSpaceParameters parameters = each.parameters();
        Observations data = drawWithGaps(4, model.width(), 12);
        JointGaussian joint = new JointGaussian(parameters, data);
        for (int[] part : new int[][] {{0, 12}, {0, 9}, {4, 12}, {6, 7}, {8, 10}}) {
            EStep eStep = model.eStep(parameters);
            double[] memory = new double[model.memoryLength()];
            for (int t = 0; t < part[0]; t++) {
                eStep.score(data, t, memory);
            }
            Observations block = data.slice(part[0], 12);
            block.setMemory(memory);
            block.setLookAhead(12 - part[1]);
            Statistics statistics = model.newStatistics();
            eStep.accumulate(block, statistics);

            assertStatistics(model, parameters, joint, part[0], part[1], statistics.sums());
            if (model.layout().freeObservation) {
                assertRegression(model, parameters, joint, part[0], part[1], statistics.sums());
            }
        }
    }

    private static void assertStatistics(
            StateSpace model, StateSpaceParameters parameters, JointGaussian joint, int from, int to, double[] sums) {
        Layout layout = model.layout();
        int n = layout.n;
        int d = layout.d;
        if (layout.beginnings) {
            assertBeginning(model, parameters, joint, from == 0, sums);
        }
        Matrix a = new Matrix(model.transition());
        Matrix residuals = Matrix.zero(n, n);
        Matrix crosses = Matrix.zero(n, n);
        Matrix squares = Matrix.zero(n, n);
        for (int t = Math.max(1, from); t < to; t++) {
            Matrix cross = joint.product(t, t - 1);
            Matrix square = joint.product(t - 1, t - 1);
            residuals = residuals
                    .plus(joint.product(t, t))
                    .minus(cross.mult(a.transpose()))
                    .minus(a.mult(cross.transpose()))
                    .plus(a.mult(square).mult(a.transpose()));
            crosses = crosses.plus(cross).minus(a.mult(square));
            squares = squares.plus(square);
        }
        assertThat(sums[layout.transition]).isEqualTo(to - Math.max(1, from));
        assertClose(Dense.unpacked(sums, layout.residuals(), n), residuals);
        if (layout.freeTransition) {
            assertClose(Dense.rows(Arrays.copyOfRange(sums, layout.crosses(), layout.squares()), n, n), crosses);
            assertClose(Dense.unpacked(sums, layout.squares(), n), squares);
        }

        // residual r = y - b - C x as a product of (x, y, 1)
        Matrix c = new Matrix(model.observation());
        double[] origin = model.origin(parameters);
        for (int i = 0; i < d; i++) {
            for (int k = 0; k < d; k++) {
                double sum = 0;
                double count = 0;
                for (int t = from; t < to; t++) {
                    int[] observed = joint.observed(t);
                    boolean sees =
                            layout.separate ? contains(observed, i) && contains(observed, k) : observed.length > 0;
                    if (sees) {
                        count++;
                        sum += residual(joint, c, origin, t, i, k);
                    }
                }
                if (layout.separate) {
                    assertThat(sums[layout.ofNumber(i)]).isEqualTo(countOf(joint, from, to, i));
                    if (i == k) {
                        assertThat(sums[layout.ofNumber(i) + 1]).isCloseTo(sum, within(1e-9 * Math.max(1, sum)));
                    }
                } else {
                    assertThat(sums[layout.observation]).isEqualTo(count);
                    assertThat(Dense.unpacked(sums, layout.observation + 1, d)[i][k])
                            .isCloseTo(sum, within(1e-9 * Math.max(1, Math.abs(sum))));
                }
            }
        }
    }

    /** Σ E[r_i z_j] and Σ E[z_j z_k] over the records that say something of number i. */
    private static void assertRegression(
            StateSpace model, StateSpaceParameters parameters, JointGaussian joint, int from, int to, double[] sums) {
        Layout layout = model.layout();
        int n = layout.n;
        Matrix c = new Matrix(model.observation());
        double[] origin = model.origin(parameters);
        for (int i = 0; i < layout.d; i++) {
            Matrix crosses = Matrix.zero(layout.z, 1);
            Matrix squares = Matrix.zero(layout.z, layout.z);
            for (int t = from; t < to; t++) {
                int[] observed = joint.observed(t);
                if (layout.separate ? !contains(observed, i) : observed.length == 0) {
                    continue;
                }
                Matrix row = Matrix.zero(1, n + layout.d);
                for (int j = 0; j < n; j++) {
                    row.set(0, j, -c.get(i, j));
                }
                row.set(0, n + i, 1);
                Matrix products = row.mult(joint.recordAndState(t));
                Matrix mean = joint.mean(t);
                Matrix own = Matrix.zero(layout.z, 1);
                Matrix square = Matrix.zero(layout.z, layout.z);
                square.insert(0, 0, joint.product(t, t));
                for (int j = 0; j < n; j++) {
                    own.set(j, 0, products.get(0, j) - origin[i] * mean.get(j, 0));
                    square.set(n, j, mean.get(j, 0));
                    square.set(j, n, mean.get(j, 0));
                }
                own.set(n, 0, row.mult(joint.expected(t)).get(0, 0) - origin[i]);
                square.set(n, n, 1);
                crosses = crosses.plus(own);
                squares = squares.plus(square);
            }
            int at = layout.separate ? layout.ofNumber(i) + 2 : layout.regression() + i * layout.z;
            assertClose(Arrays.copyOfRange(sums, at, at + layout.z), crosses);
            int regressors = layout.separate ? at + layout.z : layout.regressors();
            assertClose(Dense.unpacked(sums, regressors, layout.z), squares);
        }
    }

    private static boolean contains(int[] observed, int i) {
        return Arrays.stream(observed).anyMatch(o -> o == i);
    }

    private static double countOf(JointGaussian joint, int from, int to, int i) {
        return IntStream.range(from, to)
                .filter(t -> contains(joint.observed(t), i))
                .count();
    }

    /** {@code E[r_i r_k]}, from second moments of state and record, and the mean of both. */
    private static double residual(JointGaussian joint, Matrix c, double[] origin, int t, int i, int k) {
        int n = c.columns();
        Matrix moments = joint.recordAndState(t);
        Matrix mean = joint.expected(t);
        Matrix left = Matrix.zero(1, moments.columns());
        Matrix right = Matrix.zero(1, moments.columns());
        for (int j = 0; j < n; j++) {
            left.set(0, j, -c.get(i, j));
            right.set(0, j, -c.get(k, j));
        }
        left.set(0, n + i, 1);
        right.set(0, n + k, 1);
        double product = left.mult(moments).mult(right.transpose()).get(0, 0);
        return product
                - origin[k] * left.mult(mean).get(0, 0)
                - origin[i] * right.mult(mean).get(0, 0)
                + origin[i] * origin[k];
    }

    private static void assertBeginning(
            StateSpace model, StateSpaceParameters parameters, JointGaussian joint, boolean begins, double[] sums) {
        int n = model.states();
        assertThat(sums[0]).isEqualTo(begins ? 1 : 0);
        Matrix deviation = joint.mean(0).minus(Matrix.column(model.anchor(parameters)));
        Matrix square = deviation.mult(deviation.transpose()).plus(joint.covariance(0, 0));
        double factor = begins ? 1 : 0;
        assertClose(Dense.unpacked(sums, 1 + n, n), square.scale(factor));
        assertClose(Arrays.copyOfRange(sums, 1, 1 + n), deviation.scale(factor));
    }

    @Test
    void nothingIsToldThatIsNotDeterminedYet() {
        StateSpace model = Presets.localLinearTrend(1).build();
        StateSpaceParameters parameters = Case.LOCAL_LINEAR_TREND.parameters();
        Observations data = draw(1, 1, 4);
        EStep eStep = model.eStep(parameters);
        double[] memory = new double[model.memoryLength()];

        Posterior first = eStep.score(data, 0, memory);
        assertThat(first.outputs().names()).isEmpty();
        assertThat(first.logLikelihood()).isZero();
        Posterior second = eStep.score(data, 1, memory);
        assertThat(second.outputs().names()).containsExactly("mean", "covariance", "next", "nextDeviation");
        assertThat(second.logLikelihood()).isCloseTo(0, within(1e-15));
        Posterior third = eStep.score(data, 2, memory);
        assertThat(third.outputs().names())
                .containsExactly(
                        "mean",
                        "covariance",
                        "prediction",
                        "predictionDeviation",
                        "innovation",
                        "next",
                        "nextDeviation");
        assertThat(third.logLikelihood()).isNotZero();
        assertThat(third.probabilities()).isEmpty();
        assertThat(third.mostLikely()).isEqualTo(-1);
    }

    @Test
    void aSequenceThatIsNeverDeterminedIsLearnedFromAsFarAsItGoes() {
        StateSpace model = Presets.localLinearTrend(1).build();
        StateSpaceParameters parameters = Case.LOCAL_LINEAR_TREND.parameters();
        Observations data = draw(1, 1, 1);
        data.add(new double[] {Double.NaN});
        Statistics statistics = model.newStatistics();

        assertThat(model.eStep(parameters).accumulate(data, statistics)).isZero();
        // of the transition nothing is known but what is assumed
        Layout layout = model.layout();
        assertClose(Dense.unpacked(statistics.sums(), layout.residuals(), 2), new Matrix(parameters.processNoise()));
        assertThat(model.eStep(parameters).smooth(data).get(0).outputs().names())
                .isEmpty();
    }

    @Test
    void longStretchesWithoutRecordsEndInTheStationaryDistribution() {
        StateSpace model = Presets.dampedOscillation(1, 5, 0.9).build();
        StateSpaceParameters parameters = model.start(draw(1, 1, 20), new SplittableRandom(1));
        Observations data = draw(2, 1, 1);
        for (int i = 0; i < 500; i++) {
            data.add(new double[] {Double.NaN});
        }
        EStep eStep = model.eStep(parameters);
        double[] memory = new double[model.memoryLength()];
        Posterior last = null;
        for (int i = 0; i < data.size(); i++) {
            last = eStep.score(data, i, memory);
        }

        assertClose(last.outputs().get("covariance"), new Matrix(parameters.initialCovariance()));
        assertThat(last.outputs().vector("mean", 2)).containsExactly(new double[2], within(1e-15));
    }

    @Test
    void aMemoryThatIsNoneIsRejected() {
        StateSpace model = Presets.localLevel(1).build();
        EStep eStep = model.eStep(Case.LOCAL_LEVEL.parameters());
        double[] memory = new double[model.memoryLength()];
        memory[0] = 0.5;

        assertThatThrownBy(() -> eStep.score(draw(1, 1, 1), 0, memory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the memory of a sequence begins with 0.5; expected 0 where it begins, otherwise 1 to 2");
    }

    private static void assertClose(Object actual, Matrix expected) {
        double[][] rows = actual instanceof double[] vector
                ? Arrays.stream(vector)
                        .mapToObj(number -> new double[] {number})
                        .toArray(double[][]::new)
                : (double[][]) actual;
        double scale = Math.max(1, expected.largest());
        assertThat(rows).hasDimensions(expected.rows(), expected.columns());
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                assertThat(rows[i][j]).as("%s, %s", i, j).isCloseTo(expected.get(i, j), within(EXACT * scale));
            }
        }
    }
}
