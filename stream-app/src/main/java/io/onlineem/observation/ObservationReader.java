package io.onlineem.observation;

import io.onlineem.em.Observations;

/**
 * Reads the observation out of a record's value. Used by one stream task at a time; every task gets its own from a
 * supplier.
 *
 * @param <V> the value
 */
@FunctionalInterface
public interface ObservationReader<V> {

    /** The largest magnitude of a number: its square is still far from overflow. */
    double LARGEST = 1e100;

    /**
     * Appends the observation to a container.
     *
     * @param value the value, never null
     * @param into gets exactly one record more, of as many numbers as the model has, or is left as it was; numbers that are not
     *     finite, or larger than {@link #LARGEST}, are rejected afterwards
     * @throws InvalidObservationException if the value holds no valid observation
     */
    void read(V value, Observations into);

    /**
     * The name of the sequence that the observation read last belongs to; null if the key of its record names it. All records
     * of a sequence must be in one partition.
     */
    default String sequence() {
        return null;
    }
}
