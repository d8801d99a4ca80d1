package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * d fields of the same {@linkplain Univariate one-dimensional distribution}, independent given the component,
 *
 * <pre>  log f(x; θ_k) = Σ_j log f(x_j; θ_kj).</pre>
 *
 * <p>A record holds the fields and, where the distribution has a {@linkplain Univariate#size() size}, the one column of sizes
 * that all fields share. Statistics, for component k and field j with responsibilities r: {@code Σ r}, {@code Σ r t_i(x_j)}
 * for every term. A missing value leaves its field out, a missing size all of them.
 *
 * <p>In place of a missing size the mean size of the first sample is imputed, and with it the fields.
 */
public final class FieldwiseFamily implements Family<FieldwiseParameters> {

    /** Mean responsibility below which a component keeps its parameters. */
    private static final double EMPTY = 1e-12;

    /** Numbers up to 1e100 stay finite when divided by the square of what is smallest beside this scale. */
    private static final double SMALLEST_SCALE = 1e-90;

    private static final int NONE = -1;

    private final Univariate univariate;
    private final int sizeColumn;
    private final int[] columns;
    private final List<String> names;

    /** Fields of a distribution without size, or with the size in the last column. */
    public FieldwiseFamily(Univariate univariate, int fields) {
        this(univariate, fields, univariate.size() == null ? NONE : fields);
    }

    /**
     * Fields of a distribution.
     *
     * @param fields number of fields, at least 1
     * @param sizeColumn where in a record the size is; -1 without one
     */
    public FieldwiseFamily(Univariate univariate, int fields, int sizeColumn) {
        if (fields < 1) {
            throw new IllegalArgumentException("number of fields is " + fields + "; expected at least 1"
                    + (univariate.size() == null ? "" : " beside the field of the " + univariate.size()));
        }
        if ((univariate.size() == null) != (sizeColumn == NONE) || sizeColumn > fields) {
            throw new IllegalArgumentException("column of the size is " + sizeColumn + "; expected "
                    + (univariate.size() == null ? "-1 for none" : "0 to " + fields));
        }
        this.univariate = univariate;
        this.sizeColumn = sizeColumn;
        columns = new int[fields];
        for (int j = 0; j < fields; j++) {
            columns[j] = sizeColumn == NONE || j < sizeColumn ? j : j + 1;
        }
        names = univariate.parameters().stream().map(Univariate.Parameter::name).toList();
    }

    /** The distribution of one field. */
    Univariate univariate() {
        return univariate;
    }

    /** Where in a record each field is. */
    int[] columns() {
        return columns;
    }

    /** Where in a record the size is; -1 without one. */
    int sizeColumn() {
        return sizeColumn;
    }

    @Override
    public boolean isGiven(int position) {
        return position == sizeColumn;
    }

    boolean isSized() {
        return sizeColumn != NONE;
    }

    @Override
    public int width() {
        return columns.length + (isSized() ? 1 : 0);
    }

    @Override
    public List<Domain> domains() {
        List<Domain> domains = new ArrayList<>(Collections.nCopies(width(), univariate.domain()));
        if (isSized()) {
            domains.set(sizeColumn, univariate.sizeDomain());
        }
        return domains;
    }

    @Override
    public Problem problem(double[] values, int offset) {
        double size = isSized() ? values[offset + sizeColumn] : 1;
        for (int column : columns) {
            double value = values[offset + column];
            String expected = Double.isNaN(value) || Double.isNaN(size) ? null : univariate.problem(value, size);
            if (expected != null) {
                return new Problem(column, expected);
            }
        }
        return null;
    }

    @Override
    public int statisticsLength(int components) {
        return components * stride();
    }

    /** Statistics of one component. */
    int stride() {
        return columns.length * (1 + univariate.terms());
    }

    @Override
    public int degreesOfFreedom(int components) {
        return components * columns.length * names.size();
    }

    @Override
    public FieldwiseParameters pooled(Observations sample, int components) {
        double size = meanSize(sample);
        double[] scale = new double[columns.length];
        double[][][] values = new double[names.size()][components][columns.length];
        FieldReader reader = new FieldReader(this);
        for (int j = 0; j < columns.length; j++) {
            double[] means = new double[univariate.terms()];
            double total = 0;
            double sizes = 0;
            for (int i = 0; i < sample.size(); i++) {
                if (reader.read(sample.values(), sample.offset(i), j)) {
                    double weight = sample.weight(i);
                    total += weight;
                    sizes += weight / total * (reader.size() - sizes);
                    for (int t = 0; t < means.length; t++) {
                        means[t] += weight / total * (reader.term(t) - means[t]);
                    }
                }
            }
            scale[j] = positive(Math.abs(means[0] / sizes));
            double[] unknown = univariate.unknown();
            if (total > 0 && univariate.imagined() > 0) {
                double share = univariate.imagined() / (univariate.imagined() + total);
                double[] imagined = univariate.expectedTerms(unknown);
                for (int t = 0; t < means.length; t++) {
                    means[t] += share * (sizes * imagined[t] - means[t]);
                }
            }
            double[] fitted = total > 0 ? univariate.fit(means, scale[j], unknown) : unknown;
            for (int p = 0; p < fitted.length; p++) {
                for (int k = 0; k < components; k++) {
                    values[p][k][j] = fitted[p];
                }
            }
        }
        return parameters(values, scale, size);
    }

    private FieldwiseParameters parameters(double[][][] values, double[] scale, double size) {
        return new FieldwiseParameters(names, values, univariate.isScaled() ? scale : null, univariate.size(), size);
    }

    private double meanSize(Observations sample) {
        double mean = 0;
        double total = 0;
        for (int i = 0; isSized() && i < sample.size(); i++) {
            double size = sample.value(i, sizeColumn);
            if (!Double.isNaN(size)) {
                total += sample.weight(i);
                mean += sample.weight(i) / total * (size - mean);
            }
        }
        return positive(mean);
    }

    private static double positive(double mean) {
        return mean > 0 && mean < Double.POSITIVE_INFINITY ? Math.max(mean, SMALLEST_SCALE) : 1;
    }

    /** Every field's features about their mean, in units in which together they have variance 1; missing ones are 0. */
    @Override
    public double[][] features(Observations sample, FieldwiseParameters pooled) {
        int each = univariate.features(1, 1).length;
        double[][] features = new double[sample.size()][columns.length * each];
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; i < features.length; i++) {
                double x = sample.value(i, columns[j]);
                double size = isSized() ? sample.value(i, sizeColumn) : 1;
                if (Double.isNaN(x) || Double.isNaN(size)) {
                    Arrays.fill(features[i], j * each, (j + 1) * each, Double.NaN);
                } else {
                    System.arraycopy(univariate.features(x, size), 0, features[i], j * each, each);
                }
            }
            Standardisation.apply(features, j * each, each, sample);
        }
        return features;
    }

    @Override
    public FieldwiseParameters fit(double[] statistics, int from, double observations, FieldwiseParameters current) {
        int terms = univariate.terms();
        int components = current.components();
        double[][][] values = new double[names.size()][components][columns.length];
        double[] means = new double[terms];
        int at = from;
        for (int k = 0; k < components; k++) {
            for (int j = 0; j < columns.length; j++) {
                double[] fitted = current.of(k, j);
                double count = statistics[at++];
                if (count > EMPTY) {
                    for (int t = 0; t < terms; t++) {
                        means[t] = statistics[at + t] / count;
                    }
                    fitted = univariate.fit(means, current.scale(j), fitted);
                }
                at += terms;
                for (int p = 0; p < fitted.length; p++) {
                    values[p][k][j] = fitted[p];
                }
            }
        }
        return parameters(values, current.scale(), current.size());
    }

    /** {@inheritDoc} Of records of the mean size, where there are sizes. */
    @Override
    public double[] statistics(FieldwiseParameters parameters, FieldwiseParameters coordinates, double[] weights) {
        double[] statistics = new double[statisticsLength(parameters.components())];
        int at = 0;
        for (int k = 0; k < parameters.components(); k++) {
            for (int j = 0; j < columns.length; j++) {
                statistics[at++] = weights[k];
                for (double term : univariate.expectedTerms(parameters.of(k, j))) {
                    statistics[at++] = weights[k] * coordinates.size() * term;
                }
            }
        }
        return statistics;
    }

    /** {@inheritDoc} Here {@code Σ_k Σ_j ⟨Σ r t(x_j), η(θ_kj)⟩ - Σr A(θ_kj)}. */
    @Override
    public double logLikelihood(double[] statistics, int from, FieldwiseParameters parameters) {
        int terms = univariate.terms();
        double[] natural = new double[terms + 1];
        double logLikelihood = 0;
        int at = from;
        for (int k = 0; k < parameters.components(); k++) {
            for (int j = 0; j < columns.length; j++) {
                univariate.natural(parameters.of(k, j), natural);
                logLikelihood += statistics[at++] * natural[terms];
                for (int t = 0; t < terms; t++) {
                    logLikelihood += statistics[at++] * natural[t];
                }
            }
        }
        return logLikelihood;
    }

    @Override
    public Emissions prepare(FieldwiseParameters parameters) {
        return new FieldwiseEmissions(this, parameters);
    }

    /** {@inheritDoc} Where records have a size, with the mean size of the first sample. */
    @Override
    public double[][] deviations(FieldwiseParameters parameters) {
        double[][] deviations = Family.super.deviations(parameters);
        for (int k = 0; k < deviations.length; k++) {
            for (int j = 0; j < columns.length; j++) {
                double deviation = Math.sqrt(parameters.size() * univariate.variance(parameters.of(k, j)));
                deviations[k][columns[j]] = Double.isFinite(deviation) ? deviation : Double.NaN;
            }
        }
        return deviations;
    }

    /** {@inheritDoc} Some but not all components are at the bound of a field's singularity. */
    @Override
    public boolean isDegenerate(FieldwiseParameters parameters, double[] counts) {
        for (int j = 0; j < columns.length; j++) {
            int collapsed = 0;
            for (int k = 0; k < counts.length; k++) {
                collapsed += univariate.isCollapsed(parameters.of(k, j), parameters.scale(j)) ? 1 : 0;
            }
            if (collapsed > 0 && collapsed < counts.length) {
                return true;
            }
        }
        return false;
    }

    @Override
    public FieldwiseParameters read(Fields fields, int components) {
        double[][][] values = new double[names.size()][][];
        for (int p = 0; p < values.length; p++) {
            values[p] = read(fields, univariate.parameters().get(p), components);
        }
        double[] scale = new double[columns.length];
        if (!fields.has(FieldwiseParameters.SCALE)) {
            FieldwiseParameters given = parameters(values, null, 1);
            for (int j = 0; j < scale.length; j++) {
                for (int k = 0; k < components; k++) {
                    scale[j] += univariate.expectedTerms(given.of(k, j))[0] / components;
                }
                scale[j] = positive(scale[j]);
            }
        } else if (univariate.isScaled()) {
            scale = columns.length == 1
                    ? new double[] {fields.number(FieldwiseParameters.SCALE)}
                    : fields.vector(FieldwiseParameters.SCALE, columns.length);
            for (double one : scale) {
                requirePositive(FieldwiseParameters.SCALE, one);
            }
        }
        double size = 1;
        if (isSized() && fields.has(univariate.size())) {
            size = fields.number(univariate.size());
            requirePositive(univariate.size(), size);
        }
        return parameters(values, scale, size);
    }

    private double[][] read(Fields fields, Univariate.Parameter parameter, int components) {
        double[][] matrix;
        if (columns.length == 1 && !(fields.get(parameter.name()) instanceof double[][])) {
            double[] vector = fields.vector(parameter.name(), components);
            matrix = Arrays.stream(vector)
                    .mapToObj(value -> new double[] {value})
                    .toArray(double[][]::new);
        } else {
            matrix = fields.matrix(parameter.name(), components, columns.length);
        }
        for (double[] row : matrix) {
            for (double value : row) {
                if (!(value >= parameter.least() && value <= parameter.most())) {
                    throw new IllegalArgumentException(
                            parameter.name() + " holds " + value + "; expected " + parameter.expected());
                }
            }
        }
        return matrix;
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a positive, finite number");
        }
    }
}
