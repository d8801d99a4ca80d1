package io.onlineem.em;

/**
 * How a model with a fixed number of components looks after them: EM climbs to the nearest maximum and stays there, with a
 * component that died, or two that describe one cluster while another one has none. From time to time such a component is
 * set free and placed where the fit is worst, see {@link SplitMerge}; the move is made if it raises the likelihood of recent
 * records that it was not made from, twice in a row.
 *
 * <p>Cost: a sample of {@value CareState#RECENT} recent records in the state, and two to three more E-steps per record.
 *
 * @param margin gain in mean log-likelihood per record, natural logarithm, below which no move is worth making; positive
 * @param distance least number of observations between two moves, in which the model settles; at least 1. Checks are
 *     half of it apart, or more: the kept records must be all new
 */
public record ComponentCare(double margin, long distance) {

    /** Moves that gain at least 0.02 nats per record, 10,000 observations apart. */
    public static final ComponentCare DEFAULTS = new ComponentCare(0.02, 10_000);

    /** Checks the values. */
    public ComponentCare {
        if (!(margin > 0) || margin == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "margin of the component care is " + margin + "; expected a positive, finite number");
        }
        if (distance < 1) {
            throw new IllegalArgumentException(
                    "distance of the component care is " + distance + "; expected at least 1 observation");
        }
    }
}
