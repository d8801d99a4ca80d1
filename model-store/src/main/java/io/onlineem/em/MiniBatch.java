package io.onlineem.em;

import java.util.Arrays;
import java.util.Objects;

/** The mini-batch under way: records with the log-likelihoods they were scored with. Not thread-safe. */
public final class MiniBatch {

    /** What a record of a model without memory carries. */
    public static final double[] NO_MEMORY = {};

    private final Observations records = new Observations();
    private double[] logLikelihoods = new double[16];
    private double scoredWeight;
    private double scoredLogLikelihood;

    /**
     * Adds a copy of a record.
     *
     * @param logLikelihood what it was scored with; {@code NaN} if it was not scored
     */
    public void add(Observations source, int index, double logLikelihood) {
        if (records.size() == logLikelihoods.length) {
            logLikelihoods = Arrays.copyOf(logLikelihoods, 2 * logLikelihoods.length);
        }
        logLikelihoods[records.size()] = logLikelihood;
        records.add(source, index);
        if (!Double.isNaN(logLikelihood)) {
            scoredWeight += source.weight(index);
            scoredLogLikelihood += source.weight(index) * logLikelihood;
        }
    }

    /** Number of records. */
    public int size() {
        return records.size();
    }

    /** The records; not to be changed. */
    public Observations records() {
        return records;
    }

    /** What record {@code index} was scored with; {@code NaN} if it was not scored. */
    public double logLikelihood(int index) {
        return logLikelihoods[Objects.checkIndex(index, records.size())];
    }

    /**
     * Adds the expected statistics of all records, the log-likelihoods they were scored with, and a sample of the records if
     * the statistics keep any.
     */
    public void accumulate(EStep eStep, Statistics into) {
        eStep.accumulate(records, into);
        into.countScored(scoredWeight, scoredLogLikelihood);
        into.keepFrom(records);
    }

    /** Back to empty. */
    public void clear() {
        records.clear();
        scoredWeight = 0;
        scoredLogLikelihood = 0;
    }
}
