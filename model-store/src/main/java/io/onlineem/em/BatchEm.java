package io.onlineem.em;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The batch driver: the E-step over all data, then the M-step, until the likelihood has converged (Dempster, Laird and
 * Rubin 1977). The same E-step and M-step as {@link OnlineEm}, with step 1. Pure functions; thread-safe.
 *
 * @param <P> the parameters
 */
public final class BatchEm<P extends Parameters> {

    /** Sound fits among which the best is chosen: so many of the short runs are carried on to convergence. */
    private static final int FINALISTS = 4;

    /** Random starts tried for each one asked for: short runs are cheap beside a climb to convergence. */
    private static final int TRIES = 3;

    /** The short runs that choose among starts. */
    private static final Stopping SHORT_RUN = new Stopping(20, 1e-4);

    /** Log-likelihood per observation by which runs to different maxima differ, as good as always. */
    private static final double SAME_WAY = 1e-6;

    /** Relative change of a sum of many logarithms that is rounding, not progress. */
    private static final double ROUNDING = 1e-14;

    private final Model<P> model;

    /** A driver of the given model. */
    public BatchEm(Model<P> model) {
        this.model = model;
    }

    /**
     * When to stop.
     *
     * @param maxIterations most M-steps, at least 0
     * @param tolerance log-likelihood per observation that is at most left to gain, extrapolated as a geometric series
     *     from the last two gains (Aitken's acceleration; Böhning et al. 1994), so that slow convergence is not mistaken
     *     for convergence
     */
    public record Stopping(int maxIterations, double tolerance) {

        /** Tight enough for four digits of the parameters in well-posed problems. */
        public static final Stopping DEFAULTS = new Stopping(10_000, 1e-12);

        /** Checks the values. */
        public Stopping {
            if (maxIterations < 0) {
                throw new IllegalArgumentException(
                        "maximum of iterations is " + maxIterations + "; expected at least 0");
            }
            if (!(tolerance >= 0)) {
                throw new IllegalArgumentException("tolerance is " + tolerance + "; expected at least 0");
            }
        }

        private Stopping within(int iterations) {
            return new Stopping(Math.min(maxIterations, iterations), tolerance);
        }
    }

    /**
     * A fit.
     *
     * @param parameters the parameters
     * @param logLikelihood total log-likelihood of the data under exactly these parameters, natural logarithm
     * @param logPrior log prior density of the parameters up to a constant, see {@link Model#logPrior}; 0 without a prior
     * @param weight total weight of the observations
     * @param observations number of observations
     * @param iterations M-steps made
     * @param converged whether the tolerance was reached before the maximum of iterations
     * @param degenerate whether a component has collapsed, see {@link Model#isDegenerate}
     * @param <P> the parameters
     */
    public record Fit<P extends Parameters>(
            P parameters,
            double logLikelihood,
            double logPrior,
            double weight,
            long observations,
            int iterations,
            boolean converged,
            boolean degenerate) {

        /** What EM climbs: the log-likelihood, penalised by the prior. */
        public double objective() {
            return logLikelihood + logPrior;
        }

        /** Bayesian information criterion, {@code df·log n - 2 log L}; lower is better (Schwarz 1978). */
        public double bic(int degreesOfFreedom) {
            return degreesOfFreedom * Math.log(weight) - 2 * logLikelihood;
        }

        /** Akaike information criterion, {@code 2 df - 2 log L}; lower is better (Akaike 1974). */
        public double aic(int degreesOfFreedom) {
            return 2.0 * degreesOfFreedom - 2 * logLikelihood;
        }
    }

