package io.onlineem.hmm;

import io.onlineem.em.Observations;
import io.onlineem.family.GaussianParameters;

/** Everything about a short sequence by enumerating all its paths. */
final class Enumeration {

    /** Log-densities, of what is observed. */
    private final double[][] logDensities;

    private final double[] initial;
    private final double[][] transition;
    private final double[] carried;
    private final int states;
    private final int length;

    double logLikelihood = Double.NEGATIVE_INFINITY;
    final double[][] posteriors;

    /** {@code p(z_t-1 = i, z_t = j | all)}; for t = 0 from the record before the block. */
    final double[][][] pairs;

    int[] bestPath;
    double bestLogProbability = Double.NEGATIVE_INFINITY;

    /** Diagonal Gaussians; {@code carried} is null where the sequence begins. */
    Enumeration(Observations records, int length, HmmParameters<GaussianParameters> parameters, double[] carried) {
        this.initial = parameters.initial();
        this.transition = parameters.transition();
        this.carried = carried;
        this.states = initial.length;
        this.length = length;
        this.logDensities = new double[length][states];
        for (int t = 0; t < length; t++) {
            for (int k = 0; k < states; k++) {
                logDensities[t][k] = logDensity(records.record(t), parameters.emissions(), k);
            }
        }
        this.posteriors = new double[length][states];
        this.pairs = new double[length][states][states];
        int paths = (int) Math.pow(states, length);
        for (int round = 0; round < 2; round++) {
            for (int path = 0; path < paths; path++) {
                for (int before = 0; before < (carried == null ? 1 : states); before++) {
                    visit(path, before, round);
                }
            }
            if (round == 0) {
                bestOverStatesBefore(paths);
            }
        }
    }

    private static double logDensity(double[] record, GaussianParameters gaussians, int k) {
        double sum = 0;
        for (int j = 0; j < record.length; j++) {
            if (!Double.isNaN(record[j])) {
                double variance = gaussians.covariances()[k][j][j];
                double difference = record[j] - gaussians.means()[k][j];
                sum -= 0.5 * (Math.log(2 * Math.PI * variance) + difference * difference / variance);
            }
        }
        return sum;
    }

    private int[] states(int path) {
        int[] sequence = new int[length];
        int rest = path;
        for (int t = 0; t < length; t++) {
            sequence[t] = rest % states;
            rest /= states;
        }
        return sequence;
    }

    private double logJoint(int[] sequence, int before) {
        double sum = carried == null
                ? Math.log(initial[sequence[0]])
                : Math.log(carried[before]) + Math.log(transition[before][sequence[0]]);
        for (int t = 0; t < length; t++) {
            sum += logDensities[t][sequence[t]];
            if (t > 0) {
                sum += Math.log(transition[sequence[t - 1]][sequence[t]]);
            }
        }
        return sum;
    }

    private void visit(int path, int before, int round) {
        int[] sequence = states(path);
        double joint = logJoint(sequence, before);
        if (joint == Double.NEGATIVE_INFINITY) {
            return;
        }
        if (round == 0) {
            double larger = Math.max(logLikelihood, joint);
            logLikelihood = larger + Math.log(Math.exp(logLikelihood - larger) + Math.exp(joint - larger));
            return;
        }
        double posterior = Math.exp(joint - logLikelihood);
        for (int t = 0; t < length; t++) {
            posteriors[t][sequence[t]] += posterior;
            if (t > 0) {
                pairs[t][sequence[t - 1]][sequence[t]] += posterior;
            } else if (carried != null) {
                pairs[t][before][sequence[0]] += posterior;
            }
        }
    }

    private void bestOverStatesBefore(int paths) {
        for (int path = 0; path < paths; path++) {
            int[] sequence = states(path);
            double best = Double.NEGATIVE_INFINITY;
            for (int before = 0; before < (carried == null ? 1 : states); before++) {
                best = Math.max(best, logJoint(sequence, before));
            }
            if (best > bestLogProbability) {
                bestLogProbability = best;
                bestPath = sequence;
            }
        }
    }
}
