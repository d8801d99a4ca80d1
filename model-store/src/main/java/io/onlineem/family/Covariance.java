package io.onlineem.family;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The shape of the covariances of K Gaussians. */
public enum Covariance {
    /** Each component its own matrix; mclust's VVV. */
    FULL,
    /** One matrix for all components; mclust's EEE. */
    TIED,
    /** Each component its own variances, no correlation; mclust's VVI. */
    DIAGONAL,
    /** Each component one variance for all dimensions; mclust's VII. */
    SPHERICAL;

    /** The lower-case name that configurations use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type of that label.
     *
     * @throws IllegalArgumentException if there is none; names them all
     */
    public static Covariance of(String label) {
        return Arrays.stream(values())
                .filter(c -> c.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("covariance is '" + label + "'; expected one of "
                        + Arrays.stream(values()).map(Covariance::label).collect(Collectors.joining(", "))));
    }
}
