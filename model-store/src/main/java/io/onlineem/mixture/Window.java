package io.onlineem.mixture;

import io.onlineem.em.Observations;
import java.util.Arrays;

/** A record with those before it, the oldest first; {@code NaN} where a number is not known. Not thread-safe. */
final class Window {

    private final int width;

    /** Numbers before those of the record: L d. */
    private final int before;

    /** The numbers; (L + 1) d. */
    final double[] values;

    Window(int width, int lags) {
        this.width = width;
        this.before = lags * width;
        this.values = new double[before + width];
    }

    /** Where the record begins. */
    int record() {
        return before;
    }

    /** Takes over what a sequence carries; of the record nothing is known. */
    void load(double[] memory) {
        for (int j = 0; j < before; j++) {
            values[j] = memory[j] == 0 ? Double.NaN : memory[before + j];
        }
        Arrays.fill(values, before, values.length, Double.NaN);
    }

    /** Takes over the record. */
    void put(Observations records, int index) {
        System.arraycopy(records.values(), records.offset(index), values, before, width);
    }

    /** What the sequence carries on: all but the oldest record. */
    void store(double[] memory) {
        for (int j = 0; j < before; j++) {
            double value = values[width + j];
            boolean known = !Double.isNaN(value);
            memory[j] = known ? 1 : 0;
            memory[before + j] = known ? value : 0;
        }
    }

    /**
     * Adds the windows of the first records of a container.
     *
     * @param memory carried into the first of them; after the call, past the last
     * @throws IllegalArgumentException if a number is infinite, before anything is added
     */
    void addAll(Observations records, int count, double[] memory, Observations into) {
        records.requireWidth(width);
        for (int at = 0; at < count * width; at++) {
            if (Double.isInfinite(records.values()[at])) {
                throw new IllegalArgumentException("record " + at / width + " holds a number that is not finite;"
                        + " expected what Model#problem lets pass");
            }
        }
        for (int i = 0; i < count; i++) {
            if (records.startsSequence(i)) {
                Arrays.fill(memory, 0);
            }
            load(memory);
            put(records, i);
            into.add(values, 0, values.length, records.weight(i));
            store(memory);
        }
    }
}
