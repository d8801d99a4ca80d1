package io.onlineem.family;

import io.onlineem.em.CategoryIndex;
import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared categorical distributions. */
final class CategoricalEmissions implements Emissions {

    /** Sums in turns: an addition need not wait for the one before, which often goes to the same category. */
    private static final int ROWS = 4;

    private final CategoricalParameters parameters;
    private final CategoryIndex index;
    private final int room;
    private final int components;

    /** K × (C + 1): of every category, and {@code NaN} for what is none. */
    private final double[][] logProbabilities;

    /** Made with the first block: scoring needs none of it. */
    private Workspace workspace;

    private static final class Workspace {
        private final int[] categories = new int[Lanes.SIZE];
        private final double[][] sums;
        private int size;

        Workspace(int count) {
            sums = new double[ROWS][count + 1];
        }
    }

    CategoricalEmissions(CategoricalParameters parameters, CategoryIndex index, int room) {
        this.parameters = parameters;
        this.index = index;
        this.room = room;
        this.components = parameters.components();
        int count = parameters.categories().size();
        this.logProbabilities = new double[components][];
        for (int k = 0; k < components; k++) {
            logProbabilities[k] = Arrays.copyOf(ProbabilityRows.logs(parameters.probabilities()[k]), count + 1);
            logProbabilities[k][count] = Double.NaN;
        }
    }

    @Override
    public void logDensities(double[] values, int offset, double[] into) {
        double code = values[offset];
        if (Double.isNaN(code)) {
            Arrays.fill(into, 0, components, 0);
            return;
        }
        int category = index.of(code);
        for (int k = 0; k < components; k++) {
            into[k] = logProbabilities[k][category];
        }
    }

    @Override
    public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        double code = values[offset];
        if (!Double.isNaN(code)) {
            int category = index.of(code);
            for (int k = 0; k < components && category < parameters.categories().size(); k++) {
                statistics[from + k * room + category] += responsibilities[k];
            }
        }
    }

    @Override
    public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        if (Double.isNaN(values[offset])) {
            int best = 0;
            double most = 0;
            for (int c = 0; c < parameters.categories().size(); c++) {
                double probability = 0;
                for (int k = 0; k < components; k++) {
                    probability += probabilities[k] * parameters.probabilities()[k][c];
                }
                if (probability > most) {
                    most = probability;
                    best = c;
                }
            }
            into.category(0, parameters.categories().get(best));
        }
    }

    @Override
    public void logDensities(Lanes block, double[][] into) {
        if (workspace == null) {
            workspace = new Workspace(parameters.categories().size());
        }
        int n = block.size();
        workspace.size = n;
        int[] categories = workspace.categories;
        double[] codes = block.column(0);
        for (int i = 0; i < n; i++) {
            categories[i] = index.of(codes[i]);
        }
        for (int k = 0; k < components; k++) {
            double[] ofCategory = logProbabilities[k];
            double[] ofRecord = into[k];
            for (int i = 0; i < n; i++) {
                ofRecord[i] = ofCategory[categories[i]];
            }
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        for (int k = 0; k < components; k++) {
            sum(responsibilities[k], statistics, from + k * room);
        }
    }

    private void sum(double[] responsibility, double[] statistics, int at) {
        int n = workspace.size;
        int[] categories = workspace.categories;
        double[] a = workspace.sums[0];
        double[] b = workspace.sums[1];
        double[] c = workspace.sums[2];
        double[] d = workspace.sums[3];
        for (double[] row : workspace.sums) {
            Arrays.fill(row, 0);
        }
        int i = 0;
        for (; i + ROWS <= n; i += ROWS) {
            a[categories[i]] += responsibility[i];
            b[categories[i + 1]] += responsibility[i + 1];
            c[categories[i + 2]] += responsibility[i + 2];
            d[categories[i + 3]] += responsibility[i + 3];
        }
        for (; i < n; i++) {
            a[categories[i]] += responsibility[i];
        }
        for (int category = 0; category < parameters.categories().size(); category++) {
            statistics[at + category] += (a[category] + b[category]) + (c[category] + d[category]);
        }
    }
}
