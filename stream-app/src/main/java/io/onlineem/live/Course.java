package io.onlineem.live;

import java.util.ArrayList;
import java.util.List;

/**
 * The course of counts since the start in bounded memory: moments of equal length, which become twice as long when there are
 * too many. Not thread-safe.
 */
final class Course {

    /** Moments that are kept at most; even. */
    static final int MOST = 360;

    private final List<Moment> moments = new ArrayList<>();
    private int ticks = 1;
    private int open;

    /**
     * What was counted in some time.
     *
     * @param time of its end, in milliseconds
     * @param seconds how long it was
     * @param scored records scored
     * @param warmingUp valid records that came while there was no model
     * @param rejected records that are not valid
     * @param logLikelihood sum of the log-likelihoods of {@code finite} scored records
     * @param finite scored records whose log-likelihood is finite
     * @param lag records that were waiting at the end of it; {@code NaN} if not known
     * @param version newest version at the end of it; 0 if there was none
     * @param tailProbability of the most unusual record; {@code NaN} if none was judged
     */
    record Moment(
            long time,
            double seconds,
            long scored,
            long warmingUp,
            long rejected,
            double logLikelihood,
            long finite,
            double lag,
            long version,
            double tailProbability) {

        Moment and(Moment next) {
            return new Moment(
                    next.time,
                    seconds + next.seconds,
                    scored + next.scored,
                    warmingUp + next.warmingUp,
                    rejected + next.rejected,
                    logLikelihood + next.logLikelihood,
                    finite + next.finite,
                    next.lag,
                    next.version,
                    least(tailProbability, next.tailProbability));
        }

        private static double least(double one, double other) {
            return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.min(one, other);
        }
    }

    void add(Moment moment) {
        int last = moments.size() - 1;
        if (open > 0) {
            moments.set(last, moments.get(last).and(moment));
        } else {
            moments.add(moment);
        }
        open = (open + 1) % ticks;
        if (moments.size() == MOST && open == 0) {
            merge();
        }
    }

    private void merge() {
        List<Moment> merged = new ArrayList<>();
        for (int i = 0; i < MOST; i += 2) {
            merged.add(moments.get(i).and(moments.get(i + 1)));
        }
        moments.clear();
        moments.addAll(merged);
        ticks *= 2;
    }

    /** All, oldest first. */
    List<Moment> all() {
        return List.copyOf(moments);
    }
}
