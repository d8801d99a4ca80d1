package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Two Gaussians in four dimensions, 30 % of the fields missing at random, beside complete data of the same effective size. */
class MissingValuesTest {

    private static final int RECORDS = 10_000;
    private static final double MISSING = 0.3;
    private static final double[][] MEANS = {{0, 0, 0, 0}, {8, 2, -4, 0}};
    private static final double[] DEVIATIONS = {1, 1.5};

    private final Mixture<GaussianParameters> model = new Mixture<>(new GaussianFamily(4, Covariance.FULL), 2);
    private final BatchEm<MixtureParameters<GaussianParameters>> em = new BatchEm<>(model);
    private final BatchEm.Stopping stopping = new BatchEm.Stopping(300, 1e-8);

    private static Observations draw() {
        SplittableRandom random = new SplittableRandom(2026);
        Observations drawn = new Observations(RECORDS, 4);
        double[] record = new double[4];
        for (int i = 0; i < RECORDS; i++) {
            int component = random.nextDouble() < 0.4 ? 0 : 1;
            double before = 0;
            for (int j = 0; j < 4; j++) {
                double normal = random.nextGaussian();
                record[j] = MEANS[component][j] + DEVIATIONS[component] * (normal + 0.7 * before);
                before = normal;
            }
            drawn.add(record);
        }
        return drawn;
    }

    private static Observations withGaps(Observations complete) {
        SplittableRandom random = new SplittableRandom(7);
        Observations gaps = new Observations(complete.size(), 4);
        for (int i = 0; i < complete.size(); i++) {
            double[] record = complete.record(i);
            for (int j = 0; j < 4; j++) {
                record[j] = random.nextDouble() < MISSING ? Double.NaN : record[j];
            }
            gaps.add(record);
        }
        return gaps;
    }

    @Test
    void parametersAreThoseOfCompleteDataAndCovariancesDoNotShrink() {
        Observations all = draw();
        Observations complete = all.slice(0, (int) ((1 - MISSING) * RECORDS));
        MixtureParameters<GaussianParameters> ofComplete =
                em.fit(complete, 1, 1, stopping).parameters();
        MixtureParameters<GaussianParameters> ofGaps =
                em.fit(withGaps(all), 1, 1, stopping).parameters();

        Fields fields = new Fields()
                .with("weights", ofGaps.weights())
                .with("means", ofGaps.emissions().means())
                .with("covariances", ofGaps.emissions().covariances());
        double[] standardErrors = FittedNumbers.standardErrors(model, ofComplete, complete, 20, fields, stopping);
        double[] expected = FittedNumbers.of(ofComplete, fields);
        double[] found = FittedNumbers.of(ofGaps, fields);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("number %s", i).isCloseTo(expected[i], within(2 * standardErrors[i]));
        }
        // without the conditional covariances these variances would lose a seventh
        assertThat(sumOfVariances(ofGaps) / sumOfVariances(ofComplete)).isCloseTo(1, within(0.02));
    }

    private static double sumOfVariances(MixtureParameters<GaussianParameters> parameters) {
        double sum = 0;
        for (double[][] covariance : parameters.emissions().covariances()) {
            for (int j = 0; j < covariance.length; j++) {
                sum += covariance[j][j];
            }
        }
        return sum;
    }
}
