package io.onlineem.hmm;

import java.util.Arrays;

/** The recursions in log space, over the transitions that are possible. */
final class SparseChain extends Chain {

    private final double[] logInitial;
    private final double[] logTransition;

    /** States from which a state is reached in one step, and those that it reaches. */
    private final int[][] before;

    private final int[][] after;

    private final double[] logCarried;
    private final double[] backward;
    private final double[] next;
    private final double[] terms;

    SparseChain(double[] initial, double[][] transition) {
        super(initial.length);
        this.logInitial = new double[states];
        this.logTransition = new double[states * states];
        this.before = new int[states][];
        this.after = new int[states][];
        int[] into = new int[states];
        int[] out = new int[states];
        for (int i = 0; i < states; i++) {
            logInitial[i] = Math.log(initial[i]);
            int incoming = 0;
            int outgoing = 0;
            for (int j = 0; j < states; j++) {
                logTransition[i * states + j] = Math.log(transition[i][j]);
                if (transition[j][i] > 0) {
                    into[incoming++] = j;
                }
                if (transition[i][j] > 0) {
                    out[outgoing++] = j;
                }
            }
            before[i] = Arrays.copyOf(into, incoming);
            after[i] = Arrays.copyOf(out, outgoing);
        }
        this.logCarried = new double[states];
        this.backward = new double[states];
        this.next = new double[states];
        this.terms = new double[states];
    }

    @Override
    void set(int at, double[] logDensities) {
        System.arraycopy(logDensities, 0, densities, at * states, states);
    }

    @Override
    void forward(int from, int to, double[] carried) {
        for (int t = from; t < to; t++) {
            int at = t * states;
            if (t > from) {
                predict(filtered, at - states, at);
            } else if (carried != null) {
                takeOver(carried);
                predict(logCarried, 0, at);
            } else {
                System.arraycopy(logInitial, 0, filtered, at, states);
            }
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < states; k++) {
                filtered[at + k] += densities[at + k];
                largest = Math.max(largest, filtered[at + k]);
            }
            double sum = 0;
            for (int k = 0; k < states; k++) {
                sum += Math.exp(filtered[at + k] - largest);
            }
            double logLikelihood = largest + Math.log(sum);
            for (int k = 0; k < states; k++) {
                filtered[at + k] -= logLikelihood;
            }
            logLikelihoods[t] = logLikelihood;
        }
    }

    private void takeOver(double[] carried) {
        for (int k = 0; k < states; k++) {
            logCarried[k] = Math.log(carried[k]);
        }
    }

    private void predict(double[] logDistribution, int at, int into) {
        for (int j = 0; j < states; j++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i : before[j]) {
                terms[i] = logDistribution[at + i] + logTransition[i * states + j];
                largest = Math.max(largest, terms[i]);
            }
            double sum = 0;
            if (largest > Double.NEGATIVE_INFINITY) {
                for (int i : before[j]) {
                    sum += Math.exp(terms[i] - largest);
                }
            }
            filtered[into + j] = largest > Double.NEGATIVE_INFINITY ? largest + Math.log(sum) : largest;
        }
    }

    @Override
    void backward(int from, int to, int counted, double[] carried, double[] weights, double[] transitions) {
        Arrays.fill(backward, 0);
        for (int t = to - 1; t >= from; t--) {
            smooth(t);
            if (t == from && carried == null) {
                break;
            }
            double[] earlier = filtered;
            int at = (t - 1) * states;
            if (t == from) {
                takeOver(carried);
                earlier = logCarried;
                at = 0;
            }
            double weight = t >= counted ? 0 : weights == null ? 1 : weights[t];
            for (int j = 0; j < states; j++) {
                next[j] = densities[t * states + j] + backward[j] - logLikelihoods[t];
            }
            for (int i = 0; i < states; i++) {
                stepBack(i, earlier[at + i], weight, transitions);
            }
        }
    }

    /** From {@code next}, the logarithms of what follows given each state, to that given state i before. */
    private void stepBack(int i, double logFiltered, double weight, double[] transitions) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int j : after[i]) {
            terms[j] = logTransition[i * states + j] + next[j];
            largest = Math.max(largest, terms[j]);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            backward[i] = largest;
            return;
        }
        double sum = 0;
        double factor = weight * Math.exp(logFiltered + largest);
        for (int j : after[i]) {
            double ratio = Math.exp(terms[j] - largest);
            sum += ratio;
            transitions[i * states + j] += factor * ratio;
        }
        backward[i] = largest + Math.log(sum);
    }

    private void smooth(int t) {
        int at = t * states;
        double sum = 0;
        for (int k = 0; k < states; k++) {
            posteriors[at + k] = Math.exp(filtered[at + k] + backward[k]);
            sum += posteriors[at + k];
        }
        double logSum = Math.log(sum);
        for (int k = 0; k < states; k++) {
            posteriors[at + k] /= sum;
            // the sum is 1 but for rounding, which would add up over a long sequence
            backward[k] -= logSum;
        }
    }

    @Override
    void copyFiltered(int at, double[] into) {
        for (int k = 0; k < states; k++) {
            double logProbability = filtered[at * states + k];
            into[k] = logProbability == Double.NEGATIVE_INFINITY
                    ? 0
                    : Math.max(Math.exp(logProbability), Double.MIN_NORMAL);
        }
    }
}
