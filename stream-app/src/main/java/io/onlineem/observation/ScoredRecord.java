package io.onlineem.observation;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.em.Posterior;

/**
 * What is said of one valid record, before it is learned from.
 *
 * @param model name of the model
 * @param version version of the parameters it was scored with; 0 while warming up
 * @param posterior the posterior; null while warming up
 * @param anomaly how unusual the record is; null while warming up, and where that is not asked for
 */
public record ScoredRecord(String model, long version, Posterior posterior, Anomaly anomaly) {

    /** Without a word on how unusual the record is. */
    public ScoredRecord(String model, long version, Posterior posterior) {
        this(model, version, posterior, null);
    }

    /** Whether the model was still warming up, so that there is no posterior. */
    public boolean isWarmingUp() {
        return posterior == null;
    }
}
