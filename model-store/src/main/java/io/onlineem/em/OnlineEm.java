package io.onlineem.em;

import java.util.List;

/**
 * The online driver: stochastic EM on mini-batches (Cappé and Moulines 2009, equation 12),
 *
 * <pre>
 *   s̄ = mean of E[s(x, z) | x; θ] over the mini-batch      (EStep)
 *   S ← (1 - Γ) S + Γ s̄                                     Γ the composite step, see StepSize
 *   θ ← M(S)                                               (Model#mStep)
 * </pre>
 *
 * <p>With averaging on, the published parameters are {@code M(S̄)}, where S̄ is the running mean of S over the
 * observations after {@link Learning#averageAfter()} (Polyak and Juditsky 1992). Averaging S instead of θ keeps every
 * constraint that the M-step keeps, for every model, and is equivalent to first order.
 *
 * <p>With {@link Learning#drift()} on, every mini-batch's prequential log-likelihood is watched. When it falls, the count
 * n that the step size goes by is set back, to where what was learned weighs no more than a few observations for each free
 * parameter: the next mini-batches replace it, and the step decays again. Averaging begins anew.
 *
 * <p>Pure functions of their arguments; thread-safe.
 *
 * @param <P> the parameters
 */
public final class OnlineEm<P extends Parameters> {

    /** Enough to choose among starts; the stream does the rest. */
    private static final BatchEm.Stopping WARM_UP_STOPPING = new BatchEm.Stopping(200, 1e-6);

    /** What was learned before a drift weighs so many observations for each free parameter: enough to stay put. */
    private static final double MEMORY_PER_PARAMETER = 5;

    /** The same in all, at least: small models wait for a mini-batch's worth of records too. */
    private static final double LEAST_MEMORY = 100;

    private final Model<P> model;
    private final Learning learning;

    /** A driver of the given model. */
    public OnlineEm(Model<P> model, Learning learning) {
        this.model = model;
        this.learning = learning;
    }

    /** The model. */
    public Model<P> model() {
        return model;
    }

    /** How it learns. */
    public Learning learning() {
        return learning;
    }

    /**
     * Starts from a warm-up sample: seeded random starts, a few iterations of batch EM each, the best one kept. The sample
     * is counted as observed.
     */
    public ModelState<P> start(Observations sample) {
        BatchEm.Fit<P> fit = new BatchEm<>(model).fit(sample, learning.starts(), learning.seed(), WARM_UP_STOPPING);
        Statistics statistics = model.newStatistics();
        model.eStep(fit.parameters()).accumulate(sample, statistics);
        return new ModelState<>(
                1,
                statistics.observations(),
                statistics.weight(),
                statistics.weight(),
                statistics.mean(),
                null,
                fit.parameters(),
                fit.parameters(),
                learning.stepSize().at(statistics.weight()),
                0,
                0,
                startOfWatch(),
                List.of());
    }

    /**
     * Starts from given parameters, which stand for {@link Learning#warmUp()} observations: so much they weigh against what
     * is learned. None is counted as observed.
     */
    public ModelState<P> startFrom(P parameters) {
        double weight = learning.warmUp();
        return new ModelState<>(
                1,
                0,
                weight,
                weight,
                model.statistics(parameters),
                null,
                parameters,
                parameters,
                learning.stepSize().at(weight),
                0,
                0,
                startOfWatch(),
                List.of());
    }

    /**
     * Blends the statistics of a mini-batch into the state and maximises.
     *
     * @param batch statistics of at least one observation; not kept
     */
    public ModelState<P> blend(ModelState<P> state, Statistics batch) {
        long version = state.version() + 1;
        long observations = state.observations() + batch.observations();
        double weight = state.weight() + batch.weight();
        double begin = state.clock();
        double[] averagedBefore = state.averaged();
        List<ModelState.Event> events = state.events();
        PageHinkley watch = null;
        if (learning.drift() != null) {
            watch = (state.watch() == null ? PageHinkley.START : state.watch()).after(batch, learning.drift());
            if (watch.fall() >= learning.drift().threshold()) {
                events = state.eventsWith(new ModelState.Event(
                        ModelState.Event.Type.DRIFT, version, observations, watch.mean(), watch.meanSinceFall()));
                watch = PageHinkley.START;
                begin = Math.min(begin, learning.stepSize().countWithMemory(memoryAfterDrift()));
                averagedBefore = null;
            }
        }
        StepSize steps = begin < state.weight() ? learning.stepSize().restarted() : learning.stepSize();
        double[] blended = mix(state.statistics(), batch.mean(), steps.composite(begin, batch.weight()));
        double clock = begin + batch.weight();
        double newestStep = steps.at(clock);
        // what the blended statistics are worth as a sample: the memory of the step size
        double effective = Math.min(weight, 1 / newestStep);

        boolean maximise = observations >= learning.firstMStep();
        P parameters = maximise ? model.mStep(blended, effective, state.parameters()) : state.parameters();
        double[] averaged = null;
        P published = parameters;
        if (maximise && clock > learning.averageAfter()) {
            double share = Math.min(1, batch.weight() / (clock - learning.averageAfter()));
            averaged = averagedBefore == null ? blended : mix(averagedBefore, blended, share);
            published = model.mStep(averaged, clock, state.published());
        }
        return new ModelState<>(
                version,
                observations,
                weight,
                clock,
                blended,
                averaged,
                parameters,
                published,
                newestStep,
                state.scoredWeight() + batch.scoredWeight(),
                state.scoredLogLikelihood() + batch.scoredLogLikelihood(),
                watch,
                events);
    }

    private PageHinkley startOfWatch() {
        return learning.drift() == null ? null : PageHinkley.START;
    }

    private double memoryAfterDrift() {
        return Math.max(LEAST_MEMORY, MEMORY_PER_PARAMETER * model.degreesOfFreedom());
    }

    private static double[] mix(double[] old, double[] mean, double step) {
        double[] mixed = new double[old.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (1 - step) * old[i] + step * mean[i];
        }
        return mixed;
    }
}
