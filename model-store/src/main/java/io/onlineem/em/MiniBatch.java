package io.onlineem.em;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The mini-batch under way: independent records, or blocks of sequences, with the log-likelihoods they were scored with. Not
 * thread-safe.
 */
public final class MiniBatch {

    /** What a record of a model without memory carries. */
    public static final double[] NO_MEMORY = {};

    private final Observations records = new Observations();
    private double[] logLikelihoods = new double[16];
    private final List<Block> blocks = new ArrayList<>();
    private int inBlocks;
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
        countScored(source.weight(index), logLikelihood);
    }

    /** Adds a block of a sequence; not copied. */
    public void add(Block block) {
        blocks.add(block);
        inBlocks += block.counted();
        for (int i = 0; i < block.counted(); i++) {
            countScored(block.records().weight(i), block.logLikelihoods()[i]);
        }
    }

    private void countScored(double weight, double logLikelihood) {
        if (!Double.isNaN(logLikelihood)) {
            scoredWeight += weight;
            scoredLogLikelihood += weight * logLikelihood;
        }
    }

    /** Number of records that are counted. */
    public int size() {
        return records.size() + inBlocks;
    }

    /** The independent records; not to be changed. */
    public Observations records() {
        return records;
    }

    /** The blocks; not to be changed. */
    public List<Block> blocks() {
        return Collections.unmodifiableList(blocks);
    }

    /** The counted records of blocks by sequence, in the order in which they came. */
    Map<String, Observations> bySequence() {
        Map<String, Observations> sequences = new LinkedHashMap<>();
        for (Block block : blocks) {
            Observations of = sequences.computeIfAbsent(block.sequence(), name -> new Observations());
            for (int i = 0; i < block.counted(); i++) {
                of.add(block.records(), i);
            }
        }
        return sequences;
    }

    /** All records that are counted, those of a sequence together: what a model starts from. A copy. */
    public Observations sample() {
        Observations sample = records.slice(0, records.size());
        for (Observations sequence : bySequence().values()) {
            sample.beginSequence();
            sample.addAll(sequence);
        }
        return sample;
    }

    /** What independent record {@code index} was scored with; {@code NaN} if it was not scored. */
    public double logLikelihood(int index) {
        return logLikelihoods[Objects.checkIndex(index, records.size())];
    }

    /**
     * Adds the expected statistics of all records, {@linkplain EStep#accelerate accelerated} where a model does that, the
     * log-likelihoods they were scored with, and a sample of the records if the statistics keep any.
     *
     * @param into empty statistics
     */
    public void accumulate(EStep eStep, Statistics into) {
        if (records.size() > 0) {
            eStep.accumulate(records, into);
        }
        for (Block block : blocks) {
            eStep.accumulate(block.records(), into);
        }
        eStep.accelerate(into);
        into.countScored(scoredWeight, scoredLogLikelihood);
        into.keepFrom(records);
    }

    /** Back to empty. */
    public void clear() {
        records.clear();
        blocks.clear();
        inBlocks = 0;
        scoredWeight = 0;
        scoredLogLikelihood = 0;
    }
}
