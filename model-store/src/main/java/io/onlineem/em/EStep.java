package io.onlineem.em;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    /**
     * What a whole block says of each of its records: posteriors given the records after it too, look-ahead included. The
     * log-likelihood is the predictive one of the filter, as in {@link #score}.
     *
     * @param block as in {@link #accumulate}
     * @return the posteriors of the records that are counted
     */
    default List<Posterior> smooth(Observations block) {
        double[] memory = block.memory().clone();
        List<Posterior> posteriors = new ArrayList<>();
        for (int i = 0; i < block.size() - block.lookAhead(); i++) {
            posteriors.add(score(block, i, memory));
        }
        return posteriors;
    }

    /**
     * The same, and tells what the sequence carries on: what the block that follows begins with.
     *
     * @param memoryAfter receives the memory past the last counted record, {@link Model#memoryLength()} numbers
     */
    default double accumulate(Observations block, Statistics into, double[] memoryAfter) {
        double logLikelihood = accumulate(block, into);
        Arrays.fill(memoryAfter, 0);
        System.arraycopy(block.memory(), 0, memoryAfter, 0, block.memory().length);
        for (int i = 0; i < block.size() - block.lookAhead() && memoryAfter.length > 0; i++) {
            if (block.startsSequence(i)) {
                Arrays.fill(memoryAfter, 0);
            }
            score(block, i, memoryAfter);
        }
        return logLikelihood;
    }

    /**
     * Where EM by itself takes many steps: changes the statistics of a mini-batch to ones whose M-step goes further in the same
     * direction, and nowhere where that goes nowhere, so that online estimates settle where those of EM do. Leaves them as they
     * are unless a model knows better.
     *
     * @param statistics of one mini-batch, all of them from this E-step
     */
    default void accelerate(Statistics statistics) {}
}
