package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.family.LinearRegressionFamily;
import io.onlineem.family.RegressionParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mixtures of regressions keep the contract of models, and find what other software finds. */
class LinearRegressionMixtureTest {

    /** Six significant digits. */
    private static final double LOG_LIKELIHOOD = 5e-7;

    /** Four significant digits of the largest number of its kind. */
    private static final double PARAMETER = 5e-5;

    @Nested
    class Free extends Contract {
        Free() {
            super(false);
        }
    }

    @Nested
    class Tied extends Contract {
        Tied() {
            super(true);
        }
    }

    abstract static class Contract extends ModelContract<MixtureParameters<RegressionParameters>> {

        private final boolean tied;

        Contract(boolean tied) {
            this.tied = tied;
        }

        @Override
        protected Model<MixtureParameters<RegressionParameters>> model(int width, int components) {
            return new Mixture<>(
                    new LinearRegressionFamily(width, 0, tied, LinearRegressionFamily.DEFAULT_FLOOR), components);
        }

        @Override
        protected void assertValid(MixtureParameters<RegressionParameters> parameters) {
            assertThat(Arrays.stream(parameters.weights()).boxed()).allMatch(weight -> weight > 0 && weight <= 1);
            assertThat(Arrays.stream(parameters.weights()).sum()).isCloseTo(1, within(1e-12));
            RegressionParameters emissions = parameters.emissions();
            assertThat(Arrays.stream(emissions.coefficients())
                            .flatMapToDouble(Arrays::stream)
                            .boxed())
                    .allMatch(Double::isFinite);
            assertThat(Arrays.stream(emissions.variances()).boxed())
                    .allMatch(variance -> variance > 0 && variance < Double.POSITIVE_INFINITY);
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "weights", new double[] {0.5, 0.6}));
            invalid.add(with(valid, "coefficients", new double[][] {{1, 2}}));
            invalid.add(with(valid, "coefficients", new double[][] {{1, 2, 3}, {1, 2, 3}}));
            invalid.add(with(valid, "coefficients", new double[][] {{1, 2}, {Double.NaN, 0}}));
            invalid.add(with(valid, "variances", new double[] {0, 0}));
            invalid.add(with(valid, "variances", new double[] {Double.NaN, 1}));
            invalid.add(with(valid, "variances", new double[] {1}));
            invalid.add(with(valid, "scale", new double[] {1, 0}));
            invalid.add(with(valid, "center", new double[] {Double.POSITIVE_INFINITY, 0}));
            if (tied) {
                invalid.add(with(valid, "variances", new double[] {1, 2}));
            }
            return invalid;
        }

        private static Fields with(Fields valid, String name, Object value) {
            return new Fields().withAll(valid).with(name, value);
        }
    }

    private static Observations columns(double[] x, double[] y) {
        Observations records = new Observations(x.length, 2);
        for (int i = 0; i < x.length; i++) {
            records.add(new double[] {x[i], y[i]});
        }
        return records;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everySeedFindsTheFitOfMixtoolsToTheToneData(long seed) {
        Reference tone = Reference.read("regression-mixture-tone.json");
        Reference expected = tone.each("fits").get(0);
        Observations data = columns(tone.vector("x"), tone.vector("y"));
        Mixture<RegressionParameters> model = new Mixture<>(new LinearRegressionFamily(2), 2);
        BatchEm.Fit<MixtureParameters<RegressionParameters>> fit =
                new BatchEm<>(model).fit(data, 8, seed, BatchEm.Stopping.DEFAULTS);

        double logLikelihood = expected.number("loglik");
        assertThat(fit.logLikelihood()).isCloseTo(logLikelihood, within(LOG_LIKELIHOOD * logLikelihood));
        assertThat(fit.degenerate()).isFalse();
        assertThat(fit.converged()).isTrue();
        int first = fit.parameters().weights()[0] > 0.5 ? 0 : 1;
        for (int k = 0; k < 2; k++) {
            int found = k == 0 ? first : 1 - first;
            assertThat(fit.parameters().weights()[found]).isCloseTo(expected.vector("weights")[k], within(PARAMETER));
            RegressionParameters lines = fit.parameters().emissions();
            double[] line = expected.matrix("coefficients")[k];
            double largest = Arrays.stream(line).map(Math::abs).max().orElseThrow();
            assertThat(lines.coefficients()[found]).containsExactly(line, within(PARAMETER * largest));
            double sd = expected.vector("sds")[k];
            assertThat(Math.sqrt(lines.variances()[found])).isCloseTo(sd, within(PARAMETER * sd));
        }
    }

    @Test
    void aLineThroughPointsThatHappenToLieOnItIsDegenerate() {
        Reference tone = Reference.read("regression-mixture-tone.json");
        Observations data = columns(tone.vector("x"), tone.vector("y"));
        Mixture<RegressionParameters> model = new Mixture<>(new LinearRegressionFamily(2), 2);
        Fields narrow = new Fields()
                .with("weights", new double[] {0.4, 0.6})
                .with("coefficients", new double[][] {{0, 1}, {1.56, 0.22}})
                .with("variances", new double[] {2e-5, 0.05});
        BatchEm.Fit<?> fit = new BatchEm<>(model).climb(data, model.read(narrow), BatchEm.Stopping.DEFAULTS);

        assertThat(fit.logLikelihood()).as("spurious, yet higher").isGreaterThan(145);
        assertThat(fit.degenerate()).isTrue();
    }

    @Test
    void manyCrossingLinesAreFound() {
        double[][] lines = {{0.4, -1.9}, {1, 2.4}, {-0.3, 0.2}, {0.1, 1.1}, {-0.8, -0.7}};
        SplittableRandom random = new SplittableRandom(5);
        Observations data = new Observations();
        for (int i = 0; i < 1000; i++) {
            double[] line = lines[random.nextInt(lines.length)];
            double x = 3 * random.nextGaussian();
            data.add(new double[] {x, line[0] + line[1] * x + 0.2 * random.nextGaussian()});
        }
        Mixture<RegressionParameters> model = new Mixture<>(new LinearRegressionFamily(2), lines.length);
        double[][] found = new BatchEm<>(model)
                .fit(data, 8, 1, BatchEm.Stopping.DEFAULTS)
                .parameters()
                .emissions()
                .coefficients();
        for (double[] line : lines) {
            assertThat(List.of(found)).anySatisfy(one -> assertThat(one).containsExactly(line, within(0.1)));
        }
    }

    @Test
    void collinearCovariatesLeaveTheRegressionAsItIs() {
        SplittableRandom random = new SplittableRandom(6);
        Observations data = new Observations();
        Observations alone = new Observations();
        for (int i = 0; i < 300; i++) {
            double x = random.nextGaussian();
            double y = (random.nextBoolean() ? 4 : -1) * x + 2 + 0.3 * random.nextGaussian();
            data.add(new double[] {x, 1 - 3 * x, y});
            alone.add(new double[] {x, y});
        }
        BatchEm.Stopping stopping = new BatchEm.Stopping(100, 1e-9);
        double logLikelihood = new BatchEm<>(new Mixture<>(new LinearRegressionFamily(3), 2))
                .fit(data, 4, 1, stopping)
                .logLikelihood();
        double expected = new BatchEm<>(new Mixture<>(new LinearRegressionFamily(2), 2))
                .fit(alone, 4, 1, stopping)
                .logLikelihood();
        assertThat(logLikelihood).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
    }

    @Test
    void aMissingResponseIsExpectedAtTheRegressions() {
        Mixture<RegressionParameters> model = new Mixture<>(new LinearRegressionFamily(3), 2);
        Fields fields = new Fields()
                .with("weights", new double[] {0.25, 0.75})
                .with("coefficients", new double[][] {{1, 2, 3}, {-1, 0, 5}})
                .with("variances", new double[] {1, 2});
        Posterior posterior = model.eStep(model.read(fields))
                .score(Observations.of(new double[] {10, 100, Double.NaN}), 0, new double[0]);

        assertThat(posterior.logLikelihood())
                .as("nothing is said of covariates")
                .isCloseTo(0, within(1e-12));
        assertThat(posterior.probabilities()).containsExactly(new double[] {0.25, 0.75}, within(1e-12));
        assertThat(posterior.missing().get(0).number()).isCloseTo(0.25 * 321 + 0.75 * 499, within(1e-9));
    }
}
