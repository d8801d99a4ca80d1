package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
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
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One pass of online EM beside batch EM: draws from a known mixture of 3 components in 4 dimensions. */
class OnlineMixtureTest {

    private static final int RECORDS = 200_000;
    private static final Mixture<GaussianParameters> MODEL = new Mixture<>(new GaussianFamily(4, Covariance.FULL), 3);

    /** Exponent 0.7, between speed (near ½) and steadiness (near 1). */
    private static final Learning LEARNING = Learning.DEFAULTS.withStepSize(new StepSize.PowerDecay(0.7, 0));

    /** Late enough to forget the start, early enough to average most of the stream. */
    private static final long AVERAGE_AFTER = 20_000;

    private static Observations training;
    private static Observations heldOut;
    private static double batch;

    @BeforeAll
    static void fitBatch() {
        SplittableRandom random = new SplittableRandom(2026);
        training = draw(random, RECORDS);
        heldOut = draw(random, 50_000);
        BatchEm.Stopping stopping = new BatchEm.Stopping(200, 1e-8);
        MixtureParameters<GaussianParameters> start = new BatchEm<>(MODEL)
                .fit(training.slice(0, 5000), 4, 1, stopping)
                .parameters();
        batch = heldOutMean(
                new BatchEm<>(MODEL).climb(training, start, stopping).parameters());
    }

    private static Observations draw(SplittableRandom random, int records) {
        double[][] means = {{0, 0, 0, 0}, {4, 1, -2, 0}, {-1, 4, 3, 2}};
        double[] deviations = {1, 0.7, 1.5};
        Observations drawn = new Observations(records, 4);
        double[] record = new double[4];
        for (int i = 0; i < records; i++) {
            double u = random.nextDouble();
            int component = u < 0.5 ? 0 : u < 0.8 ? 1 : 2;
            double before = 0;
            for (int j = 0; j < 4; j++) {
                double normal = random.nextGaussian();
                record[j] = means[component][j] + deviations[component] * (normal + 0.5 * before);
                before = normal;
            }
            drawn.add(record);
        }
        return drawn;
    }

    private static double heldOutMean(MixtureParameters<GaussianParameters> parameters) {
        return MODEL.eStep(parameters).accumulate(heldOut, MODEL.newStatistics()) / heldOut.size();
    }

    private static ModelState<MixtureParameters<GaussianParameters>> learn(Learning learning) {
        OnlineLearner<MixtureParameters<GaussianParameters>> learner =
                new OnlineLearner<>(new OnlineEm<>(MODEL, learning), null);
        for (int i = 0; i < training.size(); i++) {
            learner.learn(training, i, null);
        }
        learner.flush();
        assertThat(learner.state().observations()).isEqualTo(RECORDS);
        return learner.state();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 256})
    void onePassIsWithinATenthOfAPercentOfBatchEm(int miniBatch) {
        double online = heldOutMean(learn(LEARNING.withMiniBatch(miniBatch)).published());
        assertThat(online).isCloseTo(batch, within(0.001 * Math.abs(batch)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 256})
    void onePassWithAveragingIsWithinAFiftiethOfAPercentOfBatchEm(int miniBatch) {
        Learning learning = LEARNING.withMiniBatch(miniBatch).withAveragingAfter(AVERAGE_AFTER);
        double online = heldOutMean(learn(learning).published());
        assertThat(online).isCloseTo(batch, within(0.0002 * Math.abs(batch)));
    }

    @Test
    void theEstimateHardlyDependsOnTheMiniBatch() {
        double[] small = learn(LEARNING.withMiniBatch(16)).statistics();
        double[] large = learn(LEARNING.withMiniBatch(256)).statistics();
        // one mini-batch of 256 near the end weighs 5 %, and is expected with parameters that old
        assertThat(large).containsExactly(small, within(0.02));
    }

    @Test
    void everyRecordIsScoredBeforeItIsLearnedFrom() {
        OnlineLearner<MixtureParameters<GaussianParameters>> learner = new OnlineLearner<>(
                new OnlineEm<>(MODEL, LEARNING.withWarmUp(300).withMiniBatch(7)), null);
        double total = 0;
        for (int i = 0; i < 1000; i++) {
            Posterior posterior = learner.score(training, i);
            assertThat(posterior == null).isEqualTo(i < 300);
            total += posterior == null ? 0 : posterior.logLikelihood();
            learner.learn(training, i, posterior);
        }
        assertThat(learner.state().scoredWeight()).isEqualTo(700);
        assertThat(learner.state().meanLogLikelihood()).isCloseTo(total / 700, within(1e-12));
        assertThat(learner.state().version()).isEqualTo(101);
    }
}
