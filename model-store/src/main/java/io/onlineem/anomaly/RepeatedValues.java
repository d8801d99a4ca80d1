package io.onlineem.anomaly;

/**
 * How improbable it is that a value is the same once more, after as many times as it was: the survival function of the length of
 * runs, with a hazard that is constant between powers of two and learned from the stream,
 *
 * <pre>  L = -log₁₀ Π_j P(a run of j repeats goes on).</pre>
 *
 * <p>Values of a continuous quantity do not repeat, and two repeats are news; counts and numbers in steps do, and a value that hardly
 * ever changes is no news however long it lasts. Mutable; not thread-safe.
 */
final class RepeatedValues {

    private static final int LENGTHS = 40;

    /** Runs of a length from which it tells by itself how it goes on. */
    private static final double ENOUGH = 20;

    private static final double PRIOR = 10;

    /** Numbers of {@link #state()} beside those of the lengths that have come up. */
    private static final int FIXED = 4;

    private final double[] continued = new double[LENGTHS];
    private final double[] total = new double[LENGTHS];
    private double last = Double.NaN;
    private int run;
    private boolean changed;
    private double powers;

    /** Nothing has come yet. */
    RepeatedValues() {}

    /** What has come goes on. */
    RepeatedValues(double[] state) {
        int lengths = Math.max(0, state.length - FIXED) / 2;
        Numbers.of(state, FIXED + 2 * Math.min(lengths, LENGTHS), "repeats");
        last = state[0];
        run = (int) state[1];
        changed = state[2] != 0;
        powers = state[3];
        Numbers.require(run >= 0, "repeats", run);
        for (int i = 0; i < lengths; i++) {
            continued[i] = state[FIXED + 2 * i];
            total[i] = state[FIXED + 2 * i + 1];
        }
    }

    /** What has come so far. */
    double[] state() {
        int lengths = LENGTHS;
        while (lengths > 0 && total[lengths - 1] == 0) {
            lengths--;
        }
        double[] state = new double[FIXED + 2 * lengths];
        state[0] = last;
        state[1] = run;
        state[2] = changed ? 1 : 0;
        state[3] = powers;
        for (int i = 0; i < lengths; i++) {
            state[FIXED + 2 * i] = continued[i];
            state[FIXED + 2 * i + 1] = total[i];
        }
        return state;
    }

    /** L of the next value, which is counted; 0 for a value that is not a number, which ends no run. */
    double next(double value) {
        if (Double.isNaN(value)) {
            return 0;
        }
        if (Double.isNaN(last)) {
            last = value;
            return 0;
        }
        int length = run == 0 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(run);
        boolean same = value == last;
        powers = same ? powers - Math.log10(goesOn(length)) : 0;
        total[length]++;
        if (same) {
            continued[length]++;
            run++;
        } else {
            run = 0;
            changed = true;
        }
        last = value;
        // what has never changed says nothing of how long it lasts
        return changed ? powers : 0;
    }

    private double goesOn(int length) {
        if (length == 0 || total[length] >= ENOUGH) {
            return (continued[length] + 0.5) / (total[length] + 1);
        }
        // long runs are rare: as those half as long go on, and not less than every other time
        double shorter = (continued[length - 1] + 0.5) / (total[length - 1] + 1);
        return (continued[length] + PRIOR * Math.max(shorter, 0.5)) / (total[length] + PRIOR);
    }
}
