package io.onlineem.hmm;

import java.util.Arrays;

/**
 * Which transitions a chain may make: the structure of its transition matrix, whose other entries are zero. Immutable.
 *
 * <p>As a text: {@code full}; {@code left-to-right}, where a state stays or moves on to any later one (Rabiner 1989, section
 * IV B); or K rows of K digits, 1 for allowed and 0 for not, as in {@code 110;011;101}.
 */
public final class Transitions {

    private static final String FULL = "full";
    private static final String LEFT_TO_RIGHT = "left-to-right";

    private final boolean[][] allowed;

    /**
     * A structure.
     *
     * @param allowed K × K: whether a chain may go from the state of the row to that of the column
     * @throws IllegalArgumentException if it is not square, or if a state has nowhere to go
     */
    public Transitions(boolean[][] allowed) {
        int states = allowed.length;
        this.allowed = new boolean[states][];
        for (int i = 0; i < states; i++) {
            if (allowed[i].length != states) {
                throw new IllegalArgumentException("row " + (i + 1) + " of the transitions has " + allowed[i].length
                        + " entries; expected " + states + ", the number of states");
            }
            this.allowed[i] = allowed[i].clone();
            if (count(i) == 0) {
                throw new IllegalArgumentException("no transition is allowed from state " + (i + 1)
                        + "; expected at least one, such as to itself");
            }
        }
    }

    /** All transitions between so many states. */
    public static Transitions full(int states) {
        boolean[][] allowed = new boolean[states][states];
        for (boolean[] row : allowed) {
            Arrays.fill(row, true);
        }
        return new Transitions(allowed);
    }

    /** Every state may stay, or move on to a later one. */
    public static Transitions leftToRight(int states) {
        boolean[][] allowed = new boolean[states][states];
        for (int i = 0; i < states; i++) {
            Arrays.fill(allowed[i], i, states, true);
        }
        return new Transitions(allowed);
    }

    /**
     * A structure from its text.
     *
     * @throws IllegalArgumentException if the text is none; says what was expected
     */
    public static Transitions parse(String text, int states) {
        return switch (text) {
            case FULL -> full(states);
            case LEFT_TO_RIGHT -> leftToRight(states);
            default -> parseRows(text, states);
        };
    }

    private static Transitions parseRows(String text, int states) {
        String[] rows = text.split(";", -1);
        boolean[][] allowed = new boolean[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            String row = rows[i].replace(" ", "");
            if (rows.length != states || !row.matches("[01]{" + states + "}")) {
                throw new IllegalArgumentException("transitions are '" + text + "'; expected full, left-to-right or "
                        + states + " rows of " + states + " digits, 1 for allowed and 0 for not, such as 110;011;101");
            }
            allowed[i] = new boolean[states];
            for (int j = 0; j < states; j++) {
                allowed[i][j] = row.charAt(j) == '1';
            }
        }
        return new Transitions(allowed);
    }

    /** K. */
    public int states() {
        return allowed.length;
    }

    /** Whether a chain may go from state i to state j. */
    public boolean allows(int i, int j) {
        return allowed[i][j];
    }

    /** How many states may follow state i. */
    int count(int i) {
        int count = 0;
        for (boolean entry : allowed[i]) {
            count += entry ? 1 : 0;
        }
        return count;
    }

    /** Whether no state is ever come back to: the states have an order. */
    boolean isOrdered() {
        for (int i = 0; i < allowed.length; i++) {
            for (int j = 0; j < i; j++) {
                if (allowed[i][j]) {
                    return false;
                }
            }
        }
        return allowed.length > 1;
    }

    /** Whether every state can be reached from every other. */
    boolean isIrreducible() {
        return reached(false) == allowed.length && reached(true) == allowed.length;
    }

    /** How many states are reached from the first one, or reach it. */
    private int reached(boolean backward) {
        int states = allowed.length;
        boolean[] seen = new boolean[states];
        int[] stack = new int[states];
        int depth = 0;
        int count = 0;
        seen[0] = true;
        stack[depth++] = 0;
        while (depth > 0) {
            int i = stack[--depth];
            count++;
            for (int j = 0; j < states; j++) {
                if (!seen[j] && (backward ? allowed[j][i] : allowed[i][j])) {
                    seen[j] = true;
                    stack[depth++] = j;
                }
            }
        }
        return count;
    }
}
