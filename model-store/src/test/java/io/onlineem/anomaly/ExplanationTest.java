package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.family.Covariance;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.GaussianFamily;
import io.onlineem.mixture.Mixture;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {

    private static final double[] NO_MEMORY = {};

    private static Model<?> mixture(int components, String family, String... features) {
        return new Mixture<>(new FamilySpec(family, List.of(features), Map.of()).build(), components);
    }

    private static <P extends Parameters> EStep eStep(Model<P> model, Fields fields) {
        return model.eStep(model.read(fields));
    }

    /** Correlation 0.9 between the first two of three standard normal numbers. */
    private static Fields correlated() {
        return new Fields()
                .with("weights", new double[] {1})
                .with("means", new double[][] {{0, 0, 0}})
                .with("covariances", new double[][][] {{{1, 0.9, 0}, {0.9, 1, 0}, {0, 0, 1}}});
    }

    @Test
    void sharesAreThoseOfSquaredConditionalScores() {
        Model<?> model = new Mixture<>(new GaussianFamily(3, Covariance.FULL), 1);
        EStep eStep = eStep(model, correlated());

        Explanation explanation = Explanation.of(model, eStep, Observations.of(new double[] {1, 2, 3}), 0, NO_MEMORY);

        double variance = 1 - 0.81;
        double first = (1 - 0.9 * 2) * (1 - 0.9 * 2) / variance;
        double second = (2 - 0.9) * (2 - 0.9) / variance;
        double sum = first + second + 9;
        assertThat(explanation.reasons()).extracting(Reason::position).containsExactly(2, 1, 0);
        List<Reason> reasons = explanation.reasons();
        assertThat(reasons.get(0).share()).isCloseTo(9 / sum, within(1e-9));
        assertThat(reasons.get(1).share()).isCloseTo(second / sum, within(1e-9));
        assertThat(reasons.get(2).share()).isCloseTo(first / sum, within(1e-9));
        assertThat(reasons.get(1).expected()).isCloseTo(0.9, within(1e-9));
        assertThat(reasons.get(1).deviation()).isCloseTo(Math.sqrt(variance), within(1e-9));
        assertThat(reasons.get(1).low()).isCloseTo(0.9 - 2 * Math.sqrt(variance), within(1e-9));
        assertThat(reasons.stream().mapToDouble(Reason::surprise).sum())
                .isCloseTo(explanation.surprise(), within(1e-9));
        // -log of the marginal density of what is removed last
        assertThat(reasons.get(2).surprise()).isCloseTo(0.5 * Math.log(2 * Math.PI) + 0.5, within(1e-9));
    }

    @Test
    void aBrokenCorrelationIsBlamedOnBothFields() {
        Model<?> model = new Mixture<>(new GaussianFamily(3, Covariance.FULL), 1);

        Explanation explanation = Explanation.of(
                model, eStep(model, correlated()), Observations.of(new double[] {1, -1, 0}), 0, NO_MEMORY);

        assertThat(explanation.reasons().get(0).share()).isCloseTo(0.5, within(1e-9));
        assertThat(explanation.reasons().get(1).share()).isCloseTo(0.5, within(1e-9));
        assertThat(explanation.reasons().get(2).position()).isEqualTo(2);
        assertThat(explanation.reasons().get(2).share()).isCloseTo(0, within(1e-9));
    }

    @Test
    void theNearestComponentIsNamedWithHowTypicalItIs() {
        Model<?> model = new Mixture<>(new GaussianFamily(1, Covariance.FULL), 2);
        Fields fields = new Fields()
                .with("weights", new double[] {0.8, 0.2})
                .with("means", new double[][] {{0}, {10}})
                .with("covariances", new double[][][] {{{1}}, {{1}}});

        Explanation explanation =
                Explanation.of(model, eStep(model, fields), Observations.of(new double[] {14}), 0, NO_MEMORY);

        assertThat(explanation.component()).isEqualTo(1);
        assertThat(explanation.typical()).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void covariatesAndMissingValuesAreNoReasons() {
        Model<?> model = mixture(1, "linear-regression", "x", "y");
        Observations sample = new Observations();
        for (int i = 0; i < 50; i++) {
            sample.add(new double[] {i, 2 * i + (i % 2)});
        }
        assertThat(explain(model, sample, new double[] {10, 90}).reasons())
                .extracting(Reason::position)
                .containsExactly(1);
        assertThat(explain(model, sample, new double[] {10, Double.NaN}).reasons())
                .isEmpty();
    }

    private static <P extends Parameters> Explanation explain(Model<P> model, Observations sample, double[] record) {
        P parameters = model.start(sample, new SplittableRandom(1));
        return Explanation.of(model, model.eStep(parameters), Observations.of(record), 0, NO_MEMORY);
    }

    private static <P extends Parameters> DoubleUnaryOperator density(Model<P> model, Observations sample, double x) {
        EStep eStep = model.eStep(model.start(sample, new SplittableRandom(1)));
        return y -> Math.exp(
                eStep.score(Observations.of(new double[] {x, y}), 0, NO_MEMORY).logLikelihood());
    }

    @Test
    void aCategoryIsExplainedByTheOneThatWasExpected() {
        Model<?> model = mixture(1, "categorical", "country");
        Observations sample = new Observations();
        String[] texts = {"DE", "DE", "DE", "FR"};
        for (String text : texts) {
            sample.addCategories(Map.of(Observations.category(text), text));
            sample.add(new double[] {Observations.category(text)});
        }

        Explanation explanation = explain(model, sample, new double[] {Observations.category("FR")});

        assertThat(explanation.reasons()).hasSize(1);
        assertThat(explanation.reasons().get(0).expectedCategory()).isEqualTo("DE");
        assertThat(explanation.reasons().get(0).share()).isEqualTo(1);
        assertThat(explanation.reasons().get(0).surprise()).isCloseTo(explanation.surprise(), within(1e-12));
    }

    /** Two clusters of positive whole numbers, so that every family takes them. */
    private static Observations clusters() {
        SplittableRandom random = new SplittableRandom(4);
        Observations sample = new Observations();
        for (int i = 0; i < 400; i++) {
            double shared = random.nextGaussian(i % 2 == 0 ? 20 : 40, 3);
            double x = Math.rint(shared + random.nextGaussian(0, 2));
            sample.add(new double[] {Math.max(1, Math.rint(shared)), Math.max(1, x)});
        }
        return sample;
    }

    @ParameterizedTest
    @CsvSource({"gaussian, 0.01", "student-t, 0.01", "log-normal, 0.01", "gamma, 0.01", "poisson, 1"})
    void whatIsExpectedIsTheMeanOfTheConditionalDensityWithItsDeviation(String family, double step) {
        Model<?> model = mixture(2, family, "x", "y");
        Observations sample = clusters();
        double[] record = {24, 90};

        Reason reason = explain(model, sample, record).reasons().stream()
                .filter(each -> each.position() == 1)
                .findFirst()
                .orElseThrow();

        DoubleUnaryOperator density = density(model, sample, record[0]);
        double mass = 0;
        double first = 0;
        double second = 0;
        for (double y = step; y < 150; y += step) {
            double weight = density.applyAsDouble(y);
            mass += weight;
            first += weight * y;
            second += weight * y * y;
        }
        double mean = first / mass;
        assertThat(reason.expected()).isCloseTo(mean, within(1e-3 * mean));
        assertThat(reason.deviation()).isCloseTo(Math.sqrt(second / mass - mean * mean), within(0.02));
    }
}
