package io.onlineem.em;

import java.util.Arrays;

/** Vectors of probabilities, as parts of arrays. Stateless. */
public final class Probabilities {

    private Probabilities() {}

    /**
     * Makes expected counts probabilities: of all that respect a floor, those of highest likelihood {@code Σ n_l log p_l}. The
     * ones below are raised to it, the others share the rest in proportion.
     *
     * @param counts not negative, not all zero; {@code from} to {@code to - 1} become probabilities
     * @param floor smallest probability, far below {@code 1 / (to - from)}
     */
    public static void normalise(double[] counts, int from, int to, double floor) {
        double largest = 0;
        for (int l = from; l < to; l++) {
            largest = Math.max(largest, counts[l]);
        }
        double total = 0;
        for (int l = from; l < to; l++) {
            // first, because a sum of counts may overflow
            counts[l] /= largest;
            total += counts[l];
        }
        boolean[] raised = new boolean[to - from];
        double share = 1;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int l = from; l < to; l++) {
                if (!raised[l - from] && counts[l] * share < floor * total) {
                    raised[l - from] = true;
                    changed = true;
                    total -= counts[l];
                    share -= floor;
                }
            }
        }
        for (int l = from; l < to; l++) {
            counts[l] = raised[l - from] ? floor : counts[l] * share / total;
        }
    }

    /**
     * Requires probabilities that sum to one, to six digits.
     *
     * @param what what they are, for messages, in the plural
     * @throws IllegalArgumentException if one is outside of 0 to 1 or they do not sum to one
     */
    public static void require(String what, double[] probabilities) {
        double total = 0;
        for (double probability : probabilities) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        what + " are " + Arrays.toString(probabilities) + "; expected probabilities from 0 to 1");
            }
            total += probability;
        }
        if (Math.abs(total - 1) > 1e-6) {
            throw new IllegalArgumentException(what + " are " + Arrays.toString(probabilities) + ", which sum to "
                    + total + "; expected a sum of 1");
        }
    }
}
