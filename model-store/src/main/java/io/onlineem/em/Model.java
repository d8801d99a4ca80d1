package io.onlineem.em;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A latent-variable model whose complete-data likelihood is a (curved) exponential family,
 *
 * <pre>  p(x, z; θ) = h(x, z) exp(⟨s(x, z), φ(θ)⟩ - ψ(θ)),</pre>
 *
 * so that EM needs only two maps: the E-step {@code θ ↦ E[s(x, z) | x; θ]} and the M-step {@code S ↦ θ(S)} (Cappé and
 * Moulines 2009, assumptions 1 and 2). A model is pure mathematics, immutable and thread-safe: the loops around it are
 * {@link BatchEm} and {@link OnlineEm}, and no model knows of Kafka, files or time.
 *
 * <p>Mixtures, hidden Markov models, linear-Gaussian state space models and topic models fit the same interface, because
 * {@link Observations} carries vectors, blocks of a sequence and documents alike, and because a record is scored with
 * the {@linkplain #memoryLength() memory} of its sequence, which is empty where records are independent.
 *
 * @param <P> the parameters
 */
public interface Model<P extends Parameters> {

    /** Numbers in one record, or 0 where records differ in length (documents). */
    int width();

    /** What each number of a record may be; empty where records differ in length. */
    List<Domain> domains();

    /** Whether a number of a record is given with it and not modelled: a covariate, a size. */
    default boolean isGiven(int position) {
        return false;
    }

    /** Whether values may be missing. */
    boolean acceptsMissing();

    /**
     * What is wrong with a record of the right width, or null. A record without a problem is scored and learned from
     * without an exception.
     */
    default Problem problem(Observations records, int index) {
        List<Domain> domains = domains();
        for (int j = 0; j < domains.size(); j++) {
            double value = records.value(index, j);
            boolean valid =
                    Double.isNaN(value) ? acceptsMissing() : domains.get(j).contains(value);
            if (!valid) {
                return new Problem(j, domains.get(j).expected());
            }
        }
        return null;
    }

    /**
     * Number of components, states or topics: the length of {@link Posterior#probabilities()}. 0 where the latent variable is
     * continuous.
     */
    int components();

    /** Length of {@link Statistics#sums()}. */
    int statisticsLength();

    /** How many numbers a sequence carries from one record to the next (a filter distribution); 0 without memory. */
    default int memoryLength() {
        return 0;
    }

    /** Number of free parameters, as in AIC and BIC. */
    int degreesOfFreedom();

    /** Number of free parameters of a fit: fewer where the data do not fill what there is room for. */
    default int degreesOfFreedom(P parameters) {
        return degreesOfFreedom();
    }

    /** Empty statistics of this model. */
    default Statistics newStatistics() {
        return new Statistics(statisticsLength());
    }

    /** Prepares an E-step with the given parameters: log weights, Cholesky factors, scratch space. */
    EStep eStep(P parameters);

    /**
     * The M-step: {@code argmax_θ ⟨S, φ(θ)⟩ - ψ(θ)}, plus the log prior for MAP.
     *
     * @param statistics mean statistics per observation, see {@link Statistics#mean()}; not kept, not changed
     * @param observations how many observations the mean stands for; a prior weighs against it
     * @param current the parameters so far: what a component keeps when the statistics say nothing about it
     * @return finite, valid parameters, whatever the statistics
     */
    P mStep(double[] statistics, double observations, P current);

    /**
     * How many observations a prior weighs against online: what the blended statistics are worth as a sample, unless a model
     * says otherwise.
     *
     * @param weight weight of all observations so far
     * @param memory 1 / γ, how many the step size remembers
     */
    default double effectiveObservations(double weight, double memory) {
        return Math.min(weight, memory);
    }

    /**
     * What was learned weighs so many observations when the stream has changed, or a component was moved: a few for each free
     * parameter, enough to stay put, and a mini-batch's worth at least.
     */
    default double leastMemory() {
        return Math.max(100, 5.0 * degreesOfFreedom());
    }

    /**
     * Makes room, before the M-step, for what the parameters have no place for: words that are not in the vocabulary yet. Most
     * models have a place for everything.
     *
     * @param current the parameters so far; where there is no place left for something in them, the statistics have room
     * @param statistics mean statistics into which a mini-batch was blended, one or more; changed in place where a place is
     *     given to something else
     * @param met what the E-step of the mini-batch kept {@linkplain Statistics#sample() beside its sums}; null for nothing
     * @param weight weight of the mini-batch
     * @param step Γ, how much the mini-batch weighs in the first of the statistics
     * @return the parameters from which the M-step goes on
     */
    default P makeRoom(P current, List<double[]> statistics, Observations met, double weight, double step) {
        return current;
    }

    /**
     * The mean statistics whose M-step gives these parameters: the inverse of {@link #mStep}, by which parameters given by
     * a user become a state to go on from. A new array.
     */
    double[] statistics(P parameters);

    /**
     * The log prior density of parameters that MAP adds to the log-likelihood, up to a constant; 0 for maximum
     * likelihood. EM never lowers the sum of both.
     */
    default double logPrior(P parameters) {
        return 0;
    }

    /**
     * Adds {@code factor} times the statistics of one component to those of another, in another or the same array: the
     * move of which restarts, splits and merges of components consist.
     *
     * @param source statistics of {@link #statisticsLength()}
     * @param k component of the source
     * @param target statistics of {@link #statisticsLength()}
     * @param l component of the target
     * @throws UnsupportedOperationException if statistics of this model do not come apart by component
     */
    default void addComponent(double[] source, int k, double factor, double[] target, int l) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no statistics of single components");
    }

    /**
     * One random start: parameters from which EM can climb, found from a sample.
     *
     * @param sample at least one record
     * @param random the only source of chance
     */
    P start(Observations sample, RandomGenerator random);

    /**
     * Log-likelihood of an observation that a stream's model may lack when it starts, because the stream does the rest; see
     * {@link BatchEm.Stopping#tolerance()}.
     */
    default double startTolerance() {
        return 1e-6;
    }

    /**
     * Whether a fit is degenerate: a component has collapsed towards a singularity of the likelihood, where it owes its
     * likelihood to a few observations that happen to lie close together. Restarts prefer any fit that has not.
     *
     * @param observations how many observations were fitted
     */
    boolean isDegenerate(P parameters, double observations);

    /**
     * Parameters from named fields: the inverse of {@link Parameters#fields()}, and the door for parameters given by a
     * user.
     *
     * @throws IllegalArgumentException if a field is missing, misshapen or invalid; says which, the value and what was
     *     expected
     */
    P read(Fields fields);
}
