package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The online driver, on the smallest model: numbers and their mean. */
class OnlineEmTest {

    private static final Learning RUNNING_MEAN = Learning.DEFAULTS
            .withStepSize(new StepSize.PowerDecay(1, 0))
            .withWarmUp(1)
            .withMiniBatch(1);

    record Mean(double value) implements Parameters {
        @Override
        public Fields fields() {
            return new Fields().with("mean", value);
        }
    }

    private static final class MeanModel implements Model<Mean> {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public List<Domain> domains() {
            return List.of(Domain.REAL);
        }

        @Override
        public boolean acceptsMissing() {
            return false;
        }

        @Override
        public int components() {
            return 1;
        }

        @Override
        public int statisticsLength() {
            return 1;
        }

        @Override
        public int degreesOfFreedom() {
            return 1;
        }

        @Override
        public EStep eStep(Mean parameters) {
            return new EStep() {
                @Override
                public Posterior score(Observations records, int index, double[] memory) {
                    double difference = records.value(index, 0) - parameters.value();
                    return new Posterior(new double[] {1}, -difference * difference / 2);
                }

                @Override
                public double accumulate(Observations block, Statistics into) {
                    double logLikelihood = 0;
                    for (int i = 0; i < block.size(); i++) {
                        into.sums()[0] += block.weight(i) * block.value(i, 0);
                        logLikelihood += block.weight(i) * score(block, i, null).logLikelihood();
                    }
                    into.count(block.size(), block.totalWeight());
                    return logLikelihood;
                }
            };
        }

        @Override
        public Mean mStep(double[] statistics, double observations, Mean current) {
            return new Mean(statistics[0]);
        }

        @Override
        public double[] statistics(Mean parameters) {
            return new double[] {parameters.value()};
        }

        @Override
        public Mean start(Observations sample, RandomGenerator random) {
            return new Mean(sample.value(0, 0));
        }

        @Override
        public boolean isDegenerate(Mean parameters, double observations) {
            return false;
        }

        @Override
        public Mean read(Fields fields) {
            throw new UnsupportedOperationException();
        }
    }

    private static ModelState<Mean> learn(Learning learning, ModelState<Mean> state, double... records) {
        OnlineLearner<Mean> learner = new OnlineLearner<>(new OnlineEm<>(new MeanModel(), learning), state);
        for (double record : records) {
            Observations one = Observations.of(new double[] {record});
            learner.learn(one, 0, learner.score(one, 0));
        }
        learner.flush();
        return learner.state();
    }

    @Test
    void theRunningMeanIsLearned() {
        ModelState<Mean> state = learn(RUNNING_MEAN, null, 1, 2, 6, 11);

        assertThat(state.parameters().value()).isCloseTo(5, within(1e-14));
        assertThat(state.observations()).isEqualTo(4);
        assertThat(state.version()).isEqualTo(4);
        assertThat(state.stepSize()).isEqualTo(0.25);
    }

    @Test
    void weightsCountAsCopies() {
        OnlineEm<Mean> engine = new OnlineEm<>(new MeanModel(), RUNNING_MEAN);
        OnlineLearner<Mean> learner = new OnlineLearner<>(engine, null);
        Observations records = new Observations();
        records.add(new double[] {1}, 0, 1, 0.5);
        records.add(new double[] {4}, 0, 1, 1.5);
        learner.learn(records, 0, null);
        learner.learn(records, 1, learner.score(records, 1));

        assertThat(learner.state().parameters().value()).isCloseTo(3.25, within(1e-14));
        assertThat(learner.state().weight()).isEqualTo(2);
        assertThat(learner.state().observations()).isEqualTo(2);
    }

