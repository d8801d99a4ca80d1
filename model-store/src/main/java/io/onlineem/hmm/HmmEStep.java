package io.onlineem.hmm;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.family.Emissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Filters records one by one; smooths blocks by forward-backward, a stretch of whole sequences at a time. */
final class HmmEStep implements EStep {

    /** Records after which a stretch ends with the sequence under way: many short sequences share their overhead. */
    private static final int STRETCH = 4 * Lanes.SIZE;

    private final Emissions emissions;
    private final int width;
    private final int states;
    private final Chain chain;
    private final double[] initial;
    private final double[][] transition;
    private final double[] logDensities;
    private final double[] responsibilities;

    /** Made with the first block: scoring needs none of it. */
    private Workspace workspace;

    private static final class Workspace {
        private final Lanes block;
        private final double[][] lanes;
        private final double[] largest = new double[Lanes.SIZE];

        /** Which record of the stretch is in which lane. */
        private final int[] records = new int[Lanes.SIZE];

        private double[] weights = {};

        Workspace(int width, int states) {
            block = new Lanes(width);
            lanes = new double[states][Lanes.SIZE];
        }
    }

    HmmEStep(double[] initial, double[][] transition, Emissions emissions, int width) {
        this.emissions = emissions;
        this.width = width;
        this.states = initial.length;
        this.chain = Chain.of(initial, transition);
        this.initial = initial;
        this.transition = transition;
        this.logDensities = new double[states];
        this.responsibilities = new double[states];
    }

    @Override
    public Posterior score(Observations records, int index, double[] memory) {
        records.requireLength(index, width);
        double[] carried = carried(memory);
        chain.reserve(1);
        emissions.logDensities(records.values(), records.offset(index), logDensities);
        chain.set(0, logDensities);
        chain.forward(0, 1, carried);
        requireFinite(chain.logLikelihoods[0]);
        chain.copyFiltered(0, memory);
        double[] probabilities = memory.clone();
        return posterior(
                records, index, probabilities, chain.logLikelihoods[0], Fields.of(Hmm.NEXT, next(probabilities)));
    }

