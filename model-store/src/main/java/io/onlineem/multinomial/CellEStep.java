package io.onlineem.multinomial;

import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import java.util.Arrays;

/** Observed counts split in proportion to the probabilities of the latent cells, which are prepared once. */
final class CellEStep implements EStep {

    /** Larger counts would overflow when they are summed. */
    static final double LARGEST_COUNT = 1e100;

    private final CellTable table;
    private final CellShares shares;
    private final boolean counted;
    private final int width;
    private final double[] logCells;
    private final double[] observed;

    CellEStep(CellTable table, CellShares shares, boolean counted) {
        this.table = table;
        this.shares = shares;
        this.counted = counted;
        this.logCells = shares.logCells();
        this.width = counted ? logCells.length : 1;
        this.observed = new double[logCells.length];
    }

    @Override
    public Posterior score(Observations records, int index, double[] memory) {
        records.requireLength(index, width);
        Arrays.fill(observed, 0);
        double logLikelihood = addTo(observed, records, index, 1);
        double total = 0;
        for (double count : observed) {
            total += count;
        }
        if (total == 0) {
            return new Posterior(shares.latent().clone(), 0);
        }
        for (int c = 0; c < observed.length; c++) {
            observed[c] /= total;
        }
        double[] probabilities = new double[shares.latent().length];
        shares.split(observed, probabilities);
        return new Posterior(probabilities, logLikelihood);
    }

    @Override
    public double accumulate(Observations records, Statistics into) {
        records.requireWidth(width);
        Arrays.fill(observed, 0);
        double logLikelihood = 0;
        for (int i = 0; i < records.size(); i++) {
            double weight = records.weight(i);
            logLikelihood += weight * addTo(observed, records, i, weight);
        }
        shares.split(observed, into.sums());
        into.count(records.size(), records.totalWeight());
        return logLikelihood;
    }

    /** Adds what a record observed, and returns its log-likelihood. */
    private double addTo(double[] counts, Observations records, int index, double weight) {
        double[] values = records.values();
        int offset = records.offset(index);
        if (!counted) {
            int cell = table.cellOf(values[offset]);
            if (cell < 0) {
                throw new IllegalArgumentException("record " + index + " is of no cell"
                        + (Double.isFinite(values[offset]) ? "" : ": it is not finite")
                        + "; expected the code of one of " + table.cells());
            }
            counts[cell] += weight;
            return logCells[cell];
        }
        double logLikelihood = 0;
        for (int c = 0; c < counts.length; c++) {
            double count = values[offset + c];
            if (!(count >= 0 && count <= LARGEST_COUNT)) {
                throw new IllegalArgumentException("record " + index + " counts " + count + " in cell "
                        + table.cells().get(c) + (Double.isFinite(count) ? "" : ", which is not finite")
                        + "; expected a count from 0 to " + LARGEST_COUNT);
            }
            counts[c] += weight * count;
            logLikelihood += count * logCells[c];
        }
        return logLikelihood;
    }
}
