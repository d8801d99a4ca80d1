package io.onlineem.topology;

import io.onlineem.anomaly.Detection;

/**
 * Whether and how records are watched for anomalies.
 *
 * @param detection how; null: they are not
 * @param perKey whether the records of every key, or of every sequence, are watched by themselves, or all that a task gets of
 *     a shared model together. Models per key are always watched by themselves
 */
public record Watching(Detection detection, boolean perKey) {

    /** Nothing is watched. */
    public static final Watching NONE = new Watching(null, false);

    boolean isOn() {
        return detection != null;
    }
}
