package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import java.util.Collections;
import java.util.List;

/**
 * Multivariate log-normals: the logarithms are {@linkplain GaussianFamily Gaussian},
 *
 * <pre>  log f(x; μ, Σ) = log N(log x; μ, Σ) - Σ_j log x_j.</pre>
 *
 * <p>Parameters, statistics, coordinates, floor and the treatment of missing values are those of the Gaussian family for
 * the natural logarithms: in one dimension μ and √Σ are R's {@code meanlog} and {@code sdlog}. Densities are in the units of
 * the data, and so are expected values: a missing value is expected to be {@code E[x] = exp(m + v/2)}, m and v the
 * conditional mean and variance of its logarithm, not {@code exp(m)}, which is its median.
 */
public final class LogNormalFamily implements Family<GaussianParameters> {

    private final GaussianFamily ofLogarithms;

    /** Log-normals of dimension {@code width} with the {@linkplain GaussianFamily#DEFAULT_FLOOR default floor}. */
    public LogNormalFamily(int width, Covariance covariance) {
        this(width, covariance, GaussianFamily.DEFAULT_FLOOR);
    }

    /**
     * Log-normals of dimension {@code width}.
     *
     * @param covariance the type of the logarithms' covariances
     * @param floor smallest variance of the logarithms in any direction, as a share of their variance in the first sample;
     *     in (0, 1)
     */
    public LogNormalFamily(int width, Covariance covariance, double floor) {
        ofLogarithms = new GaussianFamily(width, covariance, floor);
    }

    @Override
    public int width() {
        return ofLogarithms.width();
    }

    @Override
    public List<Domain> domains() {
        return Collections.nCopies(width(), Domain.POSITIVE);
    }

    @Override
    public int statisticsLength(int components) {
        return ofLogarithms.statisticsLength(components);
    }

    @Override
    public int degreesOfFreedom(int components) {
        return ofLogarithms.degreesOfFreedom(components);
    }

    @Override
    public GaussianParameters pooled(Observations sample, int components) {
        return ofLogarithms.pooled(logarithms(sample), components);
    }

    @Override
    public double[][] features(Observations sample, GaussianParameters pooled) {
        return ofLogarithms.features(logarithms(sample), pooled);
    }

    private Observations logarithms(Observations sample) {
        Observations logarithms = new Observations(sample.size(), width());
        double[] record = new double[width()];
        for (int i = 0; i < sample.size(); i++) {
            logarithms(sample.values(), sample.offset(i), record);
            logarithms.add(record, 0, record.length, sample.weight(i));
        }
        return logarithms;
    }

    private static void logarithms(double[] values, int offset, double[] into) {
        for (int j = 0; j < into.length; j++) {
            into[j] = Math.log(values[offset + j]);
        }
    }

    @Override
    public GaussianParameters fit(double[] statistics, int from, double observations, GaussianParameters current) {
        return ofLogarithms.fit(statistics, from, observations, current);
    }

    @Override
    public double[] statistics(GaussianParameters parameters, GaussianParameters coordinates, double[] weights) {
        return ofLogarithms.statistics(parameters, coordinates, weights);
    }

    @Override
    public double logLikelihood(double[] statistics, int from, GaussianParameters parameters) {
        return ofLogarithms.logLikelihood(statistics, from, parameters);
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
        ofLogarithms.addComponent(source, sourceFrom, k, factor, target, targetFrom, l, components);
    }

    /** {@inheritDoc} Of the values, not of their logarithms: {@code √(exp(v) - 1) exp(m + v/2)}. */
    @Override
    public double[][] deviations(GaussianParameters parameters) {
        double[][] deviations = ofLogarithms.deviations(parameters);
        for (int k = 0; k < deviations.length; k++) {
            for (int j = 0; j < width(); j++) {
                double variance = deviations[k][j] * deviations[k][j];
                double mean = Math.exp(parameters.means()[k][j] + variance / 2);
                double deviation = mean * Math.sqrt(Math.expm1(variance));
                deviations[k][j] = Double.isFinite(deviation) ? deviation : Double.NaN;
            }
        }
        return deviations;
    }

    @Override
    public Emissions prepare(GaussianParameters parameters) {
        return new LogNormals(parameters);
    }

    private final class LogNormals implements Emissions {

        /** Its square is a number too. */
        private static final double LARGEST_MEAN = 1e150;

        private final GaussianParameters parameters;
        private final Emissions gaussians;
        private final double[] logarithms = new double[width()];

        /** Made with the first block: its logarithms. */
        private Lanes block;

        private Lanes ofBlock;
        private double[] sums;

        /** Made with the first record that has a missing value to be imputed. */
        private IncompleteGaussians incomplete;

        LogNormals(GaussianParameters parameters) {
            this.parameters = parameters;
            this.gaussians = ofLogarithms.prepare(parameters);
        }

        @Override
        public void logDensities(double[] values, int offset, double[] into) {
            logarithms(values, offset, logarithms);
            gaussians.logDensities(logarithms, 0, into);
            double sum = 0;
            for (double logarithm : logarithms) {
                sum += Double.isNaN(logarithm) ? 0 : logarithm;
            }
            for (int k = 0; k < into.length; k++) {
                into[k] -= sum;
            }
        }

        @Override
        public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
            logarithms(values, offset, logarithms);
            gaussians.accumulate(logarithms, 0, responsibilities, statistics, from);
        }

        @Override
        public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
            if (incomplete == null) {
                incomplete = new IncompleteGaussians(ofLogarithms, parameters);
            }
            logarithms(values, offset, logarithms);
            incomplete.load(logarithms, 0);
            int[] missing = incomplete.missing();
            int components = probabilities.length;
            double[][] logarithmic = new double[components][missing.length];
            for (int k = 0; k < components; k++) {
                incomplete.conditionalMean(k, logarithmic[k]);
            }
            double[] means = new double[components];
            double[] variances = new double[components];
            for (int i = 0; i < missing.length; i++) {
                for (int k = 0; k < components; k++) {
                    double variance = incomplete.conditionalVariance(k, i);
                    means[k] = Math.min(Math.exp(logarithmic[k][i] + 0.5 * variance), LARGEST_MEAN);
                    variances[k] = means[k] * means[k] * Math.expm1(variance);
                }
                into.number(missing[i], probabilities, means, variances);
            }
        }

        @Override
        public void logDensities(Lanes records, double[][] into) {
            if (block != records) {
                block = records;
                ofBlock = records.beside(width());
                sums = new double[Lanes.SIZE];
            }
            int n = records.size();
            for (int j = 0; j < width(); j++) {
                Lanes.log(records.column(j), ofBlock.column(j), n);
            }
            gaussians.logDensities(ofBlock, into);
            System.arraycopy(ofBlock.column(0), 0, sums, 0, n);
            for (int j = 1; j < width(); j++) {
                Lanes.add(ofBlock.column(j), sums, n);
            }
            for (double[] densities : into) {
                Lanes.addScaled(-1, sums, densities, n);
            }
        }

        @Override
        public void accumulate(double[][] responsibilities, double[] statistics, int from) {
            gaussians.accumulate(responsibilities, statistics, from);
        }
    }

    @Override
    public boolean isDegenerate(GaussianParameters parameters, double[] counts) {
        return ofLogarithms.isDegenerate(parameters, counts);
    }

    @Override
    public GaussianParameters read(Fields fields, int components) {
        return ofLogarithms.read(fields, components);
    }
}
