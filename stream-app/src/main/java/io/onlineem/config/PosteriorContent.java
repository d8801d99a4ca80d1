package io.onlineem.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What is written to the posteriors topic for each record. */
public enum PosteriorContent {
    /** JSON with the posterior probability of every component. */
    FULL("full"),
    /** JSON with the most likely component and its probability only. */
    MOST_LIKELY("most-likely"),
    /** Everything, in a compact binary form. */
    BINARY("binary");

    private final String label;

    PosteriorContent(String label) {
        this.label = label;
    }

    /** The name that configurations use. */
    public String label() {
        return label;
    }

    /**
     * The content of that label.
     *
     * @throws IllegalArgumentException if there is none; names them all
     */
    public static PosteriorContent of(String label) {
        return Arrays.stream(values())
                .filter(content -> content.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("content is '" + label + "'; expected one of "
                        + Arrays.stream(values()).map(PosteriorContent::label).collect(Collectors.joining(", "))));
    }
}
