package io.onlineem.mixture;

import io.onlineem.em.EStep;
import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.family.Emissions;
import java.util.Arrays;
import java.util.List;

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
        double[] probabilities = new double[components];
        double logLikelihood = posterior(records, index, probabilities);
        return new Posterior(
                probabilities,
                logLikelihood,
                records.isComplete(index) ? List.of() : impute(records, index, probabilities));
    }

    private List<Imputation.Value> impute(Observations records, int index, double[] probabilities) {
        Imputation imputation = new Imputation();
        emissions.impute(records.values(), records.offset(index), probabilities, imputation);
        return imputation.values();
    }

    private double posterior(Observations records, int index, double[] probabilities) {
        records.requireLength(index, width);
        emissions.logDensities(records.values(), records.offset(index), logDensities);
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < components; k++) {
            logDensities[k] += logWeights[k];
            max = Math.max(max, logDensities[k]);
        }
        double total = 0;
        for (int k = 0; k < components; k++) {
            probabilities[k] = Math.exp(logDensities[k] - max);
            total += probabilities[k];
        }
        for (int k = 0; k < components; k++) {
            probabilities[k] /= total;
        }
        return requireFinite(max + Math.log(total));
    }

    /** Checked on the result, where it costs nothing, and before any statistics change. */
    private static double requireFinite(double logLikelihood) {
        if (!(Math.abs(logLikelihood) <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "a record holds a number that is not finite, beyond 1e100 in magnitude or"
                            + " outside of its domain; expected what Model#problem lets pass");
        }
        return logLikelihood;
    }

    @Override
    public double accumulate(Observations records, Statistics into) {
        if (workspace == null) {
            workspace = new Workspace(width, components);
        }
        double logLikelihood = records.isComplete()
                ? accumulateComplete(records, into.sums())
                : accumulateIncomplete(records, into.sums());
        into.count(records.size(), records.totalWeight());
        return logLikelihood;
    }

    private double accumulateComplete(Observations records, double[] sums) {
        double logLikelihood = 0;
        for (int from = 0; from < records.size(); from += Lanes.SIZE) {
            workspace.block.load(records, from, Math.min(Lanes.SIZE, records.size() - from));
            logLikelihood += accumulateBlock(sums);
        }
        return logLikelihood;
    }

    /** Complete records in blocks, the others one by one. */
    private double accumulateIncomplete(Observations records, double[] sums) {
        double logLikelihood = 0;
        for (int from = 0; from < records.size(); ) {
            from = workspace.block.loadComplete(records, from, records.size());
            logLikelihood += accumulateBlock(sums);
        }
        double[] responsibilities = new double[components];
        for (int i = 0; i < records.size(); i++) {
            if (!records.isComplete(i)) {
                double weight = records.weight(i);
                logLikelihood += weight * posterior(records, i, responsibilities);
                for (int k = 0; k < components; k++) {
                    responsibilities[k] *= weight;
                    sums[k] += responsibilities[k];
                }
                emissions.accumulate(records.values(), records.offset(i), responsibilities, sums, components);
            }
        }
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
        requireFinite(logLikelihood);
        Lanes.divide(weights, sum, sum, n);
        for (int k = 0; k < components; k++) {
            Lanes.multiply(responsibilities[k], sum, responsibilities[k], n);
            sums[k] += Lanes.sum(responsibilities[k], n, scratch);
        }
        emissions.accumulate(responsibilities, sums, components);
        return logLikelihood;
    }
}
