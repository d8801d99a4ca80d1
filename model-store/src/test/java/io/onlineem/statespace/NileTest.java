package io.onlineem.statespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.mixture.Reference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Yearly flow of the Nile 1871 to 1970: a local level with a diffuse beginning (Durbin and Koopman 2012; R StructTS). */
class NileTest {

    private static final Reference REFERENCE = Reference.read("kalman-nile.json");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void thePublishedFitIsFoundFromAnySeed(long seed) {
        Observations data = new Observations();
        for (double volume : REFERENCE.vector("data")) {
            data.add(new double[] {volume});
        }
        StateSpace model = Presets.localLevel(1).build();
        BatchEm.Fit<StateSpaceParameters> fit = new BatchEm<>(model).fit(data, 8, seed, BatchEm.Stopping.DEFAULTS);
        double observation = REFERENCE.number("observation_variance");
        double level = REFERENCE.number("level_variance");

        assertThat(fit.converged()).isTrue();
        assertThat(fit.logLikelihood()).isCloseTo(-632.5456, within(5e-4));
        assertThat(fit.parameters().observationNoise()[0][0]).isCloseTo(observation, within(5e-4 * observation));
        assertThat(fit.parameters().processNoise()[0][0]).isCloseTo(level, within(5e-4 * level));
    }
}
