package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Statistics;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parameters given by a user are gone on from, not thrown away by the first mini-batch. */
class GivenStartTest {

    /** Rounding of sums of squares. */
    private static final Offset<Double> ROUNDING = Offset.offset(1e-10);

    private static Observations draw(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations records = new Observations(n, 2);
        for (int i = 0; i < n; i++) {
            double centre = random.nextInt(3) == 0 ? 4 : -2;
            records.add(new double[] {centre + random.nextGaussian(), 1 + 0.5 * random.nextGaussian() - centre});
        }
        return records;
    }

    @ParameterizedTest
    @EnumSource
    void theStatisticsOfParametersGiveTheseParameters(Covariance covariance) {
        var model = new Mixture<>(new GaussianFamily(2, covariance), 2);
        MixtureParameters<GaussianParameters> fitted = new BatchEm<>(model)
                .fit(draw(500, 1), 3, 1, BatchEm.Stopping.DEFAULTS)
                .parameters();

        MixtureParameters<GaussianParameters> again = model.mStep(model.statistics(fitted), 500, fitted);

        assertThat(again.weights()).containsExactly(fitted.weights(), ROUNDING);
        for (int k = 0; k < 2; k++) {
            assertThat(again.emissions().means()[k])
                    .containsExactly(fitted.emissions().means()[k], ROUNDING);
            for (int j = 0; j < 2; j++) {
                assertThat(again.emissions().covariances()[k][j])
                        .containsExactly(fitted.emissions().covariances()[k][j], ROUNDING);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFirstObservationMovesGivenParametersNoMoreThanItsShare(Covariance covariance) {
        var model = new Mixture<>(new GaussianFamily(2, covariance), 2);
        var fit = new BatchEm<>(model).fit(draw(5000, 2), 3, 1, BatchEm.Stopping.DEFAULTS);
        var engine = new OnlineEm<>(model, Learning.DEFAULTS.withWarmUp(5000));
        ModelState<MixtureParameters<GaussianParameters>> start = engine.startFrom(fit.parameters());

        Statistics one = model.newStatistics();
        model.eStep(start.parameters()).accumulate(Observations.of(new double[] {4, -3}), one);
        ModelState<MixtureParameters<GaussianParameters>> next = engine.blend(start, one);

        assertThat(start.observations()).isZero();
        assertThat(next.observations()).isEqualTo(1);
        double step = engine.learning().stepSize().at(5001);
        assertThat(next.stepSize()).isEqualTo(step);
        for (int k = 0; k < 2; k++) {
            assertThat(next.parameters().weights()[k])
                    .isEqualTo(fit.parameters().weights()[k], Offset.offset(1.001 * step));
        }
    }
}
