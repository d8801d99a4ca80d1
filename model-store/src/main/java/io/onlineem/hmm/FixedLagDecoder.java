package io.onlineem.hmm;

import io.onlineem.em.Observations;
import io.onlineem.family.Emissions;

/**
 * The most likely path of a sequence that never ends: after every record it tells in which state the best path to that record
 * was {@code lag} records earlier. Keeps {@code lag + 1} steps. Not thread-safe.
 */
public final class FixedLagDecoder {

    private final Emissions emissions;
    private final int width;
    private final int states;
    private final ViterbiStep step;
    private final int lag;

    /** The best state before each state, for the newest records: a ring. */
    private final int[] from;

    private final double[] logDensities;
    private long records;

    FixedLagDecoder(Emissions emissions, int width, int states, ViterbiStep step, int lag) {
        if (lag < 0) {
            throw new IllegalArgumentException("lag is " + lag + "; expected a number of records of at least 0");
        }
        this.emissions = emissions;
        this.width = width;
        this.states = states;
        this.step = step;
        this.lag = lag;
        this.from = new int[Math.multiplyExact(lag + 1, states)];
        this.logDensities = new double[states];
    }

    /**
     * Adds a record.
     *
     * @return the state of the record {@code lag} records earlier; -1 if the sequence is not that long yet
     */
    public int add(Observations observations, int index) {
        observations.requireLength(index, width);
        emissions.logDensities(observations.values(), observations.offset(index), logDensities);
        step.advance(logDensities, from, slot(records));
        records++;
        return records <= lag ? -1 : path(lag + 1)[0];
    }

    /** Ends the sequence: the states of the records that are still owed, oldest first. The next record begins another one. */
    public int[] end() {
        int[] rest = path((int) Math.min(lag, records));
        records = 0;
        step.begin(new double[0]);
        return rest;
    }

    /** The last so many states of the best path. */
    private int[] path(int length) {
        int[] path = new int[length];
        for (int i = length - 1; i >= 0; i--) {
            long record = records - length + i;
            path[i] = i == length - 1 ? step.best() : from[slot(record + 1) + path[i + 1]];
        }
        return path;
    }

    private int slot(long record) {
        return (int) (record % (lag + 1)) * states;
    }
}
