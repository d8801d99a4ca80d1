package io.onlineem.anomaly;

import java.time.Duration;

/**
 * How a stream is watched: plain values, checked once.
 *
 * @param calibration how surprises become scores
 * @param threshold when a record is an alarm
 * @param streams number of streams among which false alarms are shared out: keys, where each is watched by itself, or
 *     partitions; at least 1
 * @param quiet records as usual after which an incident is over, at least 1. For five times as many after it a record is an
 *     alarm only if it is beyond what is left of its peak, which sinks linearly in log-probability to the threshold
 * @param quietTime time without a record after which an incident is over, and never less than ten times the mean time
 *     between two records; zero: never
 * @param learning what is learned from anomalies
 */
public record Detection(
        AnomalySettings calibration,
        Threshold threshold,
        int streams,
        int quiet,
        Duration quietTime,
        LearningFrom learning) {

    /** What the model learns from unusual records. */
    public enum LearningFrom {
        /** As from all others. */
        LEARN,
        /** By their typicality: a record counts 100 times its tail probability, at most 1, so that outliers bend nothing. */
        DOWN_WEIGHT,
        /** Nothing while an incident is open. */
        SKIP
    }

    /** One false alarm a week, over after 30 records as usual or an hour without any, learn from all. */
    public static final Detection DEFAULTS =
            new Detection(AnomalySettings.DEFAULTS, Threshold.DEFAULT, 1, 30, Duration.ofHours(1), LearningFrom.LEARN);

    /** Checks the values. */
    public Detection {
        require("number of streams", streams);
        require("number of quiet records", quiet);
        if (quietTime.isNegative()) {
            throw new IllegalArgumentException("quiet time is " + quietTime + "; expected a duration of at least 0");
        }
    }

    private static void require(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; expected a whole number of at least 1");
        }
    }

    /** The same with another calibration. */
    public Detection withCalibration(AnomalySettings settings) {
        return new Detection(settings, threshold, streams, quiet, quietTime, learning);
    }

    /** The same with another threshold. */
    public Detection withThreshold(Threshold newThreshold) {
        return new Detection(calibration, newThreshold, streams, quiet, quietTime, learning);
    }

    /** The same for another number of streams. */
    public Detection withStreams(int count) {
        return new Detection(calibration, threshold, count, quiet, quietTime, learning);
    }

    /** The same with another patience. */
    public Detection withQuiet(int records, Duration time) {
        return new Detection(calibration, threshold, streams, records, time, learning);
    }

    /** The same with another choice of what is learned. */
    public Detection withLearning(LearningFrom choice) {
        return new Detection(calibration, threshold, streams, quiet, quietTime, choice);
    }
}
