package io.onlineem.hmm;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import io.onlineem.family.FamilyParameters;
import java.util.Arrays;

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

    /**
     * The stationary distribution of the chain, K probabilities: how often each state is taken in the long run. {@code NaN}
     * where the chain does not lead from every state to every other and has none of its own.
     */
    public double[] stationary() {
        double[] distribution = StationaryChain.distribution(transition);
        return Arrays.stream(distribution).allMatch(Double::isFinite)
                ? distribution
                : Arrays.stream(distribution).map(probability -> Double.NaN).toArray();
    }

    @Override
    public Fields fields() {
        return new Fields()
                .with(Hmm.INITIAL, initial)
                .with(Hmm.TRANSITION, transition)
                .withAll(emissions.fields());
    }
}
