package io.onlineem.evaluation;

import io.onlineem.observation.Timestamps;
import java.util.List;

/**
 * Names of columns, where they are not the usual ones; null: the usual ones.
 *
 * @param score of score files; usually {@code score}, in JSON {@code anomaly.score}
 * @param time of series; usually {@code timestamp}, {@code datetime} or {@code time}
 * @param label of labelled series; usually {@code label}, {@code anomaly} or {@code is_anomaly}
 */
public record Columns(String score, String time, String label) {

    static final List<String> TIMES = Timestamps.USUAL_NAMES;

    static final List<String> LABELS = List.of("label", "anomaly", "is_anomaly", "outlier");

    /** The usual ones. */
    public static final Columns USUAL = new Columns(null, null, null);
}
