package io.onlineem.em;

/**
 * Learns from records one by one, in order: each is scored with the published parameters, then put in the mini-batch;
 * a full mini-batch is learned from. This is the whole of online EM where one caller sees every record: the per-key
 * topology, the {@code score} command and a plain Java program all run exactly this class.
 *
 * <p>Deterministic: the same records and settings give the same states, bit for bit. Not thread-safe.
 *
 * @param <P> the parameters
 */
public final class OnlineLearner<P extends Parameters> {

    private final OnlineEm<P> engine;
    private final Statistics statistics;
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

    /**
     * Scores a record without learning from it.
     *
     * @return its posterior, or null while warming up
     */
    public Posterior score(Observations records, int index) {
        return scoring == null ? null : scoring.score(records, index, MiniBatch.NO_MEMORY);
    }

    /**
     * Puts a record in the mini-batch and learns if that is full.
     *
     * @param posterior what {@link #score} said of it; null while warming up
     * @return whether the state has changed
     */
    public boolean learn(Observations records, int index, Posterior posterior) {
        batch.add(records, index, posterior == null ? Double.NaN : posterior.logLikelihood());
        return batch.size() >= capacity() && flush();
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
            become(engine.start(batch.records()));
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
