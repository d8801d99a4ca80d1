package io.onlineem.em;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Records laid one after another in one contiguous array: the currency between streams, files and models.
 *
 * <p>The same container carries what every model learns from. A model of vectors reads records of equal width; a topic
 * model reads documents, whose records differ in length (pairs of word and count); a sequence model reads a block, that
 * is consecutive records of one sequence together with the {@linkplain #memory() memory} carried into the first of them
 * and a number of {@linkplain #lookAhead() look-ahead} records that inform the smoothing but are not counted; or several
 * sequences one after another, whose {@linkplain #beginSequence() beginnings} are marked.
 *
 * <p>A missing value is {@code NaN}; whether a model accepts it is the model's to say. Infinite values are never valid
 * and are kept out by whoever reads the records. A text is its {@linkplain #category code}; the container knows the text
 * of every code that was made here. Weights act like copies: a record of weight 3 counts as three. Not thread-safe.
 */
public final class Observations {

    private static final double[] NO_MEMORY = {};
    private static final int MIXED = -1;

    private double[] values;
    private int[] ends;
    private double[] weights;
    private int size;

    /** Length of the records while all are equally long, otherwise {@link #MIXED}. */
    private int width;

    /** Whether some value is missing. */
    private boolean incomplete;

    /** The texts of codes; null while there are none. */
    private Map<Double, String> categories;

    /** Records that are marked as the first of their sequence; null while there are none. */
    private BitSet starts;

    private boolean beginsSequence;

    private double[] memory = NO_MEMORY;
    private int lookAhead;

    /** An empty container. */
    public Observations() {
        this(16, 4);
    }

    /**
     * An empty container with room for the given number of records.
     *
     * @param records expected number of records
     * @param width expected numbers per record
     */
    public Observations(int records, int width) {
        values = new double[Math.max(1, records * width)];
        ends = new int[Math.max(1, records)];
    }

    /** Copies rows of a matrix, one record each. */
    public static Observations of(double[]... rows) {
        Observations observations = new Observations(rows.length, rows.length == 0 ? 1 : rows[0].length);
        for (double[] row : rows) {
            observations.add(row);
        }
        return observations;
    }

    /** Appends a copy of one record with weight 1. */
    public void add(double[] record) {
        add(record, 0, record.length);
    }

    /** Appends a copy of {@code length} numbers from {@code source} as one record with weight 1. */
    public void add(double[] source, int from, int length) {
        add(source, from, length, 1);
    }

    /**
     * Appends a copy of {@code length} numbers from {@code source} as one record.
     *
     * @param weight how many copies of itself the record stands for; finite, and 0 for one that nothing is learned from
     */
    public void add(double[] source, int from, int length, double weight) {
        if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("weight is " + weight + "; expected a finite number of at least 0");
        }
        int start = valueCount();
        if (start + length > values.length) {
            values = Arrays.copyOf(values, Math.max(start + length, 2 * values.length));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        for (int i = 0; i < length; i++) {
            double value = source[from + i];
            incomplete |= Double.isNaN(value);
            values[start + i] = value;
        }
        ends[size] = start + length;
        width = size == 0 || width == length ? length : MIXED;
        if (weight != 1 && weights == null) {
            weights = new double[ends.length];
            Arrays.fill(weights, 0, size, 1);
        }
        if (weights != null) {
            if (weights.length < ends.length) {
                weights = Arrays.copyOf(weights, ends.length);
            }
            weights[size] = weight;
        }
        if (beginsSequence) {
            if (starts == null) {
                starts = new BitSet();
            }
            starts.set(size);
            beginsSequence = false;
        }
        size++;
    }

    /**
     * The next record that is added will be the first of a sequence. What is added before the first such mark continues the
     * sequence whose {@linkplain #memory() memory} is carried, or begins one where that is empty.
     */
    public void beginSequence() {
        beginsSequence = true;
    }

    /** Whether record {@code index} is marked as the first of a sequence. */
    public boolean startsSequence(int index) {
        return starts != null && starts.get(index);
    }

    /**
     * The next record, after {@code index}, that is marked as the first of a sequence; the number of records if none is.
     */
    public int nextSequence(int index) {
        int next = starts == null ? -1 : starts.nextSetBit(index + 1);
        return next < 0 ? size : next;
    }

    /** Appends a copy of record {@code index} of another container, with its weight and its mark. */
    public void add(Observations other, int index) {
        beginsSequence |= other.startsSequence(index);
        add(other.values, other.offset(index), other.length(index), other.weight(index));
        for (int i = other.offset(index); other.categories != null && i < other.ends[index]; i++) {
            String text = other.categories.get(other.values[i]);
            if (text != null) {
                addCategory(other.values[i], text);
            }
        }
    }

    /** Appends copies of all records of another container. */
    public void addAll(Observations other) {
        for (int i = 0; i < other.size; i++) {
            add(other, i);
        }
    }

    /** A copy of records {@code from} to {@code to - 1}, without memory or look-ahead. */
    public Observations slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        Observations slice = new Observations(to - from, from < to ? length(from) : 1);
        for (int i = from; i < to; i++) {
            slice.add(this, i);
        }
        return slice;
    }

    /** Removes all records, the memory and the look-ahead; keeps the room. */
    public void clear() {
        size = 0;
        weights = null;
        incomplete = false;
        categories = null;
        starts = null;
        beginsSequence = false;
        memory = NO_MEMORY;
        lookAhead = 0;
    }

    /** Number of records, look-ahead included. */
    public int size() {
        return size;
    }

    /** The numbers of all records. The array itself, for reading in hot loops: longer than needed, not to be changed. */
    public double[] values() {
        return values;
    }

    /** Where record {@code index} begins in {@link #values()}. */
    public int offset(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** How many numbers record {@code index} has. */
    public int length(int index) {
        return ends[index] - offset(index);
    }

    /**
     * Checks that every record has {@code expected} numbers.
     *
     * @throws IllegalArgumentException if one has not; names it
     */
    public void requireWidth(int expected) {
        if (size > 0 && width != expected) {
            for (int i = 0; i < size; i++) {
                requireLength(i, expected);
            }
        }
    }

    /**
     * Checks that record {@code index} has {@code expected} numbers.
     *
     * @throws IllegalArgumentException if it has not
     */
    public void requireLength(int index, int expected) {
        if (length(index) != expected) {
            throw new IllegalArgumentException("record " + index + " has " + length(index) + " numbers; expected "
                    + expected + ", the width of the model");
        }
    }

    /** Whether no record has a missing value. */
    public boolean isComplete() {
        return !incomplete;
    }

    /** Whether record {@code index} has no missing value. */
    public boolean isComplete(int index) {
        if (incomplete) {
            for (int i = offset(index); i < ends[index]; i++) {
                if (Double.isNaN(values[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Copies of numbers {@code from} to {@code from + count - 1} of every record, with the weights and the texts. */
    public Observations columns(int from, int count) {
        Observations columns = new Observations(size, count);
        for (int i = 0; i < size; i++) {
            Objects.checkFromIndexSize(from, count, length(i));
            columns.add(values, offset(i) + from, count, weight(i));
        }
        columns.addCategories(categories());
        return columns;
    }

    /**
     * The number that stands for a text: a hash of 52 bits, so that a model can count categories that nobody has named. The
     * same everywhere; two texts share one with a probability of 2e-16.
     */
    public static double category(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            // FNV-1a (Fowler, Noll and Vo)
            hash = (hash ^ (octet & 0xFF)) * 0x100000001b3L;
        }
        return (hash ^ hash >>> 52) & 0xFFFFFFFFFFFFFL;
    }

    /** Remembers texts of codes, see {@link #category}. */
    public void addCategories(Map<Double, String> texts) {
        texts.forEach(this::addCategory);
    }

    private void addCategory(double code, String text) {
        if (categories == null) {
            categories = new HashMap<>();
        }
        categories.put(code, text);
    }

    /** The texts of the codes in this container, by code, in no order. */
    public Map<Double, String> categories() {
        return categories == null ? Map.of() : Collections.unmodifiableMap(categories);
    }

    /** The texts of the codes in record {@code index}, in the order of the codes. */
    public Map<Double, String> categoriesOf(int index) {
        if (categories == null) {
            return Map.of();
        }
        Map<Double, String> texts = new TreeMap<>();
        for (int i = offset(index); i < ends[index]; i++) {
            String text = categories.get(values[i]);
            if (text != null) {
                texts.put(values[i], text);
            }
        }
        return texts;
    }

    /** Number {@code position} of record {@code index}. */
    public double value(int index, int position) {
        return values[offset(index) + position];
    }

    /** A copy of record {@code index}. */
    public double[] record(int index) {
        return Arrays.copyOfRange(values, offset(index), ends[index]);
    }

    /** How many copies of itself record {@code index} stands for. */
    public double weight(int index) {
        return weights == null ? 1 : weights[index];
    }

    /**
     * Multiplies the weight of record {@code index}.
     *
     * @param factor from 0 to 1
     */
    public void weigh(int index, double factor) {
        if (!(factor >= 0 && factor <= 1)) {
            throw new IllegalArgumentException("factor of a weight is " + factor + "; expected a number from 0 to 1");
        }
        if (factor == 1) {
            return;
        }
        if (weights == null) {
            weights = new double[ends.length];
            Arrays.fill(weights, 0, size, 1);
        }
        weights[Objects.checkIndex(index, size)] *= factor;
    }

    /**
     * Copies the weights of {@code count} records, beginning with record {@code from}.
     *
     * @return whether any of them may differ from 1
     */
    boolean copyWeights(int from, int count, double[] into) {
        if (weights == null) {
            Arrays.fill(into, 0, count, 1);
            return false;
        }
        System.arraycopy(weights, from, into, 0, count);
        return true;
    }

    /** Sum of the weights of the records that are counted, the look-ahead excluded. */
    public double totalWeight() {
        int counted = size - lookAhead;
        if (weights == null) {
            return counted;
        }
        double total = 0;
        for (int i = 0; i < counted; i++) {
            total += weights[i];
        }
        return total;
    }

    /** What the sequence carries into the first record; empty for independent records or at a sequence's start. */
    public double[] memory() {
        return memory;
    }

    /** Sets a copy of what the sequence carries into the first record, see {@link Model#memoryLength()}. */
    public void setMemory(double[] carried) {
        memory = carried.clone();
    }

    /** How many of the last records are look-ahead: they inform the smoothing of a block and are not counted. */
    public int lookAhead() {
        return lookAhead;
    }

    /** Sets how many of the last records are look-ahead. */
    public void setLookAhead(int records) {
        lookAhead = Objects.checkIndex(records, size + 1);
    }

    private int valueCount() {
        return size == 0 ? 0 : ends[size - 1];
    }
}
