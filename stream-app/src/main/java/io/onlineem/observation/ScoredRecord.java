package io.onlineem.observation;

import io.onlineem.em.Posterior;

/**
 * What is said of one valid record, before it is learned from.
 *
 * @param model name of the model
 * @param version version of the parameters it was scored with; 0 while warming up
 * @param posterior the posterior; null while warming up
 */
public record ScoredRecord(String model, long version, Posterior posterior) {

    /** Whether the model was still warming up, so that there is no posterior. */
    public boolean isWarmingUp() {
        return posterior == null;
    }
}
