package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Blocks;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.SequenceModelContract;
import io.onlineem.em.StepSize;
import io.onlineem.family.Covariance;
import io.onlineem.family.Family;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.StudentTFamily;
import io.onlineem.family.StudentTParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mixtures conditioned on previous records keep the contract of models of sequences, and give exact conditionals. */
class LaggedMixtureTest {

    /** Rounding of a difference of two log-densities. */
    private static final double ROUNDING = 1e-10;

    @Nested
    class OneLag extends Contract {
        @Override
        int lags() {
            return 1;
        }
    }

    @Nested
    class ThreeLags extends Contract {
        @Override
        int lags() {
            return 3;
        }
    }

    abstract static class Contract extends SequenceModelContract<MixtureParameters<GaussianParameters>> {

        abstract int lags();

        @Override
        protected Model<MixtureParameters<GaussianParameters>> model(int width, int components) {
            // matrices of hundreds of columns would take their time and show nothing more
            Covariance covariance = width > 10 ? Covariance.DIAGONAL : Covariance.FULL;
            return lagged(new GaussianFamily((lags() + 1) * width, covariance), components, lags());
        }

        @Override
        protected boolean climbsTheLikelihoodOfTheRecords() {
            return false;
        }

        @Override
        protected void assertValid(MixtureParameters<GaussianParameters> parameters) {
            assertThat(Arrays.stream(parameters.weights()).sum()).isCloseTo(1, within(1e-12));
            for (int k = 0; k < parameters.weights().length; k++) {
                assertThat(parameters.weights()[k]).isPositive();
                assertThat(Arrays.stream(parameters.emissions().means()[k]).boxed())
                        .allMatch(Double::isFinite);
                double[][] covariance = parameters.emissions().covariances()[k];
                for (int j = 0; j < covariance.length; j++) {
                    assertThat(covariance[j][j]).isPositive().isFinite();
                }
            }
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(new Fields().withAll(valid).with("weights", new double[] {0.5, 0.6}));
            invalid.add(new Fields().withAll(valid).with("means", new double[][] {{0, 0}, {0, 0}}));
            invalid.add(new Fields().withAll(valid).with("scale", new double[] {1, 0}));
            return invalid;
        }
    }

    private static <P extends io.onlineem.family.FamilyParameters> LaggedMixture<P> lagged(
            Family<P> family, int components, int lags) {
        return new LaggedMixture<>(new Mixture<>(family, components), lags);
    }

