package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Densities and posteriors beside SciPy's, in whatever coordinates the statistics are kept. */
class GaussianDensityTest {

    /** Both sides factor matrices whose condition is below a thousand. */
    private static final double LOG_DENSITY = 1e-11;

    private static final double POSTERIOR = 1e-11;

    static Stream<Arguments> cases() {
        return Reference.read("gaussian-densities.json").each("cases").stream()
                .flatMap(reference -> Stream.of(null, 0.0, 1e3).map(centre -> {
                    String name =
                            reference.text("covariance") + " in " + reference.matrix("means")[0].length
                                    + " dimensions, centre " + (centre == null ? "derived" : centre);
                    return Arguments.of(name, reference, centre);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void logDensitiesAndPosteriorsAreThoseOfSciPy(String name, Reference reference, Double centre) {
        Observations records = reference.observations("records");
        EStep eStep = eStep(reference, centre, records.length(0));
        double total = 0;
        for (int i = 0; i < records.size(); i++) {
            double expected = reference.vector("logDensities")[i];
            Posterior posterior = eStep.score(records, i, new double[0]);
            assertThat(posterior.logLikelihood())
                    .isCloseTo(expected, within(LOG_DENSITY * Math.max(1, Math.abs(expected))));
            assertThat(posterior.probabilities()).containsExactly(reference.matrix("posteriors")[i], within(POSTERIOR));
            total += expected;
        }
        Mixture<GaussianParameters> model = model(reference, records.length(0));
        assertThat(eStep.accumulate(records, model.newStatistics()))
                .isCloseTo(total, within(LOG_DENSITY * Math.max(1, Math.abs(total))));
    }

    @Test
    void aMeanOfABillionCostsNoDigits() {
        double[][][] covariances = {{{1, 0.5}, {0.5, 1}}, {{2, 0}, {0, 2}}};
        Fields near = new Fields()
                .with("weights", new double[] {0.5, 0.5})
                .with("means", new double[][] {{0, 0}, {1, 2}})
                .with("covariances", covariances);
        Fields far = new Fields()
                .with("weights", new double[] {0.5, 0.5})
                .with("means", new double[][] {{1e9, 1e9}, {1e9 + 1, 1e9 + 2}})
                .with("covariances", covariances);
        Mixture<GaussianParameters> model = new Mixture<>(new GaussianFamily(2, Covariance.FULL), 2);
        Posterior expected =
                model.eStep(model.read(near)).score(Observations.of(new double[] {0.5, -0.25}), 0, new double[0]);
        Posterior found = model.eStep(model.read(far))
                .score(Observations.of(new double[] {1e9 + 0.5, 1e9 - 0.25}), 0, new double[0]);

        assertThat(found.logLikelihood()).isCloseTo(expected.logLikelihood(), within(1e-12));
        assertThat(found.probabilities()).containsExactly(expected.probabilities(), within(1e-12));
    }

    private static EStep eStep(Reference reference, Double centre, int width) {
        Fields fields = new Fields()
                .with("weights", reference.vector("weights"))
                .with("means", reference.matrix("means"))
                .with("covariances", reference.matrices("covariances"));
        if (centre != null) {
            double[] centres = new double[width];
            double[] scales = new double[width];
            for (int j = 0; j < width; j++) {
                centres[j] = centre;
                scales[j] = reference.text("covariance").equals("spherical") ? 7 : 1 + j;
            }
            fields.with("center", centres).with("scale", scales);
        }
        Mixture<GaussianParameters> model = model(reference, width);
        return model.eStep(model.read(fields));
    }

    private static Mixture<GaussianParameters> model(Reference reference, int width) {
        Covariance covariance = Covariance.of(reference.text("covariance"));
        return new Mixture<>(new GaussianFamily(width, covariance), reference.vector("weights").length);
    }
}
