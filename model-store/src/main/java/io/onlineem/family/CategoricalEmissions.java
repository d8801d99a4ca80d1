package io.onlineem.family;

import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared categorical distributions. */
final class CategoricalEmissions implements Emissions {

    private final CategoricalParameters parameters;
    private final CategoryIndex index;
    private final int room;
    private final int components;

    /** K × (C + 1): of every category, and {@code NaN} for what is none. */
    private final double[][] logProbabilities;

    /** Categories of the block, made with the first one: scoring needs none of it. */
    private int[] categories;

    private int size;

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
        if (categories == null) {
            categories = new int[Lanes.SIZE];
        }
        size = block.size();
        double[] codes = block.column(0);
        for (int i = 0; i < size; i++) {
            categories[i] = index.of(codes[i]);
        }
        for (int k = 0; k < components; k++) {
            double[] ofCategory = logProbabilities[k];
            double[] ofRecord = into[k];
            for (int i = 0; i < size; i++) {
                ofRecord[i] = ofCategory[categories[i]];
            }
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        for (int k = 0; k < components; k++) {
            double[] responsibility = responsibilities[k];
            int at = from + k * room;
            for (int i = 0; i < size; i++) {
                statistics[at + categories[i]] += responsibility[i];
            }
        }
    }
}
