package io.onlineem.family;

import io.onlineem.em.Fields;

/**
 * K linear regressions, in the units of the data.
 *
 * @param coefficients K × (p + 1): the intercept, then those of the p covariates, in the order of the columns
 * @param variances K: of the response around the regression, positive
 * @param centre p + 1: origin of the coordinates in which statistics are kept, in the order of the columns, the response
 *     included; fixed at the start
 * @param scale p + 1: unit of those coordinates, positive
 */
public record RegressionParameters(double[][] coefficients, double[] variances, double[] centre, double[] scale)
        implements FamilyParameters {

    RegressionParameters(double[][] coefficients, double[] variances, Coordinates coordinates) {
        this(coefficients, variances, coordinates.centre(), coordinates.scale());
    }

    Coordinates coordinates() {
        return new Coordinates(centre, scale);
    }

    @Override
    public int components() {
        return coefficients.length;
    }

    @Override
    public Fields fields() {
        return new Fields()
                .with("coefficients", coefficients)
                .with("variances", variances)
                .with("center", centre)
                .with("scale", scale);
    }
}
