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
     * @param category the most likely category; null for a number
     */
    public record Value(int position, double number, String category) {}

    /** Adds the expected value of a missing number. */
    public void number(int position, double expected) {
        values.add(new Value(shift + position, expected, null));
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
