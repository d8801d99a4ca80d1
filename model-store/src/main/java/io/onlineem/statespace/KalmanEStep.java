package io.onlineem.statespace;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Filters records one by one (Kalman 1960), a number at a time, with the covariance as a factor (Bierman 1977); smooths blocks backwards (Rauch, Tung and
 * Striebel 1965). Given the state that follows, a state is observed a number at a time as well, so that no matrix is ever
 * inverted and a diffuse beginning needs no recursions of its own.
 *
 * <p>Covariances do not depend on the numbers: where nothing is missing they settle, and from then on a record costs two
 * products of a matrix and a vector.
 */
final class KalmanEStep implements EStep {

    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    /** Relative change of a covariance by which it has settled: rounding. */
    private static final double SETTLED = 1e-14;

    /** Patterns of missing values that are kept. */
    private static final int PATTERNS = 32;

    private final StateSpace model;
    private final StateSpaceParameters parameters;
    private final Layout layout;
    private final boolean diffuse;
    private final int memoryLength;
    private final int n;
    private final int d;
    private final double[] a;
    private final double[] c;
    private final double[] offset;
    private final double[] r;

    /** {@code L⁻¹ A} with {@code Q = L D L'}. */
    private final double[] turnedTransition;

    private final Ldl processFactor;
    private final Uncertainty beginning;
    private final double[] beginningMean;
    private final Pattern complete;
    private final List<Pattern> patterns = new ArrayList<>();
    private int oldest;

    /** E[x] and its uncertainty, as far as the filter has come. */
    private final double[] x;

    private final Uncertainty now;

    /** Whether {@link #now} is what it has settled to. */
    private boolean isSettled;

    /** What covariances settle to; null before they have. */
    private Settled settled;

    private final Uncertainty before;
    private final double[] predicted;
    private final double[] turned;
    private final double[] gains;
    private final double[] variances;
    private final Uncertainty following;

    /** Made with the first block: scoring needs none of it. */
    private Smoother smoother;

    /** What covariances settle to where nothing is missing, and what follows from it. */
    private final class Settled {
        private final Uncertainty state = new Uncertainty(n);
        private final double[] gains;
        private final double[] variances;
        private final double constant;
        private final double[][] covariance;
        private final double[] deviation;
        private Backward backward;

        Settled() {
            state.set(now);
            gains = KalmanEStep.this.gains.clone();
            variances = KalmanEStep.this.variances.clone();
            double sum = 0;
            for (double variance : variances) {
                sum -= (Math.log(variance) + LOG_TWO_PI) / 2;
            }
            constant = sum;
            covariance = covariance(now);
            following.set(now);
            following.predict(a, processFactor);
            deviation = deviation(following);
        }
    }

    KalmanEStep(StateSpace model, StateSpaceParameters parameters) {
        this.parameters = parameters;
        layout = model.layout();
        diffuse = model.initial() == InitialState.DIFFUSE;
        memoryLength = model.memoryLength();
        n = model.states();
        d = model.width();
        a = Dense.flat(parameters.transition());
        c = Dense.flat(parameters.observation());
        offset = parameters.offset();
        r = Dense.flat(parameters.observationNoise());
        processFactor = new Ldl(Dense.flat(parameters.processNoise()), n);
        turnedTransition = a.clone();
        processFactor.solve(turnedTransition, n);
        beginning = new Uncertainty(n);
        if (diffuse) {
            beginning.setDiffuse();
            beginningMean = new double[n];
        } else {
            beginning.setCovariance(Dense.flat(parameters.initialCovariance()));
            beginningMean = parameters.initialMean();
        }
        boolean[] all = new boolean[d];
        Arrays.fill(all, true);
        complete = new Pattern(all, c, r, n);
        x = new double[n];
        now = new Uncertainty(n);
        following = new Uncertainty(n);
        before = new Uncertainty(n);
        predicted = new double[n];
        turned = new double[d];
        gains = new double[d * n];
        variances = new double[d];
        this.model = model;
    }

