package io.onlineem.codec;

import io.onlineem.em.Observations;
import io.onlineem.em.Statistics;

/** What a scoring task contributes to a shared model: the value of the statistics topic. */
public sealed interface Contribution {

    /**
     * Statistics of a mini-batch.
     *
     * @param version version of the parameters they were computed with
     * @param statistics the statistics
     */
    record Batch(long version, Statistics statistics) implements Contribution {}

    /**
     * Records seen before there was a model: part of its warm-up sample.
     *
     * @param records the records, as observed
     */
    record Sample(Observations records) implements Contribution {}
}
