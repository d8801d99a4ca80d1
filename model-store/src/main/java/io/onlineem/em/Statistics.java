package io.onlineem.em;

import java.util.Arrays;

/**
 * Expected sufficient statistics summed over observations: {@code Σ_i w_i E[s(x_i, z_i) | x_i; θ]}.
 *
 * <p>Fixed-size and additive: the statistics of any split of the same observations, computed with the same parameters,
 * sum to the same statistics up to rounding. A mutable accumulator; not thread-safe.
 */
public final class Statistics {

    /** The sums, in the layout of the model that made them. */
    private final double[] sums;

    /** Number of observations summed. */
    private long observations;

    /** Sum of their weights; equals {@link #observations} where no weights are given. */
    private double weight;

    /** Sum of the weights of the observations that were scored before they were learned from. */
    private double scoredWeight;

    /** {@code Σ_i w_i log p(x_i)} of the scored observations, as scored: the prequential log-likelihood. */
    private double scoredLogLikelihood;

    /** Empty statistics with {@code length} sums. */
    public Statistics(int length) {
        sums = new double[length];
    }

    /** The sums. The array itself, for E-steps to add to. */
    public double[] sums() {
        return sums;
    }

    /** Number of observations summed. */
    public long observations() {
        return observations;
    }

    /** Sum of the weights of the observations. */
    public double weight() {
        return weight;
    }

    /** Sum of the weights of the observations that were scored before they were learned from. */
    public double scoredWeight() {
        return scoredWeight;
    }

    /** Sum of the weighted log-likelihoods of the scored observations, natural logarithm. */
    public double scoredLogLikelihood() {
        return scoredLogLikelihood;
    }

    /** Records that observations were added to {@link #sums()}. */
    public void count(long addedObservations, double addedWeight) {
        observations += addedObservations;
        weight += addedWeight;
    }

    /** Records that observations had been scored before they were learned from. */
    public void countScored(double addedWeight, double addedLogLikelihood) {
        scoredWeight += addedWeight;
        scoredLogLikelihood += addedLogLikelihood;
    }

    /**
     * Adds other statistics of the same model.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public void add(Statistics other) {
        if (other.sums.length != sums.length) {
            throw new IllegalArgumentException("statistics of length " + other.sums.length
                    + " cannot be added to statistics of length " + sums.length
                    + "; both must come from the same model");
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i];
        }
        count(other.observations, other.weight);
        countScored(other.scoredWeight, other.scoredLogLikelihood);
    }

    /** Back to empty. */
    public void clear() {
        Arrays.fill(sums, 0);
        observations = 0;
        weight = 0;
        scoredWeight = 0;
        scoredLogLikelihood = 0;
    }

    /** The sums divided by the weight: the mean per observation, as {@link Model#mStep} takes it. A new array. */
    public double[] mean() {
        double[] mean = sums.clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= weight;
        }
        return mean;
    }
}