    @Override
    public Posterior score(Observations records, int index, double[] memory) {
        records.requireLength(index, d);
        boolean begins = !load(memory);
        double[] values = records.values();
        int from = records.offset(index);
        Pattern pattern = pattern(records, index);
        predictMean(begins);
        double[] prediction = observe(x);
        double[] deviation;
        double logLikelihood;
        if (isSettled && pattern == complete) {
            deviation = settled.deviation;
            logLikelihood = updateSettled(values, from);
        } else {
            predictCovariance(begins);
            deviation = deviation(now);
            logLikelihood = update(values, from, begins, pattern);
        }
        requireFinite(logLikelihood);
        store(memory, 0);
        return new Posterior(
                new double[0],
                logLikelihood,
                pattern == complete ? List.of() : impute(values, from, pattern, x, now),
                outputs(values, from, prediction, deviation));
    }

    private Fields outputs(double[] values, int from, double[] prediction, double[] deviation) {
        Fields outputs = new Fields();
        if (now.rank() == 0) {
            outputs.with(StateSpace.MEAN, x.clone());
            outputs.with(StateSpace.COVARIANCE, isSettled ? settled.covariance : covariance(now));
        }
        if (deviation != null) {
            double[] innovation = new double[d];
            for (int i = 0; i < d; i++) {
                double value = values[from + i];
                innovation[i] = Double.isNaN(value) ? 0 : value - prediction[i];
            }
            outputs.with(StateSpace.PREDICTION, prediction);
            outputs.with(StateSpace.PREDICTION_DEVIATION, deviation);
            outputs.with(StateSpace.INNOVATION, innovation);
        }
        double[] nextDeviation;
        if (isSettled) {
            nextDeviation = settled.deviation;
        } else {
            following.set(now);
            following.predict(a, processFactor);
            nextDeviation = deviation(following);
        }
        if (nextDeviation != null) {
            Arrays.fill(predicted, 0);
            Dense.addProduct(a, n, n, x, 0, predicted, 0);
            outputs.with(StateSpace.NEXT, observe(predicted));
            outputs.with(StateSpace.NEXT_DEVIATION, nextDeviation);
        }
        return outputs;
    }

    private double[][] covariance(Uncertainty uncertainty) {
        double[] flat = new double[n * n];
        uncertainty.covariance(flat);
        return Dense.rows(flat, n, n);
    }

    /** {@code b + C x}. */
    private double[] observe(double[] state) {
        double[] expected = offset.clone();
        Dense.addProduct(c, d, n, state, 0, expected, 0);
        return expected;
    }

    /** Standard deviations of the numbers of a record; null if one of them has none yet. */
    private double[] deviation(Uncertainty uncertainty) {
        double[] deviation = new double[d];
        for (int i = 0; i < d; i++) {
            if (!uncertainty.isDetermined(c, i * n)) {
                return null;
            }
            deviation[i] = Math.sqrt(uncertainty.variance(c, i * n) + r[i * d + i]);
        }
        return deviation;
    }

    private List<Imputation.Value> impute(
            double[] values, int from, Pattern pattern, double[] state, Uncertainty uncertainty) {
        int seen = pattern.observed.length;
        double[] residual = new double[seen];
        for (int j = 0; j < seen; j++) {
            int i = pattern.observed[j];
            residual[j] = values[from + i] - offset[i] - Dense.dot(c, i * n, state, 0, n);
        }
        Imputation imputation = new Imputation();
        for (int j = 0; j < pattern.missing.length; j++) {
            int i = pattern.missing[j];
            double expected = offset[i]
                    + Dense.dot(c, i * n, state, 0, n)
                    + Dense.dot(pattern.regression, j * seen, residual, 0, seen);
            if (uncertainty.isDetermined(c, i * n)) {
                imputation.number(i, expected, deviation(pattern, j, uncertainty));
            } else {
                imputation.number(i, parameters.centre()[i], Double.NaN);
            }
        }
        return imputation.values();
    }

