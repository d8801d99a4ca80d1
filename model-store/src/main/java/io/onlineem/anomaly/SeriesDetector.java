package io.onlineem.anomaly;

import io.onlineem.em.Observations;
import java.util.OptionalLong;

/** Judges the records of one series as they come, each by those before it, and learns from them. Mutable; not thread-safe. */
public interface SeriesDetector {

    /**
     * Judges the next record, then learns from it. One without time is a second after the one before.
     *
     * @param time milliseconds since 1970, if there is one
     * @param record holds the one record, {@code NaN} where a number is missing; its weight may be changed
     */
    Verdict detect(OptionalLong time, Observations record);
}
