package io.onlineem.statespace;

import io.onlineem.em.Domain;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.family.Coordinates;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A linear-Gaussian state space model of n states and records of d numbers (Kalman 1960; Durbin and Koopman 2012),
 *
 * <pre>
 *   x_t = A x_t-1 + w_t,      w_t ~ N(0, Q)        n states
 *   y_t = b + C x_t + v_t,    v_t ~ N(0, R)        d numbers
 *   x_1 ~ N(m, P), or diffuse
 * </pre>
 *
 * <p>Each of A, C and b is given or learned, Q and R {@linkplain Noise given or learned in a structure}, the beginning
 * {@linkplain InitialState diffuse, stationary, learned or given}. EM is that of Shumway and Stoffer (1982) and Ghahramani and
 * Hinton (1996); on a stream it learns from blocks as in Cappé (2011).
 *
 * <p>The memory of a sequence is its filter distribution: a mark, which is 0 where it begins and otherwise 1 plus the number
 * of directions that are diffuse still; E[x_t | y_1..t] (n); its covariance {@code U D U'}, U unit upper triangular (packed, D on
 * the diagonal); where the beginning is diffuse also those directions (n × n). A record is scored with {@code log p(y_t | y_1..t-1)} of what is observed; it has no
 * probabilities, but named outputs:
 *
 * <table>
 * <caption>Outputs of a posterior</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>{@value #MEAN}</td><td>E[x_t | y_1..t] (n)</td></tr>
 * <tr><td>{@value #COVARIANCE}</td><td>its covariance (n × n)</td></tr>
 * <tr><td>{@value #PREDICTION}</td><td>E[y_t | y_1..t-1] (d): what was expected of this record</td></tr>
 * <tr><td>{@value #PREDICTION_DEVIATION}</td><td>its standard deviation (d): a record is within 1.96 of them, 95 times of
 * 100</td></tr>
 * <tr><td>{@value #INNOVATION}</td><td>y_t less the prediction (d); 0 where nothing was observed</td></tr>
 * <tr><td>{@value #NEXT}</td><td>E[y_t+1 | y_1..t] (d)</td></tr>
 * <tr><td>{@value #NEXT_DEVIATION}</td><td>its standard deviation (d)</td></tr>
 * </table>
 *
 * <p>What is not determined yet is left out: at a diffuse beginning there is no prediction, and neither mean nor covariance
 * before the records have placed every state. Such a record adds {@code -½ log F} to the log-likelihood, F the factor of its
 * diffuse variance: 0 for the presets. The rest is then the likelihood of the other records given those.
 *
 * <p>A missing value is predicted through. A weight weighs what a record adds to the statistics, its transition included;
 * sequences whose weights are constant are sequences that many times.
 *
 * <p>Statistics are laid out in {@link Layout}. Eigenvalues of a learned covariance, in units of the first sample's standard
 * deviations, do not fall below the floor.
 */
public final class StateSpace implements Model<StateSpaceParameters> {

    static final String TRANSITION = "transition";
    static final String OBSERVATION = "observation";
    static final String OFFSET = "offset";
    static final String PROCESS_NOISE = "processNoise";
    static final String OBSERVATION_NOISE = "observationNoise";
    static final String INITIAL_MEAN = "initialMean";
    static final String INITIAL_COVARIANCE = "initialCovariance";

    static final String MEAN = "mean";
    static final String COVARIANCE = "covariance";
    /** The output that tells what was expected of a record. */
    public static final String PREDICTION = "prediction";
    /** The output that tells its standard deviation. */
    public static final String PREDICTION_DEVIATION = "predictionDeviation";

    static final String INNOVATION = "innovation";
    static final String NEXT = "next";
    static final String NEXT_DEVIATION = "nextDeviation";
    static final String SIGNAL = "signal";
    static final String SIGNAL_DEVIATION = "signalDeviation";

    /** Weights below which nothing has been seen. */
    private static final double NOTHING = 1e-200;

    /** Beginnings of sequences, for each record, for which given parameters stand. */
    private static final double GIVEN_BEGINNINGS = 1e-3;

    /** Sequences that are imagined to have begun with the spread of the data, where the beginning is learned. */
    private static final double IMAGINED_BEGINNINGS = 1;

    /** Share of a variance that rounding may have taken from what is regressed on. */
    private static final double RIDGE = 1e-12;

    /**
     * What records tell of a variance at least, as a share of what states would: otherwise mini-batches say nothing but noise
     * of it. One over it is the most by which EM is accelerated.
     */
    private static final double LEAST_INFORMATION = 1e-2;

    /** Variances, states and fields up to which a mini-batch is worth its acceleration. */
    private static final int MOST_ACCELERATED = 16;

    private final int n;
    private final int d;
    private final double[][] transition;
    private final double[][] observation;
    private final double[] offset;
    private final boolean learnsTransition;
    private final boolean learnsObservation;
    private final boolean learnsOffset;
    private final Noise process;
    private final Noise noise;
    private final InitialState initial;
    private final double[] initialMean;
    private final double[][] initialCovariance;
    private final double floor;
    private final Layout layout;
    private final boolean isAccelerated;

    /** {@code W = A W A' + U} of the structure U of the process noise; null unless the beginning is stationary. */
    private final double[][] stationary;

    StateSpace(StateSpaceBuilder built) {
        transition = built.transition;
        observation = built.observation;
        n = transition.length;
        d = observation.length;
        offset = built.offset == null ? new double[d] : built.offset;
        learnsTransition = built.learnsTransition;
        learnsObservation = built.learnsObservation;
        learnsOffset = built.learnsOffset;
        process = built.process;
        noise = built.noise;
        initial = built.initial;
        initialMean = built.initialMean;
        initialCovariance = built.initialCovariance;
        floor = built.floor;
        stationary = initial == InitialState.STATIONARY ? Stability.stationary(transition, process.structure()) : null;
        layout = new Layout(
                n,
                d,
                initial == InitialState.LEARNED || (initial == InitialState.STATIONARY && process.isLearned()),
                learnsTransition || process.isLearned(),
                learnsTransition,
                learnsObservation || learnsOffset || noise.isLearned(),
                noise.kind() == Noise.Kind.DIAGONAL || noise.kind() == Noise.Kind.SCALED,
                learnsObservation,
                learnsOffset);
        isAccelerated = !learnsTransition
                && !learnsObservation
                && layout.transitions
                && layout.observations
                && process.hasVariances(n)
                && layout.separate
                && Math.max(n, d) <= MOST_ACCELERATED;
    }

    /**
     * A model with given matrices, of which nothing but covariances is learned unless the builder is told.
     *
     * @param transition A, n × n
     * @param observation C, d × n
     */
    public static StateSpaceBuilder of(double[][] transition, double[][] observation) {
        return new StateSpaceBuilder(transition, observation);
    }

    @Override
    public int width() {
        return d;
    }

    /** Number of states n. */
    public int states() {
        return n;
    }

    /** What is assumed of the state in which a sequence begins. */
    public InitialState initial() {
        return initial;
    }

    Layout layout() {
        return layout;
    }

    /** A₀, C₀: what is given, or what deviations are counted from. */
    double[][] transition() {
        return transition;
    }

    double[][] observation() {
        return observation;
    }

    /** b₀, from which the statistics of an offset are counted. */
    double[] origin(StateSpaceParameters parameters) {
        return learnsOffset ? parameters.centre() : offset;
    }

    @Override
    public List<Domain> domains() {
        return Collections.nCopies(d, Domain.REAL);
    }

    @Override
    public boolean acceptsMissing() {
        return true;
    }

    /** 0: the states are continuous. */
    @Override
    public int components() {
        return 0;
    }

    @Override
    public int statisticsLength() {
        return layout.length;
    }

    @Override
    public int memoryLength() {
        return 1 + n + Dense.triangle(n) + (initial == InitialState.DIFFUSE ? n * n : 0);
    }

    @Override
    public int degreesOfFreedom() {
        return (learnsTransition ? n * n : 0)
                + (learnsObservation ? d * n : 0)
                + (learnsOffset ? d : 0)
                + process.degreesOfFreedom(n)
                + noise.degreesOfFreedom(d)
                + (initial == InitialState.LEARNED ? n + Dense.triangle(n) : 0);
    }

    @Override
    public EStep eStep(StateSpaceParameters parameters) {
        return new KalmanEStep(this, parameters);
    }

    @Override
    public StateSpaceParameters mStep(double[] statistics, double observations, StateSpaceParameters current) {
        double[] units = stateUnits(current.scale());
        double[][] a = current.transition();
        double[][] q = current.processNoise();
        double[] initialScales = null;
        if (layout.transitions && statistics[layout.transition] > NOTHING) {
            double count = statistics[layout.transition];
            double[][] residual = Dense.unpacked(statistics, layout.residuals(), n);
            if (learnsTransition) {
                a = transition(statistics, current);
                subtractExplained(residual, statistics, layout.crosses(), layout.squares(), difference(a, transition));
            }
            scale(residual, 1 / count);
            if (stationary != null && process.isLearned()) {
                initialScales = stationaryScales(statistics, residual, units, process.variances(q));
                q = process.scaledBy(initialScales);
            } else {
                q = process.fit(residual, units, floor, q);
            }
        } else if (stationary != null && process.isLearned()) {
            initialScales = process.variances(q);
        }
        Emission emission = emission(statistics, current);
        double[] mean = current.initialMean();
        double[][] covariance = current.initialCovariance();
        if (initialScales != null) {
            covariance = process.scaled(stationary, initialScales);
        }
        if (initial == InitialState.LEARNED && statistics[0] > NOTHING) {
            mean = anchor(current);
            covariance = Dense.unpacked(statistics, 1 + n, n);
            double imagined = IMAGINED_BEGINNINGS / observations;
            for (int i = 0; i < n; i++) {
                double deviation = statistics[1 + i] / statistics[0];
                mean[i] += deviation;
                for (int j = 0; j < n; j++) {
                    covariance[i][j] -= deviation * statistics[1 + j];
                }
                covariance[i][i] += imagined * units[i] * units[i];
            }
            scale(covariance, 1 / (statistics[0] + imagined));
            covariance = Noise.FREE.fit(covariance, units, floor);
        }
        return new StateSpaceParameters(
                a, emission.c, emission.offset, q, emission.r, mean, covariance, current.centre(), current.scale());
    }

    /**
     * Fisher scoring in place of EM for variances of diagonal and scaled noises, where A and C are given: the step of EM times
     * what the records would tell if the states could be seen over what they do tell (Titterington 1984). The spectral density
     * is linear in the variances, so that this is a weighted least squares estimate, unbiased however far off the parameters
     * are; EM from a noise a hundred times too small takes hundreds of steps.
     *
     * @param mean mean statistics per observation of a mini-batch; changed
     * @param parameters those of its E-step, not newer ones: what is multiplied is the difference to them
     */
    double[] accelerated(double[] mean, StateSpaceParameters parameters) {
        if (!isAccelerated || !(mean[layout.transition] > NOTHING)) {
            return mean;
        }
        List<double[][]> processes = process.bases(n);
        List<double[][]> noises = noise.bases(d);
        StateSpaceParameters step = mStep(mean, 1, parameters);
        int count = processes.size() + noises.size();
        double[] variances = new double[count];
        double[] change = new double[count];
        for (int k = 0; k < count; k++) {
            boolean moves = k < processes.size();
            double[][] base = moves ? processes.get(k) : noises.get(k - processes.size());
            int first = Noise.first(base);
            double[][] before = moves ? parameters.processNoise() : parameters.observationNoise();
            double[][] after = moves ? step.processNoise() : step.observationNoise();
            variances[k] = before[first][first] / base[first][first];
            change[k] = after[first][first] / base[first][first] - variances[k];
        }
        double[] further = scored(parameters, processes, noises, variances, change);
        for (int k = 0; k < count; k++) {
            double beyond = further[k] - change[k];
            if (k < processes.size()) {
                double[] added = Dense.flat(processes.get(k));
                Dense.addPacked(beyond * mean[layout.transition], added, n, mean, layout.residuals());
            } else {
                double[][] base = noises.get(k - processes.size());
                for (int i = 0; i < d; i++) {
                    mean[layout.ofNumber(i) + 1] += beyond * base[i][i] * mean[layout.ofNumber(i)];
                }
            }
        }
        return mean;
    }

    /** {@code (I + ε J)⁻¹ J δ}, I what the records tell, J what states would: in units of the variances. */
    private double[] scored(
            StateSpaceParameters parameters,
            List<double[][]> processes,
            List<double[][]> noises,
            double[] variances,
            double[] change) {
        int count = variances.length;
        double[][] information = Information.ofRecords(parameters, processes, noises);
        double[] matrix = new double[count * count];
        double[] right = new double[count];
        for (int k = 0; k < count; k++) {
            double[][] base = k < processes.size() ? processes.get(k) : noises.get(k - processes.size());
            // ½ of the dimension of the block, for a variance of 1
            double seen = Noise.rank(base) / 2.0;
            for (int l = 0; l < count; l++) {
                matrix[k * count + l] = information[k][l] * variances[k] * variances[l];
            }
            matrix[k * count + k] += LEAST_INFORMATION * seen;
            right[k] = seen * change[k] / variances[k];
        }
        Ldl factor = new Ldl(matrix, count);
        if (!factor.isRegular()) {
            return change;
        }
        factor.solveAll(right, 1);
        for (int k = 0; k < count; k++) {
            right[k] *= variances[k];
            if (!Double.isFinite(right[k])) {
                return change;
            }
        }
        return right;
    }

    /** {@code A₀ + Σ e x' (Σ x x')⁻¹}, or as far on the way there as no eigenvalue leaves the unit circle. */
    private double[][] transition(double[] statistics, StateSpaceParameters current) {
        double[][] deviation =
                regress(statistics, layout.crosses(), layout.squares(), difference(current.transition(), transition));
        return Stability.onTheWay(current.transition(), sum(transition, deviation));
    }

    /** Variances of blocks that serve both for what moves the states and for where they begin. */
    private double[] stationaryScales(double[] statistics, double[][] residual, double[] units, double[] before) {
        double moved = statistics[layout.transition];
        double begun = statistics[0];
        double[][] beginnings = Dense.unpacked(statistics, 1 + n, n);
        double[] variances = new double[process.blockCount()];
        for (int b = 0; b < variances.length; b++) {
            double sum =
                    moved * process.trace(process.structure(), residual, b) + process.trace(stationary, beginnings, b);
            variances[b] = sum / ((moved + begun) * process.rows(b).length);
        }
        return process.floored(Noise.limited(variances, before), units, floor);
    }

    private record Emission(double[][] c, double[] offset, double[][] r) {}

    private Emission emission(double[] statistics, StateSpaceParameters current) {
        double[][] c = copy(current.observation());
        double[] b = current.offset().clone();
        double[] origin = origin(current);
        if (!layout.observations) {
            return new Emission(c, b, current.observationNoise());
        }
        double[][] residual = new double[d][d];
        double[] counts = new double[d];
        if (layout.separate) {
            for (int i = 0; i < d; i++) {
                int at = layout.ofNumber(i);
                counts[i] = statistics[at];
                residual[i][i] = statistics[at + 1];
                if (layout.z > 0 && counts[i] > NOTHING) {
                    double[][] deviation = {deviation(current, i)};
                    deviation = regress(statistics, at + 2, at + 2 + layout.z, deviation);
                    apply(deviation[0], i, origin, c, b);
                    double[][] one = {{residual[i][i]}};
                    subtractExplained(one, statistics, at + 2, at + 2 + layout.z, deviation);
                    residual[i][i] = Math.max(0, one[0][0]);
                }
            }
        } else {
            Arrays.fill(counts, statistics[layout.observation]);
            residual = Dense.unpacked(statistics, layout.observation + 1, d);
            if (layout.z > 0 && counts[0] > NOTHING) {
                double[][] deviation = new double[d][];
                for (int i = 0; i < d; i++) {
                    deviation[i] = deviation(current, i);
                }
                deviation = regress(statistics, layout.regression(), layout.regressors(), deviation);
                for (int i = 0; i < d; i++) {
                    apply(deviation[i], i, origin, c, b);
                }
                subtractExplained(residual, statistics, layout.regression(), layout.regressors(), deviation);
            }
        }
        return new Emission(c, b, observationNoise(residual, counts, current));
    }

    private double[][] observationNoise(double[][] residual, double[] counts, StateSpaceParameters current) {
        double[] scale = current.scale();
        double[][] r = current.observationNoise();
        if (noise.kind() == Noise.Kind.SCALED) {
            double[] sums = new double[noise.blockCount()];
            double[] weights = new double[sums.length];
            for (int i = 0; i < d; i++) {
                sums[noise.block(i)] += residual[i][i] / noise.structure()[i][i];
                weights[noise.block(i)] += counts[i];
            }
            double[] before = noise.variances(r);
            for (int k = 0; k < sums.length; k++) {
                sums[k] = weights[k] > NOTHING ? sums[k] / weights[k] : before[k];
            }
            return noise.scaledBy(noise.floored(Noise.limited(sums, before), scale, floor));
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                residual[i][j] = counts[i] > NOTHING ? residual[i][j] / counts[i] : r[i][j];
            }
        }
        return noise.fit(residual, scale, floor, r);
    }

    /** What a row of C and b are beyond C₀ and b₀, of what is learned of them. */
    private double[] deviation(StateSpaceParameters parameters, int i) {
        double[] deviation = new double[layout.z];
        for (int j = 0; j < n && learnsObservation; j++) {
            deviation[j] = parameters.observation()[i][j] - observation[i][j];
        }
        if (learnsOffset) {
            deviation[layout.z - 1] = parameters.offset()[i] - origin(parameters)[i];
        }
        return deviation;
    }

    private void apply(double[] deviation, int i, double[] origin, double[][] c, double[] b) {
        for (int j = 0; j < n && learnsObservation; j++) {
            c[i][j] = observation[i][j] + deviation[j];
        }
        if (learnsOffset) {
            b[i] = origin[i] + deviation[layout.z - 1];
        }
    }

    /**
     * {@code B S⁻¹} of rows × m numbers B and a packed S, from what it was on: where S hardly tells one direction from
     * rounding, part of the way. The likelihood is concave, so it rises on the whole way.
     */
    private static double[][] regress(double[] statistics, int at, int squares, double[][] from) {
        int rows = from.length;
        int m = from[0].length;
        double[] matrix = new double[m * m];
        Dense.unpack(statistics, squares, m, matrix);
        double[] left = new double[m * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < m; j++) {
                left[j * rows + i] = statistics[at + i * m + j] - Dense.dot(from[i], 0, matrix, j * m, m);
            }
        }
        for (int j = 0; j < m; j++) {
            matrix[j * m + j] *= 1 + RIDGE;
        }
        Ldl factor = new Ldl(matrix, m);
        if (!factor.isRegular()) {
            return from;
        }
        factor.solveAll(left, rows);
        double[][] solved = new double[rows][m];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < m; j++) {
                solved[i][j] = from[i][j] + left[j * rows + i];
                if (!Double.isFinite(solved[i][j])) {
                    return from;
                }
            }
        }
        return solved;
    }

    /** {@code S ← S - Δ B' - B Δ' + Δ X Δ'}: the residual of what was regressed. */
    private static void subtractExplained(
            double[][] s, double[] statistics, int crosses, int squares, double[][] delta) {
        int rows = s.length;
        int m = delta[0].length;
        double[][] x = Dense.unpacked(statistics, squares, m);
        double[][] explained = new double[rows][rows];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < m; k++) {
                double product = -2 * statistics[crosses + i * m + k];
                for (int l = 0; l < m; l++) {
                    product += delta[i][l] * x[l][k];
                }
                for (int j = 0; j < rows; j++) {
                    explained[i][j] += product * delta[j][k];
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j <= i; j++) {
                s[i][j] += (explained[i][j] + explained[j][i]) / 2;
                s[j][i] = s[i][j];
            }
        }
    }

    /** The state that explains the mean of the first sample best: beginnings are counted from it. */
    double[] anchor(StateSpaceParameters parameters) {
        if (initial == InitialState.STATIONARY) {
            return new double[n];
        }
        double[] origin = origin(parameters);
        double[] squares = new double[n * n];
        double[] products = new double[n];
        double trace = 0;
        for (int i = 0; i < d; i++) {
            double unit = parameters.scale()[i];
            for (int j = 0; j < n; j++) {
                products[j] += observation[i][j] / unit * ((parameters.centre()[i] - origin[i]) / unit);
                for (int k = 0; k < n; k++) {
                    squares[j * n + k] += observation[i][j] / unit * (observation[i][k] / unit);
                }
                trace += observation[i][j] / unit * (observation[i][j] / unit);
            }
        }
        for (int j = 0; j < n; j++) {
            squares[j * n + j] += 1e-9 * trace;
        }
        Ldl factor = new Ldl(squares, n);
        if (!factor.isRegular()) {
            return new double[n];
        }
        factor.solveAll(products, 1);
        return products;
    }

    /**
     * The units of the states that go with units of the numbers: what a state must be for the numbers to move by one unit,
     * at once or, for states that only act on others, as soon as they do.
     */
    double[] stateUnits(double[] scale) {
        double[] units = new double[n];
        double[][] reach = observation;
        for (int step = 0; step < n; step++) {
            for (int j = 0; j < n; j++) {
                if (units[j] == 0) {
                    units[j] = unit(reach, j, scale);
                }
            }
            reach = product(reach, transition);
        }
        double largest = Arrays.stream(units).max().orElseThrow();
        for (int j = 0; j < n; j++) {
            units[j] = units[j] > 0 ? units[j] : largest > 0 ? largest : 1;
        }
        return units;
    }

    private double unit(double[][] reach, int j, double[] scale) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < d; i++) {
            double weight = Math.abs(reach[i][j]);
            if (weight > 1e-12) {
                smallest = Math.min(smallest, scale[i] / weight);
            }
        }
        return smallest == Double.POSITIVE_INFINITY ? 0 : smallest;
    }

    /** How many steps a state takes to show in the numbers. */
    private int[] depths() {
        int[] depths = new int[n];
        Arrays.fill(depths, n);
        double[] ones = new double[d];
        Arrays.fill(ones, 1);
        double[][] reach = observation;
        for (int step = 0; step < n; step++) {
            for (int j = 0; j < n; j++) {
                if (depths[j] == n && unit(reach, j, ones) > 0) {
                    depths[j] = step;
                }
            }
            reach = product(reach, transition);
        }
        return depths;
    }

    @Override
    public double[] statistics(StateSpaceParameters parameters) {
        double[] statistics = new double[layout.length];
        double[] units = stateUnits(parameters.scale());
        if (initial == InitialState.LEARNED) {
            statistics[0] = GIVEN_BEGINNINGS;
            double[] deviation = anchor(parameters);
            for (int i = 0; i < n; i++) {
                deviation[i] = parameters.initialMean()[i] - deviation[i];
                statistics[1 + i] = GIVEN_BEGINNINGS * deviation[i];
            }
            Dense.addPacked(GIVEN_BEGINNINGS, Dense.flat(parameters.initialCovariance()), n, statistics, 1 + n);
            Dense.addSquare(GIVEN_BEGINNINGS, deviation, 0, n, statistics, 1 + n);
        }
        if (layout.transitions) {
            statistics[layout.transition] = 1;
            Dense.addPacked(1, Dense.flat(parameters.processNoise()), n, statistics, layout.residuals());
            if (learnsTransition) {
                double[] squares = new double[n * n];
                for (int i = 0; i < n; i++) {
                    squares[i * n + i] = units[i] * units[i];
                }
                double[] deviation = Dense.flat(difference(parameters.transition(), transition));
                addExplained(
                        statistics, layout.residuals(), layout.crosses(), layout.squares(), deviation, squares, n, n);
            }
        }
        if (layout.observations) {
            double[] squares = new double[layout.z * layout.z];
            for (int i = 0; i < layout.z; i++) {
                squares[i * layout.z + i] = learnsObservation && i < n ? units[i] * units[i] : 1;
            }
            double[] deviation = new double[d * layout.z];
            for (int i = 0; i < d; i++) {
                System.arraycopy(deviation(parameters, i), 0, deviation, i * layout.z, layout.z);
            }
            if (layout.separate) {
                for (int i = 0; i < d; i++) {
                    int at = layout.ofNumber(i);
                    statistics[at] = 1;
                    statistics[at + 1] = parameters.observationNoise()[i][i];
                    double[] own = Arrays.copyOfRange(deviation, i * layout.z, (i + 1) * layout.z);
                    addExplained(statistics, at + 1, at + 2, at + 2 + layout.z, own, squares, 1, layout.z);
                }
            } else {
                statistics[layout.observation] = 1;
                Dense.addPacked(1, Dense.flat(parameters.observationNoise()), d, statistics, layout.observation + 1);
                addExplained(
                        statistics,
                        layout.observation + 1,
                        layout.regression(),
                        layout.regressors(),
                        deviation,
                        squares,
                        d,
                        layout.z);
            }
        }
        return statistics;
    }

    private static void addExplained(
            double[] statistics,
            int residuals,
            int crosses,
            int regressors,
            double[] delta,
            double[] x,
            int rows,
            int m) {
        double[] product = new double[rows * m];
        Dense.multiply(delta, x, rows, m, m, product);
        double[] square = new double[rows * rows];
        Dense.multiplyTransposed(product, delta, rows, m, rows, square);
        Dense.addPacked(1, square, rows, statistics, residuals);
        for (int i = 0; i < product.length; i++) {
            statistics[crosses + i] += product[i];
        }
        Dense.addPacked(1, x, m, statistics, regressors);
    }

    /** The log density of the imagined beginning, where beginnings are learned. */
    @Override
    public double logPrior(StateSpaceParameters parameters) {
        if (initial != InitialState.LEARNED) {
            return 0;
        }
        double[] units = stateUnits(parameters.scale());
        double[] squares = new double[n * n];
        for (int i = 0; i < n; i++) {
            squares[i * n + i] = units[i] * units[i];
        }
        Ldl factor = new Ldl(Dense.flat(parameters.initialCovariance()), n);
        factor.solveAll(squares, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            // in units of the states, so that the prior does not depend on them
            sum += Math.log(factor.pivot(i)) - 2 * Math.log(units[i]) + squares[i * n + i];
        }
        return -IMAGINED_BEGINNINGS / 2 * sum;
    }

    /**
     * Draws how the differences of successive records come about: how much of them is noise of the observation, how much moves
     * the states. What else is learned starts near what is given.
     */
    @Override
    public StateSpaceParameters start(Observations sample, RandomGenerator random) {
        Coordinates coordinates = Coordinates.of(sample, d);
        double[] scale = coordinates.scale();
        double[] units = stateUnits(scale);
        double[] steps = differences(sample, scale);
        double mean = Arrays.stream(steps).average().orElseThrow();
        double noiseShare = Math.pow(10, -2 * random.nextDouble());
        double processShare = Math.pow(10, -3 * random.nextDouble());
        int[] depths = depths();
        double[] moves = new double[n];
        for (int j = 0; j < n; j++) {
            moves[j] = mean * processShare * Math.pow(10, -2 * depths[j]) * units[j] * units[j];
        }
        double[] noises = new double[d];
        for (int i = 0; i < d; i++) {
            noises[i] = steps[i] / 2 * noiseShare * scale[i] * scale[i];
        }
        double[][] a = transition;
        if (learnsTransition) {
            a = Stability.onTheWay(transition, perturbed(transition, units, units, random));
        }
        double[][] c = learnsObservation ? perturbed(observation, scale, units, random) : observation;
        double[][] q = process.fit(Dense.diagonal(moves), units, floor);
        StateSpaceParameters drawn = new StateSpaceParameters(
                a,
                c,
                learnsOffset ? coordinates.centre() : offset,
                q,
                noise.fit(Dense.diagonal(noises), scale, floor),
                initialMean,
                initialCovariance,
                coordinates.centre(),
                scale);
        return switch (initial) {
            case DIFFUSE, FIXED -> drawn;
            case STATIONARY -> withInitial(drawn, new double[n], stationaryCovariance(q));
            case LEARNED -> {
                double[] variances = new double[n];
                for (int j = 0; j < n; j++) {
                    variances[j] = units[j] * units[j];
                }
                yield withInitial(drawn, anchor(drawn), Dense.diagonal(variances));
            }
        };
    }

    /** Mean squares of differences between successive records in units of the scale; 1 where there are none. */
    private double[] differences(Observations sample, double[] scale) {
        double[] sums = new double[d];
        double[] weights = new double[d];
        for (int i = 1; i < sample.size(); i++) {
            if (!sample.startsSequence(i)) {
                for (int j = 0; j < d; j++) {
                    double difference = (sample.value(i, j) - sample.value(i - 1, j)) / scale[j];
                    if (!Double.isNaN(difference)) {
                        sums[j] += sample.weight(i) * difference * difference;
                        weights[j] += sample.weight(i);
                    }
                }
            }
        }
        for (int j = 0; j < d; j++) {
            sums[j] = weights[j] > 0 ? sums[j] / weights[j] : 1;
        }
        return sums;
    }

    private static double[][] perturbed(
            double[][] matrix, double[] rowUnits, double[] columnUnits, RandomGenerator random) {
        double[][] perturbed = copy(matrix);
        for (int i = 0; i < perturbed.length; i++) {
            for (int j = 0; j < perturbed[i].length; j++) {
                perturbed[i][j] += 0.1 * random.nextGaussian() * rowUnits[i] / columnUnits[j];
            }
        }
        return perturbed;
    }

    private static StateSpaceParameters withInitial(StateSpaceParameters drawn, double[] mean, double[][] covariance) {
        return new StateSpaceParameters(
                drawn.transition(),
                drawn.observation(),
                drawn.offset(),
                drawn.processNoise(),
                drawn.observationNoise(),
                mean,
                covariance,
                drawn.centre(),
                drawn.scale());
    }

    private double[][] stationaryCovariance(double[][] q) {
        return process.isLearned() ? process.scaled(stationary, process.variances(q)) : stationary;
    }

    /** Whether the records do not vary but for the floor: all are the same. */
    @Override
    public boolean isDegenerate(StateSpaceParameters parameters, double observations) {
        double[] units = stateUnits(parameters.scale());
        double bound = 2 * floor;
        for (int i = 0; i < d; i++) {
            double unit = parameters.scale()[i];
            if (noise.isLearned() && parameters.observationNoise()[i][i] <= bound * unit * unit) {
                boolean moves = !process.isLearned();
                for (int j = 0; j < n; j++) {
                    moves |= parameters.processNoise()[j][j] > bound * units[j] * units[j];
                }
                if (!moves) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Parameters from named fields. What this model fixes is not read. */
    @Override
    public StateSpaceParameters read(Fields fields) {
        double[][] a = learnsTransition ? finite(TRANSITION, fields.matrix(TRANSITION, n, n)) : transition;
        Stability.require(a);
        double[][] c = learnsObservation ? finite(OBSERVATION, fields.matrix(OBSERVATION, d, n)) : observation;
        double[] b = learnsOffset ? fields.vector(OFFSET, d) : offset;
        Coordinates.requireFinite(OFFSET, b);
        double[][] q = read(fields, PROCESS_NOISE, process, n);
        double[][] r = read(fields, OBSERVATION_NOISE, noise, d);
        double[] mean = initialMean;
        double[][] covariance = initialCovariance;
        if (initial == InitialState.STATIONARY) {
            mean = new double[n];
            covariance = stationaryCovariance(q);
        } else if (initial == InitialState.LEARNED) {
            mean = fields.vector(INITIAL_MEAN, n);
            Coordinates.requireFinite(INITIAL_MEAN, mean);
            covariance = read(fields, INITIAL_COVARIANCE, Noise.FREE, n);
        }
        double[] centre = b.clone();
        double[] scale = new double[d];
        for (int i = 0; i < d; i++) {
            double variance = r[i][i];
            for (int j = 0; j < n; j++) {
                centre[i] += mean == null ? 0 : c[i][j] * mean[j];
                for (int k = 0; k < n; k++) {
                    variance += c[i][j] * q[j][k] * c[i][k];
                }
            }
            scale[i] = Math.sqrt(variance);
        }
        Coordinates coordinates = Coordinates.read(fields, new Coordinates(centre, scale));
        return new StateSpaceParameters(a, c, b, q, r, mean, covariance, coordinates.centre(), coordinates.scale());
    }

    private static double[][] read(Fields fields, String name, Noise noise, int n) {
        if (!noise.isLearned()) {
            return noise.structure();
        }
        double[][] covariance = fields.matrix(name, n, n);
        noise.require(name, covariance);
        return covariance;
    }

    private static double[][] finite(String name, double[][] matrix) {
        for (double[] row : matrix) {
            Coordinates.requireFinite(name, row);
        }
        return matrix;
    }

    private static double[][] copy(double[][] matrix) {
        double[][] copy = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            copy[i] = matrix[i].clone();
        }
        return copy;
    }

    private static double[][] sum(double[][] one, double[][] other) {
        double[][] sum = copy(one);
        for (int i = 0; i < sum.length; i++) {
            for (int j = 0; j < sum[i].length; j++) {
                sum[i][j] += other[i][j];
            }
        }
        return sum;
    }

    private static double[][] difference(double[][] one, double[][] other) {
        double[][] difference = copy(one);
        for (int i = 0; i < difference.length; i++) {
            for (int j = 0; j < difference[i].length; j++) {
                difference[i][j] -= other[i][j];
            }
        }
        return difference;
    }

    private static double[][] product(double[][] one, double[][] other) {
        double[] product = new double[one.length * other[0].length];
        Dense.multiply(Dense.flat(one), Dense.flat(other), one.length, other.length, other[0].length, product);
        return Dense.rows(product, one.length, other[0].length);
    }

    private static void scale(double[][] matrix, double factor) {
        for (double[] row : matrix) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= factor;
            }
        }
    }
}
