package io.onlineem.family;

import io.onlineem.em.Fields;

/**
 * A conjugate prior in the terms of a user: what one would believe after having seen {@code strength} observations of
 * every component.
 *
 * @param strength observations for which the prior stands, for each component; more than 0
 * @param location parameters of those observations, by the names of the family, of one component or of all; null: the
 *     fit of all data of the warm-up together
 */
public record Prior(double strength, Fields location) {

    /** Checks the strength. */
    public Prior {
        if (!(strength > 0) || strength == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("prior strength is " + strength
                    + "; expected a positive number of observations, or no prior for maximum likelihood");
        }
    }

    /** Part of a line that names all of a model, the same for equal priors. */
    @Override
    public String toString() {
        return "a prior of " + strength + " observations" + (location == null ? "" : " like " + location);
    }
}