    @Test
    void averagingPublishesTheMeanOfTheStatisticsSinceItBegan() {
        Learning learning =
                RUNNING_MEAN.withStepSize(new StepSize.Constant(0.5)).withAveragingAfter(2);
        ModelState<Mean> before = learn(learning, null, 8, 4);
        assertThat(before.averaged()).isNull();
        assertThat(before.published()).isEqualTo(before.parameters());

        // S is 8, 6, then 3, then 5
        ModelState<Mean> after = learn(learning, before, 0, 7);
        assertThat(after.parameters().value()).isEqualTo(5);
        assertThat(after.published().value()).isCloseTo(4, within(1e-14));
    }

    @Test
    void averagingBeginsWhenTheWeightIsReachedNotTheNumberOfRecords() {
        OnlineEm<Mean> engine = new OnlineEm<>(new MeanModel(), RUNNING_MEAN.withAveragingAfter(2));
        ModelState<Mean> state = engine.startFrom(new Mean(0));
        for (int i = 0; i < 40; i++) {
            Observations light = new Observations();
            light.add(new double[] {i}, 0, 1, 0.1);
            Statistics statistics = new Statistics(1);
            engine.model().eStep(state.parameters()).accumulate(light, statistics);
            state = engine.blend(state, statistics);
            assertThat(state.averaged() != null).isEqualTo(state.weight() > 2);
            assertThat(state.published().value()).isBetween(0.0, (double) i);
        }
    }

    @Test
    void givenParametersStandForAWarmUp() {
        Learning learning = RUNNING_MEAN.withWarmUp(3);
        OnlineEm<Mean> engine = new OnlineEm<>(new MeanModel(), learning);
        ModelState<Mean> state = learn(learning, engine.startFrom(new Mean(42)), 1, 3);

        assertThat(state.parameters().value()).isCloseTo(26, within(1e-14));
        assertThat(state.observations()).isEqualTo(2);
        assertThat(state.weight()).isEqualTo(5);
    }

    @Test
    void theFirstMStepWaits() {
        Learning learning = RUNNING_MEAN.withFirstMStep(4);
        assertThat(learn(learning, null, 1, 3, 5).parameters().value()).isEqualTo(1);
        assertThat(learn(learning, null, 1, 3, 5, 7).parameters().value()).isCloseTo(4, within(1e-14));
    }

    @Test
    void anIncompleteWarmUpIsKeptAndAnIncompleteMiniBatchIsLearned() {
        OnlineLearner<Mean> learner = new OnlineLearner<>(
                new OnlineEm<>(new MeanModel(), RUNNING_MEAN.withWarmUp(2).withMiniBatch(10)), null);
        Observations records = Observations.of(new double[] {1}, new double[] {3}, new double[] {8});
        assertThat(learner.flush()).isFalse();
        assertThat(learner.learn(records, 0, null)).isFalse();
        assertThat(learner.flush()).isFalse();
        assertThat(learner.batch().size()).isEqualTo(1);
        assertThat(learner.score(records, 1)).isNull();
        assertThat(learner.learn(records, 1, null)).isTrue();
        assertThat(learner.learn(records, 2, learner.score(records, 2))).isFalse();
        assertThat(learner.flush()).isTrue();
        assertThat(learner.flush()).isFalse();
        assertThat(learner.state().parameters().value()).isCloseTo(4, within(1e-14));
    }

