package io.onlineem.evaluation;

import java.util.List;

/** Small series to count on paper: a record every minute, windows by the numbers of their records. */
final class Examples {

    static final long MINUTE = 60_000;

    private Examples() {}

    static ScoredSeries series(double[] scores, int[]... windows) {
        long[] times = new long[scores.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = i * MINUTE;
        }
        List<Window> given = java.util.Arrays.stream(windows)
                .map(window -> new Window(window[0] * MINUTE, window[1] * MINUTE, ""))
                .toList();
        return new ScoredSeries("example", times, scores, given);
    }

    /** Scores of 0 but for a 1 at these records. */
    static double[] flags(int size, int... at) {
        double[] scores = new double[size];
        for (int i : at) {
            scores[i] = 1;
        }
        return scores;
    }

    static int[] window(int first, int last) {
        return new int[] {first, last};
    }
}
