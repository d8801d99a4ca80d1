package io.onlineem.mixture;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import io.onlineem.family.FamilyParameters;

/**
 * Parameters of a mixture.
 *
 * @param weights K probabilities, positive, summing to one
 * @param emissions parameters of the K components
 * @param <P> parameters of the family
 */
public record MixtureParameters<P extends FamilyParameters>(double[] weights, P emissions) implements Parameters {

    @Override
    public Fields fields() {
        return new Fields().with("weights", weights).withAll(emissions.fields());
    }
}
