package io.onlineem.evaluation;

/** Gives every record of one series a score, from that record and those before it alone. */
@FunctionalInterface
public interface SeriesScorer {

    /**
     * The score of the next record.
     *
     * @param time milliseconds since 1970
     * @param values of the record; not to be kept or changed
     * @return the higher, the more anomalous; NaN if nothing can be said yet
     */
    double score(long time, double[] values);
}
