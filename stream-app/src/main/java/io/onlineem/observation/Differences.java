package io.onlineem.observation;

import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Observations;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes {@linkplain Transform#DIFFERENCE differences} of raw numbers: the number of a record less that of the previous
 * record of the same key. A difference is missing, {@code NaN}, in the first record of a key, and where one of both
 * numbers is missing.
 *
 * <p>Readers deliver raw numbers. Whoever sees the records of a key in order keeps {@link #raw} of the newest one, also of
 * one whose differences no model takes: a counter that starts again at zero spoils one difference, not all that follow.
 *
 * <p>Immutable and thread-safe.
 */
public final class Differences {

    /** No differences: raw records are what models see. */
    public static final Differences NONE = new Differences(new int[0]);

    private final int[] positions;

    private Differences(int[] positions) {
        this.positions = positions;
    }

    /** The differences among the given fields. */
    public static Differences of(List<InputField> fields) {
        return new Differences(IntStream.range(0, fields.size())
                .filter(i -> fields.get(i).transform() == Transform.DIFFERENCE)
                .toArray());
    }

    /** Whether there are none: raw records are then what models see. */
    public boolean isEmpty() {
        return positions.length == 0;
    }

    /** How many numbers are kept for a key. */
    public int size() {
        return positions.length;
    }

    /**
     * What has to be kept of a record until the next one of its key: {@link #size()} numbers, missing ones {@code NaN}. A new
     * array.
     *
     * @param records raw records
     */
    public double[] raw(Observations records, int index) {
        double[] kept = new double[positions.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = records.value(index, positions[i]);
        }
        return kept;
    }

    /**
     * Appends a record with its differences in place of its raw numbers.
     *
     * @param records raw records
     * @param previous {@link #raw} of the previous record of the key, or null if there is none
     * @param into gets one record more, with the weight and the texts of the raw one
     */
    public void append(Observations records, int index, double[] previous, Observations into) {
        double[] record = records.record(index);
        for (int i = 0; i < positions.length; i++) {
            record[positions[i]] = previous == null ? Double.NaN : record[positions[i]] - previous[i];
        }
        into.add(record, 0, record.length, records.weight(index));
        into.addCategories(records.categoriesOf(index));
    }
}
