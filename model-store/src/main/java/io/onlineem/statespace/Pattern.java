package io.onlineem.statespace;

import java.util.Arrays;

/**
 * What of a record is observed, and what follows from that alone: the observed numbers turned so that their noise is
 * independent, and the missing ones given the observed. Immutable but for what it is asked to fill.
 */
final class Pattern {

    /** Positions that are observed, ascending. */
    final int[] observed;

    /** Positions that are missing, ascending. */
    final int[] missing;

    /** {@code L⁻¹ C_o} with {@code R_oo = L D L'}, by rows. */
    final double[] rows;

    /** {@code R_mo R_oo⁻¹}, by rows: how missing noise follows observed noise. */
    final double[] regression;

    /** {@code R_mm - R_mo R_oo⁻¹ R_om}, by rows. */
    final double[] remaining;

    private final boolean[] present;
    private final Ldl noise;

    /**
     * The pattern of some positions.
     *
     * @param present which are observed
     * @param c C, by rows
     * @param r R, by rows
     * @param n states
     */
    Pattern(boolean[] present, double[] c, double[] r, int n) {
        int d = present.length;
        this.present = present.clone();
        observed = positions(true);
        missing = positions(false);
        int seen = observed.length;
        int unseen = missing.length;
        rows = new double[seen * n];
        for (int i = 0; i < seen; i++) {
            System.arraycopy(c, observed[i] * n, rows, i * n, n);
        }
        noise = new Ldl(part(r, d, observed, observed), seen);
        noise.solve(rows, n);
        double[] across = part(r, d, observed, missing);
        double[] solved = across.clone();
        noise.solveAll(solved, unseen);
        regression = new double[unseen * seen];
        remaining = part(r, d, missing, missing);
        for (int i = 0; i < unseen; i++) {
            for (int j = 0; j < seen; j++) {
                regression[i * seen + j] = solved[j * unseen + i];
            }
        }
        for (int i = 0; i < unseen; i++) {
            for (int k = 0; k < unseen; k++) {
                for (int j = 0; j < seen; j++) {
                    remaining[i * unseen + k] -= regression[i * seen + j] * across[j * unseen + k];
                }
            }
        }
    }

    private int[] positions(boolean wanted) {
        int[] found = new int[present.length];
        int count = 0;
        for (int i = 0; i < present.length; i++) {
            if (present[i] == wanted) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static double[] part(double[] matrix, int d, int[] rows, int[] columns) {
        double[] part = new double[rows.length * columns.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                part[i * columns.length + j] = matrix[rows[i] * d + columns[j]];
            }
        }
        return part;
    }

    /** Whether it is that of a record. */
    boolean fits(double[] values, int from) {
        for (int i = 0; i < present.length; i++) {
            if (Double.isNaN(values[from + i]) == present[i]) {
                return false;
            }
        }
        return true;
    }

    /** Variance of the noise of turned number i. */
    double variance(int i) {
        return noise.pivot(i);
    }

    /** The observed numbers, less an offset, turned. */
    void turn(double[] values, int from, double[] offset, double[] into) {
        for (int i = 0; i < observed.length; i++) {
            into[i] = values[from + observed[i]] - offset[observed[i]];
        }
        noise.solve(into, 1);
    }
}
