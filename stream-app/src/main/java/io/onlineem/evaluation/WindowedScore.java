package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The score of a collection of series by windows, after Lavin and Ahmad, "Evaluating real-time anomaly detection
 * algorithms: the Numenta anomaly benchmark", 2015.
 *
 * <p>A record whose score reaches the threshold is a detection. One within a window counts σ(y), where y runs from -1 at
 * the window's first record to just below 0 at its last and
 *
 * <pre>σ(y) = 2 / (1 + e^(5 y)) - 1</pre>
 *
 * of all detections in a window only the earliest counts, divided by σ(-1), so that a detection at the first record counts
 * 1. One outside of windows costs the profile's weight times -σ(y), with y the distance to the end of the window before it
 * in widths of that window, so that one just after a window costs next to nothing; beyond three widths, and before the
 * first window, it costs the whole weight. A window without detection costs the profile's weight of a miss. The sum over
 * all series of the collection is scaled so that no detections are 0 and every window detected at its first record, with
 * nothing else, is 100; it may be negative. Records in the probation and windows that end in it do not count.
 *
 * <p>One threshold serves the whole collection. {@link #best} chooses the one with the highest score on these very labels:
 * results of other thresholds are lower.
 *
 * @param score at most 100
 * @param threshold records with scores of at least this are detections; infinite if there are none
 * @param windows number of windows judged
 * @param found number of windows with a detection
 * @param falseDetections number of records that are detections outside of windows
 */
public record WindowedScore(double score, double threshold, int windows, int found, long falseDetections) {

    private static final double FAR = 3;

    /** What is a miss and what is a false detection worth, in units of a window detected at once. */
    public enum Profile {
        /** As if one record in ten were a detection at random, and so was worth nothing on the whole. */
        STANDARD(0.11, 1),
        /** A false detection costs twice as much. */
        LOW_FALSE_POSITIVES(0.22, 1),
        /** A miss costs twice as much. */
        LOW_FALSE_NEGATIVES(0.11, 2);

        private final double falseDetection;
        private final double miss;

        Profile(double falseDetection, double miss) {
            this.falseDetection = falseDetection;
            this.miss = miss;
        }
    }

    /**
     * The score at a threshold.
     *
     * @throws IllegalArgumentException if no window is left to be judged
     */
    public static WindowedScore at(
            double threshold, List<ScoredSeries> collection, Probation probation, Profile profile) {
        Sweep sweep = new Sweep(collection, probation, profile);
        for (Candidate candidate : sweep.candidates) {
            if (!(candidate.score >= threshold)) {
                break;
            }
            sweep.detect(candidate);
        }
        return sweep.result(threshold);
    }

    /**
     * The score at the threshold where it is highest; the highest such threshold.
     *
     * @throws IllegalArgumentException if no window is left to be judged
     */
    public static WindowedScore best(List<ScoredSeries> collection, Probation probation, Profile profile) {
        Sweep sweep = new Sweep(collection, probation, profile);
        WindowedScore best = sweep.result(Double.POSITIVE_INFINITY);
        List<Candidate> candidates = sweep.candidates;
        for (int i = 0; i < candidates.size(); i++) {
            sweep.detect(candidates.get(i));
            double score = candidates.get(i).score;
            boolean last = i == candidates.size() - 1 || candidates.get(i + 1).score < score;
            if (last && sweep.score() > best.score) {
                best = sweep.result(score);
            }
        }
        return best;
    }

    /** σ(y), within (-1, 1): positive before the end of a window, negative after it. */
    static double sigmoid(double y) {
        return y > FAR ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
    }

    /** A record that may become a detection; gain is what it is worth by itself, negative outside of windows. */
    private record Candidate(double score, int window, double gain) {}

    /** Detections are added one after the other, the sum is kept. */
    private static final class Sweep {

        private final List<Candidate> candidates = new ArrayList<>();
        private final List<Double> bestOfWindow = new ArrayList<>();
        private final Profile profile;
        private double gains;
        private double losses;
        private int found;
        private long falseDetections;

        Sweep(List<ScoredSeries> collection, Probation probation, Profile profile) {
            this.profile = profile;
            for (ScoredSeries series : collection) {
                add(series, probation.of(series.size()));
            }
            if (bestOfWindow.isEmpty()) {
                throw new IllegalArgumentException(
                        "there is no labelled window after the probation; expected at least one in the collection");
            }
            candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
        }

        private void add(ScoredSeries series, int begin) {
            int[] windows = series.windowOfRecords();
            int n = windows.length;
            int i = 0;
            int lastOfPrevious = -1;
            int widthOfPrevious = 0;
            while (i < n) {
                int end = i + 1;
                while (end < n && windows[end] == windows[i]) {
                    end++;
                }
                if (windows[i] >= 0) {
                    int width = end - i;
                    if (end > begin) {
                        int number = bestOfWindow.size();
                        bestOfWindow.add(0.0);
                        for (int j = Math.max(i, begin); j < end; j++) {
                            double y = -(double) (end - j) / width;
                            add(series.scores()[j], number, sigmoid(y) / sigmoid(-1));
                        }
                    }
                    lastOfPrevious = end - 1;
                    widthOfPrevious = width;
                } else {
                    for (int j = Math.max(i, begin); j < end; j++) {
                        double value = lastOfPrevious < 0
                                ? -1
                                : sigmoid((double) (j - lastOfPrevious) / Math.max(1, widthOfPrevious - 1));
                        add(series.scores()[j], -1, profile.falseDetection * value);
                    }
                }
                i = end;
            }
        }

        private void add(double score, int window, double gain) {
            if (!Double.isNaN(score)) {
                candidates.add(new Candidate(score, window, gain));
            }
        }

        void detect(Candidate candidate) {
            if (candidate.window < 0) {
                losses += candidate.gain;
                falseDetections++;
                return;
            }
            double before = bestOfWindow.get(candidate.window);
            if (before == 0) {
                found++;
            }
            if (candidate.gain > before) {
                bestOfWindow.set(candidate.window, candidate.gain);
                gains += candidate.gain - before;
            }
        }

        double score() {
            int windows = bestOfWindow.size();
            double raw = gains + losses - profile.miss * (windows - found);
            double none = -profile.miss * windows;
            return 100 * (raw - none) / (windows - none);
        }

        WindowedScore result(double threshold) {
            return new WindowedScore(score(), threshold, bestOfWindow.size(), found, falseDetections);
        }
    }
}
