package io.onlineem.hmm;

import io.onlineem.em.Observations;
import io.onlineem.family.Emissions;
import java.util.Arrays;

/**
 * What whole sequences say of their states, with fixed parameters: the most likely path (Viterbi 1967) and the smoothed
 * posteriors. Holds scratch space; not thread-safe.
 */
public final class Decoder {

    private final Emissions emissions;
    private final int width;
    private final int states;
    private final Chain chain;
    private final double[] initial;
    private final double[][] transition;
    private final ViterbiStep step;
    private final double[] logDensities;

    Decoder(double[] initial, double[][] transition, Emissions emissions, int width) {
        this.emissions = emissions;
        this.width = width;
        this.states = initial.length;
        this.chain = Chain.of(initial, transition);
        this.initial = initial;
        this.transition = transition;
        this.step = new ViterbiStep(initial, transition);
        this.logDensities = new double[states];
    }

    /**
     * The most likely path.
     *
     * @param states the state of each record, from 0
     * @param logProbability {@code log p(y, z)} of the records with this path, natural logarithm
     */
    public record Path(int[] states, double logProbability) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Path that
                    && Arrays.equals(states, that.states)
                    && Double.compare(logProbability, that.logProbability) == 0;
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(states) + Double.hashCode(logProbability);
        }

        @Override
        public String toString() {
            return "Path[" + Arrays.toString(states) + ", logProbability=" + logProbability + "]";
        }
    }

    /**
     * The path through the records that is the most likely one given all of them; of equals one. Every {@linkplain
     * Observations#startsSequence sequence} has its own path, whose probabilities are multiplied.
     *
     * @param records one or several whole sequences; {@linkplain Observations#memory() memory} is heeded, look-ahead is not
     */
    public Path viterbi(Observations records) {
        records.requireWidth(width);
        int[] path = new int[records.size()];
        int[] from = new int[Math.multiplyExact(records.size(), states)];
        double logProbability = 0;
        for (int start = 0; start < path.length; ) {
            int end = records.nextSequence(start);
            double[] carried = start == 0 && !records.startsSequence(0) ? records.memory() : new double[0];
            step.begin(carried);
            for (int t = start; t < end; t++) {
                emissions.logDensities(records.values(), records.offset(t), logDensities);
                step.advance(logDensities, from, t * states);
            }
            path[end - 1] = step.best();
            for (int t = end - 1; t > start; t--) {
                path[t - 1] = from[t * states + path[t]];
            }
            logProbability += step.bestScore();
            start = end;
        }
        return new Path(path, logProbability);
    }

    /**
     * The smoothed posteriors {@code p(z_t = k | all records of the sequence)}, K for each record.
     *
     * @param records one or several whole sequences; {@linkplain Observations#memory() memory} is heeded, look-ahead is not
     */
    public double[][] smooth(Observations records) {
        records.requireWidth(width);
        double[][] posteriors = new double[records.size()][];
        double[] transitions = new double[states * states];
        for (int start = 0; start < posteriors.length; ) {
            int end = records.nextSequence(start);
            int length = end - start;
            chain.reserve(length);
            for (int t = 0; t < length; t++) {
                emissions.logDensities(records.values(), records.offset(start + t), logDensities);
                chain.set(t, logDensities);
            }
            double[] carried = start == 0 && !records.startsSequence(0) && ViterbiStep.isCarried(records.memory())
                    ? records.memory()
                    : null;
            chain.forward(0, length, carried);
            chain.backward(0, length, 0, carried, null, transitions);
            for (int t = 0; t < length; t++) {
                posteriors[start + t] = Arrays.copyOfRange(chain.posteriors, t * states, (t + 1) * states);
            }
            start = end;
        }
        return posteriors;
    }

    /** A decoder of the same model that tells a state {@code lag} records after it was passed. */
    public FixedLagDecoder fixedLag(int lag) {
        return new FixedLagDecoder(emissions, width, states, new ViterbiStep(initial, transition), lag);
    }
}
