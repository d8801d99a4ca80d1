package io.onlineem.statespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.mixture.Reference;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Filter, smoother, likelihood and a fit beside those of statsmodels, with missing values. Its likelihood of diffuse records,
 * one half of log 2π for each, has been taken away.
 */
class StatsmodelsTest {

    /** Both are exact to rounding. */
    private static final double EXACT = 1e-9;

    private static final Reference REFERENCE = Reference.read("kalman-statsmodels.json");

    @Test
    void aTrendWithADiffuseBeginningAgrees() {
        Reference trend = REFERENCE.nested("trend");
        double[] variances = trend.vector("parameters");
        StateSpace model = Presets.localLinearTrend(1).build();
        StateSpaceParameters parameters = model.read(new Fields()
                .with("observationNoise", new double[][] {{variances[0]}})
                .with("processNoise", Dense.diagonal(variances[1], variances[2])));

        assertAgrees(model, parameters, trendData(), trend);
    }

    @Test
    void severalFieldsWithFreeNoiseAndAGivenBeginningAgree() {
        Reference given = REFERENCE.nested("multivariate");
        StateSpace model = StateSpace.of(given.matrix("transition"), given.matrix("observation"))
                .offset(given.vector("offset"))
                .processNoise(Noise.fixed(given.matrix("processNoise")))
                .observationNoise(Noise.fixed(given.matrix("observationNoise")))
                .initial(given.vector("initialMean"), given.matrix("initialCovariance"))
                .build();

        assertAgrees(model, model.read(new Fields()), Observations.of(given.matrix("data")), given);
    }

    /** The simplex search of statsmodels stops within 1e-6 of the maximum. */
    @Test
    void theFitIsAsLikely() {
        Reference fitted = REFERENCE.nested("trend").nested("fit");
        BatchEm.Fit<StateSpaceParameters> fit =
                new BatchEm<>(Presets.localLinearTrend(1).build()).fit(trendData(), 8, 1, BatchEm.Stopping.DEFAULTS);
        double[] variances = fitted.vector("parameters");

        assertThat(fit.logLikelihood()).isCloseTo(fitted.number("logLikelihood"), within(1e-5));
        assertThat(fit.parameters().observationNoise()[0][0]).isCloseTo(variances[0], within(1e-2 * variances[0]));
    }

    private static Observations trendData() {
        double[][] records = Arrays.stream(REFERENCE.nested("trend").vector("data"))
                .mapToObj(value -> new double[] {value})
                .toArray(double[][]::new);
        return Observations.of(records);
    }

    private static void assertAgrees(
            StateSpace model, StateSpaceParameters parameters, Observations data, Reference expected) {
        EStep eStep = model.eStep(parameters);
        double logLikelihood = eStep.accumulate(data, model.newStatistics());
        double[] memory = new double[model.memoryLength()];
        Posterior last = null;
        for (int i = 0; i < data.size(); i++) {
            last = eStep.score(data, i, memory);
        }
        int n = model.states();
        Fields smoothed = eStep.smooth(data).get(21).outputs();

        assertThat(logLikelihood).isCloseTo(expected.number("logLikelihood"), within(EXACT * Math.abs(logLikelihood)));
        assertThat(last.outputs().vector("mean", n)).containsExactly(expected.vector("filtered"), within(EXACT));
        assertThat(Dense.flat(last.outputs().matrix("covariance", n, n)))
                .containsExactly(Dense.flat(expected.matrix("filteredCovariance")), within(EXACT));
        assertThat(smoothed.vector("mean", n)).containsExactly(expected.vector("smoothed21"), within(EXACT));
        assertThat(Dense.flat(smoothed.matrix("covariance", n, n)))
                .containsExactly(Dense.flat(expected.matrix("smoothedCovariance21")), within(EXACT));
    }
}
