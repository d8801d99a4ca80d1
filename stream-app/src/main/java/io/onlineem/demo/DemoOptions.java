package io.onlineem.demo;

import io.onlineem.config.Scope;
import java.util.Optional;

/**
 * What is asked of the demo.
 *
 * @param components number of components, at least 1
 * @param scope how it learns
 * @param rate days a second that are replayed, or {@link #UNLIMITED}
 * @param seed seed of the random starts
 * @param start JSON of the parameters to start from; empty to start from the warm-up
 * @param keepRunning whether everything is left running at the end
 */
public record DemoOptions(
        int components, Scope scope, double rate, long seed, Optional<byte[]> start, boolean keepRunning) {

    /** As fast as possible. */
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    /** Checks the values. */
    public DemoOptions {
        if (components < 1) {
            throw new IllegalArgumentException("number of components is " + components + "; expected at least 1");
        }
        if (!(rate > 0)) {
            throw new IllegalArgumentException("rate is " + rate + "; expected a positive number of days a second");
        }
    }

    /** Whether the replay is held back. */
    boolean isPaced() {
        return rate < UNLIMITED;
    }
}
