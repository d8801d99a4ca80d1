package io.onlineem.em;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a model expects in place of the missing values of one record: {@code E[x_j | what was observed]}, or the most
 * likely category. Mutable while it is filled; not thread-safe.
 */
public final class Imputation {

    private final List<Value> values = new ArrayList<>();
    private int shift;

    /**
     * One missing value.
     *
     * @param position where the record lacks a value, from 0
     * @param number the expected value; {@code NaN} for a category
     * @param deviation the standard deviation of what may stand in its place, in the units of the record; {@code NaN} for a
     *     category, and where it is not known or infinite
     * @param category the most likely category; null for a number
     */
    public record Value(int position, double number, double deviation, String category) {

        /** Without its deviation. */
        public Value(int position, double number, String category) {
            this(position, number, Double.NaN, category);
        }
    }

    /**
     * Adds the expected value of a missing number.
     *
     * @param deviation its standard deviation; {@code NaN} if there is none
     */
    public void number(int position, double expected, double deviation) {
        values.add(new Value(shift + position, expected, Double.isFinite(deviation) ? deviation : Double.NaN, null));
    }

    /**
     * Adds the expected value of a missing number under a mixture: {@code m = Σ_k p_k m_k}, with the variance {@code Σ_k p_k
     * (v_k + (m_k - m)²)}.
     *
     * @param probabilities of the K components
     * @param means K conditional means
     * @param variances K conditional variances
     */
    public void number(int position, double[] probabilities, double[] means, double[] variances) {
        double mean = 0;
        for (int k = 0; k < means.length; k++) {
            mean += probabilities[k] * means[k];
        }
        double variance = 0;
        for (int k = 0; k < means.length; k++) {
            double distance = means[k] - mean;
            variance += probabilities[k] > 0 ? probabilities[k] * (variances[k] + distance * distance) : 0;
        }
        number(position, mean, Math.sqrt(variance));
    }

    /** Adds the most likely category of a missing one. */
    public void category(int position, String mostLikely) {
        values.add(new Value(shift + position, Double.NaN, mostLikely));
    }

    /** From here on positions count from that position of the record: those of a part of it. */
    public void shift(int position) {
        shift = position;
    }

    /** The missing values, in the order in which they were added. */
    public List<Value> values() {
        return Collections.unmodifiableList(values);
    }
}
