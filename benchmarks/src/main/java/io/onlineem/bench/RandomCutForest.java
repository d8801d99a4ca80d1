package io.onlineem.bench;

import com.amazon.randomcutforest.config.ForestMode;
import com.amazon.randomcutforest.config.TransformMethod;
import com.amazon.randomcutforest.parkservices.AnomalyDescriptor;
import com.amazon.randomcutforest.parkservices.ThresholdedRandomCutForest;
import io.onlineem.evaluation.SeriesScorer;

/**
 * Random cut forests as their own library runs them, {@code ThresholdedRandomCutForest}, on one thread, with what its
 * documentation recommends for series: 50 trees of 256 points, shingles of 8 records, time decay 1 / (10 · 256),
 * normalised values, an anomaly rate of 0.01.
 */
final class RandomCutForest implements SeriesScorer {

    static final int TREES = 50;
    static final int SAMPLE = 256;
    static final int SHINGLE = 8;

    /** Which of its two answers counts. */
    enum Answer {
        /** The anomaly score of the forest, about 1 for what is usual. */
        SCORE,
        /** The grade, from 0 to 1, 0 unless its threshold is passed. */
        GRADE
    }

    private final ThresholdedRandomCutForest forest;
    private final Answer answer;

    RandomCutForest(int channels, long seed, TransformMethod transform, Answer answer) {
        this.answer = answer;
        this.forest = ThresholdedRandomCutForest.builder()
                .dimensions(channels * SHINGLE)
                .shingleSize(SHINGLE)
                .numberOfTrees(TREES)
                .sampleSize(SAMPLE)
                .timeDecay(0.1 / SAMPLE)
                .randomSeed(seed)
                .anomalyRate(0.01)
                .forestMode(ForestMode.STANDARD)
                .transformMethod(transform)
                .parallelExecutionEnabled(false)
                .build();
    }

    @Override
    public double score(long time, double[] values) {
        AnomalyDescriptor descriptor = forest.process(values, time);
        return answer == Answer.GRADE ? descriptor.getAnomalyGrade() : descriptor.getRCFScore();
    }
}
