package io.onlineem.anomaly;

import java.util.Arrays;

/**
 * What is said of one record of a series.
 *
 * @param anomaly how unusual it is, and the incident that it belongs to
 * @param changePoint whether an incident begins or is over with the record
 * @param expected what was expected of each number; {@code NaN} where nothing was
 * @param deviation standard deviation of each; {@code NaN} where it is not known
 * @param reason why, in words; empty where there is nothing to say
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Verdict(Anomaly anomaly, boolean changePoint, double[] expected, double[] deviation, String reason) {

    /** Of a record of which nothing can be said: a score of 0. */
    public static Verdict nothing(double confidence, int width, String reason) {
        double[] nothing = new double[width];
        Arrays.fill(nothing, Double.NaN);
        return new Verdict(new Anomaly(0, 1, confidence, null, null), false, nothing, nothing, reason);
    }
}
