package io.onlineem.evaluation;

import java.util.List;

/**
 * A file of scores, with all that is known of its series.
 *
 * @param series its scores and labels
 * @param timed whether the series has times; otherwise its records are taken to be a millisecond apart
 * @param incidents the incident of each record, null for none; null if the scores know of no incidents
 * @param values of each column of the series; empty if it was not given
 * @param valueNames names of the columns
 */
public record EvaluatedFile(
        ScoredSeries series, boolean timed, String[] incidents, List<double[]> values, List<String> valueNames) {}
