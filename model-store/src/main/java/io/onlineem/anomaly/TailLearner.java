package io.onlineem.anomaly;

/** Learns the {@link Tail} of one statistic of a stream as it comes. Mutable; not thread-safe. */
interface TailLearner {

    /** What is known now. */
    Tail tail();

    /** The same as that of {@link #tail()}. */
    double probability(double value);

    /** Counts a value with a weight from 0 to 1; what is not a number does not count. */
    void learn(double value, double weight);
}
