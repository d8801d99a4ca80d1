package io.onlineem.em;

import java.util.Arrays;
import java.util.Objects;

/**
 * A block of one sequence, ready to be learned from.
 *
 * @param sequence name of the sequence
 * @param records consecutive records with the {@linkplain Observations#memory() memory} carried into the first and their
 *     {@linkplain Observations#lookAhead() look-ahead}
 * @param logLikelihoods what each counted record was scored with; {@code NaN} where it was not scored
 * @param times of the counted records, in milliseconds since the epoch
 */
public record Block(String sequence, Observations records, double[] logLikelihoods, long[] times) {

    /** Checks the lengths. */
    public Block {
        int counted = records.size() - records.lookAhead();
        if (logLikelihoods.length != counted || times.length != counted) {
            throw new IllegalArgumentException("a block has " + logLikelihoods.length + " log-likelihoods and "
                    + times.length + " times; expected " + counted + " of each, one for each counted record");
        }
    }

    /** Number of records that are counted: all but the look-ahead. */
    public int counted() {
        return times.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Block that
                && sequence.equals(that.sequence)
                && records.equals(that.records)
                && Arrays.equals(logLikelihoods, that.logLikelihoods)
                && Arrays.equals(times, that.times);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sequence, records, Arrays.hashCode(logLikelihoods), Arrays.hashCode(times));
    }

    @Override
    public String toString() {
        return "Block[" + counted() + " records of " + sequence + "]";
    }
}
