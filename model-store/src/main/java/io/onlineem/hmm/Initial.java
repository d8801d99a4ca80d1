package io.onlineem.hmm;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a hidden Markov model assumes of the state in which a sequence begins. */
public enum Initial {
    /** A distribution of its own, learned from the beginnings of sequences. */
    FREE,
    /** The stationary distribution {@code δ = δ A} of the chain: sequences are cut from something that runs for ever. */
    STATIONARY,
    /** A given distribution that is not learned. */
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
    public static Initial of(String label) {
        return Arrays.stream(values())
                .filter(initial -> initial.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("initial is '" + label + "'; expected one of "
                        + Arrays.stream(values()).map(Initial::label).collect(Collectors.joining(", "))
                        + ", or the probability of each state, such as 0.5,0.5"));
    }
}
