package io.onlineem.family;

import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;

/**
 * The K densities of a family with fixed parameters, prepared for scoring. Holds scratch space; not thread-safe.
 *
 * <p>Single records may have missing values, {@code NaN}; the records of a block have none.
 */
public interface Emissions {

    /**
     * Log-densities of one record under every component: of its observed values, 0 if there are none.
     *
     * @param values an array that holds the record
     * @param offset where the record begins
     * @param into K log-densities, natural logarithm, in the units of the record; finite for every finite record
     */
    void logDensities(double[] values, int offset, double[] into);

    /**
     * Adds the expected statistics of one record, given what of it was observed.
     *
     * @param responsibilities K numbers: weight times posterior probability
     * @param statistics sums to add to
     * @param from where those of this family begin
     */
    void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from);

    /**
     * Tells what is expected in place of the missing values of a record.
     *
     * @param probabilities posterior probabilities of the K components
     */
    void impute(double[] values, int offset, double[] probabilities, Imputation into);

    /**
     * Log-densities of a block of records under every component.
     *
     * @param block the records, complete
     * @param into K arrays of {@link Lanes#SIZE}
     */
    void logDensities(Lanes block, double[][] into);

    /**
     * Adds the expected statistics of the block last given to {@link #logDensities(Lanes, double[][])}.
     *
     * @param responsibilities K arrays of {@link Lanes#SIZE}: weight times posterior probability, of every record
     * @param statistics sums to add to
     * @param from where those of this family begin
     */
    void accumulate(double[][] responsibilities, double[] statistics, int from);
}
