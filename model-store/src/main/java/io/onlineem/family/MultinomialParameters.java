package io.onlineem.family;

import io.onlineem.em.Fields;

/**
 * K multinomials.
 *
 * @param probabilities K × C, rows that sum to one
 * @param total mean total of a record in the first sample, what is assumed where no count is observed
 */
public record MultinomialParameters(double[][] probabilities, double total) implements FamilyParameters {

    /** The field that holds the mean total. */
    static final String TOTAL = "total";

    @Override
    public int components() {
        return probabilities.length;
    }

    @Override
    public Fields fields() {
        return new Fields().with(ProbabilityRows.NAME, probabilities).with(TOTAL, total);
    }
}
