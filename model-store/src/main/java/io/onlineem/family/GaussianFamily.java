package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multivariate Gaussians with {@linkplain Covariance full, tied, diagonal or spherical} covariances,
 *
 * <pre>  log N(x; μ, Σ) = -½ (d log 2π + log|Σ| + (x - μ)' Σ⁻¹ (x - μ)).</pre>
 *
 * <p>Statistics are kept in coordinates {@code y = (x - centre) / scale}, centred and scaled once with the mean and the
 * standard deviation of the first sample: {@code Σ r x x' - n μ μ'} in raw units loses everything when the mean dwarfs the
 * spread. Layout, for component k with responsibilities r:
 *
 * <table>
 * <caption>Statistics</caption>
 * <tr><th>type</th><th>per component</th><th>once, at the end</th></tr>
 * <tr><td>full</td><td>Σr, Σr y (d), Σr y y' (lower triangle by rows, d(d+1)/2)</td><td></td></tr>
 * <tr><td>tied</td><td>Σr, Σr y (d)</td><td>Σ y y' over all components (lower triangle by rows)</td></tr>
 * <tr><td>diagonal, spherical</td><td>Σr, Σr y (d), Σr y² (d)</td><td></td></tr>
 * </table>
 *
 * <p>Spherical covariances share one scale among all columns, so that they are spheres in the units of the data.
 *
 * <p>The eigenvalues of a covariance in these coordinates are kept at or above {@link #floor()}, so that a component on a
 * single point, where the likelihood is unbounded, stays finite. A component without responsibility keeps its parameters.
 *
 * <p>Missing values are integrated out exactly, see {@link IncompleteGaussians}.
 */
public final class GaussianFamily implements Family<GaussianParameters> {

    /** Default floor: a standard deviation of a hundred-thousandth of the data's. */
    public static final double DEFAULT_FLOOR = 1e-10;

    /** A component is thin if its variance in some direction is less than this share of the components' mean. */
    private static final double THIN = 1.0 / 25;

    /** Mean responsibility below which a component keeps its parameters. */
    private static final double EMPTY = 1e-12;

    private final int width;
    private final Covariance covariance;
    private final double floor;

    /** Gaussians of dimension {@code width} with the {@linkplain #DEFAULT_FLOOR default floor}. */
    public GaussianFamily(int width, Covariance covariance) {
        this(width, covariance, DEFAULT_FLOOR);
    }

    /**
     * Gaussians of dimension {@code width}.
     *
     * @param floor smallest variance in any direction, as a share of the variance of the first sample; in (0, 1)
     */
    public GaussianFamily(int width, Covariance covariance, double floor) {
        if (width < 1) {
            throw new IllegalArgumentException("dimension is " + width + "; expected at least 1");
        }
        if (!(floor > 0 && floor < 1)) {
            throw new IllegalArgumentException("covariance floor is " + floor
                    + "; expected more than 0 and less than 1 (a share of the variance)");
        }
        this.width = width;
        this.covariance = covariance;
        this.floor = floor;
    }

    @Override
    public int width() {
        return width;
    }

    /** The covariance type. */
    public Covariance covariance() {
        return covariance;
    }

    /** Smallest variance in any direction, as a share of the variance of the first sample. */
    public double floor() {
        return floor;
    }

    @Override
    public List<Domain> domains() {
        return Collections.nCopies(width, Domain.REAL);
    }

    @Override
    public int statisticsLength(int components) {
        return components * stride() + (covariance == Covariance.TIED ? triangle() : 0);
    }

    @Override
    public int degreesOfFreedom(int components) {
        int means = components * width;
        return switch (covariance) {
            case FULL -> means + components * triangle();
            case TIED -> means + triangle();
            case DIAGONAL -> means + components * width;
            case SPHERICAL -> means + components;
        };
    }

    @Override
    public GaussianParameters pooled(Observations sample, int components) {
        Coordinates coordinates = Coordinates.of(sample, width);
        if (covariance == Covariance.SPHERICAL) {
            coordinates = coordinates.withOneUnit();
        }
        GaussianParameters origin =
                new GaussianParameters(new double[components][width], null, coordinates.centre(), coordinates.scale());
        double[][] valid = toUnits(valid(pairwiseCovariance(sample, origin)), origin);
        double[][] means = new double[components][];
        double[][][] all = new double[components][][];
        Arrays.fill(means, origin.centre());
        Arrays.fill(all, valid);
        return new GaussianParameters(means, all, origin.centre(), origin.scale());
    }

    /** The covariance in standard coordinates; every entry from the records in which both values are observed. */
    private double[][] pairwiseCovariance(Observations sample, GaussianParameters origin) {
        double[][] moment = new double[width][width];
        double[][] totals = new double[width][width];
        double[] y = new double[width];
        for (int i = 0; i < sample.size(); i++) {
            double weight = sample.weight(i);
            for (int j = 0; j < width; j++) {
                y[j] = (sample.value(i, j) - origin.centre()[j]) / origin.scale()[j];
                for (int l = 0; l <= j; l++) {
                    double product = y[j] * y[l];
                    if (!Double.isNaN(product)) {
                        totals[j][l] += weight;
                        moment[j][l] += weight / totals[j][l] * (product - moment[j][l]);
                    }
                }
            }
        }
        mirror(moment);
        return moment;
    }

    @Override
    public double[][] features(Observations sample, GaussianParameters pooled) {
        return pooled.coordinates().features(sample);
    }

    @Override
    public GaussianParameters fit(double[] statistics, int from, double observations, GaussianParameters current) {
        int components = current.components();
        double[][] means = new double[components][];
        double[][][] covariances = new double[components][][];
        double[][] tied =
                covariance == Covariance.TIED ? lowerTriangle(statistics, from + components * stride()) : null;
        double total = 0;
        for (int k = 0; k < components; k++) {
            int at = from + k * stride();
            double count = statistics[at];
            total += count;
            if (!(count > EMPTY)) {
                means[k] = current.means()[k];
                covariances[k] = current.covariances()[k];
                continue;
            }
            double[] mean = meanOf(statistics, from, k);
            means[k] = toUnits(mean, current);
            if (tied == null) {
                covariances[k] = toUnits(valid(secondMoment(statistics, at, count, mean)), current);
            } else {
                subtractOuter(tied, count, mean);
            }
        }
        if (tied != null) {
            for (double[] row : tied) {
                for (int j = 0; j < width; j++) {
                    row[j] /= total;
                }
            }
            mirror(tied);
            Arrays.fill(covariances, total > EMPTY ? toUnits(valid(tied), current) : current.covariances()[0]);
        }
        return new GaussianParameters(means, covariances, current.centre(), current.scale());
    }

    /** Σr of component k. */
    double countOf(double[] statistics, int from, int k) {
        return statistics[from + k * stride()];
    }

    /** {@code Σr y / Σr} of component k; 0 where Σr is 0. */
    double[] meanOf(double[] statistics, int from, int k) {
        int at = from + k * stride();
        double[] mean = new double[width];
        for (int j = 0; statistics[at] > 0 && j < width; j++) {
            mean[j] = statistics[at + 1 + j] / statistics[at];
        }
        return mean;
    }

    /** {@code Σr y y' / Σr - mean mean'}, of which diagonal and spherical covariances keep the diagonal. */
    private double[][] secondMoment(double[] statistics, int at, double count, double[] mean) {
        double[][] moment = rawSecondMoment(statistics, at + 1 + width);
        for (int j = 0; j < width; j++) {
            for (int l = isTriangular() ? 0 : j; l <= j; l++) {
                moment[j][l] = moment[j][l] / count - mean[j] * mean[l];
            }
        }
        mirror(moment);
        return moment;
    }

    private void subtractOuter(double[][] moment, double count, double[] mean) {
        for (int j = 0; j < width; j++) {
            for (int l = 0; l <= j; l++) {
                moment[j][l] -= count * mean[j] * mean[l];
            }
        }
    }

    /** A covariance of this family's type, in standard coordinates, with no eigenvalue below the floor. */
    private double[][] valid(double[][] moment) {
        return switch (covariance) {
            case FULL, TIED -> Symmetric.withEigenvaluesAtLeast(moment, floor);
            case DIAGONAL -> {
                double[][] diagonal = new double[width][width];
                for (int j = 0; j < width; j++) {
                    diagonal[j][j] = Math.max(moment[j][j], floor);
                }
                yield diagonal;
            }
            case SPHERICAL -> {
                double trace = 0;
                for (int j = 0; j < width; j++) {
                    trace += moment[j][j];
                }
                double[][] sphere = new double[width][width];
                for (int j = 0; j < width; j++) {
                    sphere[j][j] = Math.max(trace / width, floor);
                }
                yield sphere;
            }
        };
    }

    @Override
    public double[] statistics(GaussianParameters parameters, GaussianParameters coordinates, double[] weights) {
        int components = parameters.components();
        double[] statistics = new double[statisticsLength(components)];
        for (int k = 0; k < components; k++) {
            double[] mean = toStandard(parameters.means()[k], coordinates);
            double[][] matrix = toStandard(parameters.covariances()[k], coordinates);
            addOuter(weights[k], mean, all(), matrix, 1, statistics, 0, k, components);
        }
        return statistics;
    }

    private int[] all() {
        return IntStream.range(0, width).toArray();
    }

    /**
     * Adds the statistics of one record to those of component k: {@code r}, {@code r y} and {@code r (y y' + C / u)}.
     *
     * @param y the record in standard coordinates
     * @param uncertain coordinates that are not known exactly, in increasing order
     * @param conditional C, their covariance at precision 1
     * @param precision u
     */
    void addOuter(
            double responsibility,
            double[] y,
            int[] uncertain,
            double[][] conditional,
            double precision,
            double[] statistics,
            int from,
            int k,
            int components) {
        int at = from + k * stride();
        statistics[at] += responsibility;
        for (int j = 0; j < width; j++) {
            statistics[at + 1 + j] += responsibility * y[j];
        }
        boolean triangular = isTriangular();
        int second = covariance == Covariance.TIED ? from + components * stride() : at + 1 + width;
        int next = second;
        for (int j = 0; j < width; j++) {
            for (int l = triangular ? 0 : j; l <= j; l++) {
                statistics[next++] += responsibility * y[j] * y[l];
            }
        }
        double share = responsibility / precision;
        for (int i = 0; i < uncertain.length; i++) {
            int j = uncertain[i];
            int row = triangular ? second + j * (j + 1) / 2 : second;
            for (int h = triangular ? 0 : i; h <= i; h++) {
                statistics[row + uncertain[h]] += share * conditional[i][h];
            }
        }
    }

    /** {@inheritDoc} Here {@code Σ_k -½ (n_k (d log 2π + log|Σ_k|) + tr Σ_k⁻¹ Σ r (y - μ_k)(y - μ_k)')}. */
    @Override
    public double logLikelihood(double[] statistics, int from, GaussianParameters parameters) {
        int components = parameters.components();
        double[][] scatter =
                covariance == Covariance.TIED ? lowerTriangle(statistics, from + components * stride()) : null;
        double logLikelihood = 0;
        double total = 0;
        for (int k = 0; k < components; k++) {
            int at = from + k * stride();
            double count = statistics[at];
            total += count;
            if (covariance != Covariance.TIED) {
                scatter = rawSecondMoment(statistics, at + 1 + width);
            }
            double[] mean = toStandard(parameters.means()[k], parameters);
            for (int j = 0; j < width; j++) {
                double sum = statistics[at + 1 + j];
                for (int l = isTriangular() ? 0 : j; l <= j; l++) {
                    scatter[j][l] += count * mean[j] * mean[l] - sum * mean[l] - statistics[at + 1 + l] * mean[j];
                }
            }
            if (covariance != Covariance.TIED) {
                logLikelihood += ofScatter(count, scatter, parameters.covariances()[k], parameters);
            }
        }
        return covariance == Covariance.TIED
                ? ofScatter(total, scatter, parameters.covariances()[0], parameters)
                : logLikelihood;
    }

    private double ofScatter(double count, double[][] scatter, double[][] matrix, GaussianParameters coordinates) {
        mirror(scatter);
        double[][] standard = toStandard(matrix, coordinates);
        double logDeterminant = Symmetric.logDeterminant(standard);
        for (double unit : coordinates.scale()) {
            logDeterminant += 2 * Math.log(unit);
        }
        return -0.5
                * (count * (width * Math.log(2 * Math.PI) + logDeterminant)
                        + Symmetric.traceOfQuotient(standard, scatter));
    }

    /** Σ r y y' as kept: all of it, or its diagonal. */
    private double[][] rawSecondMoment(double[] statistics, int second) {
        if (isTriangular()) {
            return lowerTriangle(statistics, second);
        }
        double[][] moment = new double[width][width];
        for (int j = 0; j < width; j++) {
            moment[j][j] = statistics[second + j];
        }
        return moment;
    }

    /** Whether second moments of pairs of dimensions are kept, not only of single ones. */
    private boolean isTriangular() {
        return covariance == Covariance.FULL || covariance == Covariance.TIED;
    }

    @Override
    public double[][] deviations(GaussianParameters parameters) {
        double[][] deviations = new double[parameters.components()][width];
        for (int k = 0; k < deviations.length; k++) {
            for (int j = 0; j < width; j++) {
                deviations[k][j] = Math.sqrt(parameters.covariances()[k][j][j]);
            }
        }
        return deviations;
    }

    @Override
    public GaussianEmissions prepare(GaussianParameters parameters) {
        return isTriangular() ? new TriangularGaussians(this, parameters) : new DiagonalGaussians(this, parameters);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A component is taken for a spurious maximum (McLachlan and Peel 2000, section 3.10) if its standard deviation in
     * some direction is less than a fifth of what the components have on average there, and either its covariance is at
     * the floor or it stands on fewer than three times the observations that make a covariance regular: {@code 3(d + 1)} for
     * full covariances, 6 for diagonal and spherical ones. A column that is constant for all components is none.
     */
    @Override
    public boolean isDegenerate(GaussianParameters parameters, double[] counts) {
        int components = parameters.components();
        if (covariance == Covariance.TIED) {
            return false;
        }
        double total = Arrays.stream(counts).sum();
        double[][][] standard = new double[components][][];
        double[][] thin = new double[width][width];
        for (int k = 0; k < components; k++) {
            standard[k] = toStandard(parameters.covariances()[k], parameters);
            Symmetric.addScaled(THIN * counts[k] / total, standard[k], thin);
        }
        int few = 3 * (covariance == Covariance.FULL ? width + 1 : 2);
        for (int k = 0; k < components; k++) {
            boolean suspect = counts[k] < few || !Symmetric.exceeds(standard[k], floor * 1.001);
            if (suspect && !Symmetric.exceeds(standard[k], thin)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public GaussianParameters read(Fields fields, int components) {
        return read(fields, components, "covariances");
    }

    /** Reads parameters whose matrices go by another name. */
    GaussianParameters read(Fields fields, int components, String matrices) {
        double[][] means = fields.matrix("means", components, width);
        double[][][] covariances = fields.matrices(matrices, components, width, width);
        for (int k = 0; k < components; k++) {
            String name = matrices + "[" + k + "]";
            Coordinates.requireFinite("means[" + k + "]", means[k]);
            for (double[] row : covariances[k]) {
                Coordinates.requireFinite(name, row);
            }
            requireSymmetric(name, covariances[k]);
            if (Symmetric.cholesky(covariances[k]) == null) {
                throw new IllegalArgumentException(
                        name + " is " + Arrays.deepToString(covariances[k]) + "; expected a positive definite matrix");
            }
            requireType(name, covariances[k], covariances[0]);
        }
        Coordinates coordinates = Coordinates.read(fields, around(means, covariances));
        if (covariance == Covariance.SPHERICAL && !coordinates.hasOneUnit()) {
            throw new IllegalArgumentException("scale is " + Arrays.toString(coordinates.scale())
                    + "; expected positive numbers, all the same for spherical covariances");
        }
        return new GaussianParameters(means, covariances, coordinates.centre(), coordinates.scale());
    }

    /** Coordinates in which the components lie around 0 and spread by 1. */
    private Coordinates around(double[][] means, double[][][] covariances) {
        double[] centre = new double[width];
        double[] spread = new double[width];
        for (int j = 0; j < width; j++) {
            for (double[] mean : means) {
                centre[j] += mean[j] / means.length;
            }
            double variance = 0;
            for (int k = 0; k < means.length; k++) {
                double difference = means[k][j] - centre[j];
                variance += (covariances[k][j][j] + difference * difference) / means.length;
            }
            spread[j] = Math.sqrt(variance);
        }
        Coordinates coordinates = new Coordinates(centre, spread);
        return covariance == Covariance.SPHERICAL ? coordinates.withOneUnit() : coordinates;
    }

    private void requireType(String name, double[][] matrix, double[][] first) {
        boolean fits =
                switch (covariance) {
                    case FULL -> true;
                    case TIED -> Arrays.deepEquals(matrix, first);
                    case DIAGONAL -> isDiagonal(matrix);
                    case SPHERICAL -> isDiagonal(matrix) && isConstantDiagonal(matrix);
                };
        if (!fits) {
            throw new IllegalArgumentException(name + " is " + Arrays.deepToString(matrix)
                    + "; expected a matrix of the type " + covariance.label());
        }
    }

    private static boolean isDiagonal(double[][] matrix) {
        for (int j = 0; j < matrix.length; j++) {
            for (int l = 0; l < j; l++) {
                if (matrix[j][l] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isConstantDiagonal(double[][] matrix) {
        for (int j = 1; j < matrix.length; j++) {
            if (Math.abs(matrix[j][j] - matrix[0][0]) > 1e-9 * matrix[0][0]) {
                return false;
            }
        }
        return true;
    }

    private static void requireSymmetric(String name, double[][] matrix) {
        for (int j = 0; j < matrix.length; j++) {
            for (int l = 0; l < j; l++) {
                double tolerance = 1e-9 * Math.sqrt(Math.abs(matrix[j][j] * matrix[l][l]));
                if (Math.abs(matrix[j][l] - matrix[l][j]) > tolerance) {
                    throw new IllegalArgumentException(name + " has " + matrix[j][l] + " at [" + j + "][" + l + "] and "
                            + matrix[l][j] + " at [" + l + "][" + j + "]; expected a symmetric matrix");
                }
            }
        }
    }

    @Override
    public void addComponent(
            double[] source,
            int sourceFrom,
            int k,
            double factor,
            double[] target,
            int targetFrom,
            int l,
            int components) {
        for (int i = 0; i < stride(); i++) {
            target[targetFrom + l * stride() + i] += factor * source[sourceFrom + k * stride() + i];
        }
    }

    /** Statistics that a component has of its own. */
    int stride() {
        return switch (covariance) {
            case FULL -> 1 + width + triangle();
            case TIED -> 1 + width;
            case DIAGONAL, SPHERICAL -> 1 + 2 * width;
        };
    }

    private int triangle() {
        return width * (width + 1) / 2;
    }

    private double[][] lowerTriangle(double[] statistics, int from) {
        double[][] matrix = new double[width][width];
        int at = from;
        for (int j = 0; j < width; j++) {
            for (int l = 0; l <= j; l++) {
                matrix[j][l] = statistics[at++];
            }
        }
        return matrix;
    }

    private static void mirror(double[][] lower) {
        for (int j = 0; j < lower.length; j++) {
            for (int l = 0; l < j; l++) {
                lower[l][j] = lower[j][l];
            }
        }
    }

    private static double[] toUnits(double[] mean, GaussianParameters coordinates) {
        double[] units = new double[mean.length];
        for (int j = 0; j < units.length; j++) {
            units[j] = coordinates.centre()[j] + mean[j] * coordinates.scale()[j];
        }
        return units;
    }

    private static double[][] toUnits(double[][] matrix, GaussianParameters coordinates) {
        double[][] units = Symmetric.copy(matrix);
        for (int j = 0; j < units.length; j++) {
            for (int l = 0; l < units.length; l++) {
                units[j][l] *= coordinates.scale()[j] * coordinates.scale()[l];
            }
        }
        return units;
    }

    static double[] toStandard(double[] mean, GaussianParameters coordinates) {
        double[] standard = new double[mean.length];
        for (int j = 0; j < standard.length; j++) {
            standard[j] = (mean[j] - coordinates.centre()[j]) / coordinates.scale()[j];
        }
        return standard;
    }

    static double[][] toStandard(double[][] matrix, GaussianParameters coordinates) {
        double[][] standard = Symmetric.copy(matrix);
        for (int j = 0; j < standard.length; j++) {
            for (int l = 0; l < standard.length; l++) {
                standard[j][l] =
                        standard[j][l] / coordinates.scale()[j] / coordinates.scale()[l];
            }
        }
        return standard;
    }
}
