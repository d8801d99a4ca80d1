package io.onlineem.em;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;

/**
 * One sequence as it arrives: what its filter carries on, and the records that wait until their block is complete. Each
 * record is {@linkplain #score scored} at once, then {@linkplain #add added}; complete blocks are {@linkplain #take taken}
 * out.
 *
 * <p>Bounded: at most {@link Blocks#length()} + {@link Blocks#lookAhead()} records, and the memory at the beginning of each
 * block among them. A block is smoothed from the memory that was carried when its first record was scored. Mutable; not
 * thread-safe.
 */
public final class Sequence {

    private final String name;
    private final Blocks blocks;
    private final double[] memory;

    /** The memory carried into each block among the pending records, and into the next one if that is known. */
    private final Deque<double[]> carried = new ArrayDeque<>();

    private Observations pending = new Observations(1, 1);
    private double[] logLikelihoods = {};
    private long[] times = {};
    private long newest = Long.MIN_VALUE;
    private boolean begins = true;

    /** Length of the blocks that {@link #carried} belongs to: that of {@link #blocks}, unless the setting has changed. */
    private int length;

    /** A sequence that has not begun. */
    public Sequence(String name, Blocks blocks, int memoryLength) {
        this.name = name;
        this.blocks = blocks;
        this.memory = new double[memoryLength];
        this.length = blocks.length();
        carried.add(memory.clone());
    }

    /**
     * A sequence under way.
     *
     * @param state where it has got to
     */
    public Sequence(String name, Blocks blocks, State state) {
        this.name = name;
        this.blocks = blocks;
        this.memory = state.memory().clone();
        this.length = state.length();
        this.begins = state.begins();
        this.newest = state.newest();
        state.carried().forEach(each -> carried.add(each.clone()));
        pending.addAll(state.pending());
        logLikelihoods = state.logLikelihoods().clone();
        times = state.times().clone();
    }

    /**
     * Where a sequence has got to: what is kept on disk. Arrays and records belong to the sequence.
     *
     * @param length records of a block
     * @param memory after the newest record
     * @param begins whether the next record is its first one
     * @param newest time of the newest record, in milliseconds since the epoch
     * @param carried the memory carried into each block among the pending records, at least into the first
     * @param pending records that wait until their block is complete
     * @param logLikelihoods what each of them was scored with; may be longer
     * @param times of each of them; may be longer
     */
    @SuppressWarnings("ArrayRecordComponent") // a view for codecs, never compared
    public record State(
            int length,
            double[] memory,
            boolean begins,
            long newest,
            Collection<double[]> carried,
            Observations pending,
            double[] logLikelihoods,
            long[] times) {}

    /** Where it has got to; a view. */
    public State state() {
        return new State(
                length,
                memory,
                begins,
                newest,
                Collections.unmodifiableCollection(carried),
                pending,
                logLikelihoods,
                times);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Time of the newest record; the earliest possible before the first one. */
    public long newest() {
        return newest;
    }

    /** Records that wait until their block is complete. */
    public int pending() {
        return pending.size();
    }

    /** Whether it carries anything of records that were scored: it then cannot go on without a model. */
    public boolean isUnderWay() {
        return pending.size() > 0 || Arrays.stream(memory).anyMatch(number -> number != 0);
    }

    /** Copies what is carried to the next record. */
    public void copyMemory(double[] into) {
        System.arraycopy(memory, 0, into, 0, memory.length);
    }

    /** Scores the next record, and carries the filter on. */
    public Posterior score(EStep scoring, Observations records, int index) {
        return scoring.score(records, index, memory);
    }

    /** Adds the record that was just scored. */
    public void add(Observations records, int index, double logLikelihood, long time) {
        append(records, index, logLikelihood, time);
        if (pending.size() % length == 0) {
            carried.add(memory.clone());
        }
    }

    /** A block of one record that there was no model to score with yet: nothing to wait for. */
    public Block unscored(Observations records, int index, long time) {
        append(records, index, Double.NaN, time);
        return block(1, 0);
    }

    private void append(Observations records, int index, double logLikelihood, long time) {
        int size = pending.size();
        if (begins) {
            pending.beginSequence();
            begins = false;
        }
        pending.add(records, index);
        if (size == times.length) {
            int room = Math.min(blocks.complete(), Math.max(4, 2 * size));
            logLikelihoods = Arrays.copyOf(logLikelihoods, Math.max(room, size + 1));
            times = Arrays.copyOf(times, logLikelihoods.length);
        }
        logLikelihoods[size] = logLikelihood;
        times[size] = time;
        newest = Math.max(newest, time);
    }

    /**
     * Takes the oldest block if it is complete with its look-ahead, otherwise null. After a change of the settings there may be
     * more than one.
     */
    public Block take() {
        if (length != blocks.length()) {
            // the setting has changed: what is pending was not made for it
            length = blocks.length();
            Block all = rest();
            carryOn();
            return all;
        }
        return pending.size() < blocks.complete() ? null : block(blocks.length(), blocks.lookAhead());
    }

    /** Ends the sequence: what is pending, without look-ahead, or null if that is nothing. The next record begins anew. */
    public Block end() {
        Block rest = rest();
        Arrays.fill(memory, 0);
        carryOn();
        newest = Long.MIN_VALUE;
        begins = true;
        return rest;
    }

    /** Goes on from its records that were seen before there was a model, unless it has ended. */
    void resume(EStep scoring, Observations seen) {
        if (begins) {
            return;
        }
        for (int i = 0; i < seen.size(); i++) {
            if (seen.startsSequence(i)) {
                Arrays.fill(memory, 0);
            }
            scoring.score(seen, i, memory);
        }
        carryOn();
    }

    private void carryOn() {
        carried.clear();
        carried.add(memory.clone());
    }

    /** All that is pending, without look-ahead, or null. */
    private Block rest() {
        return pending.size() == 0 ? null : block(pending.size(), 0);
    }

    private Block block(int counted, int lookAhead) {
        int left = pending.size() - counted;
        boolean all = lookAhead == left;
        Observations records = all ? pending : pending.slice(0, counted + lookAhead);
        Observations rest = new Observations(Math.min(pending.size(), blocks.complete()), pending.length(0));
        for (int i = counted; i < pending.size(); i++) {
            rest.add(pending, i);
        }
        pending = rest;
        records.setMemory(carried.element());
        records.setLookAhead(lookAhead);
        Block block = new Block(name, records, Arrays.copyOf(logLikelihoods, counted), Arrays.copyOf(times, counted));
        System.arraycopy(logLikelihoods, counted, logLikelihoods, 0, left);
        System.arraycopy(times, counted, times, 0, left);
        if (carried.size() > 1) {
            carried.remove();
        }
        return block;
    }
}
