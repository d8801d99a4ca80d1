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

    /** Its multiples, whole parts left out, are spread evenly. */
    private static final double GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

    /** Most records that {@link #keepFrom} keeps of a mini-batch. */
    private final int sampleSize;

    /**
     * What is kept beside the sums: some of the records themselves, each with the weight of those that it stands for, or
     * what a model {@linkplain Model#makeRoom makes room} for; null if nothing is.
     */
    private Observations sample;

    /** Empty statistics with {@code length} sums. */
    public Statistics(int length) {
        this(length, 0);
    }

    /**
     * Empty statistics with {@code length} sums, which keep some records too.
     *
     * @param sampleSize most records to keep of a mini-batch; 0 for none
     */
    public Statistics(int length, int sampleSize) {
        this.sums = new double[length];
        this.sampleSize = sampleSize;
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

    /**
     * What is kept beside the sums: some of the records themselves, each with the weight of those that it stands for, or
     * what a model {@linkplain Model#makeRoom makes room} for; null if nothing is.
     */
    public Observations sample() {
        return sample;
    }

    /** Sets the records that are kept; not copied. */
    public void setSample(Observations records) {
        sample = records;
    }

    /**
     * Keeps a sample of a mini-batch, if these statistics keep any: one record of each of {@code sampleSize} equal parts, at
     * a place that differs from part to part, so that no period of the stream is missed. Its weight is that of its part.
     */
    void keepFrom(Observations records) {
        int kept = Math.min(sampleSize, records.size());
        if (kept == 0) {
            return;
        }
        if (sample == null) {
            sample = new Observations(kept, records.length(0));
        }
        double each = (double) records.size() / kept;
        for (int part = 0; part < kept; part++) {
            double place = part * GOLDEN_RATIO % 1;
            int index = Math.min(records.size() - 1, (int) ((part + place) * each));
            sample.add(records.values(), records.offset(index), records.length(index), each * records.weight(index));
            sample.addCategories(records.categoriesOf(index));
        }
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
     * Adds other statistics of the same model, and the records that they keep.
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
        if (other.sample != null) {
            if (sample == null) {
                sample = new Observations();
            }
            sample.addAll(other.sample);
        }
    }

    /** Back to empty. */
    public void clear() {
        Arrays.fill(sums, 0);
        observations = 0;
        weight = 0;
        scoredWeight = 0;
        scoredLogLikelihood = 0;
        sample = null;
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
