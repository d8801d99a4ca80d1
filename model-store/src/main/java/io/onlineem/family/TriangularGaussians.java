package io.onlineem.family;

import io.onlineem.em.Lanes;
import java.util.Arrays;

/** Prepared Gaussians with full or tied covariances: {@code L t = y - μ}, {@code log N = c - ½|t|²}, L the Cholesky factor. */
final class TriangularGaussians extends GaussianEmissions {

    private final int width;
    private final int components;
    private final boolean tied;
    private final double[] centre;
    private final double[] unitsInverse;
    private final double[][] means;

    /** Per component, the rows of L below the diagonal, one after another. */
    private final double[][] below;

    private final double[][] diagonalInverse;
    private final double[] constants;

    private final double[] y;
    private final double[] t;

    /** Columns of the block, made with the first one: scoring needs none of them. */
    private double[][] standard;

    private double[][] solved;
    private double[] weighted;
    private double[] scratch;
    private int size;

    TriangularGaussians(GaussianFamily family, GaussianParameters parameters) {
        super(family, parameters);
        this.width = family.width();
        this.components = parameters.components();
        this.tied = family.covariance() == Covariance.TIED;
        this.centre = parameters.centre();
        this.unitsInverse = new double[width];
        double logUnits = 0;
        for (int j = 0; j < width; j++) {
            unitsInverse[j] = 1 / parameters.scale()[j];
            logUnits += Math.log(parameters.scale()[j]);
        }
        this.means = new double[components][width];
        this.below = new double[components][];
        this.diagonalInverse = new double[components][];
        this.constants = new double[components];
        for (int k = 0; k < components; k++) {
            for (int j = 0; j < width; j++) {
                means[k][j] = (parameters.means()[k][j] - centre[j]) * unitsInverse[j];
            }
            if (tied && k > 0) {
                below[k] = below[0];
                diagonalInverse[k] = diagonalInverse[0];
                constants[k] = constants[0];
            } else {
                factor(k, parameters, logUnits);
            }
        }
        this.y = new double[width];
        this.t = new double[width];
    }

    private void makeRoom() {
        standard = new double[width][Lanes.SIZE];
        solved = new double[width][Lanes.SIZE];
        weighted = new double[Lanes.SIZE];
        scratch = new double[Lanes.SIZE];
    }

    private void factor(int k, GaussianParameters parameters, double logUnits) {
        double[][] factor =
                Symmetric.cholesky(GaussianFamily.toStandard(parameters.covariances()[k], parameters));
        if (factor == null) {
            throw new IllegalArgumentException("the covariance of component " + k + " is not positive definite");
        }
        below[k] = new double[width * (width - 1) / 2];
        diagonalInverse[k] = new double[width];
        double logDeterminant = 0;
        int at = 0;
        for (int j = 0; j < width; j++) {
            for (int l = 0; l < j; l++) {
                below[k][at++] = factor[j][l];
            }
            diagonalInverse[k][j] = 1 / factor[j][j];
            logDeterminant += Math.log(factor[j][j]);
        }
        constants[k] = -0.5 * width * Math.log(2 * Math.PI) - logDeterminant - logUnits;
    }

    @Override
    void completeLogDensities(double[] values, int offset, double[] into) {
        for (int j = 0; j < width; j++) {
            y[j] = (values[offset + j] - centre[j]) * unitsInverse[j];
        }
        for (int k = 0; k < components; k++) {
            double[] mean = means[k];
            double[] rows = below[k];
            double[] inverse = diagonalInverse[k];
            double distance = 0;
            int at = 0;
            for (int j = 0; j < width; j++) {
                double rest = y[j] - mean[j];
                for (int l = 0; l < j; l++) {
                    rest = Math.fma(-rows[at++], t[l], rest);
                }
                t[j] = rest * inverse[j];
                distance = Math.fma(t[j], t[j], distance);
            }
            into[k] = constants[k] - 0.5 * distance;
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
            double[] density = into[k];
            Arrays.fill(density, 0, size, constants[k]);
            int row = 0;
            for (int j = 0; j < width; j++) {
                double[] rest = solved[j];
                Lanes.shift(standard[j], -means[k][j], rest, size);
                solveRow(below[k], row, j, rest);
                row += j;
                Lanes.scale(rest, diagonalInverse[k][j], rest, size);
                Lanes.addScaledSquare(-0.5, rest, density, size);
            }
        }
    }

    /** {@code rest -= Σ_{l<j} L_jl t_l}, four columns at a time. */
    private void solveRow(double[] rows, int row, int j, double[] rest) {
        int l = 0;
        for (; l + 4 <= j; l += 4) {
            Lanes.addScaled(
                    -rows[row + l],
                    solved[l],
                    -rows[row + l + 1],
                    solved[l + 1],
                    -rows[row + l + 2],
                    solved[l + 2],
                    -rows[row + l + 3],
                    solved[l + 3],
                    rest,
                    size);
        }
        for (; l < j; l++) {
            Lanes.addScaled(-rows[row + l], solved[l], rest, size);
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        int stride = family.stride();
        for (int k = 0; k < components; k++) {
            int at = from + k * stride;
            statistics[at] += Lanes.sum(responsibilities[k], size, scratch);
            int second = at + 1 + width;
            for (int j = 0; j < width; j++) {
                if (tied) {
                    statistics[at + 1 + j] += Lanes.dot(responsibilities[k], standard[j], size, scratch);
                } else {
                    Lanes.multiply(responsibilities[k], standard[j], weighted, size);
                    statistics[at + 1 + j] += Lanes.sum(weighted, size, scratch);
                    for (int l = 0; l <= j; l++) {
                        statistics[second++] += Lanes.dot(weighted, standard[l], size, scratch);
                    }
                }
            }
        }
        if (tied) {
            accumulatePooled(responsibilities, statistics, from + components * stride);
        }
    }

    private void accumulatePooled(double[][] responsibilities, double[] statistics, int from) {
        double[] total = solved[0];
        System.arraycopy(responsibilities[0], 0, total, 0, size);
        for (int k = 1; k < components; k++) {
            Lanes.add(responsibilities[k], total, size);
        }
        int at = from;
        for (int j = 0; j < width; j++) {
            Lanes.multiply(total, standard[j], weighted, size);
            for (int l = 0; l <= j; l++) {
                statistics[at++] += Lanes.dot(weighted, standard[l], size, scratch);
            }
        }
    }
}
