package io.onlineem.cli;

import java.util.Arrays;

/**
 * What is said of one record of a series.
 *
 * @param score from 0 to 1
 * @param tailProbability how likely a record at least as unusual is, from 0 to 1
 * @param confidence the score that the evidence so far can support, from 0 to 1
 * @param expected what was expected of each number; {@code NaN} where nothing was
 * @param deviation standard deviation of each; {@code NaN} where it is not known
 * @param anomalous whether the record belongs to an incident
 * @param changePoint whether an incident begins or is over with the record
 * @param reason why, in words; empty where there is nothing to say
 */
@SuppressWarnings("ArrayRecordComponent") // printed, never compared
record Verdict(
        double score,
        double tailProbability,
        double confidence,
        double[] expected,
        double[] deviation,
        boolean anomalous,
        boolean changePoint,
        String reason) {

    /** Of a record of which nothing can be said. */
    static Verdict nothing(double confidence, int width, String reason) {
        double[] nothing = new double[width];
        Arrays.fill(nothing, Double.NaN);
        return new Verdict(0, 1, confidence, nothing, nothing, false, false, reason);
    }
}
