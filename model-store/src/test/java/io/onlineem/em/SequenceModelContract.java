package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every model of sequences promises, whatever its parameters are.
 *
 * @param <P> the parameters
 */
public abstract class SequenceModelContract<P extends Parameters> {

    /** Rounding of a sum of a few hundred logarithms, relative. */
    private static final double ROUNDING = 1e-11;

    /** Rounding of statistics added in another order, relative to the largest of them. */
    private static final double ORDER = 1e-10;

    /** The model under test, for records of the given width. */
    protected abstract Model<P> model(int width, int states);

    /** Checks that parameters are finite and valid. */
    protected abstract void assertValid(P parameters);

    /** Named fields that {@link Model#read} must refuse for a model of 2 states and width 2, made from valid ones. */
    protected abstract Iterable<Fields> invalidFields(Fields valid);

    /** Whether EM climbs what records are scored with, each given those before it; otherwise a composite likelihood. */
    protected boolean climbsTheLikelihoodOfTheRecords() {
        return true;
    }

    /** Sequences that stay for a while near one of three centres. */
    protected static Observations regimes(long seed, int width, int... lengths) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        double[] record = new double[width];
        for (int length : lengths) {
            drawn.beginSequence();
            int regime = random.nextInt(3);
            for (int i = 0; i < length; i++) {
                regime = random.nextInt(8) == 0 ? random.nextInt(3) : regime;
                for (int j = 0; j < width; j++) {
                    record[j] = (j % 3 == regime ? 3 : 0) + (1 + 0.5 * regime) * random.nextGaussian();
                }
                drawn.add(record);
            }
        }
        return drawn;
    }

    /** The same records, in which three values of ten are missing; a few records are empty. */
    private static Observations withGaps(Observations data, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations gaps = new Observations();
        for (int i = 0; i < data.size(); i++) {
            if (data.startsSequence(i)) {
                gaps.beginSequence();
            }
            double[] record = data.record(i);
            boolean empty = random.nextInt(20) == 0;
            for (int j = 0; j < record.length; j++) {
                record[j] = empty || random.nextDouble() < 0.3 ? Double.NaN : record[j];
            }
            gaps.add(record);
        }
        return gaps;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void batchEmNeverLowersTheLikelihood(long seed) {
        assertClimbs(regimes(seed, 3, 200, 1, 60, 2, 40), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void batchEmNeverLowersTheLikelihoodOfManyShortSequences(long seed) {
        int[] lengths = new SplittableRandom(seed).ints(80, 1, 6).toArray();
        assertClimbs(regimes(seed, 2, lengths), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void batchEmNeverLowersTheLikelihoodOfWhatIsObserved(long seed) {
        assertClimbs(withGaps(regimes(seed, 3, 200, 60, 40), seed), seed);
    }

    private void assertClimbs(Observations data, long seed) {
        Model<P> model = model(data.length(0), 3);
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
                    .isGreaterThanOrEqualTo(before - ROUNDING * Math.abs(before));
            before = after;
        }
    }

    @Test
    void recordsScoredOneByOneHaveTheLikelihoodOfTheWhole() {
        Observations data = withGaps(regimes(5, 3, 300, 50, 1), 5);
        Model<P> model = model(3, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        double total = 0;
        double[] memory = new double[model.memoryLength()];
        for (int i = 0; i < data.size(); i++) {
            if (data.startsSequence(i)) {
                Arrays.fill(memory, 0);
            }
            total += eStep.score(data, i, memory).logLikelihood();
        }
        double[] after = new double[model.memoryLength()];
        double whole = eStep.accumulate(data, model.newStatistics(), after);

        if (climbsTheLikelihoodOfTheRecords()) {
            assertThat(whole).isCloseTo(total, relative(ROUNDING, total));
        }
        assertThat(after).containsExactly(memory, within(ORDER * largest(memory)));
    }

    @Test
    void smoothingKeepsTheLikelihoodsOfTheFilterAndEndsWithItsPosterior() {
        Observations data = withGaps(regimes(5, 3, 120, 50, 1), 5);
        Model<P> model = model(3, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        List<Posterior> smoothed = eStep.smooth(data);

        assertThat(smoothed).hasSize(data.size());
        double[] memory = new double[model.memoryLength()];
        for (int i = 0; i < data.size(); i++) {
            if (data.startsSequence(i)) {
                Arrays.fill(memory, 0);
            }
            Posterior filtered = eStep.score(data, i, memory);
            assertThat(smoothed.get(i).logLikelihood())
                    .isCloseTo(filtered.logLikelihood(), relative(ORDER, filtered.logLikelihood()));
            assertThat(smoothed.get(i).missing()).hasSameSizeAs(filtered.missing());
            if (i + 1 == data.nextSequence(i)) {
                assertThat(smoothed.get(i).probabilities()).containsExactly(filtered.probabilities(), within(ORDER));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 60})
    void smoothedBlocksWithAllTheFutureAreTheWholeSmoothed(int length) {
        Observations data = regimes(7, 3, 150);
        Model<P> model = model(3, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        List<Posterior> whole = eStep.smooth(data);
        double[] memory = new double[model.memoryLength()];
        for (int from = 0; from < data.size(); from += length) {
            Observations block = data.slice(from, data.size());
            block.setMemory(memory);
            block.setLookAhead(Math.max(0, data.size() - from - length));
            List<Posterior> smoothed = eStep.smooth(block);
            assertThat(smoothed).hasSize(Math.min(length, data.size() - from));
            for (int i = 0; i < smoothed.size(); i++) {
                Posterior expected = whole.get(from + i);
                assertThat(smoothed.get(i).probabilities()).containsExactly(expected.probabilities(), within(ORDER));
                assertThat(smoothed.get(i).logLikelihood())
                        .isCloseTo(expected.logLikelihood(), relative(ORDER, expected.logLikelihood()));
                assertThat(smoothed.get(i).outputs().names())
                        .isEqualTo(expected.outputs().names());
            }
            for (int i = from; i < Math.min(data.size(), from + length); i++) {
                eStep.score(data, i, memory);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 400})
    void blocksThatCarryTheMemoryOnHaveTheLikelihoodOfTheWhole(int length) {
        Observations data = regimes(7, 3, 370);
        Model<P> model = model(3, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        Statistics whole = model.newStatistics();
        double expected = eStep.accumulate(data, whole);
        Statistics added = model.newStatistics();
        double logLikelihood = 0;
        double[] memory = new double[model.memoryLength()];
        for (int from = 0; from < data.size(); from += length) {
            // with all the future for a look-ahead, statistics are those of the whole
            Observations block = data.slice(from, data.size());
            block.setMemory(memory);
            block.setLookAhead(Math.max(0, data.size() - from - length));
            logLikelihood += eStep.accumulate(block, added, memory);
        }

        assertThat(logLikelihood).isCloseTo(expected, relative(ROUNDING, expected));
        assertThat(added.sums()).containsExactly(whole.sums(), within(ORDER * largest(whole.sums())));
        assertThat(added.observations()).isEqualTo(data.size());
        assertThat(added.weight()).isEqualTo(data.size());
    }

    @Test
    void sequencesTogetherAddUpToEachAlone() {
        Observations data = regimes(7, 3, 30, 700, 1, 1, 500, 2);
        Model<P> model = model(3, 3);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        Statistics together = model.newStatistics();
        double logLikelihood = eStep.accumulate(data, together);
        Statistics added = model.newStatistics();
        double sum = 0;
        for (int start = 0; start < data.size(); start = data.nextSequence(start)) {
            sum += eStep.accumulate(data.slice(start, data.nextSequence(start)), added);
        }

        assertThat(logLikelihood).isCloseTo(sum, relative(ROUNDING, sum));
        assertThat(together.sums()).containsExactly(added.sums(), within(ORDER * largest(added.sums())));
    }

    @Test
    void noSequenceRemembersAnotherWhenTheEntropyIsCounted() {
        Observations data = regimes(7, 3, 30, 70, 1, 50);
        Model<P> model = model(3, 3);
        BatchEm<P> batch = new BatchEm<>(model);
        P parameters = model.start(data, new SplittableRandom(3));
        double sum = 0;
        for (int start = 0; start < data.size(); start = data.nextSequence(start)) {
            sum += batch.entropy(data.slice(start, data.nextSequence(start)), parameters);
        }

        assertThat(batch.entropy(data, parameters)).isCloseTo(sum, relative(ROUNDING, sum));
    }

    @Test
    void aSequenceOfWeightThreeCountsAsThree() {
        Observations data = regimes(8, 3, 30, 50);
        Observations weighted = new Observations();
        Observations copied = new Observations();
        for (int start = 0; start < data.size(); start = data.nextSequence(start)) {
            int weight = start == 0 ? 3 : 1;
            Observations sequence = data.slice(start, data.nextSequence(start));
            weighted.beginSequence();
            for (int i = 0; i < sequence.size(); i++) {
                weighted.add(sequence.record(i), 0, 3, weight);
            }
            for (int copy = 0; copy < weight; copy++) {
                copied.addAll(sequence);
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
    void aRecordOfWhichNothingIsObservedMovesTheMemoryOnly() {
        Observations data = regimes(5, 3, 260);
        Model<P> model = model(3, 2);
        double[] nothing = {Double.NaN, Double.NaN, Double.NaN};
        data.add(nothing);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(3)));
        double[] memory = new double[model.memoryLength()];
        eStep.score(data, 0, memory);
        double[] before = memory.clone();
        Posterior posterior = eStep.score(data, data.size() - 1, memory);

        assertThat(posterior.logLikelihood()).isCloseTo(0, within(1e-12));
        assertThat(posterior.missing()).hasSize(nothing.length);
        assertThat(memory).isNotEqualTo(before);
    }

    @Test
    void theSameSeedGivesTheSameModelBitForBit() {
        Observations data = regimes(21, 3, 300, 100);
        BatchEm<P> batch = new BatchEm<>(model(3, 3));
        BatchEm.Stopping stopping = new BatchEm.Stopping(30, 1e-6);

        assertSameBits(
                batch.fit(data, 3, 9, stopping).parameters(),
                batch.fit(data, 3, 9, stopping).parameters());
    }

    @ParameterizedTest
    @EnumSource(ModelContract.Hard.class)
    void hardDataGivesFiniteValidBatchFits(ModelContract.Hard hard) {
        Observations data = hard.draw(new SplittableRandom(1));
        Model<P> model = model(data.length(0), 4);
        BatchEm.Fit<P> fit = new BatchEm<>(model).fit(data, 2, 1, new BatchEm.Stopping(30, 1e-8));

        assertValid(fit.parameters());
        assertThat(fit.logLikelihood()).isFinite();
        assertScoresAll(model, fit.parameters(), data);
    }

    @Test
    void aSampleOfShortSequencesGivesValidStarts() {
        Model<P> model = model(2, 3);
        for (int[] lengths : new int[][] {{1}, {1, 1}, {2}, {1, 2, 1, 1, 1}}) {
            for (long seed = 0; seed < 5; seed++) {
                assertValid(model.start(regimes(seed, 2, lengths), new SplittableRandom(seed)));
            }
        }
    }

    private void assertScoresAll(Model<P> model, P parameters, Observations data) {
        EStep eStep = model.eStep(parameters);
        double[] memory = new double[model.memoryLength()];
        for (int i = 0; i < data.size(); i++) {
            Posterior posterior = eStep.score(data, i, memory);
            assertThat(posterior.logLikelihood()).isFinite();
            assertThat(Arrays.stream(memory).boxed()).allMatch(Double::isFinite);
        }
    }

    @Test
    void emptyStatisticsKeepParametersValid() {
        Model<P> model = model(2, 3);
        P start = model.start(regimes(3, 2, 100), new SplittableRandom(1));
        assertValid(model.mStep(new double[model.statisticsLength()], 1, start));
    }

    @Test
    void recordsOfAnotherWidthAreRejected() {
        Observations data = regimes(3, 3, 100);
        Model<P> model = model(2, 2);
        EStep eStep = model.eStep(model.start(regimes(3, 2, 100), new SplittableRandom(1)));

        assertThatThrownBy(() -> eStep.accumulate(data, model.newStatistics()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record 0 has 3 numbers; expected 2, the width of the model");
        assertThatThrownBy(() -> eStep.score(data, 7, new double[model.memoryLength()]))
                .hasMessageContaining("record 7 has 3 numbers");
    }

    @Test
    void aMemoryOfAnotherLengthIsRejected() {
        Observations data = regimes(3, 2, 100);
        Model<P> model = model(2, 2);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));

        assertThatThrownBy(() -> eStep.score(data, 7, new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected " + model.memoryLength());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void recordsThatAreNotFiniteAreRejectedAndChangeNothing(double value) {
        Observations data = regimes(3, 2, 100);
        Model<P> model = model(2, 2);
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));
        data.add(new double[] {1, value});
        Statistics statistics = model.newStatistics();

        assertThat(model.problem(data, 0)).isNull();
        assertThat(model.problem(data, 100)).isNotNull();
        assertThatThrownBy(() -> eStep.accumulate(data, statistics)).hasMessageContaining("not finite");
        assertThatThrownBy(() -> eStep.score(data, 100, new double[model.memoryLength()]))
                .hasMessageContaining("not finite");
        assertThat(statistics.sums()).containsOnly(0);
        assertThat(statistics.observations()).isZero();
    }

    @Test
    void parametersAreReadBackFromTheirFields() {
        Model<P> model = model(3, 3);
        P parameters = new BatchEm<>(model)
                .fit(regimes(3, 3, 200), 2, 1, new BatchEm.Stopping(20, 1e-3))
                .parameters();
        assertSameBits(model.read(parameters.fields()), parameters);
    }

    @Test
    void statisticsOfParametersAreThoseWhoseMStepGivesThem() {
        Observations data = regimes(3, 3, 200, 20);
        Model<P> model = model(3, 3);
        P parameters = new BatchEm<>(model)
                .fit(data, 2, 1, new BatchEm.Stopping(20, 1e-3))
                .parameters();
        // so many that a prior says nothing beside them
        P again = model.mStep(model.statistics(parameters), 1e15, parameters);
        double expected = model.eStep(parameters).accumulate(data, model.newStatistics());

        assertValid(again);
        assertThat(model.eStep(again).accumulate(data, model.newStatistics()))
                .isCloseTo(expected, relative(ORDER, expected));
    }

    @Test
    void invalidParametersAreRejectedByName() {
        Model<P> model = model(2, 2);
        P valid = model.start(regimes(3, 2, 100), new SplittableRandom(1));
        for (Fields fields : invalidFields(valid.fields())) {
            assertThatThrownBy(() -> model.read(fields))
                    .as("fields %s", fields)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
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
