package io.onlineem.mixture;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A mixture of windows: records of d numbers, each with the L before it in its sequence, are draws of one {@linkplain Mixture
 * mixture} of {@code (L + 1) d} dimensions, and a record is scored given those before it,
 *
 * <pre>
 *   p(y_t | y_t-1, …, y_t-L) = Σ_k π_k f(y_t-L, …, y_t; θ_k) / Σ_k π_k f(y_t-L, …, y_t-1; θ_k)
 *                            = Σ_k w_k f(y_t | y_t-1, …, y_t-L; θ_k),
 * </pre>
 *
 * joint over marginal of the same mixture: of Gaussians a mixture of linear autoregressions, whose weights w depend on where the
 * sequence is (Wong and Li 2000 with constant weights; Gershenfeld 1997). The family must let numbers of a
 * window depend on each other and have exact marginals: Gaussians and Student-t.
 *
 * <p>A window holds the oldest record first. What is missing of it, because it was not observed or because the sequence had not
 * begun, is integrated out, when scoring and when learning. The memory of a sequence is the records of the window that follows
 * but the newest: L d marks, 1 where a number is known and otherwise 0, then the L d numbers; all zeros where it begins.
 *
 * <p>A record is scored with the posterior of the components given its window, {@code log p(y_t | y_t-1, …, y_t-L)}, and the
 * outputs
 *
 * <table>
 * <caption>Outputs of a posterior</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>{@value #PREDICTION}</td><td>E[y_t | y_t-1, …, y_t-L] (d): what was expected of this record</td></tr>
 * <tr><td>{@value #PREDICTION_DEVIATION}</td><td>its standard deviation (d), unless that is infinite</td></tr>
 * </table>
 *
 * <p>EM climbs the likelihood of the windows as if they were independent, {@code Σ_t log p(y_t-L, …, y_t)}: a composite
 * likelihood (Varin, Reid and Firth 2011), whose maximum is consistent for the joint density of a window, and thereby for the
 * conditional one. That is what {@link EStep#accumulate} returns and what information criteria are computed from; it is not the
 * sum of what records are scored with.
 *
 * <p>Statistics and parameters are those of the mixture of windows.
 *
 * @param <P> parameters of the family
 */
public final class LaggedMixture<P extends FamilyParameters> implements Model<MixtureParameters<P>> {

    /** The posterior's output that holds the expected record. */
    public static final String PREDICTION = "prediction";

    /** The posterior's output that holds the standard deviations of the expected record. */
    public static final String PREDICTION_DEVIATION = "predictionDeviation";

    private final Mixture<P> windows;
    private final int lags;
    private final int width;
    private final List<Domain> domains;

    /**
     * A mixture of windows.
     *
     * @param windows of width {@code (lags + 1) d}, the oldest record first
     * @param lags L, previous records of a window, at least 1
     * @throws IllegalArgumentException if the width of the windows is not a multiple of {@code lags + 1}
     */
    public LaggedMixture(Mixture<P> windows, int lags) {
        if (lags < 1) {
            throw new IllegalArgumentException("number of lags is " + lags + "; expected at least 1");
        }
        if (windows.width() % (lags + 1) != 0) {
            throw new IllegalArgumentException("windows have " + windows.width() + " numbers; expected a multiple of "
                    + (lags + 1) + ", a record and " + lags + " before it");
        }
        this.windows = windows;
        this.lags = lags;
        this.width = windows.width() / (lags + 1);
        this.domains = windows.domains().subList(lags * width, windows.width());
    }

    /** Number of previous records that a record is conditioned on. */
    public int lags() {
        return lags;
    }

    /** The family of the windows. */
    public Family<P> family() {
        return windows.family();
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public List<Domain> domains() {
        return domains;
    }

    @Override
    public boolean acceptsMissing() {
        return true;
    }

    @Override
    public Problem problem(Observations records, int index) {
        Problem problem = Model.super.problem(records, index);
        if (problem != null) {
            return problem;
        }
        double[] window = new double[windows.width()];
        Arrays.fill(window, Double.NaN);
        System.arraycopy(records.values(), records.offset(index), window, lags * width, width);
        Problem ofWindow = windows.family().problem(window, 0);
        return ofWindow == null ? null : new Problem(ofWindow.position() - lags * width, ofWindow.expected());
    }

    @Override
    public int components() {
        return windows.components();
    }

    @Override
    public int statisticsLength() {
        return windows.statisticsLength();
    }

    @Override
    public int memoryLength() {
        return 2 * lags * width;
    }

    @Override
    public int degreesOfFreedom() {
        return windows.degreesOfFreedom();
    }

    @Override
    public int degreesOfFreedom(MixtureParameters<P> parameters) {
        return windows.degreesOfFreedom(parameters);
    }

    @Override
    public EStep eStep(MixtureParameters<P> parameters) {
        return new LaggedEStep(
                parameters.weights(),
                windows.family().prepare(parameters.emissions()),
                windows.eStep(parameters),
                width,
                lags);
    }

    @Override
    public MixtureParameters<P> mStep(double[] statistics, double observations, MixtureParameters<P> current) {
        return windows.mStep(statistics, observations, current);
    }

    @Override
    public double[] statistics(MixtureParameters<P> parameters) {
        return windows.statistics(parameters);
    }

    @Override
    public double logPrior(MixtureParameters<P> parameters) {
        return windows.logPrior(parameters);
    }

    @Override
    public MixtureParameters<P> start(Observations sample, RandomGenerator random) {
        Observations all = new Observations(sample.size(), windows.width());
        new Window(width, lags).addAll(sample, sample.size(), new double[memoryLength()], all);
        return windows.start(all, random);
    }

    @Override
    public boolean isDegenerate(MixtureParameters<P> parameters, double observations) {
        return windows.isDegenerate(parameters, observations);
    }

    @Override
    public MixtureParameters<P> read(Fields fields) {
        return windows.read(fields);
    }
}
