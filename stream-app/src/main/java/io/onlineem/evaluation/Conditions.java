package io.onlineem.evaluation;

/** What is different about a process at one record; as made, nothing is. */
final class Conditions {

    /** Added to the value, in units of the process. */
    double shift;

    /** Factor of the noise. */
    double noise = 1;

    /** Factor of the value. */
    double gain = 1;

    /** Factor of what is seasonal or periodic; 0 leaves its mean. */
    double season = 1;

    /** Seconds that what is seasonal or periodic runs ahead. */
    long ahead;

    /** Day of the week that this one is like, 0 to 6 from Monday; -1: itself. */
    int likeDay = -1;

    /** The value stays the last one. */
    boolean frozen;

    /** There is nothing to be measured: the value is the lowest that the process has, or 0. */
    boolean absent;
}
