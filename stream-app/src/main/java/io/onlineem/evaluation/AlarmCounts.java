package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What scores at one threshold come to, over a collection of series: records counted one by one, and alarms counted as
 * whoever is woken counts them.
 *
 * <p>An alarm is a run of records whose scores reach the threshold; runs with fewer than {@code holdOff} records between
 * them are one. An alarm is true if a record of it lies in a window. Records in the probation do not count, nor do windows
 * that end in it.
 *
 * @param threshold records with scores of at least this are flagged; NaN of given alarms
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
public record AlarmCounts(
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

    public AlarmCounts {
        delays = List.copyOf(delays);
    }

    /**
     * Counts what reaches a threshold.
     *
     * @param holdOff an alarm ends when so many records in a row are not flagged; at least 1
     */
    public static AlarmCounts at(double threshold, List<ScoredSeries> collection, Probation probation, int holdOff) {
        if (holdOff < 1) {
            throw new IllegalArgumentException("the hold-off is " + holdOff + " records; expected at least 1");
        }
        Counter counter = new Counter();
        for (ScoredSeries series : collection) {
            int begin = probation.of(series.size());
            counter.add(series, begin, alarms(series.scores(), threshold, begin, holdOff));
        }
        return counter.result(threshold);
    }

    /**
     * Counts given alarms, such as the incidents of a detector.
     *
     * @param alarms for each series, the name of the alarm that each record belongs to, null for none; a record is flagged
     *     if it belongs to one
     */
    public static AlarmCounts of(List<String[]> alarms, List<ScoredSeries> collection, Probation probation) {
        Counter counter = new Counter();
        for (int s = 0; s < alarms.size(); s++) {
            ScoredSeries series = collection.get(s);
            counter.add(series, probation.of(series.size()), numbered(alarms.get(s)));
        }
        return counter.result(Double.NaN);
    }

    /** For each record the number of its alarm, or -1. */
    private static int[] alarms(double[] scores, double threshold, int begin, int holdOff) {
        int[] alarms = new int[scores.length];
        Arrays.fill(alarms, -1);
        int last = -1;
        int number = -1;
        for (int i = begin; i < scores.length; i++) {
            if (scores[i] >= threshold) {
                number += last < 0 || i - last > holdOff ? 1 : 0;
                alarms[i] = number;
                last = i;
            }
        }
        return alarms;
    }

    private static int[] numbered(String[] names) {
        int[] alarms = new int[names.length];
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            int number = name == null ? -1 : numbers.computeIfAbsent(name, ignored -> numbers.size());
            alarms[i] = number;
        }
        return alarms;
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

        void add(ScoredSeries series, int begin, int[] alarmOf) {
            int[] windowOf = series.windowOfRecords();
            int n = windowOf.length;
            int lastWindow = -1;
            int lastFound = -1;
            int alarm = -1;
            int windowOfAlarm = -1;
            boolean alarmIsTrue = false;
            for (int i = begin; i < n; i++) {
                int window = windowOf[i];
                if (window >= 0 && window != lastWindow) {
                    windows++;
                    lastWindow = window;
                }
                if (alarmOf[i] < 0) {
                    if (window >= 0) {
                        falseNegatives++;
                    } else {
                        trueNegatives++;
                    }
                    continue;
                }
                if (alarmOf[i] != alarm) {
                    alarm = alarmOf[i];
                    alarms++;
                    alarmIsTrue = false;
                    windowOfAlarm = -1;
                }
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

        AlarmCounts result(double threshold) {
            return new AlarmCounts(
                    threshold,
                    truePositives,
                    falsePositives,
                    falseNegatives,
                    trueNegatives,
                    windows,
                    found,
                    alarms,
                    trueAlarms,
                    alarmsInWindows,
                    milliseconds > 0 ? milliseconds / DAY : Double.NaN,
                    delays);
        }
    }
}
