package io.onlineem.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Alarms on records of low likelihood, judged by labels. The threshold is chosen on the first scored records, without
 * their labels: so low that a given share of them is below; what follows is judged.
 */
final class JudgedAlarms {

    private final int calibrated;
    private final double threshold;
    private final List<ExampleRecord> falseAlarms = new ArrayList<>();
    private final Map<String, int[]> byAnomaly = new TreeMap<>();
    private int judged;
    private int found;

    /**
     * Chooses the threshold, and judges.
     *
     * @param records the records that were scored, in order
     * @param logLikelihoods what they were scored with
     * @param calibration how many of them the threshold is chosen on
     * @param alarms share of records about which one is willing to be called
     */
    JudgedAlarms(List<ExampleRecord> records, double[] logLikelihoods, int calibration, double alarms) {
        this.calibrated = calibration;
        double[] sorted = Arrays.copyOf(logLikelihoods, calibration);
        Arrays.sort(sorted);
        this.threshold = sorted[(int) (alarms * calibration)];
        for (int i = calibration; i < logLikelihoods.length; i++) {
            judge(records.get(i), logLikelihoods[i] < threshold);
        }
    }

    private void judge(ExampleRecord record, boolean alarm) {
        judged++;
        if (record.isAnomaly()) {
            int[] counts = byAnomaly.computeIfAbsent(record.label(), anomaly -> new int[2]);
            counts[0]++;
            counts[1] += alarm ? 1 : 0;
            found += alarm ? 1 : 0;
        } else if (alarm) {
            falseAlarms.add(record);
        }
    }

    /** Records on which the threshold was chosen. */
    int calibrated() {
        return calibrated;
    }

    /** The log-likelihood below which a record is an alarm. */
    double threshold() {
        return threshold;
    }

    /** Records after those. */
    int judged() {
        return judged;
    }

    /** Anomalies among them. */
    int anomalies() {
        return byAnomaly.values().stream().mapToInt(counts -> counts[0]).sum();
    }

    /** How many there were of each kind of anomaly, and how many were found. */
    Map<String, int[]> byAnomaly() {
        return byAnomaly;
    }

    /** Alarms that were none. */
    List<ExampleRecord> falseAlarms() {
        return falseAlarms;
    }

    /** Anomalies found. */
    int found() {
        return found;
    }

    /** Share of the alarms that were anomalies; {@code NaN} without alarms. */
    double precision() {
        return (double) found / (found + falseAlarms.size());
    }

    /** Share of the anomalies that were found. */
    double recall() {
        return (double) found / anomalies();
    }
}
