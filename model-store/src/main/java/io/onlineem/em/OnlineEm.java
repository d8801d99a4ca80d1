package io.onlineem.em;

import java.util.List;
import java.util.SplittableRandom;

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
 * <p>With {@link Learning#componentCare()} on, a sample of recent records is kept, and now and then a component that explains
 * nothing, or the same as another, is moved to where the fit is worst. The step is raised after that too.
 *
 * <p>Pure functions of their arguments; thread-safe.
 *
 * @param <P> the parameters
 */
public final class OnlineEm<P extends Parameters> {

    /** Most iterations from a start: enough to choose among starts; the stream does the rest. */
    private static final int WARM_UP_ITERATIONS = 200;

    private final Model<P> model;
    private final Learning learning;

    /** Most records of a mini-batch that are kept for the care of components. */
    private static final int SAMPLE = 16;

    /**
     * A driver of the given model.
     *
     * @throws IllegalArgumentException if components are to be cared for, and the statistics of the model do not come apart
     *     by component
     */
    public OnlineEm(Model<P> model, Learning learning) {
        if (learning.componentCare() != null) {
            SplitMerge.requireComponents(model);
        }
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

    /** Empty statistics of a mini-batch, with room for all that {@link #blend} takes from it. */
    public Statistics newStatistics() {
        return new Statistics(model.statisticsLength(), learning.componentCare() == null ? 0 : SAMPLE);
    }

    /**
     * Starts from a warm-up sample: seeded random starts, a few iterations of batch EM each, the best one kept. The sample
     * is counted as observed.
     */
    public ModelState<P> start(Observations sample) {
        BatchEm.Stopping stopping = new BatchEm.Stopping(WARM_UP_ITERATIONS, model.startTolerance());
        BatchEm.Fit<P> fit = new BatchEm<>(model).fit(sample, learning.starts(), learning.seed(), stopping);
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
                startOfCare(),
                List.of());
    }

    /**
     * Starts from given parameters, which stand for {@link Learning#warmUp()} observations: so much they weigh against what
     * is learned. None is counted as observed.
     */
    public ModelState<P> startFrom(P parameters) {
        return startFrom(parameters, learning.warmUp());
    }

    /**
     * The same, but the parameters stand for so many observations.
     *
     * @param weight at least 1
     */
    public ModelState<P> startFrom(P parameters, double weight) {
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
                startOfCare(),
                List.of());
    }

    /**
     * Goes on from parameters that were learned from a stream: so many observations are counted, and the next step is what it
     * was. Nothing is remembered of how likely records were.
     *
     * @param parameters θ, with which the next E-step is made
     * @param published what is scored with; the same object as {@code parameters} without averaging
     * @param observations observations counted
     * @param stepSize γ of the newest observation; if it is not in (0, 1], that of the count of observations is taken
     */
    public ModelState<P> goOnFrom(P parameters, P published, long observations, double stepSize) {
        boolean known = stepSize > 0 && stepSize <= 1;
        double counted = observations;
        double clock = known ? learning.stepSize().countWithMemory(1 / stepSize) : counted;
        return new ModelState<>(
                1,
                observations,
                Math.max(counted, clock),
                clock,
                model.statistics(parameters),
                published == parameters ? null : model.statistics(published),
                parameters,
                published,
                known ? stepSize : learning.stepSize().at(Math.max(1, clock)),
                0,
                0,
                startOfWatch(),
                startOfCare(),
                List.of());
    }

    /**
     * Blends the statistics of a mini-batch into the state and maximises. Observations that weigh nothing are counted, no
     * more.
     *
     * @param batch statistics of at least one observation; not kept
     */
    public ModelState<P> blend(ModelState<P> state, Statistics batch) {
        long version = state.version() + 1;
        long observations = state.observations() + batch.observations();
        if (batch.weight() == 0) {
            return state.with(version, observations);
        }
        double weight = state.weight() + batch.weight();
        double begin = state.clock();
        double[] averagedBefore = state.averaged();
        List<ModelState.Event> events = state.events();
        PageHinkley watch = watch(state, batch);
        CareState care = care(state);
        if (watch != null && watch.fall() >= learning.drift().threshold()) {
            events = state.eventsWith(new ModelState.Event(
                    ModelState.Event.Type.DRIFT,
                    List.of(),
                    version,
                    observations,
                    watch.mean(),
                    watch.meanSinceFall()));
            watch = PageHinkley.START;
            care = care == null ? null : care.forgotten();
            begin = setBack(begin);
            averagedBefore = null;
        }
        StepSize steps = begin < state.weight() ? learning.stepSize().restarted() : learning.stepSize();
        double step = steps.composite(begin, batch.weight());
        double[] blended = mix(state.statistics(), batch.mean(), step);
        double clock = begin + batch.weight();
        double newestStep = steps.at(clock);
        double effective = model.effectiveObservations(weight, 1 / newestStep);

        P parameters = state.parameters();
        double[] averaged = null;
        P published = parameters;
        boolean maximise = observations >= learning.firstMStep();
        if (maximise) {
            if (clock > learning.averageAfter()) {
                double share = Math.min(1, batch.weight() / (clock - learning.averageAfter()));
                averaged = averagedBefore == null ? blended.clone() : mix(averagedBefore, blended, share);
            }
            List<double[]> statistics = averaged == null ? List.of(blended) : List.of(blended, averaged);
            P room = model.makeRoom(parameters, statistics, batch.sample(), batch.weight(), step);
            parameters = model.mStep(blended, effective, room);
            published = averaged == null
                    ? parameters
                    : model.mStep(averaged, model.effectiveObservations(weight, clock), publishedIn(state, room));
        }
        ModelState<P> learned = new ModelState<>(
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
                care == null ? null : care.with(batch.sample()),
                events);
        return maximise && isCareDue(learned) ? careFor(learned, effective) : learned;
    }

    /** What was published so far, unless room was made, which it lacks. */
    private P publishedIn(ModelState<P> state, P room) {
        return room == state.parameters() ? state.published() : room;
    }

    private PageHinkley watch(ModelState<P> state, Statistics batch) {
        if (learning.drift() == null) {
            return null;
        }
        return (state.watch() == null ? PageHinkley.START : state.watch()).after(batch, learning.drift());
    }

    private CareState care(ModelState<P> state) {
        return state.care() == null || learning.componentCare() == null ? startOfCare() : state.care();
    }

    private boolean isCareDue(ModelState<P> state) {
        return state.care() != null && state.care().isDue(state.observations(), learning.componentCare());
    }

    /** Moves a component if that is worth it now and was at the last check. */
    private ModelState<P> careFor(ModelState<P> state, double effective) {
        CareState care = state.care();
        SplittableRandom random = new SplittableRandom(learning.seed() + state.version());
        SplitMerge<P> search =
                new SplitMerge<>(model, state.statistics(), state.parameters(), care.recent(), effective, random);
        SplitMerge.Move<P> move =
                search.propose(learning.componentCare().margin()).orElse(null);
        if (move == null) {
            return state.with(care.checked(state.observations(), CareState.NONE));
        }
        boolean again = care.candidate() == move.freed()
                || (care.candidate() != CareState.NONE && care.candidate() == move.merged());
        if (!again) {
            return state.with(care.checked(state.observations(), move.freed()));
        }
        boolean dead = move.merged() == CareState.NONE;
        ModelState.Event event = new ModelState.Event(
                dead ? ModelState.Event.Type.RESTART : ModelState.Event.Type.MERGE_AND_SPLIT,
                dead ? List.of(move.freed(), move.split()) : List.of(move.merged(), move.freed(), move.split()),
                state.version(),
                state.observations(),
                move.before(),
                move.after());
        double clock = setBack(state.clock());
        StepSize steps = clock < state.weight() ? learning.stepSize().restarted() : learning.stepSize();
        return new ModelState<>(
                state.version(),
                state.observations(),
                state.weight(),
                clock,
                move.statistics(),
                null,
                move.parameters(),
                move.parameters(),
                steps.at(clock),
                state.scoredWeight(),
                state.scoredLogLikelihood(),
                startOfWatch(),
                care.moved(state.observations()),
                state.eventsWith(event));
    }

    private PageHinkley startOfWatch() {
        return learning.drift() == null ? null : PageHinkley.START;
    }

    private CareState startOfCare() {
        return learning.componentCare() == null ? null : CareState.start();
    }

    /** The count at which what was learned weighs no more than the model needs, if that is earlier. */
    private double setBack(double clock) {
        return Math.min(clock, learning.stepSize().countWithMemory(model.leastMemory()));
    }

    private static double[] mix(double[] old, double[] mean, double step) {
        double[] mixed = new double[old.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (1 - step) * old[i] + step * mean[i];
        }
        return mixed;
    }
}
