package io.onlineem.statespace;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a state space model assumes of the state in which a sequence begins. */
public enum InitialState {
    /**
     * Nothing: a flat density over all states, treated exactly (Koopman 1997; Durbin and Koopman 2012, section 5). The first
     * records place the state.
     */
    DIFFUSE,
    /** The distribution in which a stable state ends up whatever it began with: mean 0, {@code P = A P A' + Q}. */
    STATIONARY,
    /** A Gaussian of its own, learned from the beginnings of sequences. */
    LEARNED,
    /** A given Gaussian that is not learned. */
    FIXED;

    /** The lower-case name that configurations use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The treatment of that label.
     *
     * @throws IllegalArgumentException if there is none; names them all
     */
    public static InitialState of(String label) {
        return Arrays.stream(values())
                .filter(initial -> initial.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("initial is '" + label + "'; expected one of "
                        + Arrays.stream(values()).map(InitialState::label).collect(Collectors.joining(", "))));
    }
}
