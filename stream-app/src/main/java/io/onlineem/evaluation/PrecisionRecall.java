package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Precision and recall at every threshold, over a collection of series.
 *
 * <p>The area is the mean of the precision over the recall, by steps: Σ (R_i - R_i-1) P_i over falling thresholds (average
 * precision). It does not interpolate, which would be too favourable (Davis and Goadrich 2006). A guess at random has the
 * share of anomalous records.
 *
 * @param area from 0 to 1
 * @param bestF1 the highest 2 P R / (P + R) of all thresholds
 * @param bestThreshold where it is reached, the highest such threshold; infinite if it is 0
 */
public record PrecisionRecall(double area, double bestF1, double bestThreshold) {

    /**
     * Of records: precision is the share of flagged records that lie in windows, recall the share of records in windows that
     * are flagged. Records in the probation do not count.
     *
     * @throws IllegalArgumentException if no record lies in a window
     */
    public static PrecisionRecall ofRecords(List<ScoredSeries> collection, Probation probation) {
        List<Candidate> candidates = candidates(collection, probation);
        long all = 0;
        for (Candidate candidate : candidates) {
            all += candidate.window >= 0 ? 1 : 0;
        }
        Curve curve = new Curve(all);
        long hits = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (Double.isNaN(candidate.score)) {
                break;
            }
            hits += candidate.window >= 0 ? 1 : 0;
            if (isLastOfItsScore(candidates, i)) {
                curve.add(candidate.score, hits, i + 1L - hits);
            }
        }
        return curve.result();
    }

    /**
     * Of windows: recall is the share of windows with a flagged record; a false alarm is a run of flagged records outside of
     * windows, and precision is the share of windows found in windows found and false alarms.
     *
     * @throws IllegalArgumentException if there is no window after the probation
     */
    public static PrecisionRecall ofWindows(List<ScoredSeries> collection, Probation probation) {
        List<Candidate> candidates = candidates(collection, probation);
        List<boolean[]> flagged = new ArrayList<>();
        List<int[]> windowOf = new ArrayList<>();
        long all = 0;
        for (ScoredSeries series : collection) {
            flagged.add(new boolean[series.size()]);
            int[] windows = series.windowOfRecords();
            windowOf.add(windows);
            all += countWindows(windows, probation.of(series.size()));
        }
        boolean[][] found = new boolean[collection.size()][];
        for (int s = 0; s < found.length; s++) {
            found[s] = new boolean[collection.get(s).windows().size()];
        }
        Curve curve = new Curve(all);
        long hits = 0;
        long falseAlarms = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (Double.isNaN(candidate.score)) {
                break;
            }
            boolean[] runs = flagged.get(candidate.series);
            int[] windows = windowOf.get(candidate.series);
            int at = candidate.record;
            runs[at] = true;
            if (candidate.window >= 0) {
                if (!found[candidate.series][candidate.window]) {
                    found[candidate.series][candidate.window] = true;
                    hits++;
                }
            } else {
                // a record begins a run, lengthens one, or joins two
                falseAlarms++;
                if (at > 0 && runs[at - 1] && windows[at - 1] < 0) {
                    falseAlarms--;
                }
                if (at + 1 < runs.length && runs[at + 1] && windows[at + 1] < 0) {
                    falseAlarms--;
                }
            }
            if (isLastOfItsScore(candidates, i)) {
                curve.add(candidate.score, hits, falseAlarms);
            }
        }
        return curve.result();
    }

    private static int countWindows(int[] windows, int begin) {
        int count = 0;
        for (int i = begin, last = -1; i < windows.length; i++) {
            if (windows[i] >= 0 && windows[i] != last) {
                count++;
                last = windows[i];
            }
        }
        return count;
    }

    private record Candidate(double score, int series, int record, int window) {}

    /** All records after the probation, those with the highest scores first, those without at the end. */
    private static List<Candidate> candidates(List<ScoredSeries> collection, Probation probation) {
        List<Candidate> candidates = new ArrayList<>();
        for (int s = 0; s < collection.size(); s++) {
            ScoredSeries series = collection.get(s);
            int[] windows = series.windowOfRecords();
            for (int i = probation.of(series.size()); i < series.size(); i++) {
                candidates.add(new Candidate(series.scores()[i], s, i, windows[i]));
            }
        }
        candidates.sort(Comparator.comparingDouble(
                candidate -> Double.isNaN(candidate.score) ? Double.POSITIVE_INFINITY : -candidate.score));
        return candidates;
    }

    private static boolean isLastOfItsScore(List<Candidate> candidates, int i) {
        return i == candidates.size() - 1 || candidates.get(i + 1).score != candidates.get(i).score;
    }

    private static final class Curve {

        private final long all;
        private double area;
        private double bestF1;
        private double bestThreshold = Double.POSITIVE_INFINITY;
        private long before;

        Curve(long all) {
            if (all == 0) {
                throw new IllegalArgumentException(
                        "there is no labelled record after the probation; expected at least one in the collection");
            }
            this.all = all;
        }

        void add(double threshold, long hits, long falseAlarms) {
            double precision = (double) hits / Math.max(1, hits + falseAlarms);
            area += (double) (hits - before) / all * precision;
            before = hits;
            double f1 = 2.0 * hits / (all + hits + falseAlarms);
            if (f1 > bestF1) {
                bestF1 = f1;
                bestThreshold = threshold;
            }
        }

        PrecisionRecall result() {
            return new PrecisionRecall(area, bestF1, bestThreshold);
        }
    }
}
