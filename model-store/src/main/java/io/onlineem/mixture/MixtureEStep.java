package io.onlineem.mixture;

import io.onlineem.em.EStep;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.family.Emissions;
import java.util.Arrays;

/** Responsibilities in log space: {@code log p(x) = m + log Σ_k exp(log π_k + log f_k(x) - m)}, m the largest term. */
final class MixtureEStep implements EStep {

    private final Emissions emissions;
    private final int components;
    private final int width;
    private final double[] logWeights;

    private final double[] logDensities;

    /** Made with the first block: of a million models few are learned from at a time, and scoring needs none of it. */
    private Workspace workspace;

    private static final class Workspace {
        private final Lanes block;
        private final double[][] responsibilities;
        private final double[] largest = new double[Lanes.SIZE];
        private final double[] sum = new double[Lanes.SIZE];
        private final double[] scratch = new double[Lanes.SIZE];

        Workspace(int width, int components) {
            block = new Lanes(width);
            responsibilities = new double[components][Lanes.SIZE];
        }
    }

    MixtureEStep(double[] weights, Emissions emissions, int width) {
        this.emissions = emissions;
        this.components = weights.length;
        this.width = width;
        this.logWeights = new double[components];
        for (int k = 0; k < components; k++) {
            logWeights[k] = Math.log(Math.max(weights[k], Double.MIN_NORMAL));
        }
        this.logDensities = new double[components];
    }

    @Override
    public Posterior score(Observations records, int index, double[] memory) {
        records.requireLength(index, width);
        emissions.logDensities(records.values(), records.offset(index), logDensities);
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < components; k++) {
            logDensities[k] += logWeights[k];
            max = Math.max(max, logDensities[k]);
        }
        double[] probabilities = new double[components];
        double total = 0;
        for (int k = 0; k < components; k++) {
            probabilities[k] = Math.exp(logDensities[k] - max);
            total += probabilities[k];
        }
        for (int k = 0; k < components; k++) {
            probabilities[k] /= total;
        }
        double logLikelihood = max + Math.log(total);
        if (Double.isNaN(logLikelihood)) {
            throw notFinite();
        }
        return new Posterior(probabilities, logLikelihood);
    }

    /** Checked on the result, where it costs nothing, and before any statistics change. */
    private static IllegalArgumentException notFinite() {
        return new IllegalArgumentException("a record holds a number that is not finite or beyond 1e100 in magnitude;"
                + " expected records without missing values");
    }

    @Override
    public double accumulate(Observations records, Statistics into) {
        if (workspace == null) {
            workspace = new Workspace(width, components);
        }
        double logLikelihood = 0;
        for (int from = 0; from < records.size(); from += Lanes.SIZE) {
            workspace.block.load(records, from, Math.min(Lanes.SIZE, records.size() - from));
            logLikelihood += accumulateBlock(into.sums());
        }
        into.count(records.size(), records.totalWeight());
        return logLikelihood;
    }

    private double accumulateBlock(double[] sums) {
        Lanes block = workspace.block;
        double[][] responsibilities = workspace.responsibilities;
        double[] largest = workspace.largest;
        double[] sum = workspace.sum;
        double[] scratch = workspace.scratch;
        int n = block.size();
        emissions.logDensities(block, responsibilities);
        Arrays.fill(largest, 0, n, Double.NEGATIVE_INFINITY);
        for (int k = 0; k < components; k++) {
            Lanes.shift(responsibilities[k], logWeights[k], responsibilities[k], n);
            Lanes.max(responsibilities[k], largest, n);
        }
        Arrays.fill(sum, 0, n, 0);
        for (int k = 0; k < components; k++) {
            Lanes.exp(responsibilities[k], largest, responsibilities[k], n);
            Lanes.add(responsibilities[k], sum, n);
        }
        double[] weights = block.weights();
        double logLikelihood = 0;
        if (block.weighted()) {
            for (int i = 0; i < n; i++) {
                logLikelihood += weights[i] * (largest[i] + Math.log(sum[i]));
            }
        } else {
            logLikelihood = Lanes.sum(largest, n, scratch) + Lanes.sumOfLogs(sum, n, scratch);
        }
        if (Double.isNaN(logLikelihood)) {
            throw notFinite();
        }
        Lanes.divide(weights, sum, sum, n);
        for (int k = 0; k < components; k++) {
            Lanes.multiply(responsibilities[k], sum, responsibilities[k], n);
            sums[k] += Lanes.sum(responsibilities[k], n, scratch);
        }
        emissions.accumulate(responsibilities, sums, components);
        return logLikelihood;
    }
}
