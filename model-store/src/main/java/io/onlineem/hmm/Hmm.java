package io.onlineem.hmm;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Probabilities;
import io.onlineem.em.Problem;
import io.onlineem.em.Statistics;
import io.onlineem.family.Emissions;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.SoftClusters;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A hidden Markov model: a chain of K states {@code p(z_1 = i) = π_i}, {@code p(z_t = j | z_t-1 = i) = a_ij}, whose records
 * are draws {@code f(y_t; θ_k)} from any {@linkplain Family family} (Rabiner 1989; Cappé, Moulines and Rydén 2005).
 *
 * <p>The memory of a sequence is its filter distribution {@code p(z_t | y_1..t)}, K numbers; all zeros where it begins. A
 * record is scored with {@code p(z_t | y_1..t)} and {@code log p(y_t | y_1..t-1)}; the posterior's output {@value #NEXT} is
 * {@code p(z_t+1 | y_1..t)}. A block is smoothed by forward-backward from the memory that it carries; its look-ahead records
 * inform the smoothing and are not counted. The output {@value #PATH} of a smoothed posterior is the state, from 0, on the
 * most likely path through the block and its look-ahead (Viterbi 1967). A record of which every value is missing is a step of
 * the chain.
 *
 * <p>Statistics: expected states at the beginnings of sequences (K), expected transitions (K × K, by rows), then those of the
 * family. A weight weighs what a record adds to them; sequences whose weights are constant are sequences that many times.
 *
 * <p>No probability that is learned falls below {@value #SMALLEST_PROBABILITY}, unless its transition is {@linkplain
 * Transitions not allowed}: a state that explains nothing stays alive, and takes part again when data come its way.
 *
 * @param <P> parameters of the family
 */
public final class Hmm<P extends FamilyParameters> implements Model<HmmParameters<P>> {

    /** The field that holds the distribution of the first state. */
    static final String INITIAL = "initial";

    /** The field that holds the transition matrix. */
    static final String TRANSITION = "transition";

    /** The posterior's output that holds the predicted distribution of the next state. */
    static final String NEXT = "next";

    /** The smoothed posterior's output that holds the state on the most likely path, counted from 0. */
    static final String PATH = "path";

    private static final double SMALLEST_PROBABILITY = 1e-10;

    /** Counts below which nothing has been seen. */
    private static final double NOTHING = 1e-200;

    /** Records among which a start is sought: enough to see every state, few enough to be quick. */
    private static final int START_SAMPLE = 20_000;

    /** Beginnings of sequences, for each record, for which given parameters stand. */
    private static final double GIVEN_BEGINNINGS = 1e-3;

    private final Family<P> family;
    private final Transitions transitions;
    private final Initial initial;

    /** The fixed distribution of the first state; null if it is that of the start. */
    private final double[] fixed;

    /** Imagined transitions, K × K. */
    private final double[][] prior;

    private final boolean hasPrior;
    private final int states;
    private final List<Domain> domains;

    private Hmm(Family<P> family, Transitions transitions, Initial initial, double[] fixed, double[][] prior) {
        this.family = family;
        this.transitions = transitions;
        this.initial = initial;
        this.fixed = fixed;
        this.prior = prior;
        this.hasPrior = Arrays.stream(prior).flatMapToDouble(Arrays::stream).anyMatch(count -> count > 0);
        this.states = transitions.states();
        this.domains = family.domains();
        if (initial == Initial.STATIONARY && !transitions.isIrreducible()) {
            throw new IllegalArgumentException(
                    "the initial distribution is stationary, but the transitions do not lead from"
                            + " every state to every other; expected a free or fixed one");
        }
        if (fixed != null && fixed.length != states) {
            throw new IllegalArgumentException("the fixed initial distribution has " + fixed.length
                    + " probabilities; expected " + states + ", one for each state");
        }
    }

    /** A model of so many states with all transitions and a free initial distribution, by maximum likelihood. */
    public static <P extends FamilyParameters> Hmm<P> of(Family<P> family, int states) {
        if (states < 1) {
            throw new IllegalArgumentException("number of states is " + states + "; expected at least 1");
        }
        return new Hmm<>(family, Transitions.full(states), Initial.FREE, null, new double[states][states]);
    }

    /** The same with another structure of the chain; a prior is forgotten. */
    public Hmm<P> withTransitions(Transitions structure) {
        if (structure.states() != states) {
            throw new IllegalArgumentException(
                    "transitions are of " + structure.states() + " states; expected " + states);
        }
        return new Hmm<>(family, structure, initial, fixed, new double[states][states]);
    }

    /**
     * The same with another treatment of the first state of a sequence. {@link Initial#FIXED} keeps the distribution of the
     * parameters to start from; where none are given, sequences begin in any state alike, or in the first one if the states
     * have an order.
     *
     * @throws IllegalArgumentException for a stationary one of a chain that does not lead from every state to every other
     */
    public Hmm<P> withInitial(Initial treatment) {
        return new Hmm<>(family, transitions, treatment, null, prior);
    }

    /**
     * The same with a given distribution of the first state.
     *
     * @param distribution K probabilities; zeros are allowed
     */
    public Hmm<P> withFixedInitial(double[] distribution) {
        Probabilities.require("fixed initial probabilities", distribution);
        return new Hmm<>(family, transitions, Initial.FIXED, distribution.clone(), prior);
    }

    /**
     * The same with a Dirichlet prior on every row of the transition matrix, for MAP: with parameters 1 plus the imagined
     * transitions.
     *
     * @param strength imagined transitions of each state, spread over those that are allowed; 0 for none
     * @param sticky further imagined transitions of each state to itself: states that last (Fox et al. 2011)
     */
    public Hmm<P> withPrior(double strength, double sticky) {
        requireStrength("prior strength of the transitions", strength);
        requireStrength("prior strength of staying in a state", sticky);
        double[][] imagined = new double[states][states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                if (transitions.allows(i, j)) {
                    imagined[i][j] = strength / transitions.count(i) + (i == j ? sticky : 0);
                }
            }
        }
        return new Hmm<>(family, transitions, initial, fixed, imagined);
    }

    private static void requireStrength(String what, double strength) {
        if (!(strength >= 0) || strength == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    what + " is " + strength + "; expected a number of observations of at least 0");
        }
    }

    /** The family. */
    public Family<P> family() {
        return family;
    }

    /** The structure of the chain. */
    public Transitions transitions() {
        return transitions;
    }

    @Override
    public int width() {
        return family.width();
    }

    @Override
    public List<Domain> domains() {
        return domains;
    }

    @Override
    public boolean isGiven(int position) {
        return family.isGiven(position);
    }

    @Override
    public boolean acceptsMissing() {
        return true;
    }

    @Override
    public Problem problem(Observations records, int index) {
        Problem problem = Model.super.problem(records, index);
        return problem == null ? family.problem(records.values(), records.offset(index)) : problem;
    }

    /** Number of states. */
    @Override
    public int components() {
        return states;
    }

    @Override
    public int statisticsLength() {
        return states + states * states + family.statisticsLength(states);
    }

    @Override
    public int memoryLength() {
        return states;
    }

    @Override
    public int degreesOfFreedom() {
        int free = initial == Initial.FREE ? states - 1 : 0;
        for (int i = 0; i < states; i++) {
            free += transitions.count(i) - 1;
        }
        return free + family.degreesOfFreedom(states);
    }

    @Override
    public EStep eStep(HmmParameters<P> parameters) {
        return new HmmEStep(
                parameters.initial(), parameters.transition(), family.prepare(parameters.emissions()), family.width());
    }

    /** Decodes whole sequences with the given parameters. */
    public Decoder decoder(HmmParameters<P> parameters) {
        return new Decoder(
                parameters.initial(), parameters.transition(), family.prepare(parameters.emissions()), family.width());
    }

    @Override
    public HmmParameters<P> mStep(double[] statistics, double observations, HmmParameters<P> current) {
        double[][] counts = new double[states][states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                if (transitions.allows(i, j)) {
                    counts[i][j] = statistics[states + i * states + j] + prior[i][j] / observations;
                }
            }
        }
        double[] beginnings = Arrays.copyOf(statistics, states);
        double[][] transition = new double[states][];
        for (int i = 0; i < states; i++) {
            transition[i] = normalised(i, counts[i], current.transition()[i]);
        }
        if (initial == Initial.STATIONARY && total(beginnings) > 0) {
            transition = StationaryChain.maximise(
                    counts, beginnings, transition, current.transition(), SMALLEST_PROBABILITY);
        }
        return new HmmParameters<>(
                initial(beginnings, transition, current),
                transition,
                family.fit(statistics, states + states * states, observations, current.emissions()));
    }

    /** The counts of row i as probabilities of the transitions that are allowed. */
    private double[] normalised(int i, double[] counts, double[] otherwise) {
        if (!(total(counts) > NOTHING)) {
            return otherwise;
        }
        double[] row = new double[states];
        int next = 0;
        for (int j = 0; j < states; j++) {
            if (transitions.allows(i, j)) {
                row[next++] = counts[j];
            }
        }
        Probabilities.normalise(row, 0, next, SMALLEST_PROBABILITY);
        for (int j = states - 1; j >= 0; j--) {
            row[j] = transitions.allows(i, j) ? row[--next] : 0;
        }
        return row;
    }

    private double[] initial(double[] beginnings, double[][] transition, HmmParameters<P> current) {
        return switch (initial) {
            case STATIONARY -> StationaryChain.distribution(transition);
            case FIXED -> fixed == null ? current.initial() : fixed;
            case FREE -> {
                if (!(total(beginnings) > NOTHING)) {
                    yield current.initial();
                }
                Probabilities.normalise(beginnings, 0, states, SMALLEST_PROBABILITY);
                yield beginnings;
            }
        };
    }

    private static double total(double[] counts) {
        double total = 0;
        for (double count : counts) {
            total += count;
        }
        return total;
    }

    @Override
    public double[] statistics(HmmParameters<P> parameters) {
        double[] occupancy = occupancy(parameters);
        double[] ofFamily = family.statistics(parameters.emissions(), parameters.emissions(), occupancy);
        double[] statistics = new double[states + states * states + ofFamily.length];
        for (int i = 0; i < states; i++) {
            if (initial == Initial.FREE) {
                statistics[i] = GIVEN_BEGINNINGS * parameters.initial()[i];
            }
            for (int j = 0; j < states; j++) {
                statistics[states + i * states + j] = occupancy[i] * parameters.transition()[i][j];
            }
        }
        System.arraycopy(ofFamily, 0, statistics, states + states * states, ofFamily.length);
        return statistics;
    }

    /** Share of the records in each state, positive: in the long run, or all alike for a chain that does not come back. */
    private double[] occupancy(HmmParameters<P> parameters) {
        double[] occupancy;
        if (transitions.isIrreducible()) {
            occupancy = StationaryChain.distribution(parameters.transition());
        } else {
            occupancy = new double[states];
            Arrays.fill(occupancy, 1);
        }
        Probabilities.normalise(occupancy, 0, states, SMALLEST_PROBABILITY);
        return occupancy;
    }

    @Override
    public double logPrior(HmmParameters<P> parameters) {
        double ofTransitions = 0;
        for (int i = 0; i < states && hasPrior; i++) {
            for (int j = 0; j < states; j++) {
                if (prior[i][j] > 0) {
                    ofTransitions += prior[i][j] * Math.log(parameters.transition()[i][j]);
                }
            }
        }
        return ofTransitions + family.logPrior(parameters.emissions());
    }

    /**
     * One M-step from {@linkplain SoftClusters soft clusters}, whose neighbours are counted as transitions. Where the states
     * have an order the clusters are segments of the sequences, cut at random.
     */
    @Override
    public HmmParameters<P> start(Observations sample, RandomGenerator random) {
        P pooled = family.pooled(sample, states);
        int from = sample.size() <= START_SAMPLE ? 0 : random.nextInt(sample.size() - START_SAMPLE + 1);
        Observations chosen = sample.slice(from, Math.min(sample.size(), from + START_SAMPLE));
        SoftClusters clusters = transitions.isOrdered()
                ? segments(chosen, random)
                : SoftClusters.draw(family, chosen, pooled, states, random);

        Statistics statistics = newStatistics();
        double[] sums = statistics.sums();
        Emissions emissions = family.prepare(pooled);
        double[] before = new double[states];
        double[] shares = new double[states];
        for (int i = 0; i < chosen.size(); i++) {
            double weight = chosen.weight(i);
            clusters.shares(i, weight, shares);
            emissions.accumulate(chosen.values(), chosen.offset(i), shares, sums, states + states * states);
            boolean begins = i == 0 || chosen.startsSequence(i);
            for (int k = 0; k < states; k++) {
                if (begins) {
                    sums[k] += shares[k];
                } else {
                    for (int j = 0; j < states; j++) {
                        sums[states + k * states + j] += before[k] * shares[j];
                    }
                }
            }
            clusters.shares(i, 1, before);
            statistics.count(1, weight);
        }
        return mStep(statistics.mean(), statistics.weight(), new HmmParameters<>(equalInitial(), equalRows(), pooled));
    }

    /** Every sequence cut at the same random parts of its length. */
    private SoftClusters segments(Observations sample, RandomGenerator random) {
        double[] cuts = random.doubles(states - 1).sorted().toArray();
        int[] clusters = new int[sample.size()];
        for (int start = 0; start < clusters.length; ) {
            int end = sample.nextSequence(start);
            int state = 0;
            for (int i = start; i < end; i++) {
                while (state < cuts.length && i - start >= cuts[state] * (end - start)) {
                    state++;
                }
                clusters[i] = state;
            }
            start = end;
        }
        return new SoftClusters(clusters, states);
    }

    private double[] equalInitial() {
        double[] equal = new double[states];
        if (fixed != null) {
            return fixed;
        }
        if (initial == Initial.FIXED && transitions.isOrdered()) {
            equal[0] = 1;
        } else {
            Arrays.fill(equal, 1.0 / states);
        }
        return equal;
    }

    private double[][] equalRows() {
        double[][] rows = new double[states][states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                rows[i][j] = transitions.allows(i, j) ? 1.0 / transitions.count(i) : 0;
            }
        }
        return rows;
    }

    @Override
    public boolean isDegenerate(HmmParameters<P> parameters, double observations) {
        double[] counts = occupancy(parameters);
        for (int k = 0; k < states; k++) {
            counts[k] *= observations;
        }
        return family.isDegenerate(parameters.emissions(), counts);
    }

    /**
     * Parameters from named fields. A stationary initial distribution, or one that this model fixes, follows from the model
     * and is not read.
     */
    @Override
    public HmmParameters<P> read(Fields fields) {
        double[][] given = fields.matrix(TRANSITION, states, states);
        double[][] transition = new double[states][];
        for (int i = 0; i < states; i++) {
            transition[i] = readRow(i, given[i]);
        }
        double[] distribution;
        if (initial == Initial.STATIONARY) {
            distribution = StationaryChain.distribution(transition);
        } else if (fixed != null) {
            distribution = fixed;
        } else {
            distribution = fields.vector(INITIAL, states).clone();
            Probabilities.require("initial probabilities", distribution);
            if (initial == Initial.FREE && isLow(distribution)) {
                Probabilities.normalise(distribution, 0, states, SMALLEST_PROBABILITY);
            }
        }
        return new HmmParameters<>(distribution, transition, family.read(fields, states));
    }

    private double[] readRow(int i, double[] given) {
        Probabilities.require("transition probabilities from state " + (i + 1), given);
        double smallest = 1;
        for (int j = 0; j < states; j++) {
            if (transitions.allows(i, j)) {
                smallest = Math.min(smallest, given[j]);
            } else if (given[j] != 0) {
                throw new IllegalArgumentException("transition probability from state " + (i + 1) + " to state "
                        + (j + 1) + " is " + given[j] + "; expected 0, because the model does not allow it");
            }
        }
        return smallest < SMALLEST_PROBABILITY / 2 ? normalised(i, given, given) : given.clone();
    }

    private static boolean isLow(double[] probabilities) {
        return Arrays.stream(probabilities).anyMatch(probability -> probability < SMALLEST_PROBABILITY / 2);
    }
}
