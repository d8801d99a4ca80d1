package io.onlineem.family;

import io.onlineem.em.Fields;
import java.util.List;

/**
 * K categorical distributions.
 *
 * @param categories names of the C categories
 * @param probabilities K × C, rows that sum to one
 */
public record CategoricalParameters(List<String> categories, double[][] probabilities) implements FamilyParameters {

    /** The field that holds the names. */
    static final String CATEGORIES = "categories";

    /** Copies the names. */
    public CategoricalParameters {
        categories = List.copyOf(categories);
    }

    @Override
    public int components() {
        return probabilities.length;
    }

    @Override
    public Fields fields() {
        return new Fields()
                .with(CATEGORIES, categories.toArray(new String[0]))
                .with(ProbabilityRows.NAME, probabilities);
    }
}
