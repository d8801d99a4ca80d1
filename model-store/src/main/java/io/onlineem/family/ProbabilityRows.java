package io.onlineem.family;

import io.onlineem.em.Fields;
import io.onlineem.em.Probabilities;
import java.util.Arrays;

/** K rows of probabilities, as categorical and multinomial families have them. Stateless. */
final class ProbabilityRows {

    /** No estimate falls below: what has not been seen is unlikely, not impossible. */
    static final double SMALLEST = 1e-10;

    static final String NAME = "probabilities";

    /** Mean counts below which nothing is known. */
    private static final double EMPTY = 1e-12;

    private ProbabilityRows() {}

    /**
     * The maximum-likelihood estimate within the floor.
     *
     * @param from where the counts begin
     * @param size how many there are
     * @param otherwise what to return if there are none to speak of
     */
    static double[] fit(double[] counts, int from, int size, double[] otherwise) {
        double[] probabilities = new double[size];
        double total = 0;
        for (int c = 0; c < size; c++) {
            // what is left of a count that was moved away may be below zero by rounding
            probabilities[c] = Math.max(counts[from + c], 0);
            total += probabilities[c];
        }
        if (!(total > EMPTY)) {
            return otherwise;
        }
        Probabilities.normalise(probabilities, 0, size, SMALLEST);
        return probabilities;
    }

    /** Logarithms, finite even of a zero that was given. */
    static double[] logs(double[] probabilities) {
        return Arrays.stream(probabilities)
                .map(probability -> Math.log(Math.max(probability, Double.MIN_NORMAL)))
                .toArray();
    }

    /** {@code rows} rows of {@code columns} probabilities, each with the sum of one. */
    static double[][] read(Fields fields, int rows, int columns) {
        double[][] matrix = fields.matrix(NAME, rows, columns);
        for (int k = 0; k < rows; k++) {
            Probabilities.require(NAME + "[" + k + "]", matrix[k]);
        }
        return matrix;
    }
}
