package io.onlineem.statespace;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;

/**
 * Parameters of a linear-Gaussian state space model with n states and records of d numbers.
 *
 * @param transition A, n × n
 * @param observation C, d × n
 * @param offset b, d: what is observed of the state 0
 * @param processNoise Q, n × n, in the units of the states
 * @param observationNoise R, d × d, in the units of the records
 * @param initialMean n: mean of the state in which a sequence begins; null if that is diffuse
 * @param initialCovariance n × n: its covariance; null if that is diffuse
 * @param centre d: mean of the first sample, from which statistics of a learned offset are counted
 * @param scale d: standard deviation of the first sample, of which variances keep a share
 */
public record StateSpaceParameters(
        double[][] transition,
        double[][] observation,
        double[] offset,
        double[][] processNoise,
        double[][] observationNoise,
        double[] initialMean,
        double[][] initialCovariance,
        double[] centre,
        double[] scale)
        implements Parameters {

    @Override
    public Fields fields() {
        Fields fields = new Fields()
                .with(StateSpace.TRANSITION, transition)
                .with(StateSpace.OBSERVATION, observation)
                .with(StateSpace.OFFSET, offset)
                .with(StateSpace.PROCESS_NOISE, processNoise)
                .with(StateSpace.OBSERVATION_NOISE, observationNoise);
        if (initialMean != null) {
            fields.with(StateSpace.INITIAL_MEAN, initialMean).with(StateSpace.INITIAL_COVARIANCE, initialCovariance);
        }
        return fields.with("center", centre).with("scale", scale);
    }
}
