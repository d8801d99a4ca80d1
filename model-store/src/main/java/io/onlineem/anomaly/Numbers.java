package io.onlineem.anomaly;

/** What is kept on disk as numbers, checked when it is read. */
final class Numbers {

    private Numbers() {}

    /** The numbers themselves, if there are as many as expected. */
    static double[] of(double[] state, int expected, String what) {
        require(state.length == expected, what, state.length);
        return state;
    }

    static void require(boolean holds, String what, double value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "what is remembered of " + what + " is corrupt: " + value + ", which no stream can lead to");
        }
    }
}
