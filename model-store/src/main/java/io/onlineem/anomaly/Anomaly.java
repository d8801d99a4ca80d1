package io.onlineem.anomaly;

/**
 * What is said of how unusual one record is.
 *
 * @param score from 0 to 1, see {@link AnomalyScore}
 * @param tailProbability how likely a record at least as surprising is, from 0 to 1
 * @param confidence how much evidence there is for that, from 0 to 1
 * @param incident id of the incident that the record belongs to; null if there is none
 * @param explanation why the record was surprising; null where it was not asked for
 */
public record Anomaly(
        double score, double tailProbability, double confidence, String incident, Explanation explanation) {}
