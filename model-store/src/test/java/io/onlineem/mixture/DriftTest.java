package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Drift;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.StepSize;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mixture of three bivariate Gaussians whose means all jump, learned with a step that decays and in the adaptive mode. */
class DriftTest {

    private static final Mixture<GaussianParameters> MODEL = new Mixture<>(new GaussianFamily(2, Covariance.FULL), 3);
    private static final double[][] BEFORE = {{0, 0}, {8, 0}, {0, 8}};
    private static final double[] WEIGHTS = {0.5, 0.3, 0.2};
    private static final Learning ADAPTIVE = Learning.DEFAULTS.withDrift(Drift.DEFAULTS);
    private static final int STATIONARY = 100_000;
    private static final int MOST = 200_000;

    private static Observations draw(double[][] means, int records, SplittableRandom random) {
        Observations drawn = new Observations(records, 2);
        for (int i = 0; i < records; i++) {
            double u = random.nextDouble();
            double[] mean = means[u < WEIGHTS[0] ? 0 : u < WEIGHTS[0] + WEIGHTS[1] ? 1 : 2];
            drawn.add(new double[] {mean[0] + random.nextGaussian(), mean[1] + random.nextGaussian()});
        }
        return drawn;
    }

    /** Every mean goes the given distance, each in a direction of its own. */
    private static double[][] jumped(double distance, SplittableRandom random) {
        double[][] means = new double[BEFORE.length][];
        for (int k = 0; k < means.length; k++) {
            double angle = 2 * Math.PI * random.nextDouble();
            means[k] =
                    new double[] {BEFORE[k][0] + distance * Math.cos(angle), BEFORE[k][1] + distance * Math.sin(angle)};
        }
        return means;
    }

    private static double mean(MixtureParameters<GaussianParameters> parameters, Observations records) {
        return MODEL.eStep(parameters).accumulate(records, MODEL.newStatistics()) / records.size();
    }

    /** Under the mixture that the records were drawn from. */
    private static double trueMean(double[][] means, Observations records) {
        double sum = 0;
        for (int i = 0; i < records.size(); i++) {
            double density = 0;
            for (int k = 0; k < means.length; k++) {
                double x = records.value(i, 0) - means[k][0];
                double y = records.value(i, 1) - means[k][1];
                density += WEIGHTS[k] * Math.exp(-(x * x + y * y) / 2) / (2 * Math.PI);
            }
            sum += Math.log(density);
        }
        return sum / records.size();
    }

    private static OnlineLearner<MixtureParameters<GaussianParameters>> learner(Learning learning) {
        return new OnlineLearner<>(new OnlineEm<>(MODEL, learning), null);
    }

    private static boolean learn(
            OnlineLearner<MixtureParameters<GaussianParameters>> learner, Observations records, int index) {
        return learner.learn(records, index, learner.score(records, index));
    }

    /** Records after the jump until 95 % of the lost likelihood is recovered on held-out records. */
    private static int recordsToRecover(Learning learning, double distance, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations before = draw(BEFORE, STATIONARY, random.split());
        double[][] means = jumped(distance, random.split());
        Observations heldOut = draw(means, 4000, random.split());
        Observations after = draw(means, MOST, random.split());

        OnlineLearner<MixtureParameters<GaussianParameters>> learner = learner(learning);
        for (int i = 0; i < STATIONARY; i++) {
            learn(learner, before, i);
        }
        assertThat(learner.state().events()).isEmpty();
        MixtureParameters<GaussianParameters> old = learner.state().published();
        double best = trueMean(means, heldOut);
        double goal = best - 0.05 * (best - mean(old, heldOut));
        for (int i = 0; i < MOST; i++) {
            if (learn(learner, after, i) && mean(learner.state().published(), heldOut) >= goal) {
                requireToldOf(learner.state(), learning, i + 1);
                return i + 1;
            }
        }
        return MOST;
    }

