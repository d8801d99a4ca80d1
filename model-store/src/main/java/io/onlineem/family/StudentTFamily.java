package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Multivariate Student-t distributions, whose heavy tails let outliers pass without pulling at the means,
 *
 * <pre>
 *   log t(x; μ, Σ, ν) = log Γ((ν + d)/2) - log Γ(ν/2) - ½ (d log νπ + log|Σ|) - ½ (ν + d) log(1 + δ/ν),
 *   δ = (x - μ)' Σ⁻¹ (x - μ).
 * </pre>
 *
 * <p>Such an x is Gaussian with covariance {@code Σ/u}, u a latent precision from a gamma distribution of shape and rate ν/2
 * (Liu and Rubin 1995; Peel and McLachlan 2000). The E-step takes {@code E[u | x] = (ν + d)/(ν + δ)} and
 * {@code E[log u | x] = ψ((ν + d)/2) - log((ν + δ)/2)}, so a record far out hardly counts; the M-step is the Gaussian one
 * with weights u, and solves {@code log(ν/2) - ψ(ν/2) + 1 + Σr (E[log u] - E[u]) / Σr = 0} for ν.
 *
 * <p>Degrees of freedom are fixed or learned, one number per component. Learned ones stay between
 * {@value #FEWEST_DEGREES_OF_FREEDOM}, heavier tails than which are hardly met, and {@value #MOST_DEGREES_OF_FREEDOM}, where
 * the distribution is a Gaussian for all that a sample can tell.
 *
 * <p>Coordinates, covariance types and floor are those of the {@linkplain GaussianFamily Gaussian family}, for Σ; but centre
 * and scale are the median and the median absolute deviation, so that outliers do not set the measure. Statistics, for
 * component k with responsibilities r:
 *
 * <table>
 * <caption>Statistics</caption>
 * <tr><th>first, per component</th><th>then, in the layout of the Gaussian family</th></tr>
 * <tr><td>Σr, Σr (E[log u] - E[u])</td><td>Σr u, Σr u y, Σr u y y'</td></tr>
 * </table>
 *
 * <p>Missing values are integrated out exactly: the marginal of a t distribution is one with the same ν, and
 * {@code E[u y_m y_m'] = E[u] ŷ_m ŷ_m' + C}, ŷ and C the conditional mean and covariance of the Gaussian at precision 1. A
 * missing value is expected at ŷ, the conditional mean wherever that exists ({@code ν + d_o > 1}) and else the median.
 */
public final class StudentTFamily implements Family<StudentTParameters> {

    /** Lower bound of learned degrees of freedom. */
    public static final double FEWEST_DEGREES_OF_FREEDOM = 0.5;

    /** Upper bound of learned degrees of freedom. */
    public static final double MOST_DEGREES_OF_FREEDOM = 200;

    /** Where the search for learned degrees of freedom begins. */
    private static final double FIRST_DEGREES_OF_FREEDOM = 4;

    /** Steps of EM by which all of a sample is fitted: enough for outliers to lose their weight. */
    private static final int POOLED_ITERATIONS = 10;

    /** Records that tell medians and tails well enough: every random start asks for them. */
    private static final int POOLED_SAMPLE = 10_000;

    private static final double EMPTY = 1e-12;
    private static final int[] NOTHING = {};

    private final GaussianFamily gaussian;
    private final OptionalDouble fixed;

    /** Student-t distributions of dimension {@code width}, degrees of freedom learned, with the default floor. */
    public StudentTFamily(int width, Covariance covariance) {
        this(width, covariance, OptionalDouble.empty(), GaussianFamily.DEFAULT_FLOOR);
    }

    /**
     * Student-t distributions of dimension {@code width}.
     *
     * @param covariance the type of the scale matrices
     * @param degreesOfFreedom of all components, positive and finite; empty to learn them
     * @param floor smallest eigenvalue of a scale matrix, as a share of the squared unit of the first sample; in (0, 1)
     */
    public StudentTFamily(int width, Covariance covariance, OptionalDouble degreesOfFreedom, double floor) {
        if (degreesOfFreedom.isPresent() && !isPositive(degreesOfFreedom.getAsDouble())) {
            throw new IllegalArgumentException("degreesOfFreedom is " + degreesOfFreedom.getAsDouble()
                    + "; expected a number above 0, or learned ones");
        }
        gaussian = new GaussianFamily(width, covariance, floor);
        fixed = degreesOfFreedom;
    }

    private static boolean isPositive(double number) {
        return number > 0 && number <= Double.MAX_VALUE;
    }

    @Override
    public int width() {
        return gaussian.width();
    }

    @Override
    public List<Domain> domains() {
        return gaussian.domains();
    }

    @Override
    public int statisticsLength(int components) {
        return 2 * components + gaussian.statisticsLength(components);
    }

    @Override
    public int degreesOfFreedom(int components) {
        return gaussian.degreesOfFreedom(components) + (fixed.isPresent() ? 0 : components);
    }

    @Override
    public StudentTParameters pooled(Observations all, int components) {
        Observations sample = all.size() <= POOLED_SAMPLE ? all : draw(all);
        Coordinates robust = Coordinates.robust(sample, width());
        if (gaussian.covariance() == Covariance.SPHERICAL) {
            robust = robust.withOneUnit();
        }
        double[][] squares = new double[width()][width()];
        for (int j = 0; j < squares.length; j++) {
            squares[j][j] = robust.scale()[j] * robust.scale()[j];
        }
        StudentTParameters pooled = new StudentTParameters(
                new double[][] {robust.centre()},
                new double[][][] {squares},
                new double[] {fixed.orElse(FIRST_DEGREES_OF_FREEDOM)},
                robust.centre(),
                robust.scale());
        double total = sample.totalWeight();
        double[] weight = new double[1];
        for (int iteration = 0; iteration < POOLED_ITERATIONS; iteration++) {
            double[] statistics = new double[statisticsLength(1)];
            Emissions emissions = prepare(pooled);
            for (int i = 0; i < sample.size(); i++) {
                weight[0] = sample.weight(i) / total;
                emissions.accumulate(sample.values(), sample.offset(i), weight, statistics, 0);
            }
            pooled = fit(statistics, 0, total, pooled);
        }
        double[][] means = new double[components][];
        double[][][] scales = new double[components][][];
        double[] degrees = new double[components];
        Arrays.fill(means, pooled.means()[0]);
        Arrays.fill(scales, pooled.scales()[0]);
        Arrays.fill(degrees, pooled.degreesOfFreedom()[0]);
        return new StudentTParameters(means, scales, degrees, robust.centre(), robust.scale());
    }

    /** Always the same draws, so that coordinates do not depend on chance. */
    private static Observations draw(Observations all) {
        SplittableRandom random = new SplittableRandom(all.size());
        Observations drawn = new Observations(POOLED_SAMPLE, all.length(0));
        for (int i = 0; i < POOLED_SAMPLE; i++) {
            drawn.add(all, random.nextInt(all.size()));
        }
        return drawn;
    }

    /** {@inheritDoc} Logarithmic far from the centre, where outliers would attract every cluster. */
    @Override
    public double[][] features(Observations sample, StudentTParameters pooled) {
        double[][] features = pooled.gaussians().coordinates().features(sample);
        for (double[] record : features) {
            for (int j = 0; j < record.length; j++) {
                record[j] = Math.signum(record[j]) * Math.log1p(Math.abs(record[j]));
            }
        }
        return features;
    }

    @Override
    public StudentTParameters fit(double[] statistics, int from, double observations, StudentTParameters current) {
        int components = current.components();
        double[][] means = new double[components][];
        double[] degrees = new double[components];
        for (int k = 0; k < components; k++) {
            means[k] = gaussian.meanOf(statistics, from + 2 * components, k);
            double count = statistics[from + 2 * k];
            degrees[k] = fixed.isPresent() || !(count > EMPTY)
                    ? current.degreesOfFreedom()[k]
                    : degreesOfFreedom(-1 - statistics[from + 2 * k + 1] / count);
        }
        GaussianParameters fitted =
                gaussian.fit(atPrecisionOne(statistics, from, means), 0, observations, current.gaussians());
        return new StudentTParameters(fitted, degrees);
    }

    /** The solution of {@code log(ν/2) - ψ(ν/2) = excess}, within the bounds: precisions have gamma distributions. */
    private static double degreesOfFreedom(double excess) {
        return Math.min(Math.max(2 * Gamma.shape(excess), FEWEST_DEGREES_OF_FREEDOM), MOST_DEGREES_OF_FREEDOM);
    }

    /**
     * Gaussian statistics with Σr in place of Σr u, and the same {@code Σr u (y - μ)(y - μ)'}: what is missing in weight is
     * added at the mean.
     *
     * @param means μ of every component, in standard coordinates
     */
    private double[] atPrecisionOne(double[] statistics, int from, double[][] means) {
        int components = means.length;
        int begin = from + 2 * components;
        double[] ofGaussian = Arrays.copyOfRange(statistics, begin, begin + gaussian.statisticsLength(components));
        for (int k = 0; k < components; k++) {
            double count = statistics[from + 2 * k];
            double rest = count - gaussian.countOf(statistics, begin, k);
            gaussian.addOuter(rest, means[k], NOTHING, null, 1, ofGaussian, 0, k, components);
        }
        return ofGaussian;
    }

    @Override
    public double[] statistics(StudentTParameters parameters, StudentTParameters coordinates, double[] weights) {
        int components = parameters.components();
        double[] statistics = new double[statisticsLength(components)];
        for (int k = 0; k < components; k++) {
            double half = parameters.degreesOfFreedom()[k] / 2;
            statistics[2 * k] = weights[k];
            statistics[2 * k + 1] = weights[k] * (Digamma.value(half) - Math.log(half) - 1);
        }
        double[] ofGaussian = gaussian.statistics(parameters.gaussians(), coordinates.gaussians(), weights);
        System.arraycopy(ofGaussian, 0, statistics, 2 * components, ofGaussian.length);
        return statistics;
    }

    /** {@inheritDoc} Of the records together with their latent precisions. */
    @Override
    public double logLikelihood(double[] statistics, int from, StudentTParameters parameters) {
        int components = parameters.components();
        double[][] means = new double[components][];
        double ofPrecisions = 0;
        for (int k = 0; k < components; k++) {
            means[k] = GaussianFamily.toStandard(parameters.means()[k], parameters.gaussians());
            double half = parameters.degreesOfFreedom()[k] / 2;
            ofPrecisions += statistics[from + 2 * k] * (half * Math.log(half) - LogGamma.value(half))
                    + statistics[from + 2 * k + 1] * half;
        }
        return ofPrecisions
                + gaussian.logLikelihood(atPrecisionOne(statistics, from, means), 0, parameters.gaussians());
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
        for (int i = 0; i < 2; i++) {
            target[targetFrom + 2 * l + i] += factor * source[sourceFrom + 2 * k + i];
        }
        gaussian.addComponent(
                source, sourceFrom + 2 * components, k, factor, target, targetFrom + 2 * components, l, components);
    }

    /** {@inheritDoc} The variance is infinite with 2 degrees of freedom or fewer. */
    @Override
    public double[][] deviations(StudentTParameters parameters) {
        double[][] deviations = gaussian.deviations(parameters.gaussians());
        for (int k = 0; k < deviations.length; k++) {
            double degrees = parameters.degreesOfFreedom()[k];
            double factor = degrees > 2 ? Math.sqrt(degrees / (degrees - 2)) : Double.NaN;
            for (int j = 0; j < deviations[k].length; j++) {
                deviations[k][j] *= factor;
            }
        }
        return deviations;
    }

    @Override
    public Emissions prepare(StudentTParameters parameters) {
        return new StudentTs(gaussian, parameters);
    }

    /** {@inheritDoc} By the rule of the {@linkplain GaussianFamily#isDegenerate Gaussian family}, for the scale matrices. */
    @Override
    public boolean isDegenerate(StudentTParameters parameters, double[] counts) {
        return gaussian.isDegenerate(parameters.gaussians(), counts);
    }

    /** {@inheritDoc} Fixed degrees of freedom need not be among the fields. */
    @Override
    public StudentTParameters read(Fields fields, int components) {
        GaussianParameters given = gaussian.read(fields, components, "scales");
        double[] degrees;
        if (fixed.isPresent() && !fields.has("degreesOfFreedom")) {
            degrees = new double[components];
            Arrays.fill(degrees, fixed.getAsDouble());
        } else {
            degrees = fields.vector("degreesOfFreedom", components);
            for (double one : degrees) {
                requireDegrees(one, degrees);
            }
        }
        return new StudentTParameters(given, degrees);
    }

    private void requireDegrees(double one, double[] all) {
        boolean valid = fixed.isPresent()
                ? one == fixed.getAsDouble()
                : one >= FEWEST_DEGREES_OF_FREEDOM && one <= MOST_DEGREES_OF_FREEDOM;
        if (!valid) {
            throw new IllegalArgumentException("degreesOfFreedom is " + Arrays.toString(all) + "; expected "
                    + (fixed.isPresent()
                            ? fixed.getAsDouble() + ", to which they are fixed"
                            : "numbers from " + FEWEST_DEGREES_OF_FREEDOM + " to " + MOST_DEGREES_OF_FREEDOM));
        }
    }
}
