package io.onlineem.hmm;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import io.onlineem.family.FamilyParameters;

/**
 * Parameters of a hidden Markov model.
 *
 * @param initial K probabilities of the state in which a sequence begins
 * @param transition K × K: probabilities {@code a_ij = p(z_t = j | z_t-1 = i)}; every row sums to one
 * @param emissions parameters of the K states' densities
 * @param <P> parameters of the family
 */
public record HmmParameters<P extends FamilyParameters>(double[] initial, double[][] transition, P emissions)
        implements Parameters {

    @Override
    public Fields fields() {
        return new Fields()
                .with(Hmm.INITIAL, initial)
                .with(Hmm.TRANSITION, transition)
                .withAll(emissions.fields());
    }
}
