package io.onlineem.family;

import io.onlineem.em.Fields;

/**
 * Parameters with the location of their prior.
 *
 * @param estimate the parameters
 * @param location the parameters of the observations for which the prior stands
 * @param <P> parameters of the family
 */
public record PriorParameters<P extends FamilyParameters>(P estimate, P location) implements FamilyParameters {

    @Override
    public int components() {
        return estimate.components();
    }

    @Override
    public Fields fields() {
        return new Fields().withAll(estimate.fields()).with(PriorFamily.LOCATION, location.fields());
    }
}
