package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * What scores at one threshold come to, over a collection of series: records counted one by one, and alarms counted as
 * whoever is woken counts them.
 *
 * <p>An alarm is a run of records whose scores reach the threshold; runs with fewer than {@code holdOff} records between
 * them are one. An alarm is true if a record of it lies in a window. Records in the probation do not count, nor do windows
 * that end in it.
 *
 * @param threshold records with scores of at least this are flagged
 * @param truePositives flagged records in windows
 * @param falsePositives flagged records outside of windows
 * @param falseNegatives records in windows that are not flagged
 * @param trueNegatives all other records
 * @param windows number of windows
 * @param found windows with a flagged record
 * @param alarms number of alarms
 * @param trueAlarms alarms with a record in a window
 * @param alarmsInWindows pairs of an alarm and a window that it has a flagged record in
 * @param days time judged, of all series together; NaN if no series has two records
 * @param delays of each window found, milliseconds from its start to its first flagged record
 */
public record Detection(
        double threshold,
        long truePositives,
        long falsePositives,
        long falseNegatives,
        long trueNegatives,
        int windows,
        int found,
        long alarms,
        long trueAlarms,
        long alarmsInWindows,
        double days,
        List<Long> delays) {

    private static final double DAY = 24 * 3600 * 1000.0;

    public Detection {
        delays = List.copyOf(delays);
    }

    /**
     * Counts.
     *
     * @param holdOff an alarm ends when so many records in a row are not flagged; at least 1
     */
    public static Detection at(double threshold, List<ScoredSeries> collection, Probation probation, int holdOff) {
        if (holdOff < 1) {
            throw new IllegalArgumentException("the hold-off is " + holdOff + " records; expected at least 1");
        }
        Counter counter = new Counter(holdOff);
        for (ScoredSeries series : collection) {
            counter.add(series, threshold, probation.of(series.size()));
        }
        return new Detection(
                threshold,
                counter.truePositives,
                counter.falsePositives,
                counter.falseNegatives,
                counter.trueNegatives,
                counter.windows,
                counter.found,
                counter.alarms,
                counter.trueAlarms,
                counter.alarmsInWindows,
                counter.milliseconds > 0 ? counter.milliseconds / DAY : Double.NaN,
                counter.delays);
    }

    /** Share of the flagged records that lie in windows; NaN if none is flagged. */
    public double precision() {
        return ratio(truePositives, truePositives + falsePositives);
    }

    /** Share of the records in windows that are flagged; NaN if there are none. */
    public double recall() {
        return ratio(truePositives, truePositives + falseNegatives);
    }

    /** F1 of the records of all series together, 2 TP / (2 TP + FP + FN); NaN if none is flagged or in a window. */
    public double f1() {
        return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    /** FP / (FP + TN), share of the records outside of windows that are flagged. */
    public double falseAlarmRate() {
        return ratio(falsePositives, falsePositives + trueNegatives);
    }

    /** FN / (FN + TP), share of the records in windows that are not flagged. */
    public double missingAlarmRate() {
        return ratio(falseNegatives, falseNegatives + truePositives);
    }

    /** Share of the alarms that are true; NaN if there is none. */
    public double alarmPrecision() {
        return ratio(trueAlarms, alarms);
    }

    /** Share of the windows that are found; NaN if there is none. */
    public double windowRecall() {
        return ratio(found, windows);
    }

    /** How many alarms a found window causes on average; NaN if none is found. 1 is best. */
    public double alarmsPerIncident() {
        return ratio(alarmsInWindows, found);
    }

    /** Alarms for each day of each series. */
    public double alarmsPerDay() {
        return alarms / days;
    }

    /** False alarms for each day of each series. */
    public double falseAlarmsPerDay() {
        return (alarms - trueAlarms) / days;
    }

    /** Median of the delays, in milliseconds; NaN if no window is found. */
    public double medianDelay() {
        if (delays.isEmpty()) {
            return Double.NaN;
        }
        List<Long> sorted = delays.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2.0;
    }

    /** Mean of the delays, in milliseconds; NaN if no window is found. */
    public double meanDelay() {
        return delays.stream().mapToLong(Long::longValue).average().orElse(Double.NaN);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }

    private static final class Counter {

        private final int holdOff;
        private final List<Long> delays = new ArrayList<>();
        private long truePositives;
        private long falsePositives;
        private long falseNegatives;
        private long trueNegatives;
        private int windows;
        private int found;
        private long alarms;
        private long trueAlarms;
        private long alarmsInWindows;
        private double milliseconds;

        Counter(int holdOff) {
            this.holdOff = holdOff;
        }

        void add(ScoredSeries series, double threshold, int begin) {
            int[] windowOf = series.windowOfRecords();
            int n = windowOf.length;
            int lastFlagged = -1;
            int lastWindow = -1;
            int lastFound = -1;
            int windowOfAlarm = -1;
            boolean alarmIsTrue = false;
            for (int i = begin; i < n; i++) {
                int window = windowOf[i];
                if (window >= 0 && window != lastWindow) {
                    windows++;
                    lastWindow = window;
                }
                if (!(series.scores()[i] >= threshold)) {
                    if (window >= 0) {
                        falseNegatives++;
                    } else {
                        trueNegatives++;
                    }
                    continue;
                }
                if (lastFlagged < 0 || i - lastFlagged > holdOff) {
                    alarms++;
                    alarmIsTrue = false;
                    windowOfAlarm = -1;
                }
                lastFlagged = i;
                if (window < 0) {
                    falsePositives++;
                    continue;
                }
                truePositives++;
                if (!alarmIsTrue) {
                    alarmIsTrue = true;
                    trueAlarms++;
                }
                if (windowOfAlarm != window) {
                    windowOfAlarm = window;
                    alarmsInWindows++;
                }
                if (lastFound != window) {
                    lastFound = window;
                    found++;
                    delays.add(series.times()[i] - series.windows().get(window).start());
                }
            }
            if (n - begin > 1) {
                milliseconds += (double) (series.times()[n - 1] - series.times()[begin]);
            }
        }
    }
}
