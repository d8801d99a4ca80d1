package io.onlineem.evaluation;

import java.util.List;

/**
 * A series with the truth about it.
 *
 * @param name unique in its collection, usable as the name of a file
 * @param process what the series is like when nothing is wrong
 * @param times milliseconds since 1970 of each record, increasing
 * @param values of each record, all of the same length
 * @param windows when the series is anomalous, in the order of time, disjoint
 */
public record LabelledSeries(String name, String process, long[] times, double[][] values, List<Window> windows) {

    public LabelledSeries {
        if (times.length != values.length) {
            throw new IllegalArgumentException("series '" + name + "' has " + times.length + " times and "
                    + values.length + " records; expected as many");
        }
        windows = List.copyOf(windows);
    }

    /** The scores of a detector that is shown the records one after the other. */
    public ScoredSeries scoredBy(SeriesScorer scorer) {
        double[] scores = new double[times.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scorer.score(times[i], values[i]);
        }
        return new ScoredSeries(name, times, scores, windows);
    }
}