    @Test
    void settingsOutOfRangeAreRejected() {
        assertThatThrownBy(() -> Learning.DEFAULTS.withMiniBatch(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mini-batch is 0; expected at least 1 observation");
        assertThatThrownBy(() -> Learning.DEFAULTS.withWarmUp(0)).hasMessageContaining("warm-up is 0");
        assertThatThrownBy(() -> Learning.DEFAULTS.withStarts(0)).hasMessageContaining("number of starts is 0");
        assertThatThrownBy(() -> Learning.DEFAULTS.withFirstMStep(-1)).hasMessageContaining("first M-step is -1");
        assertThatThrownBy(() -> Learning.DEFAULTS.withAveragingAfter(-1))
                .hasMessageContaining("start of averaging is -1");
        assertThatThrownBy(() -> new BatchEm.Stopping(-1, 0)).hasMessageContaining("maximum of iterations is -1");
        assertThatThrownBy(() -> new BatchEm.Stopping(1, Double.NaN)).hasMessageContaining("tolerance is NaN");
    }

    @Test
    void statisticsOfAnotherLengthAreNotAdded() {
        assertThatThrownBy(() -> new Statistics(2).add(new Statistics(3)))
                .hasMessageContaining("statistics of length 3 cannot be added to statistics of length 2");
    }

    /** Mini-batches of 100 with the given log-likelihood per record and the statistic 1, from a state of statistic 0. */
    private static ModelState<Mean> blend(Learning learning, double... logLikelihoods) {
        OnlineEm<Mean> engine = new OnlineEm<>(new MeanModel(), learning);
        ModelState<Mean> state = engine.startFrom(new Mean(0));
        for (double logLikelihood : logLikelihoods) {
            Statistics batch = new Statistics(1);
            batch.sums()[0] = 100;
            batch.count(100, 100);
            batch.countScored(100, 100 * logLikelihood);
            state = engine.blend(state, batch);
        }
        return state;
    }

    /** A steady likelihood, then a fall of three mini-batches. */
    private static double[] falling() {
        double[] logLikelihoods = new double[PageHinkley.BASELINE + 3];
        Arrays.fill(logLikelihoods, 0, PageHinkley.BASELINE, -1);
        Arrays.fill(logLikelihoods, PageHinkley.BASELINE, logLikelihoods.length, -2);
        return logLikelihoods;
    }

    @Test
    void aFallOfTheLikelihoodRaisesTheStepAndLeavesANote() {
        Learning learning = RUNNING_MEAN.withWarmUp(100_000).withDrift(Drift.DEFAULTS);
        ModelState<Mean> state = blend(learning, falling());

        // what was learned weighs as much as the mini-batch of 100
        assertThat(state.clock()).isEqualTo(200);
        assertThat(state.weight()).isEqualTo(101_500);
        assertThat(state.stepSize()).isEqualTo(1 / 200.0);
        assertThat(state.parameters().value()).isCloseTo(0.5, within(0.01));
        assertThat(state.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(ModelState.Event.Type.DRIFT);
            assertThat(event.version()).isEqualTo(16);
            assertThat(event.observations()).isEqualTo(1500);
            assertThat(event.before()).isCloseTo(-1, within(0.02));
            assertThat(event.after()).isEqualTo(-2);
        });
        assertThat(state.watch()).isSameAs(PageHinkley.START);
    }

    @Test
    void withoutTheAdaptiveModeAFallChangesNothing() {
        ModelState<Mean> state = blend(RUNNING_MEAN.withWarmUp(100_000), falling());

        assertThat(state.clock()).isEqualTo(state.weight());
        assertThat(state.watch()).isNull();
        assertThat(state.events()).isEmpty();
        assertThat(state.parameters().value()).isLessThan(0.02);
    }

    @Test
    void aStepThatIsLargeAnywayIsNotLowered() {
        Learning learning =
                RUNNING_MEAN.withStepSize(new StepSize.Constant(0.5)).withDrift(Drift.DEFAULTS);
        assertThat(blend(learning, falling()).stepSize()).isEqualTo(0.5);

        Learning young = RUNNING_MEAN.withWarmUp(1).withDrift(Drift.DEFAULTS);
        assertThat(blend(young, falling()).events()).hasSize(1);
    }

    @Test
    void averagingBeginsAnewAfterAFall() {
        Learning learning =
                RUNNING_MEAN.withWarmUp(100_000).withAveragingAfter(150).withDrift(Drift.DEFAULTS);
        double[] falling = falling();
        ModelState<Mean> before = blend(learning, Arrays.copyOf(falling, falling.length - 1));
        ModelState<Mean> after = blend(learning, falling);

        assertThat(before.published().value()).isLessThan(0.02);
        assertThat(after.published().value()).isCloseTo(after.parameters().value(), within(1e-12));
    }

    @Test
    void theNewestEventsAreKept() {
        Learning learning = RUNNING_MEAN.withWarmUp(100_000).withDrift(Drift.DEFAULTS);
        double[] many = new double[20 * falling().length];
        for (int i = 0; i < many.length; i++) {
            many[i] = falling()[i % falling().length];
        }
        ModelState<Mean> state = blend(learning, many);

        assertThat(state.events()).hasSize(ModelState.EVENTS);
        assertThat(state.events().get(0).version()).isEqualTo(1 + 5 * falling().length);
        assertThat(state.events().get(15).version()).isEqualTo(1 + 20 * falling().length);
    }

    @Test
    void componentsThatDoNotComeApartAreNotCaredFor() {
        assertThatThrownBy(
                        () -> new OnlineEm<>(new MeanModel(), RUNNING_MEAN.withComponentCare(ComponentCare.DEFAULTS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "component care is on, but MeanModel has no statistics of single components; expected a mixture,"
                                + " or no component care");
    }

    @Test
    void withComponentCareEveryMiniBatchKeepsASampleThatMissesNoPeriod() {
        Statistics statistics = new Statistics(1, 16);
        MiniBatch batch = new MiniBatch();
        for (int i = 0; i < 256; i++) {
            Observations one = new Observations();
            one.add(new double[] {i}, 0, 1, i < 128 ? 1 : 2);
            batch.add(one, 0, Double.NaN);
        }
        batch.accumulate(new MeanModel().eStep(new Mean(0)), statistics);

        Observations sample = statistics.sample();
        assertThat(sample.size()).isEqualTo(16);
        assertThat(sample.totalWeight()).isEqualTo(statistics.weight());
        Set<Long> places = new HashSet<>();
        for (int i = 0; i < 16; i++) {
            assertThat(sample.value(i, 0)).isBetween(16.0 * i, 16.0 * i + 15);
            places.add((long) sample.value(i, 0) % 16);
        }
        assertThat(places).hasSizeGreaterThan(8);
    }

    @Test
    void aMiniBatchSmallerThanItsSampleIsKeptWhole() {
        Statistics statistics = new Statistics(1, 16);
        MiniBatch batch = new MiniBatch();
        for (int i = 0; i < 5; i++) {
            batch.add(Observations.of(new double[] {i}), 0, Double.NaN);
        }
        batch.accumulate(new MeanModel().eStep(new Mean(0)), statistics);

        assertThat(statistics.sample().size()).isEqualTo(5);
        assertThat(Arrays.copyOf(statistics.sample().values(), 5)).containsExactly(0, 1, 2, 3, 4);
        statistics.clear();
        assertThat(statistics.sample()).isNull();
    }

    @Test
    void theNewestRecordsAreKeptAndADriftForgetsThem() {
        CareState care = CareState.start();
        for (int i = 0; i < 100; i++) {
            Observations sample = new Observations();
            for (int j = 0; j < 10; j++) {
                sample.add(new double[] {10 * i + j});
            }
            care = care.with(sample);
        }
        assertThat(care.recent().size()).isEqualTo(CareState.RECENT);
        assertThat(care.recent().value(0, 0)).isEqualTo(1000 - CareState.RECENT);
        assertThat(care.recent().value(CareState.RECENT - 1, 0)).isEqualTo(999);
        ComponentCare settings = new ComponentCare(0.02, 1000);
        assertThat(care.isDue(999, settings)).isFalse();
        assertThat(care.isDue(1000, settings)).isTrue();
        assertThat(care.checked(1000, 2).isDue(5000, settings)).isFalse();
        assertThat(care.checked(1000, 2).with(care.recent()).isDue(1499, settings))
                .isFalse();
        assertThat(care.checked(1000, 2).with(care.recent()).isDue(1500, settings))
                .isTrue();
        assertThat(care.moved(1000).with(care.recent()).isDue(1999, settings)).isFalse();
        assertThat(care.forgotten().recent().size()).isZero();
    }
}
