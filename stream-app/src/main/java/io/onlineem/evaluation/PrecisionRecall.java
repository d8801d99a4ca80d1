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
        List<Candidate> candidates = new ArrayList<>();
        long all = 0;
        for (ScoredSeries series : collection) {
            int[] windows = series.windowOfRecords();
            for (int i = probation.of(series.size()); i < series.size(); i++) {
                candidates.add(new Candidate(series.scores()[i], windows[i]));
                all += windows[i] >= 0 ? 1 : 0;
            }
        }
        return curve(candidates, all);
    }

    /** Records outside of windows that are one chance of a false alarm. */
    public static final int STRETCH = 50;

    /**
     * Of windows: recall is the share of windows with a flagged record. What lies between windows is cut into stretches of
     * {@value #STRETCH} records, the last one shorter; one with a flagged record is a false alarm, and precision is the share
     * of windows found in windows found and false alarms. So an alarm that never ends counts as the many that it stands
     * for.
     *
     * @throws IllegalArgumentException if there is no window after the probation
     */
    public static PrecisionRecall ofWindows(List<ScoredSeries> collection, Probation probation) {
        List<Candidate> highest = new ArrayList<>();
        long all = 0;
        for (ScoredSeries series : collection) {
            int[] windows = series.windowOfRecords();
            int n = windows.length;
            int i = probation.of(n);
            while (i < n) {
                int end = i;
                double score = Double.NaN;
                while (end < n && windows[end] == windows[i] && (windows[i] >= 0 || end < i + STRETCH)) {
                    double next = series.scores()[end];
                    score = score >= next || Double.isNaN(next) ? score : next;
                    end++;
                }
                highest.add(new Candidate(score, windows[i]));
                all += windows[i] >= 0 ? 1 : 0;
                i = end;
            }
        }
        return curve(highest, all);
    }

    private record Candidate(double score, int window) {}

    private static PrecisionRecall curve(List<Candidate> candidates, long all) {
        // those without a score come last
        candidates.sort(Comparator.comparingDouble(
                candidate -> Double.isNaN(candidate.score) ? Double.POSITIVE_INFINITY : -candidate.score));
        Curve curve = new Curve(all);
        long hits = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (Double.isNaN(candidate.score)) {
                break;
            }
            hits += candidate.window >= 0 ? 1 : 0;
            if (i == candidates.size() - 1 || candidates.get(i + 1).score != candidate.score) {
                curve.add(candidate.score, hits, i + 1L - hits);
            }
        }
        return curve.result();
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
