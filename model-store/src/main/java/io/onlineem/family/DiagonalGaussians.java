package io.onlineem.family;

import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared Gaussians with diagonal or spherical covariances. */
final class DiagonalGaussians extends GaussianEmissions {

    private final int width;
    private final int components;
    private final double[] centre;
    private final double[] unitsInverse;
    private final double[][] means;

    /** √½ over the standard deviation, so that the squared distance is the exponent. */
    private final double[][] precision;

    private final double[] constants;

    private final double[] y;

    /** Columns of the block, made with the first one: scoring needs none of them. */
    private double[][] standard;

    private double[] distance;
    private double[] weighted;
    private double[] scratch;
    private int size;

    DiagonalGaussians(GaussianFamily family, GaussianParameters parameters) {
        super(family, parameters);
        this.width = family.width();
        this.components = parameters.components();
        this.centre = parameters.centre();
        this.unitsInverse = new double[width];
        for (int j = 0; j < width; j++) {
            unitsInverse[j] = 1 / parameters.scale()[j];
        }
        this.means = new double[components][width];
        this.precision = new double[components][width];
        this.constants = new double[components];
        for (int k = 0; k < components; k++) {
            double logDeviations = 0;
            for (int j = 0; j < width; j++) {
                means[k][j] = (parameters.means()[k][j] - centre[j]) * unitsInverse[j];
                double deviation = Math.sqrt(parameters.covariances()[k][j][j]);
                precision[k][j] = Math.sqrt(0.5) / (deviation * unitsInverse[j]);
                logDeviations += Math.log(deviation);
            }
            constants[k] = -0.5 * width * Math.log(2 * Math.PI) - logDeviations;
        }
        this.y = new double[width];
    }

    private void makeRoom() {
        standard = new double[width][Lanes.SIZE];
        distance = new double[Lanes.SIZE];
        weighted = new double[Lanes.SIZE];
        scratch = new double[Lanes.SIZE];
    }

    @Override
    void completeLogDensities(double[] values, int offset, double[] into) {
        for (int j = 0; j < width; j++) {
            y[j] = (values[offset + j] - centre[j]) * unitsInverse[j];
        }
        for (int k = 0; k < components; k++) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                double difference = (y[j] - means[k][j]) * precision[k][j];
                sum = Math.fma(difference, difference, sum);
            }
            into[k] = constants[k] - sum;
        }
    }

    @Override
    double logDensityAtMean(int k) {
        return constants[k];
    }

    @Override
    public void logDensities(Lanes block, double[][] into) {
        if (standard == null) {
            makeRoom();
        }
        size = block.size();
        for (int j = 0; j < width; j++) {
            Lanes.standardise(block.column(j), centre[j], unitsInverse[j], standard[j], size);
        }
        for (int k = 0; k < components; k++) {
            Arrays.fill(distance, 0, size, 0);
            for (int j = 0; j < width; j++) {
                Lanes.addSquaredDistance(precision[k][j], standard[j], means[k][j], distance, size);
            }
            Arrays.fill(into[k], 0, size, constants[k]);
            Lanes.addScaled(-1, distance, into[k], size);
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        int stride = family.stride();
        for (int k = 0; k < components; k++) {
            int at = from + k * stride;
            statistics[at] += Lanes.sum(responsibilities[k], size, scratch);
            for (int j = 0; j < width; j++) {
                Lanes.multiply(responsibilities[k], standard[j], weighted, size);
                statistics[at + 1 + j] += Lanes.sum(weighted, size, scratch);
                statistics[at + 1 + width + j] += Lanes.dot(weighted, standard[j], size, scratch);
            }
        }
    }
}