    private double[] next(double[] probabilities) {
        double[] next = new double[states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                next[j] = Math.fma(probabilities[i], transition[i][j], next[j]);
            }
        }
        return next;
    }

    private List<Imputation.Value> impute(Observations records, int index, double[] probabilities) {
        Imputation imputation = new Imputation();
        emissions.impute(records.values(), records.offset(index), probabilities, imputation);
        return imputation.values();
    }

    /** The memory, or null if it is that of a sequence that has not begun. */
    private double[] carried(double[] memory) {
        if (memory.length != states) {
            throw new IllegalArgumentException("the memory of a sequence has " + memory.length + " numbers; expected "
                    + states + ", one for each state, all zero where the sequence begins");
        }
        double sum = 0;
        for (double probability : memory) {
            sum += probability;
        }
        if (sum == 0) {
            return null;
        }
        if (!(Math.abs(sum - 1) < 1e-6)) {
            throw new IllegalArgumentException("the memory of a sequence is " + Arrays.toString(memory)
                    + "; expected the filter distribution of the record before, which sums to 1, or all zeros");
        }
        return memory;
    }

    /** Checked before any statistics change. */
    private static void requireFinite(double logLikelihood) {
        if (!(Math.abs(logLikelihood) <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "a record holds a number that is not finite, beyond 1e100 in magnitude or"
                            + " outside of its domain; expected what Model#problem lets pass");
        }
    }

    /**
     * The output {@value Hmm#PATH} is the state on the most likely path through the whole block, look-ahead included; of one
     * path through each sequence.
     */
    @Override
    public List<Posterior> smooth(Observations block) {
        int counted = block.size() - block.lookAhead();
        int[] path = new Decoder(initial, transition, emissions, width)
                .viterbi(block)
                .states();
        double[] carried = block.memory().length == 0 ? null : carried(block.memory());
        List<Posterior> posteriors = new ArrayList<>(counted);
        for (int from = 0; from < counted; from = block.nextSequence(from)) {
            int length = block.nextSequence(from) - from;
            double[] ofSequence = begins(block, from, 0) ? null : carried;
            smooth(block, from, length, ofSequence);
            for (int t = 0; t < Math.min(length, counted - from); t++) {
                double[] probabilities = Arrays.copyOfRange(chain.posteriors, t * states, (t + 1) * states);
                posteriors.add(posterior(
                        block, from + t, probabilities, chain.logLikelihoods[t], new Fields().with(Hmm.PATH, (double)
                                        path[from + t])));
            }
        }
        return posteriors;
    }

    private void smooth(Observations block, int from, int length, double[] carried) {
        chain.reserve(length);
        for (int t = 0; t < length; t++) {
            emissions.logDensities(block.values(), block.offset(from + t), logDensities);
            chain.set(t, logDensities);
        }
        chain.forward(0, length, carried);
        for (int t = 0; t < length; t++) {
            requireFinite(chain.logLikelihoods[t]);
        }
        chain.backward(0, length, 0, carried, null, new double[states * states]);
    }

    private Posterior posterior(
            Observations records, int index, double[] probabilities, double logLikelihood, Fields outputs) {
        return new Posterior(
                probabilities,
                logLikelihood,
                records.isComplete(index) ? List.of() : impute(records, index, probabilities),
                outputs);
    }

    @Override
    public double accumulate(Observations block, Statistics into) {
        return accumulate(block, into, null);
    }

    @Override
    public double accumulate(Observations block, Statistics into, double[] memoryAfter) {
        block.requireWidth(width);
        int counted = block.size() - block.lookAhead();
        double[] carried = block.memory().length == 0 ? null : carried(block.memory());
        double logLikelihood = 0;
        for (int from = 0; from < counted; ) {
            int to = endOfStretch(block, from);
            logLikelihood += accumulateStretch(block, from, to, from == 0 ? carried : null, into.sums());
            if (memoryAfter != null && to >= counted) {
                chain.copyFiltered(counted - 1 - from, memoryAfter);
            }
            from = to;
        }
        if (memoryAfter != null && counted == 0) {
            Arrays.fill(memoryAfter, 0);
            System.arraycopy(block.memory(), 0, memoryAfter, 0, block.memory().length);
        }
        into.count(counted, block.totalWeight());
        return logLikelihood;
    }

    private static int endOfStretch(Observations block, int from) {
        int to = from;
        while (to < block.size() && to - from < STRETCH) {
            to = block.nextSequence(to);
        }
        return to;
    }

    /**
     * Adds the statistics of whole sequences, apart from records that are look-ahead.
     *
     * @param carried what the first of them goes on from; null if it begins here
     */
    private double accumulateStretch(Observations block, int from, int to, double[] carried, double[] sums) {
        if (workspace == null) {
            workspace = new Workspace(width, states);
        }
        chain.reserve(to - from);
        setDensities(block, from, to);
        filter(block, from, to, carried);
        int counted = Math.min(to, block.size() - block.lookAhead()) - from;
        double logLikelihood = 0;
        for (int t = 0; t < counted; t++) {
            logLikelihood += block.weight(from + t) * chain.logLikelihoods[t];
        }
        requireFinite(logLikelihood);
        smooth(block, from, to, carried, weights(block, from, counted), counted, sums);
        accumulateEmissions(block, from, to, counted, sums);
        return logLikelihood;
    }

    private void filter(Observations block, int from, int to, double[] carried) {
        for (int start = from; start < to; ) {
            int end = Math.min(to, block.nextSequence(start));
            chain.forward(start - from, end - from, begins(block, start, from) ? null : carried);
            start = end;
        }
    }

    private static boolean begins(Observations block, int start, int from) {
        return start > from || block.startsSequence(start);
    }

    private void smooth(
            Observations block, int from, int to, double[] carried, double[] weights, int counted, double[] sums) {
        double[] transitions = new double[states * states];
        for (int start = from; start < to; ) {
            int end = Math.min(to, block.nextSequence(start));
            double[] ofSequence = begins(block, start, from) ? null : carried;
            chain.backward(start - from, end - from, counted, ofSequence, weights, transitions);
            if (ofSequence == null && start - from < counted) {
                double weight = block.weight(start);
                for (int k = 0; k < states; k++) {
                    sums[k] += weight * chain.posteriors[(start - from) * states + k];
                }
            }
            start = end;
        }
        for (int ij = 0; ij < transitions.length; ij++) {
            sums[states + ij] += transitions[ij];
        }
    }

    /** Null if all are 1. */
    private double[] weights(Observations block, int from, int counted) {
        boolean weighted = false;
        for (int t = 0; t < counted && !weighted; t++) {
            weighted = block.weight(from + t) != 1;
        }
        if (!weighted) {
            return null;
        }
        if (workspace.weights.length < counted) {
            workspace.weights = new double[counted];
        }
        for (int t = 0; t < counted; t++) {
            workspace.weights[t] = block.weight(from + t);
        }
        return workspace.weights;
    }

    /** Complete records in lanes, the others one by one. */
    private void setDensities(Observations block, int from, int to) {
        for (int at = from; at < to; ) {
            at = load(block, from, at, to);
            emissions.logDensities(workspace.block, workspace.lanes);
            setLanes();
        }
        if (!block.isComplete()) {
            for (int i = from; i < to; i++) {
                if (!block.isComplete(i)) {
                    emissions.logDensities(block.values(), block.offset(i), logDensities);
                    chain.set(i - from, logDensities);
                }
            }
        }
    }

    /** Loads the next complete records into lanes; returns the first record that was not looked at. */
    private int load(Observations block, int stretch, int from, int to) {
        int[] records = workspace.records;
        if (block.isComplete()) {
            int count = Math.min(Lanes.SIZE, to - from);
            workspace.block.load(block, from, count);
            for (int i = 0; i < count; i++) {
                records[i] = from - stretch + i;
            }
            return from + count;
        }
        int next = workspace.block.loadComplete(block, from, to);
        int lane = 0;
        for (int i = from; i < next; i++) {
            if (block.isComplete(i)) {
                records[lane++] = i - stretch;
            }
        }
        return next;
    }

    private void setLanes() {
        double[][] lanes = workspace.lanes;
        int[] records = workspace.records;
        int n = workspace.block.size();
        if (chain instanceof DenseChain dense) {
            double[] largest = workspace.largest;
            Arrays.fill(largest, 0, n, Double.NEGATIVE_INFINITY);
            for (int k = 0; k < states; k++) {
                Lanes.max(lanes[k], largest, n);
            }
            for (int k = 0; k < states; k++) {
                Lanes.exp(lanes[k], largest, lanes[k], n);
            }
            for (int i = 0; i < n; i++) {
                dense.set(records[i], largest[i], lanes, i);
            }
        } else {
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < states; k++) {
                    logDensities[k] = lanes[k][i];
                }
                chain.set(records[i], logDensities);
            }
        }
    }

    private void accumulateEmissions(Observations block, int from, int to, int counted, double[] sums) {
        int emissionSums = states + states * states;
        boolean loaded = block.isComplete() && to - from <= Lanes.SIZE;
        for (int at = from; at < from + counted; ) {
            if (loaded) {
                at = to;
            } else {
                at = load(block, from, at, from + counted);
                emissions.logDensities(workspace.block, workspace.lanes);
            }
            int n = workspace.block.size();
            for (int i = 0; i < n; i++) {
                int record = workspace.records[i];
                double weight = record < counted ? block.weight(from + record) : 0;
                for (int k = 0; k < states; k++) {
                    workspace.lanes[k][i] = weight * chain.posteriors[record * states + k];
                }
            }
            emissions.accumulate(workspace.lanes, sums, emissionSums);
        }
        if (!block.isComplete()) {
            for (int t = 0; t < counted; t++) {
                if (!block.isComplete(from + t)) {
                    for (int k = 0; k < states; k++) {
                        responsibilities[k] = block.weight(from + t) * chain.posteriors[t * states + k];
                    }
                    emissions.accumulate(block.values(), block.offset(from + t), responsibilities, sums, emissionSums);
                }
            }
        }
    }
}
