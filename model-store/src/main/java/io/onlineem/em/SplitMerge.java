package io.onlineem.em;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Split-and-merge EM at a fixed number of components (Ueda, Nakano, Ghahramani and Hinton 2000), on a sample.
 *
 * <p>A component is set free: a dead one, which explains less than a tenth of an equal share of the sample, or the weaker of
 * the two whose posteriors are most alike, its statistics merged into the other's. A component of low likelihood is then
 * split in two, the free one being its second half: each half begins at one record and climbs by EM on one half of the
 * sample, while all other components are held fixed (partial EM; section 3.3 of the paper). What the move is worth is told by
 * the other half of the sample.
 *
 * <p>Everything happens in the space of statistics, by {@link Model#addComponent}, hence for every model whose statistics
 * come apart by component. One object is one search; not thread-safe.
 *
 * @param <P> the parameters
 */
final class SplitMerge<P extends Parameters> {

    /** Share of an equal share of the records below which a component is dead. */
    private static final double DEAD = 0.1;

    /** Cosine between the posteriors of two components from which on they may describe one cluster. */
    private static final double ALIKE = 0.2;

    /** Components whose split is tried: those of lowest likelihood. */
    private static final int SPLITS = 4;

    /** Pairs of records at which a split is begun; every other pair has one of the component's worst records. */
    private static final int TRIES = 4;

    private static final int SHORT_CLIMB = 3;
    private static final int LONG_CLIMB = 12;

    /** Records of the half that a component needs in order to be split. */
    private static final int FEWEST = 8;

    /** Weight of the whole component in each half of it, beside the one record that the half begins at. */
    private static final double WHOLE = 0.25;

    /** Standard errors by which a gain must exceed zero. */
    private static final double SURE = 3;

    private final Model<P> model;
    private final double[] statistics;
    private final P parameters;
    private final Observations sample;
    private final double observations;
    private final SplittableRandom random;

    /** Moves are made from this half of the sample … */
    private final Observations half = new Observations();

    /** … and judged by this one. */
    private final Observations otherHalf = new Observations();

    private final EStep eStep;
    private final Statistics ofHalf;
    private final double[][] posteriors;
    private final double[] logLikelihoods;

    /**
     * A search for moves.
     *
     * @param statistics S, the mean statistics; not changed
     * @param parameters θ
     * @param sample records of the stream, at least two
     * @param observations how many observations the statistics stand for
     * @param random the only source of chance
     */
    SplitMerge(
            Model<P> model,
            double[] statistics,
            P parameters,
            Observations sample,
            double observations,
            SplittableRandom random) {
        this.model = model;
        this.statistics = statistics;
        this.parameters = parameters;
        this.sample = sample;
        this.observations = observations;
        this.random = random;
        for (int i = 0; i < sample.size(); i++) {
            (i % 2 == 0 ? half : otherHalf).add(sample, i);
        }
        eStep = model.eStep(parameters);
        ofHalf = model.newStatistics();
        eStep.accumulate(half, ofHalf);
        posteriors = new double[half.size()][];
        logLikelihoods = new double[half.size()];
        for (int i = 0; i < half.size(); i++) {
            Posterior posterior = eStep.score(half, i, MiniBatch.NO_MEMORY);
            posteriors[i] = posterior.probabilities();
            logLikelihoods[i] = posterior.logLikelihood();
        }
    }

    /**
     * Requires that the components of a model can be cared for.
     *
     * @throws IllegalArgumentException if its statistics do not come apart by component
     */
    static void requireComponents(Model<?> model) {
        double[] scratch = new double[model.statisticsLength()];
        try {
            model.addComponent(scratch, 0, 0, scratch, 0);
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "component care is on, but " + e.getMessage() + "; expected a mixture, or no component care", e);
        }
    }

    /**
     * A move that is worth making.
     *
     * @param freed component that was set free
     * @param merged component that its statistics were merged into, or {@link CareState#NONE}: it was dead
     * @param split component that was split
     * @param statistics mean statistics after the move
     * @param parameters their parameters
     * @param before mean log-likelihood per record before the move, of records that it was not made from
     * @param after the same after the move
     * @param <P> the parameters
     */
    record Move<P>(int freed, int merged, int split, double[] statistics, P parameters, double before, double after) {}

    /**
     * A move, if one is worth making.
     *
     * @param margin least gain in mean log-likelihood per record
     */
    Optional<Move<P>> propose(double margin) {
        for (Merged merged : candidates()) {
            Optional<Move<P>> move = best(merged).flatMap(climb -> judge(climb, margin));
            if (move.isPresent()) {
                return move;
            }
        }
        return Optional.empty();
    }

    /** Components to set free: the weakest if it is dead, then one of the twins. */
    private List<Merged> candidates() {
        List<Merged> candidates = new ArrayList<>();
        double[] masses = new double[model.components()];
        double[] squares = new double[masses.length];
        int weakest = 0;
        for (int k = 0; k < masses.length; k++) {
            for (int i = 0; i < half.size(); i++) {
                masses[k] += half.weight(i) * posteriors[i][k];
            }
            squares[k] = product(k, k);
            weakest = masses[k] < masses[weakest] ? k : weakest;
        }
        if (masses.length > 1 && masses[weakest] < DEAD / masses.length * half.totalWeight()) {
            candidates.add(new Merged(weakest, CareState.NONE));
        }
        double mostAlike = ALIKE;
        Merged twins = null;
        for (int k = 0; k < masses.length; k++) {
            for (int l = 0; l < k; l++) {
                double norm = Math.sqrt(squares[k] * squares[l]);
                double cosine = norm > 0 ? product(k, l) / norm : 0;
                if (cosine > mostAlike) {
                    mostAlike = cosine;
                    twins = masses[k] <= masses[l] ? new Merged(k, l) : new Merged(l, k);
                }
            }
        }
        if (twins != null) {
            candidates.add(twins);
        }
        return candidates;
    }

    /** {@code Σ_i w_i r_ik r_il}. */
    private double product(int k, int l) {
        double sum = 0;
        for (int i = 0; i < half.size(); i++) {
            sum += half.weight(i) * posteriors[i][k] * posteriors[i][l];
        }
        return sum;
    }

    /** The split that raises the likelihood of the half most, carried on. */
    private Optional<Climb> best(Merged merged) {
        Climb best = null;
        for (int split : merged.splits()) {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                Climb climb = merged.begin(split, attempt % 2 == 0);
                climb.climb(SHORT_CLIMB);
                best = best == null || climb.logLikelihood > best.logLikelihood ? climb : best;
            }
        }
        if (best != null) {
            best.climb(LONG_CLIMB);
        }
        return Optional.ofNullable(best);
    }

    /** Whether the records that a move was not made from are likelier after it, by the margin and surely. */
    private Optional<Move<P>> judge(Climb climb, double margin) {
        EStep moved = model.eStep(climb.current);
        double weight = otherHalf.totalWeight();
        double[] gains = new double[otherHalf.size()];
        double before = 0;
        double gain = 0;
        for (int i = 0; i < gains.length; i++) {
            double old = eStep.score(otherHalf, i, MiniBatch.NO_MEMORY).logLikelihood();
            gains[i] = moved.score(otherHalf, i, MiniBatch.NO_MEMORY).logLikelihood() - old;
            before += otherHalf.weight(i) / weight * old;
            gain += otherHalf.weight(i) / weight * gains[i];
        }
        double variance = 0;
        for (int i = 0; i < gains.length; i++) {
            double deviation = otherHalf.weight(i) / weight * (gains[i] - gain);
            variance += deviation * deviation;
        }
        if (!(gain >= margin
                && gain >= SURE * Math.sqrt(variance)
                && !model.isDegenerate(climb.current, half.totalWeight()))) {
            return Optional.empty();
        }
        double[] after = climb.statistics(sample);
        return Optional.of(new Move<>(
                climb.freed,
                climb.merged,
                climb.split,
                after,
                model.mStep(after, observations, climb.current),
                before,
                before + gain));
    }

    private void remove(double[] from, int k) {
        model.addComponent(from.clone(), k, -1, from, k);
    }

    /** The model with a component set free. */
    private final class Merged {

        private final int freed;
        private final int into;

        Merged(int freed, int into) {
            this.freed = freed;
            this.into = into;
        }

        private double responsibility(int i, int k) {
            return posteriors[i][k] + (k == into ? posteriors[i][freed] : 0);
        }

        /** Components to split: those whose records have the lowest mean log-likelihood. */
        List<Integer> splits() {
            double[] means = new double[model.components()];
            for (int k = 0; k < means.length; k++) {
                double mass = 0;
                for (int i = 0; i < half.size(); i++) {
                    double weight = half.weight(i) * responsibility(i, k);
                    mass += weight;
                    means[k] += weight * logLikelihoods[i];
                }
                means[k] /= mass;
            }
            return IntStream.range(0, means.length)
                    .filter(k -> k != freed && own(k).size() >= FEWEST)
                    .boxed()
                    .sorted(Comparator.comparingDouble(k -> means[k]))
                    .limit(SPLITS)
                    .toList();
        }

        /** Records that are the component's rather than another's, worst first. */
        private List<Integer> own(int k) {
            return IntStream.range(0, half.size())
                    .filter(i -> responsibility(i, k) > 0.5)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> logLikelihoods[i]))
                    .toList();
        }

        Climb begin(int split, boolean atWorst) {
            double[] base = statistics.clone();
            remove(base, freed);
            if (into != CareState.NONE) {
                model.addComponent(statistics, freed, 1, base, into);
            }
            remove(base, split);

            double[] whole = new double[statistics.length];
            model.addComponent(ofHalf.sums(), split, 1, whole, split);
            if (split == into) {
                model.addComponent(ofHalf.sums(), freed, 1, whole, split);
            }
            double mass = 0;
            for (int i = 0; i < half.size(); i++) {
                mass += half.weight(i) * responsibility(i, split);
            }
            List<Integer> own = own(split);
            int first = random.nextInt(atWorst ? own.size() / 4 : own.size());
            int second = (first + 1 + random.nextInt(own.size() - 1)) % own.size();
            double share = mass / half.totalWeight() / 2 / (1 + WHOLE);
            double[] start = base.clone();
            addRecord(own.get(first), share, start, split);
            addRecord(own.get(second), share, start, freed);
            model.addComponent(whole, split, share * WHOLE / mass, start, split);
            model.addComponent(whole, split, share * WHOLE / mass, start, freed);
            return new Climb(freed, into, split, base, model.mStep(start, observations, parameters));
        }

        /** All of a record, whoever explains it. */
        private void addRecord(int i, double factor, double[] target, int l) {
            Statistics ofRecord = model.newStatistics();
            eStep.accumulate(half.slice(i, i + 1), ofRecord);
            for (int k = 0; k < model.components(); k++) {
                model.addComponent(ofRecord.sums(), k, factor / half.weight(i), target, l);
            }
        }
    }

    /** Partial EM of the two halves of a split component. */
    private final class Climb {

        private final int freed;
        private final int merged;
        private final int split;

        /** Statistics of the components that are held fixed. */
        private final double[] base;

        private P current;

        /** Of the half, under the parameters before {@link #current}. */
        private double logLikelihood;

        Climb(int freed, int merged, int split, double[] base, P start) {
            this.freed = freed;
            this.merged = merged;
            this.split = split;
            this.base = base;
            this.current = start;
        }

        void climb(int iterations) {
            for (int i = 0; i < iterations; i++) {
                current = model.mStep(statistics(half), observations, current);
            }
        }

        /** Mean statistics in which the two halves are as the records have them. */
        double[] statistics(Observations records) {
            Statistics expected = model.newStatistics();
            logLikelihood = model.eStep(current).accumulate(records, expected);
            double[] blended = base.clone();
            model.addComponent(expected.sums(), split, 1 / expected.weight(), blended, split);
            model.addComponent(expected.sums(), freed, 1 / expected.weight(), blended, freed);
            return blended;
        }
    }
}
