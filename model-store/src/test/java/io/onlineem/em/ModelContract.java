package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every model of independent records promises, whatever its parameters are.
 *
 * @param <P> the parameters
 */
public abstract class ModelContract<P extends Parameters> {

    /** Rounding of a sum of a few hundred logarithms, relative. */
    private static final double ROUNDING = 1e-11;

    /** Rounding of statistics added in another order, relative to the largest of them. */
    private static final double ORDER = 1e-12;

    /** The E-step's exponential is exact to 1e-13; differences of log-densities add their own. */
    private static final double LANES = 1e-11;

    /** The model under test, for records of the given width. */
    protected abstract Model<P> model(int width, int components);

    /** Checks that parameters are finite and valid: weights are probabilities, covariances positive definite, and so on. */
    protected abstract void assertValid(P parameters);

    /** Named fields that {@link Model#read} must refuse for a model of 2 components and width 2, made from valid ones. */
    protected abstract Iterable<Fields> invalidFields(Fields valid);

    /**
     * Whether a single component is fully observed: not so where a family has latent variables of its own, whose
     * expectations depend on the parameters.
     */
    protected boolean isFullyObserved() {
        return true;
    }

    /** Input that breaks careless arithmetic. */
    enum Hard {
        FAR_FROM_ZERO {
            @Override
            Observations draw(SplittableRandom random) {
                return normal(random, 300, 3, 1e9, 1);
            }
        },
        CONSTANT_COLUMNS {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = new Observations();
                for (int i = 0; i < 200; i++) {
                    drawn.add(new double[] {5, random.nextGaussian(), 0, 0.1});
                }
                return drawn;
            }
        },
        ALL_CONSTANT {
            @Override
            Observations draw(SplittableRandom random) {
                return copies(100, 7, 7, 7);
            }
        },
        DUPLICATES {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = normal(random, 30, 2, 0, 1);
                drawn.addAll(copies(200, 0.25, -0.5));
                return drawn;
            }
        },
        FEWER_POINTS_THAN_COMPONENTS {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = copies(20, 1, 1);
                drawn.addAll(copies(20, 2, 3));
                return drawn;
            }
        },
        COLLINEAR {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = new Observations();
                for (int i = 0; i < 200; i++) {
                    double x = random.nextGaussian();
                    drawn.add(new double[] {x, 2 * x, 3 - x});
                }
                return drawn;
            }
        },
        MANY_NOISE_COLUMNS {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = new Observations();
                for (int i = 0; i < 200; i++) {
                    double[] record = random.doubles(64, -1, 1).toArray();
                    for (int j = 0; j < 4; j++) {
                        record[j] += i % 3 * 10;
                    }
                    drawn.add(record);
                }
                return drawn;
            }
        },
        HUGE {
            @Override
            Observations draw(SplittableRandom random) {
                return normal(random, 100, 3, 0, 3e99);
            }
        },
        HUGE_OUTLIER {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = normal(random, 100, 3, 0, 1);
                drawn.add(new double[] {1e100, -1e100, 1e100});
                drawn.addAll(normal(random, 100, 3, 0, 1));
                return drawn;
            }
        },
        TINY {
            @Override
            Observations draw(SplittableRandom random) {
                return normal(random, 100, 2, 1e-150, 1e-160);
            }
        },
        UNEQUAL_UNITS {
            @Override
            Observations draw(SplittableRandom random) {
                Observations drawn = new Observations();
                for (int i = 0; i < 200; i++) {
                    drawn.add(new double[] {1e-12 * random.nextGaussian(), 1e12 * random.nextGaussian()});
                }
                return drawn;
            }
        },
        SINGLE_RECORD {
            @Override
            Observations draw(SplittableRandom random) {
                return copies(1, 3, -4);
            }
        };

        abstract Observations draw(SplittableRandom random);
    }

    /** Normal draws. */
    protected static Observations normal(SplittableRandom random, int records, int width, double mean, double sd) {
        Observations drawn = new Observations(records, width);
        double[] record = new double[width];
        for (int i = 0; i < records; i++) {
            for (int j = 0; j < width; j++) {
                record[j] = mean + sd * random.nextGaussian();
            }
            drawn.add(record);
        }
        return drawn;
    }

    private static Observations copies(int count, double... record) {
        Observations copies = new Observations();
        for (int i = 0; i < count; i++) {
            copies.add(record);
        }
        return copies;
    }

    /**
     * A record of the model made from numbers of any size: the identity, unless the model takes counts, positive numbers,
     * categories or further columns.
     *
     * @param numbers as many as the width given to {@link #model}
     */
    protected double[] adapt(double[] numbers) {
        return numbers;
    }

    /** By how much an iteration may lower the penalised log-likelihood, relative: not at all. */
    protected double largestFall() {
        return ROUNDING;
    }

    /** The texts of the codes in adapted records. */
    protected Map<Double, String> texts() {
        return Map.of();
    }

    /** So many observations that a prior says nothing beside them; or where parameters stand for a number, that one. */
    protected double observationsOf(P parameters) {
        return 1e15;
    }

    private Observations adapted(Observations numbers) {
        Observations adapted = new Observations();
        adapted.addCategories(texts());
        for (int i = 0; i < numbers.size(); i++) {
            double[] record = adapt(numbers.record(i));
            adapted.add(record, 0, record.length, numbers.weight(i));
        }
        return adapted;
    }

    /** Draws from three overlapping clusters, as records of the model. */
    private Observations clusters(long seed, int records, int width) {
        return adapted(gaussianClusters(seed, records, width));
    }

    /** Draws from three overlapping clusters. */
    protected static Observations gaussianClusters(long seed, int records, int width) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        double[] record = new double[width];
        for (int i = 0; i < records; i++) {
            int cluster = random.nextInt(3);
            for (int j = 0; j < width; j++) {
                record[j] = (j % 3 == cluster ? 3 : 0) + (1 + 0.5 * cluster) * random.nextGaussian();
            }
            drawn.add(record);
        }
        return drawn;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void batchEmNeverLowersTheLikelihood(long seed) {
        assertClimbs(clusters(seed, 300, 3), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void batchEmNeverLowersTheLikelihoodOfWhatIsObserved(long seed) {
        if (!model(3, 4).acceptsMissing()) {
            return;
        }
        assertClimbs(withGaps(clusters(seed, 300, 3), seed), seed);
    }

    /** The penalised log-likelihood, for a model with a prior. */
    private void assertClimbs(Observations data, long seed) {
        Model<P> model = model(3, 4);
        P parameters = model.start(data, new SplittableRandom(seed));
        Statistics statistics = model.newStatistics();
        double before = model.eStep(parameters).accumulate(data, statistics) + model.logPrior(parameters);
        for (int iteration = 0; iteration < 100; iteration++) {
            parameters = model.mStep(statistics.mean(), statistics.weight(), parameters);
            assertValid(parameters);
            statistics.clear();
            double after = model.eStep(parameters).accumulate(data, statistics) + model.logPrior(parameters);
            assertThat(after)
                    .as("iteration %s", iteration)
                    .isGreaterThanOrEqualTo(before - largestFall() * Math.abs(before));
            before = after;
        }
    }

    /** The same records, in which three values of ten are missing; a few records are empty. */
    private static Observations withGaps(Observations data, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations gaps = new Observations();
        for (int i = 0; i < data.size(); i++) {
            double[] record = data.record(i);
            for (int j = 0; j < record.length; j++) {
                record[j] = random.nextDouble() < 0.3 ? Double.NaN : record[j];
            }
            gaps.add(record);
        }
        return gaps;
    }

    @Test
    void missingValuesAreNamedAndImputed() {
        Observations data = withGaps(clusters(5, 260, 3), 5);
        Model<P> model = model(3, 2);
        if (!model.acceptsMissing()) {
            assertThat(model.problem(Observations.of(new double[] {Double.NaN, Double.NaN}), 0))
                    .isNotNull();
            return;
        }
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        for (int i = 0; i < data.size(); i++) {
            Posterior posterior = eStep.score(data, i, new double[model.memoryLength()]);
            List<Integer> missing = new ArrayList<>();
            for (int j = 0; j < data.length(i); j++) {
                if (Double.isNaN(data.value(i, j))) {
                    missing.add(j);
                }
            }
            assertThat(posterior.logLikelihood()).isFinite();
            assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(1e-12));
            assertThat(posterior.missing())
                    .extracting(Imputation.Value::position)
                    .isEqualTo(missing);
            assertThat(posterior.missing())
                    .allMatch(value -> value.category() != null || Double.isFinite(value.number()));
        }
    }

    @Test
    void recordsThatWeighNothingAreCountedAndNotLearnedFrom() {
        Observations data = clusters(5, 120, 3);
        OnlineLearner<P> learner = new OnlineLearner<>(
                new OnlineEm<>(
                        model(3, 2),
                        Learning.DEFAULTS.withWarmUp(60).withMiniBatch(20).withStarts(1)),
                null);
        for (int i = 0; i < 60; i++) {
            learner.learn(data, i, null);
        }
        ModelState<P> before = learner.state();
        for (int i = 60; i < 80; i++) {
            Observations single = data.slice(i, i + 1);
            single.weigh(0, 0);
            learner.learn(single, 0, learner.score(single, 0));
        }
        learner.flush();

        assertThat(learner.state().version()).isGreaterThan(before.version());
        assertThat(learner.state().observations()).isEqualTo(80);
        assertThat(learner.state().weight()).isEqualTo(before.weight());
        assertThat(learner.state().statistics()).isEqualTo(before.statistics());
        assertThat(learner.state().published()).isEqualTo(before.published());
    }

    @Test
    void theReasonsOfASurpriseAddUpToIt() {
        Observations data = withGaps(clusters(5, 260, 3), 5);
        Model<P> model = model(3, 2);
        if (!model.acceptsMissing()) {
            return;
        }
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        for (int i = 0; i < data.size(); i++) {
            Explanation explanation = Explanation.of(model, eStep, data, i, new double[model.memoryLength()]);
            double surprises = 0;
            double shares = 0;
            for (Reason reason : explanation.reasons()) {
                assertThat(reason.share()).isBetween(0.0, 1.0);
                surprises += reason.surprise();
                shares += reason.share();
            }
            assertThat(surprises).isCloseTo(explanation.surprise(), within(1e-9));
            assertThat(shares).satisfiesAnyOf(sum -> assertThat(sum).isZero(), sum -> assertThat(sum)
                    .isCloseTo(1, within(1e-12)));
        }
    }

    @Test
    void aRecordOfWhichNothingIsObservedSaysNothing() {
        Observations data = clusters(5, 260, 3);
        Model<P> model = model(3, 2);
        P parameters = model.start(data, new SplittableRandom(3));
        double[] nothing = new double[model.acceptsMissing() ? data.length(0) : 0];
        Arrays.fill(nothing, Double.NaN);
        Posterior posterior = model.eStep(parameters).score(Observations.of(nothing), 0, new double[0]);

        assertThat(posterior.logLikelihood()).isCloseTo(0, within(1e-12));
        assertThat(posterior.missing()).hasSize(nothing.length);
    }

    @Test
    void onlineLearningTakesRecordsWithMissingValues() {
        if (!model(3, 2).acceptsMissing()) {
            return;
        }
        Observations data = withGaps(clusters(5, 400, 3), 6);
        Learning learning = Learning.DEFAULTS.withWarmUp(50).withMiniBatch(16);
        ModelState<P> state = learn(model(3, 2), learning, data);

        assertValid(state.published());
        assertThat(state.observations()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 255, 256, 257, 600})
    void anySplitSumsToTheSameStatistics(int part) {
        assertMerges(clusters(11, 700, 4), part);
        if (model(4, 3).acceptsMissing()) {
            assertMerges(withGaps(clusters(11, 700, 4), 12), part);
        }
    }

    private void assertMerges(Observations data, int part) {
        Model<P> model = model(4, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));
        Statistics whole = model.newStatistics();
        double logLikelihood = eStep.accumulate(data, whole);
        Statistics merged = model.newStatistics();
        double mergedLogLikelihood = 0;
        for (int from = 0; from < data.size(); from += part) {
            Statistics statistics = model.newStatistics();
            mergedLogLikelihood += eStep.accumulate(data.slice(from, Math.min(data.size(), from + part)), statistics);
            merged.add(statistics);
        }

        assertThat(merged.observations()).isEqualTo(whole.observations());
        assertThat(merged.weight()).isEqualTo(whole.weight());
        assertThat(mergedLogLikelihood).isCloseTo(logLikelihood, relative(ROUNDING, logLikelihood));
        assertThat(merged.sums()).containsExactly(whole.sums(), within(ORDER * largest(whole.sums())));
    }

    @Test
    void scoringAndLearningAgreeOnTheLikelihoodOfEveryRecord() {
        Observations data = clusters(5, 260, 4);
        Model<P> model = model(4, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        double total = 0;
        for (int i = 0; i < data.size(); i++) {
            Posterior posterior = eStep.score(data, i, new double[model.memoryLength()]);
            double alone = eStep.accumulate(data.slice(i, i + 1), model.newStatistics());
            assertThat(posterior.logLikelihood()).isCloseTo(alone, relative(LANES, alone));
            assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(1e-12));
            assertThat(posterior.probabilities()).hasSize(model.components());
            total += posterior.logLikelihood();
        }
        assertThat(eStep.accumulate(data, model.newStatistics())).isCloseTo(total, relative(LANES, total));
    }

    @Test
    void aRecordOfWeightThreeCountsAsThree() {
        Observations data = clusters(8, 90, 3);
        Observations weighted = new Observations();
        Observations copied = new Observations();
        for (int i = 0; i < data.size(); i++) {
            int weight = 1 + i % 3;
            weighted.add(data.record(i), 0, data.length(i), weight);
            for (int copy = 0; copy < weight; copy++) {
                copied.add(data, i);
            }
        }
        Model<P> model = model(3, 2);
        P start = model.start(data, new SplittableRandom(2));
        Statistics ofWeighted = model.newStatistics();
        Statistics ofCopied = model.newStatistics();
        double logLikelihood = model.eStep(start).accumulate(weighted, ofWeighted);
        double expected = model.eStep(start).accumulate(copied, ofCopied);

        assertThat(logLikelihood).isCloseTo(expected, relative(ROUNDING, expected));
        assertThat(ofWeighted.weight()).isEqualTo(ofCopied.weight());
        assertThat(ofWeighted.sums()).containsExactly(ofCopied.sums(), within(ORDER * largest(ofCopied.sums())));
    }

    @Test
    void theSameSeedGivesTheSameModelBitForBit() {
        Observations data = clusters(21, 400, 3);
        BatchEm<P> batch = new BatchEm<>(model(3, 3));
        BatchEm.Stopping stopping = new BatchEm.Stopping(30, 1e-6);
        assertSameBits(
                batch.fit(data, 3, 9, stopping).parameters(),
                batch.fit(data, 3, 9, stopping).parameters());

        Learning learning = Learning.DEFAULTS.withWarmUp(100).withMiniBatch(16).withAveragingAfter(200);
        ModelState<P> first = learn(model(3, 3), learning, data);
        ModelState<P> second = learn(model(3, 3), learning, data);
        assertSameBits(first.published(), second.published());
        assertThat(first.statistics()).isEqualTo(second.statistics());
        assertThat(first.scoredLogLikelihood()).isEqualTo(second.scoredLogLikelihood());
    }

    @Test
    void oneComponentLearnedWithTheRunningMeanIsTheBatchEstimate() {
        if (!isFullyObserved()) {
            return;
        }
        Observations data = clusters(31, 500, 3);
        Model<P> model = model(3, 1);
        BatchEm.Fit<P> batch = new BatchEm<>(model).fit(data, 1, 1, new BatchEm.Stopping(2, 0));
        for (int miniBatch : new int[] {1, 16, 100}) {
            Learning learning = Learning.DEFAULTS
                    .withStepSize(new StepSize.PowerDecay(1, 0))
                    .withWarmUp(20)
                    .withMiniBatch(miniBatch);
            ModelState<P> online = learn(model, learning, data);
            double logLikelihood = model.eStep(online.published()).accumulate(data, model.newStatistics());

            assertThat(online.observations()).isEqualTo(data.size());
            assertThat(logLikelihood).isCloseTo(batch.logLikelihood(), relative(ROUNDING, batch.logLikelihood()));
        }
    }

    @ParameterizedTest
    @EnumSource(Hard.class)
    void hardDataGivesFiniteValidBatchFits(Hard hard) {
        Observations numbers = hard.draw(new SplittableRandom(1));
        Observations data = adapted(numbers);
        Model<P> model = model(numbers.length(0), 4);
        BatchEm.Fit<P> fit = new BatchEm<>(model).fit(data, 2, 1, new BatchEm.Stopping(30, 1e-8));

        assertValid(fit.parameters());
        assertThat(fit.logLikelihood()).isFinite();
        assertScoresAll(model, fit.parameters(), data);
    }

    @ParameterizedTest
    @EnumSource(Hard.class)
    void hardDataGivesFiniteValidOnlineModelsAfterEveryRecord(Hard hard) {
        Observations numbers = hard.draw(new SplittableRandom(2));
        Observations drawn = adapted(numbers);
        Observations data = drawn.slice(0, Math.min(110, drawn.size()));
        Model<P> model = model(numbers.length(0), 3);
        Learning learning = Learning.DEFAULTS
                .withWarmUp(Math.min(20, data.size()))
                .withMiniBatch(1)
                .withStarts(1)
                .withAveragingAfter(60);
        OnlineLearner<P> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        for (int i = 0; i < data.size(); i++) {
            Posterior posterior = learner.score(data, i);
            if (posterior != null) {
                assertThat(posterior.logLikelihood()).isFinite();
                assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(1e-12));
            }
            learner.learn(data, i, posterior);
            if (learner.state() != null) {
                assertValid(learner.state().parameters());
                assertValid(learner.state().published());
            }
        }
        assertThat(learner.state().observations()).isEqualTo(data.size());
        assertScoresAll(model, learner.state().published(), data);
    }

    @Test
    void emptyStatisticsOfAComponentKeepItsParametersValid() {
        Observations data = clusters(3, 100, 2);
        Model<P> model = model(2, 3);
        P start = model.start(data, new SplittableRandom(1));
        assertValid(model.mStep(new double[model.statisticsLength()], 1, start));
    }

    @Test
    void recordsOfAnotherWidthAreRejected() {
        Observations data = clusters(3, 100, 3);
        Model<P> model = model(2, 2);
        if (model.width() == 0) {
            return;
        }
        EStep eStep = model.eStep(model.start(clusters(3, 100, 2), new SplittableRandom(1)));

        assertThatThrownBy(() -> eStep.accumulate(data, model.newStatistics()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record 0 has " + data.length(0) + " numbers; expected " + model.width()
                        + ", the width of the model");
        assertThatThrownBy(() -> eStep.score(data, 7, new double[0]))
                .hasMessageContaining("record 7 has " + data.length(7) + " numbers");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatIsNotFiniteIsAProblemAtItsPosition(double value) {
        Observations data = clusters(3, 100, 2);
        Model<P> model = model(2, 2);
        double[] record = data.record(0);
        record[record.length - 1] = value;
        data.add(record);

        assertThat(model.problem(data, 0)).isNull();
        assertThat(model.problem(data, 100)).isNotNull();
        assertThat(model.problem(data, 100).position()).isEqualTo(record.length - 1);
    }

    @Test
    void noDataCannotBeFitted() {
        BatchEm<P> batch = new BatchEm<>(model(2, 2));
        assertThatThrownBy(() -> batch.fit(new Observations(), 1, 1, BatchEm.Stopping.DEFAULTS))
                .hasMessageContaining("no observations");
        assertThatThrownBy(() -> batch.fit(clusters(1, 10, 2), 0, 1, BatchEm.Stopping.DEFAULTS))
                .hasMessage("number of starts is 0; expected at least 1");
    }

    @Test
    void parametersAreReadBackFromTheirFields() {
        Observations data = clusters(3, 200, 3);
        Model<P> model = model(3, 3);
        P parameters = new BatchEm<>(model)
                .fit(data, 2, 1, new BatchEm.Stopping(20, 1e-3))
                .parameters();
        assertSameBits(model.read(parameters.fields()), parameters);
    }

    @Test
    void statisticsOfParametersAreThoseWhoseMStepGivesThem() {
        Observations data = clusters(3, 200, 3);
        Model<P> model = model(3, 3);
        P parameters = new BatchEm<>(model)
                .fit(data, 2, 1, new BatchEm.Stopping(20, 1e-3))
                .parameters();
        P again = model.mStep(model.statistics(parameters), observationsOf(parameters), parameters);
        double expected = model.eStep(parameters).accumulate(data, model.newStatistics());

        assertValid(again);
        assertThat(model.eStep(again).accumulate(data, model.newStatistics()))
                .isCloseTo(expected, relative(ROUNDING, expected));
    }

    @Test
    void invalidParametersAreRejectedByName() {
        Model<P> model = model(2, 2);
        P valid = model.start(clusters(3, 100, 2), new SplittableRandom(1));
        for (Fields fields : invalidFields(valid.fields())) {
            assertThatThrownBy(() -> model.read(fields))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
    }

    private void assertScoresAll(Model<P> model, P parameters, Observations data) {
        EStep eStep = model.eStep(parameters);
        for (int i = 0; i < data.size(); i++) {
            Posterior posterior = eStep.score(data, i, new double[model.memoryLength()]);
            assertThat(posterior.logLikelihood()).isFinite();
            assertThat(Arrays.stream(posterior.probabilities()).sum()).isCloseTo(1, within(1e-12));
        }
    }

    private static <P extends Parameters> ModelState<P> learn(Model<P> model, Learning learning, Observations data) {
        OnlineLearner<P> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        for (int i = 0; i < data.size(); i++) {
            learner.learn(data, i, learner.score(data, i));
        }
        learner.flush();
        return learner.state();
    }

    private static void assertSameBits(Parameters one, Parameters other) {
        Fields fields = other.fields();
        for (String name : one.fields().names()) {
            assertThat(Arrays.deepEquals(new Object[] {one.fields().get(name)}, new Object[] {fields.get(name)}))
                    .as("field %s", name)
                    .isTrue();
        }
    }

    private static Offset<Double> relative(double tolerance, double value) {
        return within(tolerance * Math.max(1, Math.abs(value)));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }
}
