package io.onlineem.em;

/**
 * The E-step of a model with fixed parameters, prepared once per parameter version. Holds scratch space, hence not
 * thread-safe; allocates nothing per record that grows with the model, the posterior itself apart.
 */
public interface EStep {

    /**
     * Scores one record as it arrives.
     *
     * @param records a container
     * @param index the record to score
     * @param memory what the sequence carries, of {@link Model#memoryLength()} numbers; updated in place
     */
    Posterior score(Observations records, int index, double[] memory);

    /**
     * Adds the expected sufficient statistics of a block of records, their number and their weights.
     *
     * @param block independent records, or consecutive records of one sequence with its memory and look-ahead
     * @param into statistics of the same model
     * @return {@code Σ_i w_i log p(x_i)} over the counted records, natural logarithm
     */
    double accumulate(Observations block, Statistics into);
}
