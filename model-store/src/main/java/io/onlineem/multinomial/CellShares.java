package io.onlineem.multinomial;

import java.util.Arrays;
import java.util.List;

/**
 * Probabilities of observed cells, and the share of each latent cell in its observed cell: {@code log P_c = m + log Σ_j
 * exp(log a_j + Σ_l e_jl log π_l - m)}, m the largest term.
 */
final class CellShares {

    private final int[] counts;
    private final double[] logCells;
    private final double[] shares;
    private final double[] latent;

    CellShares(CellTable table, double[] probabilities) {
        counts = table.latentCounts();
        logCells = new double[counts.length];
        double[] logs = CellTable.logs(probabilities);
        List<Polynomial.Term> terms = table.latentCells();
        shares = terms.stream().mapToDouble(term -> term.log(logs)).toArray();
        latent = Arrays.stream(shares).map(Math::exp).toArray();
        int from = 0;
        for (int c = 0; c < counts.length; c++) {
            int to = from + counts[c];
            double max = Double.NEGATIVE_INFINITY;
            for (int j = from; j < to; j++) {
                max = Math.max(max, shares[j]);
            }
            double sum = 0;
            for (int j = from; j < to; j++) {
                shares[j] = Math.exp(shares[j] - max);
                sum += shares[j];
            }
            for (int j = from; j < to; j++) {
                shares[j] /= sum;
            }
            logCells[c] = max + Math.log(sum);
            from = to;
        }
        for (int j = 0; j < latent.length; j++) {
            latent[j] /= table.samples();
        }
    }

    /** {@code log P_c} of the observed cells. */
    double[] logCells() {
        return logCells;
    }

    /** {@code P_c} of the observed cells. */
    double[] probabilities() {
        return Arrays.stream(logCells).map(Math::exp).toArray();
    }

    /** Probabilities of the latent cells before anything is observed, every sample as likely as another; they sum to one. */
    double[] latent() {
        return latent;
    }

    /** Splits observed counts among latent cells: {@code into_j += n_c shares_j}, {@code j} in {@code c}. */
    void split(double[] observed, double[] into) {
        int j = 0;
        for (int c = 0; c < counts.length; c++) {
            for (int last = j + counts[c]; j < last; j++) {
                into[j] += observed[c] * shares[j];
            }
        }
    }
}
