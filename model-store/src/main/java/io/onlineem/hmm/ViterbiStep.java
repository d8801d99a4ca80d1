package io.onlineem.hmm;

import java.util.Arrays;

/** One step of Viterbi's recursion in log space. Holds the scores of the paths so far; not thread-safe. */
final class ViterbiStep {

    private final int states;
    private final double[] logInitial;

    /** By columns: row j holds the transitions into state j. */
    private final double[][] logInto;

    private double[] scores;
    private double[] next;
    private boolean begins = true;

    /** What has been taken off the scores. */
    private double offset;

    ViterbiStep(double[] initial, double[][] transition) {
        states = initial.length;
        logInitial = new double[states];
        logInto = new double[states][states];
        for (int j = 0; j < states; j++) {
            logInitial[j] = Math.log(initial[j]);
            for (int i = 0; i < states; i++) {
                logInto[j][i] = Math.log(transition[i][j]);
            }
        }
        scores = new double[states];
        next = new double[states];
    }

    /** Whether a memory is that of a sequence under way. */
    static boolean isCarried(double[] memory) {
        return Arrays.stream(memory).anyMatch(probability -> probability > 0);
    }

    /** Begins with what is carried into a sequence; all zeros or nothing where it begins. */
    void begin(double[] carried) {
        begins = !isCarried(carried);
        offset = 0;
        for (int k = 0; k < states && !begins; k++) {
            scores[k] = Math.log(carried[k]);
        }
    }

    /**
     * Adds a record.
     *
     * @param from where the best state before each state is written, if there is one
     */
    void advance(double[] logDensities, int[] from, int at) {
        double best = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < states; j++) {
            double score = logInitial[j];
            if (!begins) {
                int argmax = 0;
                score = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < states; i++) {
                    double candidate = scores[i] + logInto[j][i];
                    if (candidate > score) {
                        score = candidate;
                        argmax = i;
                    }
                }
                from[at + j] = argmax;
            }
            next[j] = score + logDensities[j];
            best = Math.max(best, next[j]);
        }
        // the best score stays at zero, or paths of millions of records would lose digits
        for (int j = 0; j < states; j++) {
            next[j] -= best;
        }
        offset += best;
        double[] swap = scores;
        scores = next;
        next = swap;
        begins = false;
    }

    /** The state in which the best path ends. */
    int best() {
        int best = 0;
        for (int k = 1; k < states; k++) {
            if (scores[k] > scores[best]) {
                best = k;
            }
        }
        return best;
    }

    /** The log-probability of the best path. */
    double bestScore() {
        return offset;
    }
}