    /** Two regimes of autoregression, which change now and then. */
    private static Observations regimes(long seed, int records) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        double x = 0;
        double y = 0;
        boolean calm = true;
        for (int i = 0; i < records; i++) {
            calm = random.nextInt(50) == 0 ? !calm : calm;
            x = (calm ? 5 + 0.9 * (x - 5) : 0.2 * x) + (calm ? 0.3 : 2) * random.nextGaussian();
            y = 0.5 * y + 0.3 * x + random.nextGaussian();
            drawn.add(new double[] {x, y});
        }
        return drawn;
    }

    @Test
    void aRecordIsScoredWithTheJointOverTheMarginalOfItsWindow() {
        Observations data = regimes(1, 400);
        data.add(new double[] {Double.NaN, 1});
        data.add(new double[] {2, 1});
        data.add(new double[] {2, Double.NaN});
        data.add(new double[] {1, 0.5});
        Mixture<GaussianParameters> windows = new Mixture<>(new GaussianFamily(6, Covariance.FULL), 3);
        LaggedMixture<GaussianParameters> model = new LaggedMixture<>(windows, 2);
        MixtureParameters<GaussianParameters> parameters = model.start(data, new SplittableRandom(2));
        EStep scoring = model.eStep(parameters);
        EStep ofWindows = windows.eStep(parameters);
        double[] memory = new double[model.memoryLength()];
        for (int i = 0; i < data.size(); i++) {
            double[] joint = window(data, i, 2);
            double[] marginal = joint.clone();
            Arrays.fill(marginal, 4, 6, Double.NaN);
            Observations both = Observations.of(joint, marginal);
            Posterior ofJoint = ofWindows.score(both, 0, new double[0]);
            Posterior ofMarginal = ofWindows.score(both, 1, new double[0]);
            Posterior scored = scoring.score(data, i, memory);

            assertThat(scored.logLikelihood())
                    .isCloseTo(ofJoint.logLikelihood() - ofMarginal.logLikelihood(), within(ROUNDING));
            assertThat(scored.probabilities()).containsExactly(ofJoint.probabilities(), within(ROUNDING));
            double[] expected = ofMarginal.missing().stream()
                    .filter(value -> value.position() >= 4)
                    .mapToDouble(Imputation.Value::number)
                    .toArray();
            assertThat((double[]) scored.outputs().get("prediction")).containsExactly(expected, within(ROUNDING));
        }
    }

    private static double[] window(Observations data, int index, int lags) {
        double[] window = new double[(lags + 1) * 2];
        Arrays.fill(window, Double.NaN);
        for (int lag = 0; lag <= Math.min(lags, index); lag++) {
            System.arraycopy(data.record(index - lag), 0, window, (lags - lag) * 2, 2);
        }
        return window;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePredictionIsTheMeanAndDeviationOfTheConditionalDensity(boolean heavyTails) {
        Observations data = regimes(3, 500).columns(0, 1);
        LaggedMixture<?> model = heavyTails
                ? lagged(new StudentTFamily(2, Covariance.FULL, OptionalDouble.of(5), 1e-8), 2, 1)
                : lagged(new GaussianFamily(2, Covariance.FULL), 2, 1);
        assertPredicts(model, data);
    }

    /** Moments of the density itself, by the trapezoidal rule. */
    private static <P extends io.onlineem.em.Parameters> void assertPredicts(Model<P> model, Observations data) {
        EStep eStep = model.eStep(model.start(data, new SplittableRandom(4)));
        double[] memory = new double[model.memoryLength()];
        eStep.score(data, 100, memory);
        Fields outputs = eStep.score(data, 101, memory.clone()).outputs();
        double mean = 0;
        double square = 0;
        double total = 0;
        double step = 0.01;
        for (double x = -400; x <= 400; x += step) {
            double density = Math.exp(eStep.score(Observations.of(new double[] {x}), 0, memory.clone())
                    .logLikelihood());
            total += step * density;
            mean += step * density * x;
            square += step * density * x * x;
        }

        assertThat(total).isCloseTo(1, within(1e-4));
        assertThat(((double[]) outputs.get("prediction"))[0]).isCloseTo(mean, within(1e-3));
        assertThat(((double[]) outputs.get("predictionDeviation"))[0])
                .isCloseTo(Math.sqrt(square - mean * mean), within(1e-2));
    }

    @Test
    void oneComponentLearnsTheAutoregressionOnline() {
        SplittableRandom random = new SplittableRandom(5);
        LaggedMixture<GaussianParameters> model = lagged(new GaussianFamily(2, Covariance.FULL), 1, 1);
        Learning learning = Learning.DEFAULTS
                .withWarmUp(50)
                .withMiniBatch(20)
                .withBlocks(new Blocks(1, 0))
                .withStepSize(new StepSize.PowerDecay(1, 0));
        OnlineLearner<MixtureParameters<GaussianParameters>> learner =
                new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        Observations one = new Observations(1, 1);
        double level = 1e6;
        double x = 0;
        for (int i = 0; i < 20_000; i++) {
            x = 0.95 * x + random.nextGaussian();
            one.clear();
            one.add(new double[] {level + x});
            learner.learn(one, 0, learner.score(one, 0));
        }
        one.clear();
        one.add(new double[] {level});
        double[] memory = {1, level + 10};
        Fields outputs =
                model.eStep(learner.state().parameters()).score(one, 0, memory).outputs();

        // three standard errors of the coefficient, sqrt((1 - 0.95²) / 20000), times 10; of the deviation, 1 /
        // sqrt(40000)
        assertThat(((double[]) outputs.get("prediction"))[0]).isCloseTo(level + 9.5, within(0.15));
        assertThat(((double[]) outputs.get("predictionDeviation"))[0]).isCloseTo(1, within(0.02));
        assertThat(learner.state().observations() + learner.batch().size()).isEqualTo(20_000);
    }

    @Test
    void aRandomWalkFarFromItsStartIsStillPredictedFromItsLastValue() {
        SplittableRandom random = new SplittableRandom(6);
        Observations data = new Observations();
        double x = 1e9;
        for (int i = 0; i < 3000; i++) {
            x += random.nextGaussian();
            data.add(new double[] {x});
        }
        LaggedMixture<GaussianParameters> model = lagged(new GaussianFamily(3, Covariance.FULL), 1, 2);
        BatchEm.Fit<MixtureParameters<GaussianParameters>> fit =
                new BatchEm<>(model).fit(data, 1, 1, new BatchEm.Stopping(10, 1e-6));
        double[] memory = {1, 1, x - 1, x};
        Fields outputs = model.eStep(fit.parameters()).score(data, 2999, memory).outputs();

        assertThat(((double[]) outputs.get("prediction"))[0]).isCloseTo(x, within(0.3));
        assertThat(((double[]) outputs.get("predictionDeviation"))[0]).isCloseTo(1, within(0.05));
    }

    @Test
    void windowsOfAnotherWidthAreRejected() {
        Mixture<GaussianParameters> windows = new Mixture<>(new GaussianFamily(3, Covariance.FULL), 2);

        assertThatThrownBy(() -> new LaggedMixture<>(windows, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("windows have 3 numbers; expected a multiple of 2, a record and 1 before it");
        assertThatThrownBy(() -> new LaggedMixture<>(windows, 0)).hasMessageContaining("expected at least 1");
    }

    @Test
    void componentsAreNotMovedBetweenWindows() {
        LaggedMixture<StudentTParameters> model =
                lagged(new StudentTFamily(2, Covariance.FULL, OptionalDouble.empty(), 1e-8), 2, 1);
        double[] statistics = new double[model.statisticsLength()];

        assertThatThrownBy(() -> model.addComponent(statistics, 0, 1, statistics, 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
