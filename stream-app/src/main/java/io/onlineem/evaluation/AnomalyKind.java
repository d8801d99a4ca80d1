package io.onlineem.evaluation;

import java.util.Locale;

/** What can go wrong with a generated series of single values. */
enum AnomalyKind {
    /** One to three records far too high. */
    SPIKE_UP,
    /** One to three records far too low. */
    SPIKE_DOWN,
    /** Another level for a while. */
    LEVEL_SHIFT,
    /** Another level from here on; its beginning is labelled. */
    LASTING_SHIFT,
    /** The same value again and again. */
    FLAT_LINE,
    /** Much more noise. */
    MORE_VARIANCE,
    /** Much less noise, the pattern goes on. */
    LESS_VARIANCE,
    /** Nothing but the mean is left of the daily or periodic pattern. */
    LOST_SEASONALITY,
    /** The pattern comes at the wrong time, or is turned round. */
    SHIFTED_PATTERN,
    /** A working day like a Sunday, or a weekend like working days. */
    WRONG_DAY,
    /** The level creeps away, then returns. */
    SLOW_DRIFT,
    /** Most records of a while have nothing to say: 0, or the lowest value. */
    DROPOUT;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
