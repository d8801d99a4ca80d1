package io.onlineem.topology;

import io.onlineem.anomaly.WatchOrders;
import java.util.Optional;

/**
 * What is watched of a model, as far as the task that is given commands to it knows.
 *
 * @param watching whether and how
 * @param model name of the model
 * @param incidents knows the incidents, where they are of the same task; null where they are not
 * @param time of the newest record, in milliseconds since the epoch
 */
record Watched(Watching watching, String model, Incidents incidents, long time) {

    /** The incidents of the streams of a task. */
    interface Incidents {

        /** Why there can be no feedback on an incident; empty if there can. */
        Optional<String> unknown(WatchOrders.Feedback feedback);
    }

    /**
     * Requires that something is watched.
     *
     * @throws IllegalArgumentException if nothing is
     */
    void require() {
        if (!watching.isOn()) {
            throw new IllegalArgumentException(
                    "nothing is watched for anomalies here, so that there are neither alerts nor"
                            + " incidents; expected anomaly.enabled: true in the configuration");
        }
    }

    /**
     * The name of a stream that is watched, or may be.
     *
     * @param argument in which it was given
     * @throws IllegalArgumentException if none can have it
     */
    String stream(String argument, String name) {
        boolean possible = incidents != null ? name.equals(model) : isPossible(name);
        if (!possible) {
            throw new IllegalArgumentException("'" + argument + "' names the stream '" + name + "'; expected "
                    + (incidents != null
                            ? "that of the model, '" + model + "'"
                            : "'" + model + "/' and "
                                    + (watching.perKey() ? "a key" : "a partition, since anomaly.scope is not key"))
                    + ", as alerts tell it");
        }
        return name;
    }

    private boolean isPossible(String name) {
        if (!name.startsWith(model + "/")) {
            return false;
        }
        return watching.perKey() || name.substring(model.length() + 1).matches("0|[1-9][0-9]{0,8}");
    }
}
