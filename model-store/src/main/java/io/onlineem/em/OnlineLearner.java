package io.onlineem.em;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Learns from records one by one, in order: each is scored with the published parameters, then put in the mini-batch; a full
 * mini-batch is learned from. This is the whole of online EM where one caller sees every record: the per-key topology, the
 * {@code score} command and a plain Java program all run exactly this class.
 *
 * <p>The records of a model with memory belong to sequences: the learner's own one, or any number that the caller keeps. They
 * are learned from in {@linkplain Blocks blocks}, which count once they are complete or their sequence has {@linkplain #end
 * ended}. In the warm-up there is nothing to smooth with, and each record counts at once; the sequences go on from it.
 *
 * <p>Deterministic: the same records and settings give the same states, bit for bit. Not thread-safe.
 *
 * @param <P> the parameters
 */
public final class OnlineLearner<P extends Parameters> {

    private final OnlineEm<P> engine;
    private final Statistics statistics;
    private final boolean sequential;
    private final Sequence own;

    /** The sequences of the warm-up. */
    private final Map<String, Sequence> warmingUp = new LinkedHashMap<>();

    private Consumer<? super Block> listener = block -> {};
    private boolean paused;
    private long skipped;
    private long firstVersion = 1;
    private MiniBatch batch;
    private ModelState<P> state;
    private EStep scoring;
    private EStep learning;

    /**
     * A learner that goes on from a state, or warms up.
     *
     * @param engine the driver
     * @param state where to go on from, or null to start from the first {@link Learning#warmUp()} records
     */
    public OnlineLearner(OnlineEm<P> engine, ModelState<P> state) {
        this.engine = engine;
        this.statistics = engine.newStatistics();
        this.sequential = engine.model().memoryLength() > 0;
        this.own = newSequence("");
        this.batch = new MiniBatch();
        if (state != null) {
            become(state);
        }
    }

    /** The state after the last mini-batch; null while warming up. */
    public ModelState<P> state() {
        return state;
    }

    /** The mini-batch under way, or the warm-up sample so far. */
    public MiniBatch batch() {
        return batch;
    }

    /** What records are scored with; null while warming up. */
    public EStep scoring() {
        return scoring;
    }

    /** A sequence for {@link #score(Sequence, Observations, int)}. */
    public Sequence newSequence(String name) {
        return new Sequence(name, engine.learning().blocks(), engine.model().memoryLength());
    }

    /**
     * Scores a record of the learner's own sequence without learning from it.
     *
     * @return its posterior, or null while warming up
     */
    public Posterior score(Observations records, int index) {
        return score(own, records, index);
    }

    /**
     * Scores the next record of a sequence without learning from it.
     *
     * @return its posterior, or null while warming up
     */
    public Posterior score(Sequence sequence, Observations records, int index) {
        return scoring == null ? null : sequence.score(scoring, records, index);
    }

    /**
     * Puts a record of the learner's own sequence in the mini-batch and learns if that is full.
     *
     * @param posterior what {@link #score} said of it; null while warming up
     * @return whether the state has changed
     */
    public boolean learn(Observations records, int index, Posterior posterior) {
        return learn(own, records, index, posterior, 0);
    }

    /**
     * Puts a record of a sequence in the mini-batch, as soon as its block is complete, and learns if that is full. What is put
     * there while learning is {@linkplain #pause paused} is left out.
     *
     * @param posterior what {@link #score} said of it; null while warming up
     * @param time of the record, in milliseconds since the epoch
     * @return whether the state has changed
     */
    public boolean learn(Sequence sequence, Observations records, int index, Posterior posterior, long time) {
        double logLikelihood = posterior == null ? Double.NaN : posterior.logLikelihood();
        if (!sequential) {
            if (paused) {
                skipped++;
            } else {
                batch.add(records, index, logLikelihood);
            }
        } else if (state == null) {
            if (sequence.isUnderWay()) {
                // the model that it was scored with has been taken away
                end(sequence);
            }
            Block unscored = sequence.unscored(records, index, time);
            if (!paused) {
                warmingUp.put(sequence.name(), sequence);
            }
            put(unscored);
        } else {
            sequence.add(records, index, logLikelihood, time);
            for (Block block = sequence.take(); block != null; block = sequence.take()) {
                add(block);
            }
        }
        return !paused && batch.size() >= capacity() && flush();
    }

    /**
     * Ends a sequence: what is left of it is put in the mini-batch, and its next record begins anew.
     *
     * @return whether the state has changed
     */
    public boolean end(Sequence sequence) {
        Block rest = sequence.end();
        if (rest != null) {
            add(rest);
        }
        return state != null && !paused && batch.size() >= capacity() && flush();
    }

    /** Ends the learner's own sequence, see {@link #end(Sequence)}. */
    public boolean end() {
        return end(own);
    }

    /** Sets who is told of every block whose records were scored, before it is learned from. */
    public void listen(Consumer<? super Block> newListener) {
        listener = newListener;
    }

    /** The posteriors of a block with the published parameters, see {@link EStep#smooth}; not while warming up. */
    public List<Posterior> smooth(Block block) {
        return scoring.smooth(block.records());
    }

    private void add(Block block) {
        listener.accept(block);
        put(block);
    }

    private void put(Block block) {
        if (paused) {
            skipped += block.counted();
        } else {
            batch.add(block);
        }
    }

    /** Whether learning stops, or goes on: records are still scored, and the mini-batch under way waits. */
    public void pause(boolean newPaused) {
        paused = newPaused;
    }

    /** How many records were not learned from, since this was last asked, because learning was paused. */
    public long takeSkipped() {
        long count = skipped;
        skipped = 0;
        return count;
    }

    /** Sets the version of the first state, if the learner warms up: 1 if nothing is said. */
    public void beginAt(long version) {
        firstVersion = version;
    }

    /** Records after which the mini-batch, or the warm-up, is full. */
    public int capacity() {
        return state == null ? engine.learning().warmUp() : engine.learning().miniBatch();
    }

    /**
     * Learns from the mini-batch although it is not full. A warm-up sample is kept until it is full.
     *
     * @return whether the state has changed
     */
    public boolean flush() {
        if (batch.size() == 0 || (state == null && batch.size() < capacity())) {
            return false;
        }
        if (state == null) {
            become(engine.start(batch.sample()).numbered(firstVersion));
            resume();
            // a warm-up is larger than what follows: its room is not kept
            batch = new MiniBatch();
        } else {
            statistics.clear();
            batch.accumulate(learning, statistics);
            become(engine.blend(state, statistics));
            batch.clear();
        }
        return true;
    }

    /** The sequences of the warm-up go on from its records. */
    private void resume() {
        batch.bySequence().forEach((name, seen) -> {
            Sequence sequence = warmingUp.get(name);
            if (sequence != null) {
                sequence.resume(scoring, seen);
            }
        });
        warmingUp.clear();
    }

    private void become(ModelState<P> next) {
        boolean samePublished = state != null && state.published() == next.published();
        boolean sameParameters = state != null && state.parameters() == next.parameters();
        state = next;
        if (!samePublished) {
            scoring = engine.model().eStep(next.published());
        }
        if (next.parameters() == next.published()) {
            learning = scoring;
        } else if (!sameParameters || learning == null) {
            learning = engine.model().eStep(next.parameters());
        }
    }
}
