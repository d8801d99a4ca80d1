package io.onlineem.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Who shares a model. */
public enum Scope {
    /** One model, learned by all partitions in parallel. */
    SHARED("shared"),
    /** One model for each record key. */
    PER_KEY("per-key");

    private final String label;

    Scope(String label) {
        this.label = label;
    }

    /** The name that configurations use. */
    public String label() {
        return label;
    }

    /**
     * The scope of that label.
     *
     * @throws IllegalArgumentException if there is none; names them all
     */
    public static Scope of(String label) {
        return Arrays.stream(values())
                .filter(scope -> scope.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scope is '" + label + "'; expected one of "
                        + Arrays.stream(values()).map(Scope::label).collect(Collectors.joining(", "))));
    }
}
