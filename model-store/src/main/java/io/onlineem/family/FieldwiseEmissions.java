package io.onlineem.family;

import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared densities of a {@link FieldwiseFamily}: one multiplication and addition per term and component. */
final class FieldwiseEmissions implements Emissions {

    private final FieldwiseFamily family;
    private final FieldwiseParameters parameters;
    private final Univariate univariate;
    private final int fields;
    private final int terms;
    private final int components;

    /** K × (fields · terms): η. */
    private final double[][] natural;

    /** K × fields: -A. */
    private final double[][] constants;

    private final double[] sumOfConstants;
    private final FieldReader reader;

    /** Made with the first block: scoring needs none of it. */
    private Workspace workspace;

    private static final class Workspace {
        private final double[][][] terms;
        private final double[][] rows;
        private final double[] logBase = new double[Lanes.SIZE];
        private final double[] scratch = new double[Lanes.SIZE];
        private int size;

        Workspace(int fields, int each) {
            terms = new double[fields][each][Lanes.SIZE];
            rows = Arrays.stream(terms).flatMap(Arrays::stream).toArray(double[][]::new);
        }
    }

    FieldwiseEmissions(FieldwiseFamily family, FieldwiseParameters parameters) {
        this.family = family;
        this.parameters = parameters;
        this.univariate = family.univariate();
        this.fields = family.columns().length;
        this.terms = univariate.terms();
        this.components = parameters.components();
        natural = new double[components][fields * terms];
        constants = new double[components][fields];
        sumOfConstants = new double[components];
        double[] ofOne = new double[terms + 1];
        for (int k = 0; k < components; k++) {
            for (int j = 0; j < fields; j++) {
                univariate.natural(parameters.of(k, j), ofOne);
                System.arraycopy(ofOne, 0, natural[k], j * terms, terms);
                constants[k][j] = ofOne[terms];
                sumOfConstants[k] += ofOne[terms];
            }
        }
        reader = new FieldReader(family);
    }

    @Override
    public void logDensities(double[] values, int offset, double[] into) {
        Arrays.fill(into, 0, components, 0);
        for (int j = 0; j < fields; j++) {
            if (reader.read(values, offset, j)) {
                for (int k = 0; k < components; k++) {
                    double sum = reader.logBase() + constants[k][j];
                    for (int t = 0; t < terms; t++) {
                        sum = Math.fma(natural[k][j * terms + t], reader.term(t), sum);
                    }
                    into[k] += sum;
                }
            }
        }
    }

    @Override
    public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        for (int j = 0; j < fields; j++) {
            if (reader.read(values, offset, j)) {
                for (int k = 0; k < components; k++) {
                    int at = from + k * family.stride() + j * (1 + terms);
                    statistics[at] += responsibilities[k];
                    for (int t = 0; t < terms; t++) {
                        statistics[at + 1 + t] += responsibilities[k] * reader.term(t);
                    }
                }
            }
        }
    }

    @Override
    public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        double size = family.isSized() ? values[offset + family.sizeColumn()] : 1;
        if (Double.isNaN(size)) {
            size = parameters.size();
        }
        int field = 0;
        for (int position = 0; position < family.width(); position++) {
            boolean missing = Double.isNaN(values[offset + position]);
            if (position == family.sizeColumn()) {
                if (missing) {
                    into.number(position, size, Double.NaN);
                }
            } else {
                if (missing) {
                    double expected = expected(field, probabilities);
                    into.number(position, size * expected, deviation(field, probabilities, size, expected));
                }
                field++;
            }
        }
    }

    private double expected(int j, double[] probabilities) {
        double[] means = new double[terms];
        for (int k = 0; k < components; k++) {
            double[] ofOne = univariate.expectedTerms(parameters.of(k, j));
            for (int t = 0; t < terms; t++) {
                means[t] += probabilities[k] * ofOne[t];
            }
        }
        return univariate.expected(means);
    }

    /** Of a number with that size, whose expectation for size 1 is given. */
    private double deviation(int j, double[] probabilities, double size, double expected) {
        double variance = 0;
        for (int k = 0; k < components; k++) {
            double[] ofOne = parameters.of(k, j);
            double distance =
                    size * univariate.distance(univariate.expected(univariate.expectedTerms(ofOne)), expected);
            variance += probabilities[k] > 0
                    ? probabilities[k] * (size * univariate.variance(ofOne) + distance * distance)
                    : 0;
        }
        return Math.sqrt(variance);
    }

    @Override
    public void logDensities(Lanes block, double[][] into) {
        if (workspace == null) {
            workspace = new Workspace(fields, terms);
        }
        int n = block.size();
        workspace.size = n;
        double[] logBase = workspace.logBase;
        double[][] rows = workspace.rows;
        Arrays.fill(logBase, 0, n, 0);
        double[] sizes = family.isSized() ? block.column(family.sizeColumn()) : null;
        for (int j = 0; j < fields; j++) {
            univariate.terms(block.column(family.columns()[j]), sizes, n, workspace.terms[j], logBase);
        }
        for (int k = 0; k < components; k++) {
            double[] eta = natural[k];
            Lanes.shift(logBase, sumOfConstants[k], into[k], n);
            int i = 0;
            for (; i + 4 <= rows.length; i += 4) {
                Lanes.addScaled(
                        eta[i],
                        rows[i],
                        eta[i + 1],
                        rows[i + 1],
                        eta[i + 2],
                        rows[i + 2],
                        eta[i + 3],
                        rows[i + 3],
                        into[k],
                        n);
            }
            for (; i < rows.length; i++) {
                Lanes.addScaled(eta[i], rows[i], into[k], n);
            }
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        int n = workspace.size;
        double[] scratch = workspace.scratch;
        int at = from;
        for (int k = 0; k < components; k++) {
            double count = Lanes.sum(responsibilities[k], n, scratch);
            for (int j = 0; j < fields; j++) {
                statistics[at++] += count;
                for (double[] term : workspace.terms[j]) {
                    statistics[at++] += Lanes.dot(responsibilities[k], term, n, scratch);
                }
            }
        }
    }
}
