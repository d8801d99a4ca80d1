package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Gaussian linear regressions of a response y on p covariates x: a mixture of them is a mixture of regressions (Quandt and
 * Ramsey 1978; De Veaux 1989). The density is that of the response given the covariates,
 *
 * <pre>  log p(y | x; β, σ²) = -½ (log 2πσ² + (y - β₀ - Σ_j β_j x_j)² / σ²),</pre>
 *
 * and says nothing of the covariates themselves, nor do posteriors.
 *
 * <p>Statistics are kept in coordinates {@code (x - centre) / scale} of all p + 1 columns, fixed with the first sample: for
 * component k with responsibilities r the lower triangle, by rows, of {@code Σ r z z'}, where z is 1, then the covariates in
 * the order of the columns, then the response; (p + 2)(p + 3)/2 numbers.
 *
 * <p>The M-step solves the normal equations. Where covariates are collinear, as far as the records of a component can tell,
 * coefficients stay near the current ones in the directions about which the records say nothing: a proximal step, by which
 * the likelihood does not fall. The variance in these coordinates is kept at or above the floor.
 *
 * <p>A record that lacks its response or a covariate says nothing. A missing response is expected at the regression,
 * a missing covariate at the mean of the first sample, since no distribution of covariates is known.
 */
public final class LinearRegressionFamily implements Family<RegressionParameters> {

    /** Default floor: a standard deviation of a hundred-thousandth of the response's. */
    public static final double DEFAULT_FLOOR = 1e-10;

    private static final double EMPTY = 1e-12;

    /** Unexplained share of a covariate's second moment below which it is a combination of others. */
    private static final double COLLINEAR = 1e-11;

    /** Weight of the current coefficients beside those of collinear records, as a share of the records. */
    private static final double PROXIMAL = 1e-9;

    /** Share of the components' mean variance below which a component is thin, and below which it is a line through points. */
    private static final double THIN = 1.0 / 25;

    private static final double SINGULAR = THIN * THIN;

    private final int width;
    private final int response;
    private final boolean tied;
    private final double floor;

    @Override
    public boolean isGiven(int position) {
        return position != order[width - 1];
    }

    /** The columns of the covariates, then that of the response. */
    private final int[] order;

    /** Regressions of the last column on those before, each with a variance of its own and the default floor. */
    public LinearRegressionFamily(int width) {
        this(width, width - 1, false, DEFAULT_FLOOR);
    }

    /**
     * Regressions of one column on the others.
     *
     * @param width numbers in a record, p + 1; at least 2
     * @param response column of the response
     * @param tied whether all components share one variance
     * @param floor smallest variance, as a share of the response's in the first sample; in (0, 1)
     */
    public LinearRegressionFamily(int width, int response, boolean tied, double floor) {
        if (width < 2) {
            throw new IllegalArgumentException(
                    "a regression has " + width + " column; expected a response and at least one covariate");
        }
        if (!(floor > 0 && floor < 1)) {
            throw new IllegalArgumentException("variance floor is " + floor
                    + "; expected more than 0 and less than 1 (a share of the response's variance)");
        }
        if (response < 0 || response >= width) {
            throw new IllegalArgumentException(
                    "the response is column " + response + "; expected one from 0 to " + (width - 1));
        }
        this.width = width;
        this.response = response;
        this.tied = tied;
        this.floor = floor;
        this.order = IntStream.concat(IntStream.range(0, width).filter(j -> j != response), IntStream.of(response))
                .toArray();
    }

    @Override
    public int width() {
        return width;
    }

    /** The columns of the covariates, then that of the response. */
    int[] order() {
        return order;
    }

    @Override
    public List<Domain> domains() {
        return Collections.nCopies(width, Domain.REAL);
    }

    /** Statistics of one component. */
    int stride() {
        return (width + 1) * (width + 2) / 2;
    }

    @Override
    public int statisticsLength(int components) {
        return components * stride();
    }

    @Override
    public int degreesOfFreedom(int components) {
        return components * width + (tied ? 1 : components);
    }

    @Override
    public RegressionParameters pooled(Observations sample, int components) {
        Coordinates coordinates = Coordinates.of(sample, width);
        RegressionParameters flat = new RegressionParameters(
                flat(coordinates), new double[] {square(coordinates.scale()[response])}, coordinates);
        Emissions emissions = prepare(flat);
        double[] statistics = new double[stride()];
        double[] weight = new double[1];
        double total = sample.totalWeight();
        for (int i = 0; i < sample.size(); i++) {
            weight[0] = sample.weight(i) / total;
            emissions.accumulate(sample.values(), sample.offset(i), weight, statistics, 0);
        }
        return repeated(fit(statistics, 0, total, flat), components);
    }

    /** The first component, several times. */
    private static RegressionParameters repeated(RegressionParameters parameters, int components) {
        double[][] coefficients = new double[components][];
        double[] variances = new double[components];
        Arrays.fill(coefficients, parameters.coefficients()[0]);
        Arrays.fill(variances, parameters.variances()[0]);
        return new RegressionParameters(coefficients, variances, parameters.coordinates());
    }

    /** Coefficients by which the response is at its centre whatever the covariates are. */
    private double[][] flat(Coordinates coordinates) {
        double[][] coefficients = new double[1][width];
        coefficients[0][0] = coordinates.centre()[response];
        return coefficients;
    }

    private static double square(double x) {
        return x * x;
    }

    @Override
    public double[][] features(Observations sample, RegressionParameters pooled) {
        return pooled.coordinates().features(sample);
    }

    /**
     * {@inheritDoc} Not by clusters, which say little about lines that cross, but by elemental subsets: a line through a few
     * records for each component, and every record to the line that it is nearest to.
     */
    @Override
    public int[] partition(
            Observations sample, RegressionParameters pooled, int parts, int iterations, RandomGenerator random) {
        RegressionParameters current = repeated(pooled, parts);
        Emissions emissions = prepare(current);
        double[] statistics = new double[statisticsLength(parts)];
        double[] one = new double[parts];
        for (int k = 0; k < parts; k++) {
            Arrays.fill(one, 0);
            one[k] = 1;
            for (int drawn = 0; drawn <= width; drawn++) {
                int i = random.nextInt(sample.size());
                emissions.accumulate(sample.values(), sample.offset(i), one, statistics, 0);
            }
        }
        double[][] lines = standard(fit(statistics, 0, sample.size(), current), current);
        int[] partition = new int[sample.size()];
        double[] z = new double[width + 1];
        for (int i = 0; i < partition.length; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            boolean complete = load(sample.values(), sample.offset(i), pooled, z);
            partition[i] = complete ? 0 : random.nextInt(parts);
            for (int k = 0; complete && k < parts; k++) {
                double distance = Math.abs(residual(lines[k], z));
                if (distance < nearest) {
                    nearest = distance;
                    partition[i] = k;
                }
            }
        }
        return partition;
    }

    /** Brings a record to the form z, in standard coordinates; says whether it is complete. */
    boolean load(double[] values, int offset, RegressionParameters coordinates, double[] z) {
        boolean complete = true;
        z[0] = 1;
        for (int j = 0; j < width; j++) {
            int column = order[j];
            z[j + 1] = (values[offset + column] - coordinates.centre()[column])
                    / coordinates.scale()[column];
            complete &= !Double.isNaN(z[j + 1]);
        }
        return complete;
    }

    /** {@code y - β'x} of a record in the form z. */
    double residual(double[] coefficients, double[] z) {
        double residual = z[width];
        for (int j = 0; j < width; j++) {
            residual = Math.fma(-coefficients[j], z[j], residual);
        }
        return residual;
    }

    @Override
    public RegressionParameters fit(double[] statistics, int from, double observations, RegressionParameters current) {
        int components = current.components();
        double[][] coefficients = new double[components][];
        double[] variances = new double[components];
        double[][] before = standard(current, current);
        double unit = square(current.scale()[response]);
        double total = 0;
        double rest = 0;
        for (int k = 0; k < components; k++) {
            double count = statistics[from + k * stride()];
            if (!(count > EMPTY)) {
                coefficients[k] = current.coefficients()[k];
                variances[k] = current.variances()[k];
                continue;
            }
            Solution solution = solve(meanMoments(statistics, from, k, count), before[k]);
            coefficients[k] = toUnits(solution.coefficients, current);
            variances[k] = Math.max(solution.variance, floor) * unit;
            total += count;
            rest += count * solution.variance;
        }
        if (tied && total > EMPTY) {
            Arrays.fill(variances, Math.max(rest / total, floor) * unit);
        }
        return new RegressionParameters(coefficients, variances, current.coordinates());
    }

    private record Solution(double[] coefficients, double variance) {}

    /** Least squares, from the moments of z. */
    private Solution solve(double[][] moments, double[] current) {
        double[][] ofCovariates = new double[width][width];
        for (int i = 0; i < width; i++) {
            System.arraycopy(moments[i], 0, ofCovariates[i], 0, width);
        }
        double[] withResponse = Arrays.copyOf(moments[width], width);
        double[][] factor = Symmetric.cholesky(ofCovariates);
        if (isRegular(factor, ofCovariates)) {
            double[] solved = Symmetric.solveLower(factor, withResponse);
            double explained = 0;
            for (double part : solved) {
                explained += part * part;
            }
            return new Solution(Symmetric.solveUpper(factor, solved), moments[width][width] - explained);
        }
        for (int i = 0; i < width; i++) {
            ofCovariates[i][i] += PROXIMAL * (1 + ofCovariates[i][i]);
            withResponse[i] += PROXIMAL * (1 + moments[i][i]) * current[i];
        }
        double[][] raised = Symmetric.cholesky(ofCovariates);
        double[] coefficients = Symmetric.solveUpper(raised, Symmetric.solveLower(raised, withResponse));
        return new Solution(coefficients, meanSquare(moments, coefficients));
    }

    /** Whether every covariate has a part of its own, beside those before it. */
    private static boolean isRegular(double[][] factor, double[][] moments) {
        for (int i = 0; i < moments.length; i++) {
            if (factor == null || !(square(factor[i][i]) > COLLINEAR * moments[i][i])) {
                return false;
            }
        }
        return true;
    }

    /** The mean of the squared residuals: a quadratic form of the moments. */
    private double meanSquare(double[][] moments, double[] coefficients) {
        double sum = moments[width][width];
        for (int i = 0; i < width; i++) {
            double row = -2 * moments[width][i];
            for (int j = 0; j < width; j++) {
                row = Math.fma(moments[i][j], coefficients[j], row);
            }
            sum = Math.fma(coefficients[i], row, sum);
        }
        return sum;
    }

    /** {@code Σ r z z' / Σ r} of component k. */
    private double[][] meanMoments(double[] statistics, int from, int k, double count) {
        double[][] moments = new double[width + 1][width + 1];
        int at = from + k * stride();
        for (int i = 0; i <= width; i++) {
            for (int j = 0; j <= i; j++) {
                moments[i][j] = statistics[at++] / count;
                moments[j][i] = moments[i][j];
            }
        }
        return moments;
    }

    /** {@inheritDoc} Of records whose covariates have mean 0, variance 1 and no correlation in the coordinates. */
    @Override
    public double[] statistics(RegressionParameters parameters, RegressionParameters coordinates, double[] weights) {
        int components = parameters.components();
        double[] statistics = new double[statisticsLength(components)];
        double[][] standard = standard(parameters, coordinates);
        for (int k = 0; k < components; k++) {
            double[] beta = standard[k];
            double square = parameters.variances()[k] / square(coordinates.scale()[response]);
            int at = k * stride();
            for (int i = 0; i < width; i++) {
                at += i;
                statistics[at++] = weights[k];
                square += beta[i] * beta[i];
            }
            for (int i = 0; i < width; i++) {
                statistics[at++] = weights[k] * beta[i];
            }
            statistics[at] = weights[k] * square;
        }
        return statistics;
    }

    @Override
    public double logLikelihood(double[] statistics, int from, RegressionParameters parameters) {
        double[][] standard = standard(parameters, parameters);
        double unit = square(parameters.scale()[response]);
        double logLikelihood = 0;
        for (int k = 0; k < parameters.components(); k++) {
            double count = statistics[from + k * stride()];
            if (count > 0) {
                double variance = parameters.variances()[k];
                double meanSquare = meanSquare(meanMoments(statistics, from, k, count), standard[k]) * unit;
                logLikelihood -= 0.5 * count * (Math.log(2 * Math.PI * variance) + meanSquare / variance);
            }
        }
        return logLikelihood;
    }

    @Override
    public Emissions prepare(RegressionParameters parameters) {
        return new LinearRegressions(this, parameters);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A component is taken for a spurious maximum if its standard deviation is less than a fifth of what the components
     * have on average and it is at the floor or stands on fewer than three times the observations that make it regular,
     * {@code 3(p + 2)}; or if its standard deviation is less than a 25th of the average, however many observations lie that
     * close to a line (a bound on the ratio of variances, Hathaway 1985). With one variance for all there is none.
     */
    @Override
    public boolean isDegenerate(RegressionParameters parameters, double[] counts) {
        if (tied) {
            return false;
        }
        double total = Arrays.stream(counts).sum();
        double mean = 0;
        for (int k = 0; k < counts.length; k++) {
            mean += counts[k] / total * parameters.variances()[k];
        }
        double least = floor * 1.001 * square(parameters.scale()[response]);
        for (int k = 0; k < counts.length; k++) {
            double variance = parameters.variances()[k];
            boolean suspect = counts[k] < 3 * (width + 1) || variance <= least;
            if (variance < (suspect ? THIN : SINGULAR) * mean) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@inheritDoc} Coordinates that are not given have centre 0 and unit 1, for the response the components' standard
     * deviation: good enough unless covariates lie far from 0.
     */
    @Override
    public RegressionParameters read(Fields fields, int components) {
        double[][] coefficients = fields.matrix("coefficients", components, width);
        for (int k = 0; k < components; k++) {
            Coordinates.requireFinite("coefficients[" + k + "]", coefficients[k]);
        }
        double[] variances = fields.vector("variances", components);
        double mean = 0;
        for (double variance : variances) {
            if (!(variance > 0) || variance == Double.POSITIVE_INFINITY || (tied && variance != variances[0])) {
                throw new IllegalArgumentException("variances is " + Arrays.toString(variances)
                        + "; expected positive numbers" + (tied ? ", all the same for tied variances" : ""));
            }
            mean += variance / components;
        }
        double[] units = new double[width];
        Arrays.fill(units, 1);
        units[response] = Math.sqrt(mean);
        Coordinates coordinates = Coordinates.read(fields, new Coordinates(new double[width], units));
        return new RegressionParameters(coefficients, variances, coordinates);
    }

    /** Coefficients of all components between standard coordinates. */
    double[][] standard(RegressionParameters parameters, RegressionParameters coordinates) {
        double[][] standard = new double[parameters.components()][width];
        double unit = coordinates.scale()[response];
        for (int k = 0; k < standard.length; k++) {
            double[] coefficients = parameters.coefficients()[k];
            double atCentre = coefficients[0] - coordinates.centre()[response];
            for (int j = 1; j < width; j++) {
                int column = order[j - 1];
                atCentre = Math.fma(coefficients[j], coordinates.centre()[column], atCentre);
                standard[k][j] = coefficients[j] * coordinates.scale()[column] / unit;
            }
            standard[k][0] = atCentre / unit;
        }
        return standard;
    }

    private double[] toUnits(double[] standard, RegressionParameters coordinates) {
        double[] coefficients = new double[width];
        double unit = coordinates.scale()[response];
        coefficients[0] = coordinates.centre()[response] + unit * standard[0];
        for (int j = 1; j < width; j++) {
            int column = order[j - 1];
            coefficients[j] = standard[j] / coordinates.scale()[column] * unit;
            coefficients[0] = Math.fma(-coefficients[j], coordinates.centre()[column], coefficients[0]);
        }
        return coefficients;
    }
}
