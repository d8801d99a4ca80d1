package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Iterations of fits with restarts. */
class BatchEmTest {

    private static final int RECORDS = 500;
    private static final int STARTS = 3;

    private final Mixture<GaussianParameters> model = new Mixture<>(new GaussianFamily(1, Covariance.FULL), 2);

    private static Observations overlapping() {
        SplittableRandom random = new SplittableRandom(5);
        Observations records = new Observations();
        for (int i = 0; i < RECORDS; i++) {
            records.add(new double[] {random.nextGaussian() + i % 2 * 2});
        }
        return records;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 25})
    void aFitWithRestartsMakesNoMoreIterationsThanAllowedAndCountsThemAll(int most) {
        BatchEm.Stopping stopping = new BatchEm.Stopping(most, 0);

        var fit = new BatchEm<>(model).fit(overlapping(), STARTS, 1, stopping);

        assertThat(fit.iterations()).isEqualTo(most);
        assertThat(fit.converged()).isFalse();
    }
}
