package io.onlineem.hmm;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Blocks;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.StepSize;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The numerical experiment of Cappé (2011), Online EM algorithm for hidden Markov models, section 4: two states, one sequence of
 * 8,000 records, 100 runs.
 *
 * <p>The published method needs the smoothing recursion of the statistics, of order K³ for every record; its results, recomputed
 * with an independent implementation of the recursion with first M-step at record 20, are those to reach.
 */
class CappeExperimentTest {

    private static final int RUNS = 100;
    private static final int RECORDS = 8000;

    private static final String[] NAMES = {"q11", "q22", "mean 1", "mean 2", "variance"};
    private static final double[] TRUTH = {0.95, 0.7, 0, 1, 0.5};

    /** Online with γ = n^-0.6. */
    private static final double[] PUBLISHED_MEANS = {0.937, 0.665, -0.010, 0.975, 0.486};

    private static final double[] PUBLISHED_SPREADS = {0.016, 0.061, 0.036, 0.090, 0.030};

    /** How much wider than the published one a spread may be. */
    private static final double WIDER = 1.2;

    /** How much larger than those of fifty passes errors of one pass may be, and of how many parameters they must be smaller. */
    private static final double LARGER = 1.1;

    private static final int SMALLER = 3;

    private static final Hmm<GaussianParameters> MODEL =
            Hmm.of(new GaussianFamily(1, Covariance.TIED), 2).withInitial(Initial.STATIONARY);

    private static final HmmParameters<GaussianParameters> START = MODEL.read(new Fields()
            .with("transition", new double[][] {{0.7, 0.3}, {0.5, 0.5}})
            .with("means", new double[][] {{-0.5}, {0.5}})
            .with("covariances", new double[][][] {{{2}}, {{2}}}));

    private static Observations draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations records = new Observations(RECORDS, 1);
        double sd = Math.sqrt(TRUTH[4]);
        int state = 0;
        for (int i = 0; i < RECORDS; i++) {
            records.add(new double[] {TRUTH[2 + state] + sd * random.nextGaussian()});
            state = random.nextDouble() < TRUTH[state] ? state : 1 - state;
        }
        return records;
    }

    /** The five numbers, the state of the lower mean first. */
    private static double[] numbers(HmmParameters<GaussianParameters> parameters) {
        double[][] means = parameters.emissions().means();
        int low = means[0][0] <= means[1][0] ? 0 : 1;
        int high = 1 - low;
        return new double[] {
            parameters.transition()[low][low],
            parameters.transition()[high][high],
            means[low][0],
            means[high][0],
            parameters.emissions().covariances()[0][0][0]
        };
    }

    /** Means and spreads over all runs, and root mean square errors. */
    private static final class Summary {

        private final double[] means = new double[TRUTH.length];
        private final double[] spreads = new double[TRUTH.length];
        private final double[] errors = new double[TRUTH.length];

        Summary(Function<Observations, HmmParameters<GaussianParameters>> estimate) {
            double[][] runs = new double[RUNS][];
            for (int run = 0; run < RUNS; run++) {
                runs[run] = numbers(estimate.apply(draw(run)));
            }
            for (int i = 0; i < TRUTH.length; i++) {
                for (double[] run : runs) {
                    means[i] += run[i] / RUNS;
                    errors[i] += (run[i] - TRUTH[i]) * (run[i] - TRUTH[i]) / RUNS;
                }
                for (double[] run : runs) {
                    spreads[i] += (run[i] - means[i]) * (run[i] - means[i]) / (RUNS - 1);
                }
                spreads[i] = Math.sqrt(spreads[i]);
                errors[i] = Math.sqrt(errors[i]);
            }
        }
    }

    private static HmmParameters<GaussianParameters> online(
            Observations records, Learning learning, HmmParameters<GaussianParameters> start) {
        OnlineEm<HmmParameters<GaussianParameters>> engine = new OnlineEm<>(MODEL, learning);
        OnlineLearner<HmmParameters<GaussianParameters>> learner =
                new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start));
        for (int i = 0; i < RECORDS; i++) {
            learner.learn(records, i, learner.score(records, i));
        }
        learner.end();
        learner.flush();
        return learner.state().published();
    }

    private static Learning learning(double exponent, int length) {
        return Learning.DEFAULTS
                .withStepSize(new StepSize.PowerDecay(exponent, 0))
                .withBlocks(new Blocks(length, 10))
                .withMiniBatch(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 20})
    void blocksReachThePublishedOnlineEstimates(int length) {
        // the given start weighs as one record
        Learning learning = learning(0.6, length).withWarmUp(1).withFirstMStep(20);
        Summary summary = new Summary(records -> online(records, learning, START));
        for (int i = 0; i < TRUTH.length; i++) {
            double distance = Math.abs(summary.means[i] - PUBLISHED_MEANS[i]);
            double error = Math.abs(summary.means[i] - TRUTH[i]);
            assertThat(distance <= PUBLISHED_SPREADS[i] || error < Math.abs(PUBLISHED_MEANS[i] - TRUTH[i]))
                    .as("%s is %s in the mean", NAMES[i], summary.means[i])
                    .isTrue();
            assertThat(summary.spreads[i]).as("spread of %s", NAMES[i]).isLessThan(WIDER * PUBLISHED_SPREADS[i]);
        }
    }

    @Test
    void onePassWithAveragingIsAsGoodAsFiftyPasses() {
        Learning learning = learning(0.7, 20).withWarmUp(1000).withAveragingAfter(RECORDS / 2);
        BatchEm<HmmParameters<GaussianParameters>> batch = new BatchEm<>(MODEL);
        BatchEm.Stopping fifty = new BatchEm.Stopping(50, 0);
        Summary online = new Summary(records -> online(records, learning, null));
        Summary passes =
                new Summary(records -> batch.climb(records, START, fifty).parameters());
        int smaller = 0;
        for (int i = 0; i < TRUTH.length; i++) {
            assertThat(online.errors[i])
                    .as("root mean square error of %s", NAMES[i])
                    .isLessThanOrEqualTo(LARGER * passes.errors[i]);
            smaller += online.errors[i] < passes.errors[i] ? 1 : 0;
        }
        assertThat(smaller).isGreaterThanOrEqualTo(SMALLER);
    }
}
