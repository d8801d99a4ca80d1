package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * The scores of a series beside the truth about it.
 *
 * @param name of the series
 * @param times milliseconds since 1970 of each record, not decreasing
 * @param scores of each record, the higher the more anomalous; NaN has no score and is never an alarm
 * @param windows when the series is anomalous, in the order of time, disjoint
 */
public record ScoredSeries(String name, long[] times, double[] scores, List<Window> windows) {

    public ScoredSeries {
        if (times.length != scores.length) {
            throw new IllegalArgumentException("series '" + name + "' has " + times.length + " times and "
                    + scores.length + " scores; expected as many");
        }
        windows = List.copyOf(windows);
        for (int i = 1; i < times.length; i++) {
            if (times[i] < times[i - 1]) {
                throw new IllegalArgumentException("series '" + name + "' goes back in time at record " + (i + 1)
                        + "; expected records in the order of time");
            }
        }
        for (int w = 1; w < windows.size(); w++) {
            if (windows.get(w).start() <= windows.get(w - 1).end()) {
                throw new IllegalArgumentException("series '" + name + "' has windows " + windows.get(w - 1) + " and "
                        + windows.get(w) + "; expected disjoint ones in the order of time: join those that overlap");
            }
        }
    }

    /** Number of records. */
    public int size() {
        return times.length;
    }

    /** For each record the number of the window that it lies in, from 0, or -1. */
    public int[] windowOfRecords() {
        int[] of = new int[times.length];
        int next = 0;
        for (int i = 0; i < of.length; i++) {
            while (next < windows.size() && windows.get(next).end() < times[i]) {
                next++;
            }
            of[i] = next < windows.size() && windows.get(next).contains(times[i]) ? next : -1;
        }
        return of;
    }

    /**
     * The same with windows that are wide enough for a detection somewhat early or late to count, in the manner of Lavin and
     * Ahmad (2015, section II-A): all windows of a series together hold at least a share of its records, each the same
     * number, centred on what was labelled. A window that is wider already is left as it is; those that would overlap meet
     * half-way.
     *
     * @param share of the records that lie in windows, at least 0 and below 1; theirs is 0.1
     */
    public ScoredSeries widened(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("the share of records in windows is " + share
                    + "; expected a number of at least 0 and below 1, such as 0.1");
        }
        if (windows.isEmpty() || times.length == 0) {
            return this;
        }
        int width = (int) (share * times.length / windows.size());
        int[] first = new int[windows.size()];
        int[] last = new int[windows.size()];
        for (int w = 0; w < first.length; w++) {
            first[w] = firstNotBefore(windows.get(w).start());
            last[w] = firstNotBefore(windows.get(w).end() + 1) - 1;
            int more = Math.max(0, width - (last[w] - first[w] + 1));
            first[w] -= more / 2;
            last[w] += more - more / 2;
        }
        List<Window> wide = new ArrayList<>();
        for (int w = 0; w < first.length; w++) {
            Window given = windows.get(w);
            int from = Math.max(first[w], 0);
            int to = Math.min(last[w], times.length - 1);
            long start = Math.min(times[Math.min(from, times.length - 1)], given.start());
            long end = Math.max(times[Math.max(to, 0)], given.end());
            if (w > 0) {
                long middle = (windows.get(w - 1).end() + given.start()) / 2;
                start = Math.max(start, middle + 1);
            }
            if (w < first.length - 1) {
                long middle = (given.end() + windows.get(w + 1).start()) / 2;
                end = Math.min(end, middle);
            }
            wide.add(new Window(start, end, given.kind()));
        }
        return new ScoredSeries(name, times, scores, wide);
    }

    private int firstNotBefore(long time) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
