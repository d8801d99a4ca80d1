package io.onlineem.hmm;

/**
 * The forward-backward recursions of one chain over a stretch of records whose densities are given, in arrays that it owns.
 * Holds scratch space; not thread-safe.
 *
 * <p>Two ways to do the same: {@link DenseChain} with probabilities, where no state is ever impossible, and {@link
 * SparseChain} with their logarithms, where a state that is improbable beyond the range of a double may yet turn out to be
 * the only one possible.
 */
abstract class Chain {

    /** Below, a probability does not keep every state in reach. */
    private static final double DENSE = 1e-12;

    final int states;

    /** Records times states, by records; log-densities, or densities over the largest of the record. */
    double[] densities = {};

    /** Filtered distributions of the records, or their logarithms. */
    double[] filtered = {};

    /** Smoothed posteriors of the records. */
    double[] posteriors = {};

    /** Predictive log-likelihoods of the records. */
    double[] logLikelihoods = {};

    /** A chain of so many states. */
    Chain(int states) {
        this.states = states;
    }

    static Chain of(double[] initial, double[][] transition) {
        boolean dense = isDense(initial);
        for (double[] row : transition) {
            dense &= isDense(row);
        }
        return dense ? new DenseChain(initial, transition) : new SparseChain(initial, transition);
    }

    private static boolean isDense(double[] probabilities) {
        for (double probability : probabilities) {
            if (probability < DENSE) {
                return false;
            }
        }
        return true;
    }

    /** Makes room for so many records. */
    void reserve(int records) {
        if (logLikelihoods.length < records) {
            int room = Math.max(records, Math.min(2 * logLikelihoods.length, Integer.MAX_VALUE / (2 * states)));
            densities = new double[room * states];
            filtered = new double[room * states];
            posteriors = new double[room * states];
            logLikelihoods = new double[room];
        }
    }

    /**
     * Sets the log-densities of a record under all states.
     *
     * @param at which record
     */
    abstract void set(int at, double[] logDensities);

    /**
     * Filters consecutive records of one sequence.
     *
     * @param carried filtered distribution of the record before the first one; null where the sequence begins
     */
    abstract void forward(int from, int to, double[] carried);

    /**
     * Smooths the records last given to {@link #forward}.
     *
     * @param counted the first record whose transitions are not counted
     * @param weights weights of the records; null where all are 1
     * @param transitions K × K by rows: where the expected transitions into counted records are added
     */
    abstract void backward(int from, int to, int counted, double[] carried, double[] weights, double[] transitions);

    /** Copies the filtered distribution of a record; no state that is possible has probability zero. */
    abstract void copyFiltered(int at, double[] into);
}
