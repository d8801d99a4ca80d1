package io.onlineem.metrics;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The mean of the values of late: a value that came t ago weighs 2^(-t / half-life).
 *
 * <p>Values are summed up until somebody looks, and are then taken to have come at that moment: adding one reads no clock,
 * and looking less often than once per half-life gives the mean since the last look. Thread-safe; adders seldom meet,
 * because each thread has a cell by its id.
 */
final class RecentMean {

    /** Weight below which there is nothing recent: a single value after twenty half-lives. */
    private static final double NOTHING = 1e-6;

    /** A cache line and its neighbour, which processors prefetch. */
    private static final int CELL_LENGTH = 128 / Double.BYTES;

    private static final int SUM = 0;
    private static final int COUNT = 1;

    private final double halfLife;
    private final LongSupplier nanoTime;
    private final double[][] cells;

    private double sum;
    private double weight;
    private long looked;
    private double total;
    private double count;

    RecentMean(Duration halfLife, LongSupplier nanoTime) {
        this.halfLife = halfLife.toNanos();
        this.nanoTime = nanoTime;
        int processors = Runtime.getRuntime().availableProcessors();
        this.cells = new double[Integer.highestOneBit(4 * processors)][CELL_LENGTH];
        this.looked = nanoTime.getAsLong();
    }

    /** Adds a value; one that is not finite is left out, for it would be all that the mean ever shows. */
    void add(double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        double[] cell = cells[(int) Thread.currentThread().getId() & (cells.length - 1)];
        synchronized (cell) {
            cell[SUM] += value;
            cell[COUNT]++;
        }
    }

    /** What was added so far, not weighted: the sum and how many. */
    synchronized Total total() {
        collect();
        return new Total(total, (long) count);
    }

    record Total(double sum, long count) {}

    /** The mean; {@code NaN} if there was no value of late. */
    synchronized double mean() {
        collect();
        return weight < NOTHING ? Double.NaN : sum / weight;
    }

    private void collect() {
        long now = nanoTime.getAsLong();
        double kept = Math.pow(2, (looked - now) / halfLife);
        looked = now;
        sum *= kept;
        weight *= kept;
        for (double[] cell : cells) {
            synchronized (cell) {
                sum += cell[SUM];
                weight += cell[COUNT];
                total += cell[SUM];
                count += cell[COUNT];
                cell[SUM] = 0;
                cell[COUNT] = 0;
            }
        }
    }
}