    private static void requireToldOf(ModelState<?> state, Learning learning, int seen) {
        if (learning.drift() == null) {
            assertThat(state.events()).isEmpty();
            return;
        }
        assertThat(state.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(ModelState.Event.Type.DRIFT);
            assertThat(event.observations()).isBetween(STATIONARY + 1L, (long) STATIONARY + seen);
            assertThat(event.version()).isBetween(1L, state.version());
            assertThat(event.after()).isLessThan(event.before() - 0.5);
        });
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "2, 2", "2, 3", "3, 4", "3, 5", "3, 6", "5, 7", "5, 8", "5, 9"})
    void afterAJumpTheAdaptiveModeRecoversFiveTimesSooner(double distance, long seed) {
        int decaying = recordsToRecover(Learning.DEFAULTS, distance, seed);
        int adaptive = recordsToRecover(ADAPTIVE, distance, seed);
        assertThat(5 * adaptive).isLessThanOrEqualTo(decaying);
    }

    @ParameterizedTest
    @MethodSource("otherLearning")
    void itDoesSoWithEveryKindOfStepAndWithAveraging(Learning learning) {
        int plain = recordsToRecover(learning, 4, 10);
        int adaptive = recordsToRecover(learning.withDrift(Drift.DEFAULTS), 4, 10);
        assertThat(5 * adaptive).isLessThanOrEqualTo(plain);
    }

    static List<Learning> otherLearning() {
        Learning defaults = Learning.DEFAULTS;
        return List.of(
                defaults.withStepSize(new StepSize.PowerDecay(1, 0)),
                defaults.withStepSize(new StepSize.PowerDecay(0.8, 100)),
                defaults.withStepSize(new StepSize.HalfLife(20_000)),
                defaults.withStepSize(new StepSize.Constant(5e-5)),
                defaults.withMiniBatch(16),
                defaults.withAveragingAfter(10_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void onAStationaryStreamItCostsLessThanAHundredthOfTheLikelihood(long seed) {
        Observations records = draw(BEFORE, MOST, new SplittableRandom(seed));
        ModelState<MixtureParameters<GaussianParameters>> plain = learnAll(Learning.DEFAULTS, records);
        ModelState<MixtureParameters<GaussianParameters>> adaptive = learnAll(ADAPTIVE, records);
        assertThat(adaptive.meanLogLikelihood())
                .isCloseTo(plain.meanLogLikelihood(), within(0.01 * Math.abs(plain.meanLogLikelihood())));
        assertThat(adaptive.events()).isEmpty();
    }

    @Test
    void outliersNowAndThenAreNoDrift() {
        ModelState<MixtureParameters<GaussianParameters>> state =
                learnAll(ADAPTIVE, withOutliers(draw(BEFORE, 60_000, new SplittableRandom(11)), 8));
        assertThat(state.events()).isEmpty();
    }

    /** Normal components are pulled far away by such records; what they learn after that is the sooner forgotten. */
    @Test
    void outliersThatSpoilTheModelCostLessInTheAdaptiveMode() {
        Observations clean = draw(BEFORE, 60_000, new SplittableRandom(12));
        for (double distance : new double[] {100, 1e3, 1e5}) {
            double plain = cleanMean(Learning.DEFAULTS, clean, distance);
            double adaptive = cleanMean(ADAPTIVE, clean, distance);
            assertThat(adaptive).isGreaterThan(plain);
        }
    }

    /** Prequential mean log-likelihood of the records that are no outliers. */
    private static double cleanMean(Learning learning, Observations clean, double distance) {
        OnlineLearner<MixtureParameters<GaussianParameters>> learner = learner(learning);
        Observations records = withOutliers(clean, distance);
        double sum = 0;
        int scored = 0;
        for (int i = 0; i < records.size(); i++) {
            Posterior posterior = learner.score(records, i);
            if (posterior != null && records.value(i, 1) > -distance) {
                sum += posterior.logLikelihood();
                scored++;
            }
            learner.learn(records, i, posterior);
        }
        return sum / scored;
    }

    /** One of 5,000 records is so far away. */
    private static Observations withOutliers(Observations clean, double distance) {
        Observations records = new Observations();
        for (int i = 0; i < clean.size(); i++) {
            if (i > 20_000 && i % 5_000 == 0) {
                records.add(new double[] {0, -distance});
            }
            records.add(clean, i);
        }
        return records;
    }

    @Test
    void everyOneOfSeveralJumpsIsNoticedOnceAndTheStepDecaysInBetween() {
        OnlineLearner<MixtureParameters<GaussianParameters>> learner = learner(ADAPTIVE);
        SplittableRandom random = new SplittableRandom(12);
        for (int jumps = 0; jumps <= 3; jumps++) {
            Observations records = draw(jumps == 0 ? BEFORE : jumped(4, random.split()), 40_000, random.split());
            for (int i = 0; i < records.size(); i++) {
                learn(learner, records, i);
            }
            assertThat(learner.state().events()).hasSize(jumps);
            assertThat(learner.state().stepSize()).isLessThan(0.001);
        }
        assertThat(learner.state().observations()).isGreaterThan(159_000);
        assertThat(learner.state().clock()).isBetween(38_000.0, 42_000.0);
    }

    private static ModelState<MixtureParameters<GaussianParameters>> learnAll(Learning learning, Observations records) {
        OnlineLearner<MixtureParameters<GaussianParameters>> learner = learner(learning);
        for (int i = 0; i < records.size(); i++) {
            learn(learner, records, i);
        }
        return learner.state();
    }
}
