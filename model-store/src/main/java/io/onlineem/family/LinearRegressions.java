package io.onlineem.family;

import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared linear regressions. */
final class LinearRegressions implements Emissions {

    private final LinearRegressionFamily family;
    private final RegressionParameters parameters;
    private final int width;
    private final int components;

    /** In standard coordinates. */
    private final double[][] coefficients;

    /** {@code -½ / σ²} in standard coordinates. */
    private final double[] halfPrecisions;

    private final double[] constants;
    private final double[] z;

    /** The block without the leading ones, made with the first one: scoring needs none of it. */
    private double[][] standard;

    private double[] rest;
    private double[] scratch;
    private int size;

    LinearRegressions(LinearRegressionFamily family, RegressionParameters parameters) {
        this.family = family;
        this.parameters = parameters;
        width = family.width();
        components = parameters.components();
        coefficients = family.standard(parameters, parameters);
        halfPrecisions = new double[components];
        constants = new double[components];
        double unit = parameters.scale()[family.order()[width - 1]];
        for (int k = 0; k < components; k++) {
            double variance = parameters.variances()[k];
            halfPrecisions[k] = -0.5 / (variance / unit / unit);
            constants[k] = -0.5 * Math.log(2 * Math.PI * variance);
        }
        z = new double[width + 1];
    }

    @Override
    public void logDensities(double[] values, int offset, double[] into) {
        boolean complete = family.load(values, offset, parameters, z);
        for (int k = 0; k < components; k++) {
            double residual = complete ? family.residual(coefficients[k], z) : 0;
            into[k] = complete ? Math.fma(halfPrecisions[k] * residual, residual, constants[k]) : 0;
        }
    }

    @Override
    public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        if (!family.load(values, offset, parameters, z)) {
            return;
        }
        int at = from;
        for (int k = 0; k < components; k++) {
            for (int i = 0; i <= width; i++) {
                double weighted = responsibilities[k] * z[i];
                for (int j = 0; j <= i; j++) {
                    statistics[at] = Math.fma(weighted, z[j], statistics[at]);
                    at++;
                }
            }
        }
    }

    @Override
    public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        family.load(values, offset, parameters, z);
        int response = family.order()[width - 1];
        boolean lacksResponse = Double.isNaN(z[width]);
        for (int i = 0; i <= width; i++) {
            z[i] = Double.isNaN(z[i]) ? 0 : z[i];
        }
        for (int j = 0; j < width; j++) {
            if (j == response && lacksResponse) {
                double[] means = new double[components];
                for (int k = 0; k < components; k++) {
                    double standard = -family.residual(coefficients[k], z);
                    means[k] = parameters.centre()[j] + parameters.scale()[j] * standard;
                }
                into.number(j, probabilities, means, parameters.variances());
            } else if (Double.isNaN(values[offset + j])) {
                into.number(j, parameters.centre()[j], parameters.scale()[j]);
            }
        }
    }

    @Override
    public void logDensities(Lanes block, double[][] into) {
        if (standard == null) {
            standard = new double[width][Lanes.SIZE];
            rest = new double[Lanes.SIZE];
            scratch = new double[Lanes.SIZE];
        }
        size = block.size();
        for (int j = 0; j < width; j++) {
            int column = family.order()[j];
            Lanes.standardise(
                    block.column(column),
                    parameters.centre()[column],
                    1 / parameters.scale()[column],
                    standard[j],
                    size);
        }
        for (int k = 0; k < components; k++) {
            Lanes.shift(standard[width - 1], -coefficients[k][0], rest, size);
            for (int j = 1; j < width; j++) {
                Lanes.addScaled(-coefficients[k][j], standard[j - 1], rest, size);
            }
            Arrays.fill(into[k], 0, size, constants[k]);
            Lanes.addScaledSquare(halfPrecisions[k], rest, into[k], size);
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        int at = from;
        for (int k = 0; k < components; k++) {
            statistics[at++] += Lanes.sum(responsibilities[k], size, scratch);
            for (int i = 0; i < width; i++) {
                Lanes.multiply(responsibilities[k], standard[i], rest, size);
                statistics[at++] += Lanes.sum(rest, size, scratch);
                for (int j = 0; j <= i; j++) {
                    statistics[at++] += Lanes.dot(rest, standard[j], size, scratch);
                }
            }
        }
    }
}
