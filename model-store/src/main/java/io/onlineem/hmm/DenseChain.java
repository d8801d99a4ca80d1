package io.onlineem.hmm;

import java.util.Arrays;

/** The scaled recursions (Rabiner 1989, section V A): every record's factor is divided out as soon as it is known. */
final class DenseChain extends Chain {

    /** Densities so far below that of the likeliest state are zero: numbers near the end of the range cost a hundred times more. */
    private static final double NEGLIGIBLE = 1e-250;

    private final double[] initial;
    private final double[] transition;

    /** Largest log-density of each record. */
    private double[] shifts = {};

    private final double[] predicted;
    private final double[] backward;
    private final double[] explained;
    private final double[] pairs;

    DenseChain(double[] initial, double[][] transition) {
        super(initial.length);
        this.initial = initial;
        this.transition = new double[states * states];
        for (int i = 0; i < states; i++) {
            System.arraycopy(transition[i], 0, this.transition, i * states, states);
        }
        this.predicted = new double[states];
        this.backward = new double[states];
        this.explained = new double[states];
        this.pairs = new double[states * states];
    }

    @Override
    void reserve(int records) {
        super.reserve(records);
        if (shifts.length < logLikelihoods.length) {
            shifts = new double[logLikelihoods.length];
        }
    }

    @Override
    void set(int at, double[] logDensities) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logDensity : logDensities) {
            largest = Math.max(largest, logDensity);
        }
        shifts[at] = largest;
        for (int k = 0; k < states; k++) {
            densities[at * states + k] = orZero(Math.exp(logDensities[k] - largest));
        }
    }

    /** Sets the densities of a record, divided by the largest one, whose logarithm is the shift. */
    void set(int at, double shift, double[][] ratios, int lane) {
        shifts[at] = shift;
        for (int k = 0; k < states; k++) {
            densities[at * states + k] = orZero(ratios[k][lane]);
        }
    }

    private static double orZero(double ratio) {
        return ratio < NEGLIGIBLE ? 0 : ratio;
    }

    @Override
    void forward(int from, int to, double[] carried) {
        for (int t = from; t < to; t++) {
            if (t > from) {
                predict(filtered, (t - 1) * states);
            } else if (carried != null) {
                predict(carried, 0);
            } else {
                System.arraycopy(initial, 0, predicted, 0, states);
            }
            int at = t * states;
            double sum = 0;
            for (int k = 0; k < states; k++) {
                double joint = predicted[k] * densities[at + k];
                filtered[at + k] = joint;
                sum += joint;
            }
            logLikelihoods[t] = shifts[t] + Math.log(sum);
            double scale = 1 / sum;
            for (int k = 0; k < states; k++) {
                filtered[at + k] *= scale;
            }
        }
    }

    private void predict(double[] distribution, int at) {
        Arrays.fill(predicted, 0);
        for (int i = 0; i < states; i++) {
            double probability = distribution[at + i];
            int row = i * states;
            for (int j = 0; j < states; j++) {
                predicted[j] = Math.fma(probability, transition[row + j], predicted[j]);
            }
        }
    }

    @Override
    void backward(int from, int to, int counted, double[] carried, double[] weights, double[] transitions) {
        Arrays.fill(backward, 1);
        Arrays.fill(pairs, 0);
        for (int t = to - 1; t >= from; t--) {
            smooth(t);
            if (t == from && carried == null) {
                break;
            }
            double sum = 0;
            double[] before = t > from ? filtered : carried;
            int at = t > from ? (t - 1) * states : 0;
            for (int j = 0; j < states; j++) {
                explained[j] = densities[t * states + j] * backward[j];
            }
            for (int i = 0; i < states; i++) {
                int row = i * states;
                double ahead = 0;
                for (int j = 0; j < states; j++) {
                    ahead = Math.fma(transition[row + j], explained[j], ahead);
                }
                backward[i] = ahead;
                sum = Math.fma(before[at + i], ahead, sum);
            }
            // the factor of the record, found anew: scales from the forward pass would drift apart from these
            double scale = 1 / sum;
            for (int i = 0; i < states; i++) {
                backward[i] *= scale;
            }
            if (t < counted) {
                countPairs(before, at, weights == null ? scale : scale * weights[t]);
            }
        }
        for (int ij = 0; ij < pairs.length; ij++) {
            transitions[ij] = Math.fma(pairs[ij], transition[ij], transitions[ij]);
        }
    }

    private void smooth(int t) {
        int at = t * states;
        for (int k = 0; k < states; k++) {
            posteriors[at + k] = filtered[at + k] * backward[k];
        }
    }

    /** Adds to the pairs all of a posterior of a transition but the transition's own probability. */
    private void countPairs(double[] before, int at, double factor) {
        for (int i = 0; i < states; i++) {
            double probability = before[at + i] * factor;
            int row = i * states;
            for (int j = 0; j < states; j++) {
                pairs[row + j] = Math.fma(probability, explained[j], pairs[row + j]);
            }
        }
    }

    @Override
    void copyFiltered(int at, double[] into) {
        System.arraycopy(filtered, at * states, into, 0, states);
    }
}
