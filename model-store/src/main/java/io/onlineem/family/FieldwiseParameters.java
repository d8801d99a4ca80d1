package io.onlineem.family;

import io.onlineem.em.Fields;
import java.util.Arrays;
import java.util.List;

/**
 * Parameters of d fields that are independent given the component.
 *
 * @param names names of the parameters
 * @param values one K × d matrix for each of them
 * @param scale d: mean of every field in the first sample, to which floors are relative; null where none is
 * @param sizeName what the {@linkplain Univariate#size() size} is called; null without one
 * @param size the mean size in the first sample: what is assumed where none is given; 1 without sizes
 */
public record FieldwiseParameters(List<String> names, double[][][] values, double[] scale, String sizeName, double size)
        implements FamilyParameters {

    /** The field that holds the scale, of Gaussians too. */
    static final String SCALE = "scale";

    @Override
    public int components() {
        return values[0].length;
    }

    /** Number of fields. */
    int width() {
        return values[0][0].length;
    }

    /** θ of one component and field. */
    double[] of(int k, int j) {
        double[] parameters = new double[values.length];
        for (int p = 0; p < parameters.length; p++) {
            parameters[p] = values[p][k][j];
        }
        return parameters;
    }

    double scale(int j) {
        return scale == null ? 1 : scale[j];
    }

    /** A K × d matrix for every parameter; for a single field a vector of K. */
    @Override
    public Fields fields() {
        Fields fields = new Fields();
        boolean single = width() == 1;
        for (int p = 0; p < values.length; p++) {
            fields.with(names.get(p), single ? column(values[p]) : values[p]);
        }
        if (scale != null) {
            fields.with(SCALE, single ? (Object) scale[0] : scale);
        }
        return sizeName == null ? fields : fields.with(sizeName, size);
    }

    private static double[] column(double[][] matrix) {
        return Arrays.stream(matrix).mapToDouble(row -> row[0]).toArray();
    }
}
