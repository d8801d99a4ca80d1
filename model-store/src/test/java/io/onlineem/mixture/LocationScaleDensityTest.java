package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.family.Covariance;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.LogNormalFamily;
import io.onlineem.family.StudentTFamily;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Marginal densities, posteriors and expected values of records with missing values, beside SciPy's. */
class LocationScaleDensityTest {

    /** Both sides factor matrices whose condition is below a thousand. */
    private static final double RELATIVE = 1e-11;

    static Stream<Arguments> cases() {
        return Reference.read("location-scale-densities.json").each("cases").stream()
                .map(reference -> Arguments.of(
                        reference.text("family") + " in " + reference.matrix("means")[0].length + " dimensions",
                        reference));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatIsObservedIsScoredAndWhatIsNotIsExpectedAsBySciPy(String name, Reference reference) {
        int width = reference.matrix("means")[0].length;
        switch (reference.text("family")) {
            case "gaussian" -> check(new GaussianFamily(width, Covariance.FULL), "covariances", reference);
            case "log-normal" -> check(new LogNormalFamily(width, Covariance.FULL), "covariances", reference);
            default -> check(new StudentTFamily(width, Covariance.FULL), "scales", reference);
        }
    }

    private static <P extends FamilyParameters> void check(Family<P> family, String matrices, Reference reference) {
        Fields fields = new Fields()
                .with("weights", reference.vector("weights"))
                .with("means", reference.matrix("means"))
                .with(matrices, reference.matrices("matrices"));
        if (reference.values().containsKey("degreesOfFreedom")) {
            fields.with("degreesOfFreedom", reference.vector("degreesOfFreedom"));
        }
        Model<MixtureParameters<P>> model = new Mixture<>(family, 2);
        EStep eStep = model.eStep(model.read(fields));
        Observations records = reference.observations("records");
        double[][] posteriors = reference.matrix("posteriors");
        double[][] expectations = reference.matrix("expected");
        double total = 0;
        for (int i = 0; i < records.size(); i++) {
            double logDensity = reference.vector("logDensities")[i];
            double tolerance = RELATIVE * Math.max(1, Math.abs(logDensity));
            Posterior posterior = eStep.score(records, i, new double[0]);

            assertThat(posterior.logLikelihood()).isCloseTo(logDensity, within(tolerance));
            assertThat(posterior.probabilities()).containsExactly(posteriors[i], within(tolerance));
            List<Imputation.Value> missing = posterior.missing();
            assertThat(missing).hasSize(expectations[i].length);
            for (int m = 0; m < missing.size(); m++) {
                double expected = expectations[i][m];
                assertThat(missing.get(m).number())
                        .isCloseTo(expected, within(RELATIVE * Math.max(1, Math.abs(expected))));
            }
            total += logDensity;
        }
        assertThat(eStep.accumulate(records, model.newStatistics()))
                .isCloseTo(total, within(RELATIVE * Math.abs(total)));
    }
}
