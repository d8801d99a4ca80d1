package io.onlineem.hmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Blocks;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Drift;
import io.onlineem.em.EStep;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.em.Statistics;
import io.onlineem.em.StepSize;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many sequences, interleaved as on a stream, through the online driver. */
class OnlineHmmTest {

    private static final Hmm<GaussianParameters> MODEL = Hmm.of(new GaussianFamily(1, Covariance.FULL), 2);

    private static final HmmParameters<GaussianParameters> TRUTH = new HmmParameters<>(
            new double[] {0.5, 0.5},
            new double[][] {{0.9, 0.1}, {0.3, 0.7}},
            new GaussianParameters(
                    new double[][] {{0}, {3}}, new double[][][] {{{1}}, {{0.5}}}, new double[1], new double[] {1}));

    /** What a look-ahead of 100 leaves out of a chain that forgets as fast as this one. */
    private static final double FORGOTTEN = 1e-9;

    /** A record of a stream. */
    record Arrival(String key, double value) {}

    /** Sequences of different lengths, whose records arrive in random order of the sequences. */
    private static List<Arrival> interleaved(long seed, int... lengths) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] left = lengths.clone();
        int[] states = new int[lengths.length];
        Arrays.fill(states, -1);
        List<Arrival> arrivals = new ArrayList<>();
        int total = Arrays.stream(lengths).sum();
        while (arrivals.size() < total) {
            int s = random.nextInt(left.length);
            if (left[s]-- > 0) {
                double[] row = states[s] < 0 ? TRUTH.initial() : TRUTH.transition()[states[s]];
                states[s] = random.nextDouble() < row[0] ? 0 : 1;
                double sd = Math.sqrt(TRUTH.emissions().covariances()[states[s]][0][0]);
                arrivals.add(
                        new Arrival("s" + s, TRUTH.emissions().means()[states[s]][0] + sd * random.nextGaussian()));
            }
        }
        return arrivals;
    }

    /** All sequences one after another. */
    private static Observations together(List<Arrival> arrivals) {
        Map<String, Observations> sequences = new LinkedHashMap<>();
        for (Arrival arrival : arrivals) {
            sequences.computeIfAbsent(arrival.key(), key -> new Observations()).add(new double[] {arrival.value()});
        }
        Observations all = new Observations();
        for (Observations sequence : sequences.values()) {
            all.beginSequence();
            all.addAll(sequence);
        }
        return all;
    }

    /** A learner with the sequences of a stream. */
    private static final class Stream {
        private final OnlineLearner<HmmParameters<GaussianParameters>> learner;
        private final Map<String, Sequence> sequences = new LinkedHashMap<>();
        private final List<Posterior> posteriors = new ArrayList<>();

        Stream(Learning learning, HmmParameters<GaussianParameters> start) {
            OnlineEm<HmmParameters<GaussianParameters>> engine = new OnlineEm<>(MODEL, learning);
            learner = new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start));
        }

        void add(Arrival arrival) {
            Sequence sequence = sequences.computeIfAbsent(arrival.key(), learner::newSequence);
            Observations record = Observations.of(new double[] {arrival.value()});
            Posterior posterior = learner.score(sequence, record, 0);
            posteriors.add(posterior);
            learner.learn(sequence, record, 0, posterior, 0);
        }

        void addAll(List<Arrival> arrivals) {
            arrivals.forEach(this::add);
        }

        /** The sequences go on from what is kept of them. */
        void restore(Learning learning) {
            sequences.replaceAll((name, sequence) -> new Sequence(name, learning.blocks(), sequence.state()));
        }

        ModelState<HmmParameters<GaussianParameters>> end() {
            sequences.values().forEach(learner::end);
            learner.flush();
            return learner.state();
        }
    }

    /** Parameters that never change. */
    private static Learning fixed(int length, int lookAhead) {
        return Learning.DEFAULTS
                .withStepSize(new StepSize.PowerDecay(1, 0))
                .withWarmUp(1)
                .withMiniBatch(64)
                .withFirstMStep(Long.MAX_VALUE)
                .withBlocks(new Blocks(length, lookAhead));
    }

    @ParameterizedTest
    @CsvSource({"1,100", "8,100", "20,100", "150,100"})
    void withALongLookAheadBlocksOfInterleavedSequencesAddUpToWholeSequences(int length, int lookAhead) {
        List<Arrival> arrivals = interleaved(3, 400, 1, 2, 250, 30, 99, 100, 101);
        Stream stream = new Stream(fixed(length, lookAhead), TRUTH);
        stream.addAll(arrivals);
        ModelState<HmmParameters<GaussianParameters>> state = stream.end();
        Statistics whole = MODEL.newStatistics();
        double logLikelihood = MODEL.eStep(TRUTH).accumulate(together(arrivals), whole);

        assertThat(state.observations()).isEqualTo(arrivals.size());
        assertThat(state.parameters()).isSameAs(stream.learner.state().published());
        assertThat(state.scoredLogLikelihood()).isCloseTo(logLikelihood, within(1e-9));
        double[] given = MODEL.statistics(TRUTH);
        for (int i = 0; i < given.length; i++) {
            // the given start weighs as one record
            assertThat(state.statistics()[i] * (arrivals.size() + 1))
                    .isCloseTo(given[i] + whole.sums()[i], within(FORGOTTEN * arrivals.size()));
        }
    }

    @Test
    void everyRecordIsScoredAsIfItsSequenceWereAlone() {
        List<Arrival> arrivals = interleaved(4, 60, 1, 90, 33);
        Stream stream = new Stream(fixed(20, 10), TRUTH);
        stream.addAll(arrivals);
        EStep eStep = MODEL.eStep(TRUTH);
        Map<String, double[]> memories = new LinkedHashMap<>();
        for (int i = 0; i < arrivals.size(); i++) {
            double[] memory = memories.computeIfAbsent(arrivals.get(i).key(), key -> new double[2]);
            Observations record = Observations.of(new double[] {arrivals.get(i).value()});
            assertThat(stream.posteriors.get(i)).isEqualTo(eStep.score(record, 0, memory));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,5", "3,3", "5,12", "20,10", "300,0", "10,300"})
    void everyRecordIsCountedOnceWhenAllSequencesHaveEnded(int length, int lookAhead) {
        List<Arrival> arrivals = interleaved(5, 120, 1, 7, 55, 20, 30, 31);
        for (int warmUp : new int[] {1, 40, 264}) {
            Learning learning = Learning.DEFAULTS
                    .withWarmUp(warmUp)
                    .withStarts(2)
                    .withMiniBatch(16)
                    .withBlocks(new Blocks(length, lookAhead));
            Stream stream = new Stream(learning, warmUp == 1 ? TRUTH : null);
            stream.addAll(arrivals);
            ModelState<HmmParameters<GaussianParameters>> state = stream.end();

            assertThat(state.observations()).isEqualTo(arrivals.size());
            assertThat(state.scoredWeight()).isEqualTo(warmUp == 1 ? arrivals.size() : arrivals.size() - warmUp);
        }
    }

    @Test
    void sequencesOfTheWarmUpGoOnFromIt() {
        List<Arrival> arrivals = interleaved(6, 70, 40, 30);
        Learning learning = fixed(20, 10).withWarmUp(100).withStarts(2);
        Stream stream = new Stream(learning, null);
        stream.addAll(arrivals);
        EStep eStep = MODEL.eStep(stream.learner.state().published());
        Map<String, double[]> memories = new LinkedHashMap<>();
        for (int i = 0; i < arrivals.size(); i++) {
            double[] memory = memories.computeIfAbsent(arrivals.get(i).key(), key -> new double[2]);
            Observations record = Observations.of(new double[] {arrivals.get(i).value()});
            Posterior expected = eStep.score(record, 0, memory);
            assertThat(stream.posteriors.get(i)).isEqualTo(i < 100 ? null : expected);
        }
    }

    @Test
    void aSequenceThatEndedInTheWarmUpBeginsAnew() {
        Stream stream = new Stream(fixed(20, 10).withWarmUp(50).withStarts(2), null);
        List<Arrival> arrivals = interleaved(6, 30, 30);
        for (int i = 0; i < 50; i++) {
            if (i == 40) {
                stream.learner.end(stream.sequences.get("s0"));
            }
            stream.add(
                    i < 40 ? arrivals.get(i) : new Arrival("s1", arrivals.get(i).value()));
        }
        stream.add(new Arrival("s0", 1));
        EStep eStep = MODEL.eStep(stream.learner.state().published());

        assertThat(stream.posteriors.get(50))
                .isEqualTo(eStep.score(Observations.of(new double[] {1}), 0, new double[2]));
    }

    @Test
    void theSameStreamGivesTheSameModelBitForBit() {
        assertSameBits(learned(stream -> stream), learned(stream -> stream));
    }

    @Test
    void restoredSequencesGoOnBitForBit() {
        assertSameBits(
                learned(stream -> {
                    stream.restore(online());
                    return stream;
                }),
                learned(stream -> stream));
    }

    private static Learning online() {
        return Learning.DEFAULTS
                .withWarmUp(100)
                .withStarts(2)
                .withMiniBatch(32)
                .withAveragingAfter(300)
                .withDrift(Drift.DEFAULTS)
                .withBlocks(new Blocks(7, 9));
    }

    private static ModelState<HmmParameters<GaussianParameters>> learned(UnaryOperator<Stream> afterEveryRecord) {
        Stream stream = new Stream(online(), null);
        for (Arrival arrival : interleaved(7, 300, 200, 5, 90)) {
            stream.add(arrival);
            stream = stream.learner.state() == null ? stream : afterEveryRecord.apply(stream);
        }
        return stream.end();
    }

    private static void assertSameBits(
            ModelState<HmmParameters<GaussianParameters>> one, ModelState<HmmParameters<GaussianParameters>> other) {
        assertThat(one.statistics()).containsExactly(other.statistics());
        assertThat(one.averaged()).containsExactly(other.averaged());
        assertThat(one.published().fields()).isEqualTo(other.published().fields());
        assertThat(one.parameters().fields()).isEqualTo(other.parameters().fields());
        assertThat(one.observations()).isEqualTo(595).isEqualTo(other.observations());
        assertThat(one.scoredLogLikelihood()).isEqualTo(other.scoredLogLikelihood());
    }

    @Test
    void itLearnsFromManySequencesWhatIsTrue() {
        int[] lengths = new SplittableRandom(1).ints(200, 20, 180).toArray();
        Learning learning = Learning.DEFAULTS.withMiniBatch(64).withWarmUp(1000);
        Stream stream = new Stream(learning, null);
        stream.addAll(interleaved(8, lengths));
        HmmParameters<GaussianParameters> found = stream.end().published();
        int low = found.emissions().means()[0][0] < found.emissions().means()[1][0] ? 0 : 1;

        assertThat(found.transition()[low][low]).isCloseTo(0.9, within(0.02));
        assertThat(found.transition()[1 - low][1 - low]).isCloseTo(0.7, within(0.04));
        assertThat(found.emissions().means()[low][0]).isCloseTo(0, within(0.06));
        assertThat(found.emissions().means()[1 - low][0]).isCloseTo(3, within(0.06));
    }

    /** The states left behind fall as far as a double goes, and stay possible. */
    @Test
    void aChainThatDoesNotComeBackStaysWhereItIsForAHundredThousandRecords() {
        int records = 100_000;
        Hmm<GaussianParameters> model =
                MODEL.withTransitions(Transitions.leftToRight(2)).withFixedInitial(new double[] {1, 0});
        SplittableRandom random = new SplittableRandom(3);
        Observations wear = new Observations();
        for (int i = 0; i < records; i++) {
            wear.add(new double[] {(i < 1000 ? 0 : 3) + random.nextGaussian()});
        }
        HmmParameters<GaussianParameters> start =
                new HmmParameters<>(new double[] {1, 0}, new double[][] {{0.99, 0.01}, {0, 1}}, TRUTH.emissions());
        EStep eStep = model.eStep(start);
        double logLikelihood = 0;
        double[] memory = new double[2];
        for (int i = 0; i < records; i++) {
            logLikelihood += eStep.score(wear, i, memory).logLikelihood();
        }
        assertThat(memory).containsExactly(Double.MIN_NORMAL, 1);
        assertThat(logLikelihood)
                .isCloseTo(eStep.accumulate(wear, model.newStatistics()), within(1e-11 * Math.abs(logLikelihood)));

        OnlineEm<HmmParameters<GaussianParameters>> engine = new OnlineEm<>(model, Learning.DEFAULTS.withWarmUp(1000));
        OnlineLearner<HmmParameters<GaussianParameters>> learner = new OnlineLearner<>(engine, engine.startFrom(start));
        for (int i = 0; i < records; i++) {
            learner.learn(wear, i, learner.score(wear, i));
        }
        learner.end();
        learner.flush();
        HmmParameters<GaussianParameters> learned = learner.state().published();
        assertThat(learner.state().observations()).isEqualTo(records);
        assertThat(learned.transition()[1]).containsExactly(0, 1);
        assertThat(learned.transition()[0][1]).isBetween(0.0005, 0.01);
        assertThat(learned.emissions().means()[1][0]).isCloseTo(3, within(0.05));
        assertThat(learned.emissions().means()[0][0]).isCloseTo(0, within(0.2));
    }

    @Test
    void statesAreNotMovedByTheCareOfComponents() {
        assertThatThrownBy(() -> new OnlineEm<>(MODEL, Learning.DEFAULTS.withComponentCare(ComponentCare.DEFAULTS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "component care is on, but Hmm has no statistics of single components; expected a mixture, or"
                                + " no component care");
    }
}
