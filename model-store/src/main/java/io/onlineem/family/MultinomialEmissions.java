package io.onlineem.family;

import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared multinomials. */
final class MultinomialEmissions implements Emissions {

    private final MultinomialParameters parameters;
    private final int components;
    private final int width;
    private final double[][] logProbabilities;

    /** Made with the first block: scoring needs none of it. */
    private Workspace workspace;

    private static final class Workspace {
        private final double[] logBase = new double[Lanes.SIZE];
        private final double[] totals = new double[Lanes.SIZE];
        private final double[] scratch = new double[Lanes.SIZE];
        private Lanes block;
    }

    MultinomialEmissions(MultinomialParameters parameters) {
        this.parameters = parameters;
        this.components = parameters.components();
        this.width = parameters.probabilities()[0].length;
        this.logProbabilities = Arrays.stream(parameters.probabilities())
                .map(ProbabilityRows::logs)
                .toArray(double[][]::new);
    }

    @Override
    public void logDensities(double[] values, int offset, double[] into) {
        double total = 0;
        double logBase = 0;
        boolean complete = true;
        for (int c = 0; c < width; c++) {
            double count = values[offset + c];
            if (Double.isNaN(count)) {
                complete = false;
            } else {
                total += count;
                logBase -= LogFactorial.of(count);
            }
        }
        logBase += LogFactorial.of(total);
        for (int k = 0; k < components; k++) {
            double sum = logBase;
            for (int c = 0; c < width; c++) {
                double count = values[offset + c];
                if (!Double.isNaN(count)) {
                    sum = Math.fma(count, logProbabilities[k][c], sum);
                }
            }
            into[k] = complete || total == 0 ? sum : sum - total * Math.log(observed(values, offset, k));
        }
    }

    /** The probability of the kinds of which the counts are observed. */
    private double observed(double[] values, int offset, int k) {
        double sum = 0;
        for (int c = 0; c < width; c++) {
            if (!Double.isNaN(values[offset + c])) {
                sum += Math.max(parameters.probabilities()[k][c], Double.MIN_NORMAL);
            }
        }
        return sum;
    }

    /** What a missing count of probability 1 would be: n over the probability of what is observed. */
    private double rest(double[] values, int offset, int k) {
        double total = 0;
        for (int c = 0; c < width; c++) {
            double count = values[offset + c];
            total += Double.isNaN(count) ? 0 : count;
        }
        return total == 0 ? 0 : total / observed(values, offset, k);
    }

    @Override
    public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        for (int k = 0; k < components; k++) {
            double rest = rest(values, offset, k);
            int at = from + k * width;
            for (int c = 0; c < width; c++) {
                double count = values[offset + c];
                double expected = Double.isNaN(count) ? rest * parameters.probabilities()[k][c] : count;
                statistics[at + c] += responsibilities[k] * expected;
            }
        }
    }

    @Override
    public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        boolean nothing = true;
        for (int c = 0; c < width; c++) {
            nothing &= Double.isNaN(values[offset + c]);
        }
        for (int c = 0; c < width; c++) {
            if (Double.isNaN(values[offset + c])) {
                double[] means = new double[components];
                double[] variances = new double[components];
                for (int k = 0; k < components; k++) {
                    double probability = parameters.probabilities()[k][c];
                    means[k] = (nothing ? parameters.total() : rest(values, offset, k)) * probability;
                    variances[k] = means[k] * (1 - probability);
                }
                into.number(c, probabilities, means, variances);
            }
        }
    }

    @Override
    public void logDensities(Lanes block, double[][] into) {
        if (workspace == null) {
            workspace = new Workspace();
        }
        workspace.block = block;
        int n = block.size();
        double[] logBase = workspace.logBase;
        double[] totals = workspace.totals;
        Arrays.fill(logBase, 0, n, 0);
        Arrays.fill(totals, 0, n, 0);
        for (int c = 0; c < width; c++) {
            double[] counts = block.column(c);
            Lanes.add(counts, totals, n);
            for (int i = 0; i < n; i++) {
                logBase[i] -= LogFactorial.of(counts[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            logBase[i] += LogFactorial.of(totals[i]);
        }
        for (int k = 0; k < components; k++) {
            System.arraycopy(logBase, 0, into[k], 0, n);
            for (int c = 0; c < width; c++) {
                Lanes.addScaled(logProbabilities[k][c], block.column(c), into[k], n);
            }
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        Lanes block = workspace.block;
        for (int k = 0; k < components; k++) {
            for (int c = 0; c < width; c++) {
                statistics[from + k * width + c] +=
                        Lanes.dot(responsibilities[k], block.column(c), block.size(), workspace.scratch);
            }
        }
    }
}