    /**
     * Fits from several random starts: short runs of three times as many (Biernacki, Celeux and Govaert 2003), the best few
     * carried on to convergence, the best one kept. A fit that is {@linkplain Model#isDegenerate degenerate} is kept only if
     * all are: its likelihood says nothing. The iterations of a fit include those of its short run.
     *
     * @param data at least one record
     * @param starts number of starts, at least 1
     * @param seed makes the result reproducible
     */
    public Fit<P> fit(Observations data, int starts, long seed, Stopping stopping) {
        if (data.size() == 0) {
            throw new IllegalArgumentException("there are no observations to fit; expected at least one");
        }
        if (starts < 1) {
            throw new IllegalArgumentException("number of starts is " + starts + "; expected at least 1");
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Fit<P>> runs = new ArrayList<>();
        if (starts == 1) {
            return climb(data, model.start(data, random.split()), stopping);
        }
        Stopping shortRun = SHORT_RUN.within(stopping.maxIterations());
        for (int i = 0; i < TRIES * starts; i++) {
            runs.add(climb(data, model.start(data, random.split()), shortRun));
        }
        Comparator<Fit<P>> bestFirst = Comparator.<Fit<P>, Boolean>comparing(Fit::degenerate)
                .thenComparing(
                        Comparator.<Fit<P>>comparingDouble(Fit::objective).reversed());
        runs.sort(bestFirst);
        List<Fit<P>> finals = new ArrayList<>();
        double previous = Double.NaN;
        int sound = 0;
        for (Fit<P> run : runs) {
            // runs that have come equally far are on the same way
            boolean known = Math.abs(run.objective() - previous) <= SAME_WAY * run.weight();
            previous = run.objective();
            if (!known) {
                Fit<P> fit = carryOn(data, run, stopping);
                finals.add(fit);
                sound += fit.degenerate() ? 0 : 1;
                if (sound == FINALISTS) {
                    break;
                }
            }
        }
        finals.sort(bestFirst);
        return finals.get(0);
    }

    private Fit<P> carryOn(Observations data, Fit<P> run, Stopping stopping) {
        Fit<P> rest = climb(data, run.parameters(), stopping.within(stopping.maxIterations() - run.iterations()));
        return new Fit<>(
                rest.parameters(),
                rest.logLikelihood(),
                rest.logPrior(),
                rest.weight(),
                rest.observations(),
                run.iterations() + rest.iterations(),
                rest.converged(),
                rest.degenerate());
    }

    /**
     * Entropy of the posteriors of all records, {@code -Σ_i w_i Σ_k r_ik log r_ik}: how much doubt there is of where the
     * records belong, which the integrated completed likelihood counts against a model (Biernacki, Celeux and Govaert 2000).
     */
    public double entropy(Observations data, P parameters) {
        EStep eStep = model.eStep(parameters);
        double[] memory = new double[model.memoryLength()];
        double entropy = 0;
        for (int i = 0; i < data.size(); i++) {
            if (data.startsSequence(i)) {
                Arrays.fill(memory, 0);
            }
            entropy += data.weight(i) * eStep.score(data, i, memory).entropy();
        }
        return entropy;
    }

    /** Climbs from the given parameters. The penalised log-likelihood never falls from one iteration to the next. */
    public Fit<P> climb(Observations data, P start, Stopping stopping) {
        P parameters = start;
        Statistics statistics = model.newStatistics();
        double previousGain = Double.NaN;
        double logLikelihood;
        double logPrior;
        double objective = Double.NaN;
        boolean converged = false;
        int iterations = 0;
        while (true) {
            statistics.clear();
            logLikelihood = model.eStep(parameters).accumulate(data, statistics);
            logPrior = model.logPrior(parameters);
            double gain = logLikelihood + logPrior - objective;
            objective = logLikelihood + logPrior;
            converged = hasConverged(gain, previousGain, objective, stopping.tolerance() * statistics.weight());
            previousGain = gain;
            if (converged || iterations == stopping.maxIterations()) {
                break;
            }
            parameters = model.mStep(statistics.mean(), statistics.weight(), parameters);
            iterations++;
        }
        return new Fit<>(
                parameters,
                logLikelihood,
                logPrior,
                statistics.weight(),
                statistics.observations(),
                iterations,
                converged,
                model.isDegenerate(parameters, statistics.weight()));
    }

    private static boolean hasConverged(double gain, double previousGain, double logLikelihood, double tolerance) {
        if (Double.isNaN(gain)) {
            return false;
        }
        if (gain <= ROUNDING * Math.abs(logLikelihood)) {
            return true;
        }
        double rate = gain / previousGain;
        return rate < 1 && gain * rate / (1 - rate) <= tolerance && gain <= tolerance * 1e3;
    }
}
