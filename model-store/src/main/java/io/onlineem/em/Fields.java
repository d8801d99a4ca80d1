package io.onlineem.em;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Named values in a fixed order: the neutral form between parameters and their encodings.
 *
 * <p>A value is a {@code Double}, a {@code String}, a {@code String[]}, {@code double[]}, {@code double[][]} or {@code
 * double[][][]}, or nested {@code Fields}. The getters check presence and shape and say what was expected.
 */
public final class Fields {

    /** No values; takes none. */
    public static final Fields EMPTY = new Fields(Map.of());

    private final Map<String, Object> values;

    /** Without values at first. */
    public Fields() {
        this(new LinkedHashMap<>());
    }

    private Fields(Map<String, Object> values) {
        this.values = values;
    }

    /** A single vector; takes no other value. Light enough to come with every record. */
    public static Fields of(String name, double[] vector) {
        return new Fields(Map.of(name, vector));
    }

    /** Sets a value and returns this, for chaining. */
    public Fields with(String name, Object value) {
        if (!(value instanceof Double
                || value instanceof String
                || value instanceof String[]
                || value instanceof double[]
                || value instanceof double[][]
                || value instanceof double[][][]
                || value instanceof Fields)) {
            throw new IllegalArgumentException("field " + name + " is a "
                    + (value == null ? "null" : value.getClass().getSimpleName())
                    + "; expected a number, text, an array of numbers or texts, or nested fields");
        }
        values.put(name, value);
        return this;
    }

    /** Adds all fields of another. */
    public Fields withAll(Fields other) {
        values.putAll(other.values);
        return this;
    }

    /** The names, in order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** The value, or null. */
    public Object get(String name) {
        return values.get(name);
    }

    /** Whether there is no value. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether the field is present. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A number. */
    public double number(String name) {
        Object value = require(name, "a number");
        if (!(value instanceof Double number)) {
            throw shape(name, value, "a number");
        }
        return number;
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        Object value = require(name, "an array of texts");
        if (!(value instanceof String[] texts)) {
            throw shape(name, value, "an array of texts");
        }
        return List.of(texts);
    }

    /** A vector of the given length. */
    public double[] vector(String name, int length) {
        Object value = require(name, "an array of " + length + " numbers");
        if (!(value instanceof double[] vector) || vector.length != length) {
            throw shape(name, value, "an array of " + length + " numbers");
        }
        return vector;
    }

    /** A matrix of the given shape. */
    public double[][] matrix(String name, int rows, int columns) {
        String expected = "a " + rows + " × " + columns + " array of numbers";
        Object value = require(name, expected);
        if (!(value instanceof double[][] matrix) || !isShape(matrix, rows, columns)) {
            throw shape(name, value, expected);
        }
        return matrix;
    }

    /** A list of matrices of the given shape. */
    public double[][][] matrices(String name, int count, int rows, int columns) {
        String expected = "a " + count + " × " + rows + " × " + columns + " array of numbers";
        Object value = require(name, expected);
        if (!(value instanceof double[][][] matrices) || matrices.length != count) {
            throw shape(name, value, expected);
        }
        for (double[][] matrix : matrices) {
            if (!isShape(matrix, rows, columns)) {
                throw shape(name, value, expected);
            }
        }
        return matrices;
    }

    /** Nested fields. */
    public Fields nested(String name) {
        Object value = require(name, "named values");
        if (!(value instanceof Fields nested)) {
            throw shape(name, value, "named values");
        }
        return nested;
    }

    /** The same with every array of one element repeated: what is given for one component, for all of them. */
    public Fields repeated(int components) {
        Fields repeated = new Fields();
        values.forEach((name, value) -> repeated.with(name, repeat(value, components)));
        return repeated;
    }

    private static Object repeat(Object value, int components) {
        if (value instanceof Fields nested) {
            return nested.repeated(components);
        }
        if (value instanceof double[] vector && vector.length == 1) {
            double[] all = new double[components];
            Arrays.fill(all, vector[0]);
            return all;
        }
        if (value instanceof double[][] matrix && matrix.length == 1) {
            double[][] all = new double[components][];
            Arrays.fill(all, matrix[0]);
            return all;
        }
        if (value instanceof double[][][] matrices && matrices.length == 1) {
            double[][][] all = new double[components][][];
            Arrays.fill(all, matrices[0]);
            return all;
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fields that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        values.forEach((name, value) -> {
            String array = Arrays.deepToString(new Object[] {value});
            text.append(text.length() == 1 ? "" : ", ").append(name).append('=');
            text.append(array, 1, array.length() - 1);
        });
        return text.append('}').toString();
    }

    private static boolean isShape(double[][] matrix, int rows, int columns) {
        if (matrix.length != rows) {
            return false;
        }
        for (double[] row : matrix) {
            if (row.length != columns) {
                return false;
            }
        }
        return true;
    }

    private Object require(String name, String expected) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "parameters lack the field '" + name + "'; expected " + expected + "; present: " + values.keySet());
        }
        return value;
    }

    private static IllegalArgumentException shape(String name, Object value, String expected) {
        return new IllegalArgumentException(
                "parameters field '" + name + "' is " + describe(value) + "; expected " + expected);
    }

    private static String describe(Object value) {
        if (value instanceof double[] vector) {
            return "an array of " + vector.length + " numbers";
        }
        if (value instanceof double[][] matrix) {
            return "a " + matrix.length + " × " + (matrix.length == 0 ? 0 : matrix[0].length) + " array of numbers";
        }
        if (value instanceof double[][][] matrices) {
            List<Integer> sizes = new ArrayList<>();
            sizes.add(matrices.length);
            if (matrices.length > 0) {
                sizes.add(matrices[0].length);
                sizes.add(matrices[0].length == 0 ? 0 : matrices[0][0].length);
            }
            return "an array of numbers of shape " + sizes;
        }
        if (value instanceof String[] texts) {
            return Arrays.toString(texts);
        }
        return "'" + value + "'";
    }
}