    /**
     * Of missing number j given the others: {@code y_m = c_m x + v_m} and {@code v_m | v_o} has the mean {@code G (y_o - C_o x)},
     * G the regression of the noises.
     */
    private double deviation(Pattern pattern, int j, Uncertainty uncertainty) {
        int seen = pattern.observed.length;
        int i = pattern.missing[j];
        double[] row = Arrays.copyOfRange(c, i * n, (i + 1) * n);
        for (int l = 0; l < seen; l++) {
            double weight = pattern.regression[j * seen + l];
            int o = pattern.observed[l];
            for (int s = 0; s < n; s++) {
                row[s] -= weight * c[o * n + s];
            }
        }
        double noise = pattern.remaining[j * pattern.missing.length + j];
        return uncertainty.isDetermined(row, 0)
                ? Math.sqrt(Math.max(0, uncertainty.variance(row, 0) + noise))
                : Double.NaN;
    }

    private Pattern pattern(Observations records, int index) {
        if (records.isComplete(index)) {
            return complete;
        }
        double[] values = records.values();
        int from = records.offset(index);
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).fits(values, from)) {
                return patterns.get(i);
            }
        }
        boolean[] present = new boolean[d];
        for (int i = 0; i < d; i++) {
            present[i] = !Double.isNaN(values[from + i]);
        }
        Pattern pattern = new Pattern(present, c, r, n);
        if (patterns.size() < PATTERNS) {
            patterns.add(pattern);
        } else {
            patterns.set(oldest, pattern);
            oldest = (oldest + 1) % PATTERNS;
        }
        return pattern;
    }

    /** Sets the filter to a memory; returns whether the sequence has begun. */
    private boolean load(double[] memory) {
        if (memory.length != memoryLength) {
            throw new IllegalArgumentException("the memory of a sequence has " + memory.length + " numbers; expected "
                    + memoryLength + ", all zero where the sequence begins");
        }
        isSettled = false;
        double mark = memory[0];
        if (mark == 0) {
            return false;
        }
        if (!(mark >= 1 && mark <= (diffuse ? n + 1 : 1) && mark == Math.rint(mark))) {
            throw new IllegalArgumentException("the memory of a sequence begins with " + mark
                    + "; expected 0 where it begins, otherwise 1" + (diffuse ? " to " + (n + 1) : ""));
        }
        System.arraycopy(memory, 1, x, 0, n);
        now.unpack(memory, 1 + n);
        if (mark > 1) {
            now.unpackDirections(memory, 1 + n + Uncertainty.packedLength(n), (int) mark - 1);
        }
        settle();
        return true;
    }

    private void store(double[] memory, int at) {
        memory[at] = 1 + now.rank();
        System.arraycopy(x, 0, memory, at + 1, n);
        now.pack(memory, at + 1 + n);
        if (diffuse) {
            int directions = at + 1 + n + Uncertainty.packedLength(n);
            if (now.rank() > 0) {
                now.packDirections(memory, directions);
            } else {
                Arrays.fill(memory, directions, directions + n * n, 0);
            }
        }
    }

    private void settle() {
        isSettled = settled != null && now.isCloseTo(settled.state, SETTLED);
        if (isSettled) {
            now.set(settled.state);
        }
    }

    private void predictMean(boolean begins) {
        if (begins) {
            System.arraycopy(beginningMean, 0, x, 0, n);
        } else {
            Arrays.fill(predicted, 0);
            Dense.addProduct(a, n, n, x, 0, predicted, 0);
            System.arraycopy(predicted, 0, x, 0, n);
        }
    }

    private void predictCovariance(boolean begins) {
        if (begins) {
            now.set(beginning);
        } else {
            before.set(now);
            now.predict(a, processFactor);
        }
    }

    /** Takes a record in; returns the logarithm of its density. */
    private double update(double[] values, int from, boolean begins, Pattern pattern) {
        pattern.turn(values, from, offset, turned);
        double logLikelihood = 0;
        boolean wasDiffuse = now.rank() > 0;
        for (int i = 0; i < pattern.observed.length; i++) {
            double innovation = turned[i] - Dense.dot(pattern.rows, i * n, x, 0, n);
            double variance = now.observe(pattern.rows, i * n, pattern.variance(i));
            double[] gain = now.gain();
            for (int j = 0; j < n; j++) {
                x[j] = Math.fma(gain[j], innovation, x[j]);
                gains[i * n + j] = gain[j];
            }
            variances[i] = variance;
            requireFinite(innovation);
            logLikelihood -= now.wasDiffuse()
                    ? Math.log(variance) / 2
                    : (Math.log(variance) + LOG_TWO_PI + innovation * innovation / variance) / 2;
        }
        settle();
        if (settled == null && !begins && !wasDiffuse && pattern == complete && now.isCloseTo(before, SETTLED)) {
            settled = new Settled();
            isSettled = true;
        }
        return logLikelihood;
    }

    private double updateSettled(double[] values, int from) {
        complete.turn(values, from, offset, turned);
        double squares = 0;
        for (int i = 0; i < d; i++) {
            double innovation = turned[i] - Dense.dot(complete.rows, i * n, x, 0, n);
            for (int j = 0; j < n; j++) {
                x[j] = Math.fma(settled.gains[i * n + j], innovation, x[j]);
            }
            squares += innovation * innovation / settled.variances[i];
        }
        return settled.constant - squares / 2;
    }

    /** Checked before any statistics change. */
    private static void requireFinite(double number) {
        if (!(Math.abs(number) <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "a record holds a number that is not finite or beyond 1e100 in magnitude;"
                            + " expected what Model#problem lets pass");
        }
    }

    @Override
    public double accumulate(Observations block, Statistics into) {
        return accumulate(block, into, null);
    }

    @Override
    public double accumulate(Observations block, Statistics into, double[] memoryAfter) {
        block.requireWidth(d);
        if (smoother == null) {
            smoother = new Smoother();
        }
        int counted = block.size() - block.lookAhead();
        double[] carried = block.memory().length == 0 ? new double[memoryLength] : block.memory();
        double[] added = new double[layout.length];
        double[] after = carried.clone();
        double logLikelihood = 0;
        for (int from = 0; from < counted; ) {
            int to = block.nextSequence(from);
            boolean begun = load(carried) && from == 0 && !block.startsSequence(0);
            logLikelihood += smoother.filter(block, from, to, begun, Math.min(to, counted), after);
            requireFinite(logLikelihood);
            smoother.smooth(block, from, to, begun, Math.min(to, counted), added);
            from = to;
        }
        for (int i = 0; i < added.length; i++) {
            into.sums()[i] += added[i];
        }
        if (memoryAfter != null) {
            System.arraycopy(after, 0, memoryAfter, 0, memoryLength);
        }
        into.count(counted, block.totalWeight());
        return logLikelihood;
    }

    /**
     * Outputs are mean and covariance of the state given the whole block, look-ahead included, and the expected record:
     * {@value StateSpace#SIGNAL}, {@code b + C x_t}, without the noise of the observation, and its standard deviation.
     */
    @Override
    public List<Posterior> smooth(Observations block) {
        block.requireWidth(d);
        if (smoother == null) {
            smoother = new Smoother();
        }
        int counted = block.size() - block.lookAhead();
        double[] carried = block.memory().length == 0 ? new double[memoryLength] : block.memory();
        List<Posterior> posteriors = new ArrayList<>(counted);
        for (int from = 0; from < counted; from = block.nextSequence(from)) {
            int to = block.nextSequence(from);
            boolean begun = load(carried) && from == 0 && !block.startsSequence(0);
            posteriors.addAll(smoother.posteriors(block, from, to, begun, Math.min(to, counted)));
        }
        return posteriors;
    }

    @Override
    public void accelerate(Statistics statistics) {
        if (!(statistics.weight() > 0)) {
            return;
        }
        double[] mean = model.accelerated(statistics.mean(), parameters);
        for (int i = 0; i < mean.length; i++) {
            statistics.sums()[i] = mean[i] * statistics.weight();
        }
    }

    /** How a state follows from the one after it: {@code x_t-1 = E[x_t-1] + G (x_t - A E[x_t-1]) + ξ}. */
    private final class Backward {
        /** G. */
        private final double[] gain = new double[n * n];

        /** {@code Cov ξ}. */
        private final double[] left = new double[n * n];

        private final Uncertainty given = new Uncertainty(n);

        /** {@code I - A₀ G}, {@code A₀ Cov ξ} and {@code A₀ Cov ξ A₀'}. */
        private final double[] residual = new double[n * n];

        private final double[] crossed = new double[n * n];
        private final double[] squared = new double[n * n];
        private final double[] row = new double[n];

        void condition(Uncertainty on) {
            given.set(on);
            Arrays.fill(gain, 0);
            for (int i = 0; i < n; i++) {
                if (given.observe(turnedTransition, i * n, processFactor.pivot(i)) == 0) {
                    continue;
                }
                for (int j = 0; j < n; j++) {
                    double sum = i == j ? 1 : 0;
                    for (int k = 0; k < n; k++) {
                        sum = Math.fma(-turnedTransition[i * n + k], gain[k * n + j], sum);
                    }
                    row[j] = sum;
                }
                Dense.addOuter(1, given.gain(), 0, n, row, 0, n, gain, 0);
            }
            processFactor.solveRight(gain, n);
            given.covariance(left);
            double[] reference = smoother.reference;
            Dense.multiply(reference, gain, n, n, n, residual);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    residual[i * n + j] = (i == j ? 1 : 0) - residual[i * n + j];
                }
            }
            Dense.multiply(reference, left, n, n, n, crossed);
            Dense.sandwich(reference, left, n, n, smoother.scratch, squared);
        }
    }

    private final class Smoother {

        private final double[] reference = Dense.flat(model.transition());
        private final double[] referenceRows = Dense.flat(model.observation());
        private final double[] origin = model.origin(parameters);
        private final double[] anchor = layout.beginnings ? model.anchor(parameters) : new double[n];
        private final double[] scratch = new double[Math.max(n, d) * n];
        private final Backward own = new Backward();

        /** Filtered means, the carried one first. */
        private double[] means = {};

        private double[] logDensities = {};

        /** Where the filtered covariance of each is: {@link #SETTLED_AT}, in {@link #covariances}, or in {@link #diffused}. */
        private int[] places = {};

        private double[] covariances = {};
        private int kept;
        private final List<Uncertainty> diffused = new ArrayList<>();
        private int keptDiffused;

        private static final int SETTLED_AT = -1;

        private final Uncertainty filtered = new Uncertainty(n);

        /** Nothing is diffuse given the whole block, though it was when the record came. */
        private final Uncertainty known = new Uncertainty(n);

        private double[] state = new double[n];
        private double[] stateBefore = new double[n];
        private double[] p = new double[n * n];
        private double[] pBefore = new double[n * n];
        private final double[] difference = new double[n];
        private final double[] moved = new double[n * n];
        private final double[] crossed = new double[n * n];
        private final double[] values = new double[n * n];
        private final double[] spread = new double[Math.max(d * d, d)];
        private final double[] residual = new double[d];
        private final double[] rows = new double[d * n];
        private final double[] z = new double[layout.z];

        /** Filters records; what is carried is in {@link #x} and {@link #now}. Returns what the counted ones add. */
        double filter(Observations block, int from, int to, boolean begun, int counted, double[] after) {
            reserve(to - from + 1);
            kept = 0;
            keptDiffused = 0;
            if (begun) {
                keep(0);
            }
            double logLikelihood = 0;
            for (int i = from; i < to; i++) {
                boolean begins = i == from && !begun;
                Pattern pattern = pattern(block, i);
                predictMean(begins);
                double logDensity;
                if (isSettled && pattern == complete && !begins) {
                    logDensity = updateSettled(block.values(), block.offset(i));
                } else {
                    predictCovariance(begins);
                    logDensity = update(block.values(), block.offset(i), begins, pattern);
                }
                keep(i - from + 1);
                logDensities[i - from] = logDensity;
                if (i < counted) {
                    logLikelihood += block.weight(i) * logDensity;
                }
                if (i == counted - 1) {
                    store(after, 0);
                }
            }
            return logLikelihood;
        }

        private void reserve(int records) {
            if (places.length < records) {
                int room = Math.max(records, 2 * places.length);
                places = new int[room];
                means = new double[room * n];
                logDensities = new double[room];
            }
        }

        private void keep(int t) {
            System.arraycopy(x, 0, means, t * n, n);
            if (isSettled) {
                places[t] = SETTLED_AT;
            } else if (now.rank() > 0) {
                if (keptDiffused == diffused.size()) {
                    diffused.add(new Uncertainty(n));
                }
                diffused.get(keptDiffused).set(now);
                places[t] = SETTLED_AT - 1 - keptDiffused;
                keptDiffused++;
            } else {
                int length = Uncertainty.packedLength(n);
                if ((kept + 1) * length > covariances.length) {
                    covariances = Arrays.copyOf(covariances, Math.max(64, 2 * (kept + 1)) * length);
                }
                now.pack(covariances, kept * length);
                places[t] = kept;
                kept++;
            }
        }

        private Uncertainty filtered(int t) {
            if (places[t] < SETTLED_AT) {
                return diffused.get(SETTLED_AT - 1 - places[t]);
            }
            if (places[t] == SETTLED_AT) {
                return settled.state;
            }
            filtered.unpack(covariances, places[t] * Uncertainty.packedLength(n));
            return filtered;
        }

        private Backward backward(int t) {
            if (places[t] == SETTLED_AT) {
                if (settled.backward == null) {
                    settled.backward = new Backward();
                    settled.backward.condition(filtered(t));
                }
                return settled.backward;
            }
            own.condition(filtered(t));
            return own;
        }

        /** Adds the statistics of the counted records. */
        void smooth(Observations block, int from, int to, boolean begun, int counted, double[] sums) {
            System.arraycopy(means, (to - from) * n, state, 0, n);
            filtered(to - from).covariance(p);
            // smoothed covariances settle too, on the way back
            boolean same = false;
            boolean wasSettled = false;
            boolean samePattern = false;
            for (int i = to - 1; i >= from; i--) {
                int t = i - from;
                double weight = block.weight(i);
                boolean isCounted = i < counted;
                if (isCounted && layout.observations) {
                    Pattern pattern = pattern(block, i);
                    boolean isKnown = same && samePattern && pattern == complete;
                    if (pattern.observed.length > 0) {
                        if (layout.separate) {
                            addSeparate(weight, block, i, pattern, isKnown, sums);
                        } else {
                            addTogether(weight, block, i, pattern, isKnown, sums);
                        }
                        samePattern = pattern == complete;
                    }
                }
                if (t == 0 && !begun) {
                    if (isCounted && layout.beginnings) {
                        addBeginning(weight, sums);
                    }
                    break;
                }
                Backward back = backward(t);
                boolean isNowSettled = places[t] == SETTLED_AT;
                if (!(same && isNowSettled)) {
                    same = false;
                    propagate(back);
                    if (isCounted && layout.transitions) {
                        relate(back);
                    }
                }
                stepBack(back, t);
                if (isCounted && layout.transitions) {
                    addTransition(weight, sums);
                }
                if (!same) {
                    same = isNowSettled && wasSettled && isCounted && isSame(p, pBefore);
                    double[] swap = p;
                    p = pBefore;
                    pBefore = swap;
                    samePattern &= same;
                }
                wasSettled = isNowSettled;
                double[] swap = state;
                state = stateBefore;
                stateBefore = swap;
            }
        }

        /** What the records of one sequence are told, the counted ones. */
        List<Posterior> posteriors(Observations block, int from, int to, boolean begun, int counted) {
            filter(block, from, to, begun, counted, new double[memoryLength]);
            System.arraycopy(means, (to - from) * n, state, 0, n);
            Uncertainty last = filtered(to - from);
            int unknown = last.rank();
            last.covariance(p);
            List<Posterior> posteriors = new ArrayList<>(counted - from);
            for (int i = to - 1; i >= from; i--) {
                int t = i - from;
                requireFinite(logDensities[t]);
                if (i < counted) {
                    Pattern pattern = pattern(block, i);
                    posteriors.add(new Posterior(
                            new double[0],
                            logDensities[t],
                            pattern == complete
                                    ? List.of()
                                    : impute(
                                            block.values(),
                                            block.offset(i),
                                            pattern,
                                            state,
                                            unknown > 0 ? filtered(t + 1) : known),
                            unknown > 0 ? new Fields() : smoothed()));
                }
                if (t > 0 || begun) {
                    Backward back = backward(t);
                    propagate(back);
                    stepBack(back, t);
                    double[] swap = p;
                    p = pBefore;
                    pBefore = swap;
                    swap = state;
                    state = stateBefore;
                    stateBefore = swap;
                }
            }
            Collections.reverse(posteriors);
            return posteriors;
        }

        private Fields smoothed() {
            double[] deviation = new double[d];
            for (int i = 0; i < d; i++) {
                double variance = 0;
                for (int j = 0; j < n; j++) {
                    variance = Math.fma(c[i * n + j], Dense.dot(p, j * n, c, i * n, n), variance);
                }
                deviation[i] = Math.sqrt(Math.max(0, variance));
            }
            return new Fields()
                    .with(StateSpace.MEAN, state.clone())
                    .with(StateSpace.COVARIANCE, Dense.rows(p, n, n))
                    .with(StateSpace.SIGNAL, observe(state))
                    .with(StateSpace.SIGNAL_DEVIATION, deviation);
        }

        private boolean isSame(double[] one, double[] other) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    double bound = SETTLED * Math.sqrt(one[i * n + i] * one[j * n + j]);
                    if (!(Math.abs(one[i * n + j] - other[i * n + j]) <= bound)) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** The covariance of the state before. */
        private void propagate(Backward back) {
            Dense.sandwich(back.gain, p, n, n, scratch, pBefore);
            for (int i = 0; i < pBefore.length; i++) {
                pBefore[i] += back.left[i];
            }
        }

        /** The covariances of what moved the state with itself and with the state before. */
        private void relate(Backward back) {
            Dense.sandwich(back.residual, p, n, n, scratch, moved);
            for (int i = 0; i < moved.length; i++) {
                moved[i] += back.squared[i];
            }
            if (layout.freeTransition) {
                Dense.multiply(back.residual, p, n, n, n, values);
                Dense.multiplyTransposed(values, back.gain, n, n, n, crossed);
                for (int i = 0; i < crossed.length; i++) {
                    crossed[i] -= back.crossed[i];
                }
            }
        }

        /** The mean of the state before. */
        private void stepBack(Backward back, int t) {
            for (int i = 0; i < n; i++) {
                difference[i] = state[i] - Dense.dot(a, i * n, means, t * n, n);
            }
            System.arraycopy(means, t * n, stateBefore, 0, n);
            Dense.addProduct(back.gain, n, n, difference, 0, stateBefore, 0);
        }

        private void addTransition(double weight, double[] sums) {
            for (int i = 0; i < n; i++) {
                difference[i] = state[i] - Dense.dot(reference, i * n, stateBefore, 0, n);
            }
            sums[layout.transition] += weight;
            Dense.addSquare(weight, difference, 0, n, sums, layout.residuals());
            Dense.addPacked(weight, moved, n, sums, layout.residuals());
            if (layout.freeTransition) {
                Dense.addOuter(weight, difference, 0, n, stateBefore, 0, n, sums, layout.crosses());
                for (int i = 0; i < n * n; i++) {
                    sums[layout.crosses() + i] += weight * crossed[i];
                }
                Dense.addSquare(weight, stateBefore, 0, n, sums, layout.squares());
                Dense.addPacked(weight, pBefore, n, sums, layout.squares());
            }
        }

        private void addBeginning(double weight, double[] sums) {
            for (int i = 0; i < n; i++) {
                difference[i] = state[i] - anchor[i];
                sums[1 + i] += weight * difference[i];
            }
            sums[0] += weight;
            Dense.addSquare(weight, difference, 0, n, sums, 1 + n);
            Dense.addPacked(weight, p, n, sums, 1 + n);
        }

        private void setRegressors() {
            if (layout.freeObservation) {
                System.arraycopy(state, 0, z, 0, n);
            }
            if (layout.freeOffset) {
                z[z.length - 1] = 1;
            }
        }

        /** What every observed number says by itself. */
        private void addSeparate(
                double weight, Observations block, int index, Pattern pattern, boolean same, double[] sums) {
            setRegressors();
            int from = block.offset(index);
            for (int i : pattern.observed) {
                if (!same) {
                    double sum = 0;
                    for (int j = 0; j < n; j++) {
                        sum = Math.fma(referenceRows[i * n + j], Dense.dot(p, j * n, referenceRows, i * n, n), sum);
                    }
                    spread[i] = sum;
                }
                double value = block.values()[from + i] - origin[i] - Dense.dot(referenceRows, i * n, state, 0, n);
                int at = layout.ofNumber(i);
                sums[at] += weight;
                sums[at + 1] += weight * Math.fma(value, value, spread[i]);
                if (layout.z > 0) {
                    for (int j = 0; j < layout.z; j++) {
                        double covariance =
                                layout.freeObservation && j < n ? -Dense.dot(p, j * n, referenceRows, i * n, n) : 0;
                        sums[at + 2 + j] += weight * Math.fma(value, z[j], covariance);
                    }
                    Dense.addSquare(weight, z, 0, layout.z, sums, at + 2 + layout.z);
                    if (layout.freeObservation) {
                        Dense.addPacked(weight, p, n, sums, at + 2 + layout.z);
                    }
                }
            }
        }

        /**
         * What the numbers say together; missing ones as they are expected: {@code r = J + K x + noise} with J and K by what
         * is observed.
         */
        private void addTogether(
                double weight, Observations block, int index, Pattern pattern, boolean same, double[] sums) {
            setRegressors();
            int from = block.offset(index);
            int seen = pattern.observed.length;
            for (int i : pattern.observed) {
                residual[i] = block.values()[from + i] - origin[i];
            }
            for (int j = 0; j < pattern.missing.length; j++) {
                int i = pattern.missing[j];
                residual[i] = offset[i] - origin[i];
                for (int k = 0; k < seen; k++) {
                    int o = pattern.observed[k];
                    residual[i] += pattern.regression[j * seen + k] * (block.values()[from + o] - offset[o]);
                }
            }
            if (!same) {
                setRows(pattern);
                Dense.sandwich(rows, p, d, n, scratch, spread);
                for (int j = 0; j < pattern.missing.length; j++) {
                    for (int k = 0; k < pattern.missing.length; k++) {
                        spread[pattern.missing[j] * d + pattern.missing[k]] +=
                                pattern.remaining[j * pattern.missing.length + k];
                    }
                }
            }
            Dense.addProduct(rows, d, n, state, 0, residual, 0);
            sums[layout.observation] += weight;
            Dense.addSquare(weight, residual, 0, d, sums, layout.observation + 1);
            Dense.addPacked(weight, spread, d, sums, layout.observation + 1);
            if (layout.z > 0) {
                Dense.addOuter(weight, residual, 0, d, z, 0, layout.z, sums, layout.regression());
                if (layout.freeObservation) {
                    for (int i = 0; i < d; i++) {
                        for (int j = 0; j < n; j++) {
                            sums[layout.regression() + i * layout.z + j] +=
                                    weight * Dense.dot(rows, i * n, p, j * n, n);
                        }
                    }
                }
                Dense.addSquare(weight, z, 0, layout.z, sums, layout.regressors());
                if (layout.freeObservation) {
                    Dense.addPacked(weight, p, n, sums, layout.regressors());
                }
            }
        }

        /** K: {@code -C₀} of observed numbers, {@code C - C₀ - R_mo R_oo⁻¹ C_o} of missing ones. */
        private void setRows(Pattern pattern) {
            int seen = pattern.observed.length;
            for (int i = 0; i < d * n; i++) {
                rows[i] = -referenceRows[i];
            }
            for (int j = 0; j < pattern.missing.length; j++) {
                int i = pattern.missing[j];
                for (int l = 0; l < n; l++) {
                    rows[i * n + l] += c[i * n + l];
                    for (int k = 0; k < seen; k++) {
                        rows[i * n + l] -= pattern.regression[j * seen + k] * c[pattern.observed[k] * n + l];
                    }
                }
            }
        }
    }
}
