package io.onlineem.statespace;

import io.onlineem.family.Coordinates;
import io.onlineem.family.GaussianFamily;
import java.util.Arrays;

/** What a {@link StateSpace} model is made of. Mutable; not thread-safe. */
public final class StateSpaceBuilder {

    final double[][] transition;
    final double[][] observation;
    boolean learnsTransition;
    boolean learnsObservation;
    boolean learnsOffset;
    double[] offset;
    Noise process = Noise.FREE;
    Noise noise = Noise.FREE;
    InitialState initial;
    double[] initialMean;
    double[][] initialCovariance;
    double floor = GaussianFamily.DEFAULT_FLOOR;

    StateSpaceBuilder(double[][] transition, double[][] observation) {
        this.transition = copy(transition);
        this.observation = copy(observation);
    }

    /** The same with other matrices; null for one that stays. */
    StateSpaceBuilder with(double[][] otherTransition, double[][] otherObservation) {
        StateSpaceBuilder other = new StateSpaceBuilder(
                otherTransition == null ? transition : otherTransition,
                otherObservation == null ? observation : otherObservation);
        other.learnsTransition = learnsTransition;
        other.learnsObservation = learnsObservation;
        other.learnsOffset = learnsOffset;
        other.offset = offset;
        other.process = process;
        other.noise = noise;
        other.initial = initial;
        other.initialMean = initialMean;
        other.initialCovariance = initialCovariance;
        other.floor = floor;
        return other;
    }

    /** Learns A too, from the given one on. It keeps its eigenvalues within the unit circle. */
    public StateSpaceBuilder learnTransition() {
        learnsTransition = true;
        return this;
    }

    /** Learns C too, from the given one on. */
    public StateSpaceBuilder learnObservation() {
        learnsObservation = true;
        return this;
    }

    /** Learns b: records are observed around a level of their own. Otherwise b is 0. */
    public StateSpaceBuilder learnOffset() {
        learnsOffset = true;
        offset = null;
        return this;
    }

    /** A given b. */
    public StateSpaceBuilder offset(double[] given) {
        learnsOffset = false;
        offset = given.clone();
        return this;
    }

    /** What is learned of Q. Default: all of it. */
    public StateSpaceBuilder processNoise(Noise what) {
        process = what;
        return this;
    }

    /** What is learned of R. Default: all of it. */
    public StateSpaceBuilder observationNoise(Noise what) {
        noise = what;
        return this;
    }

    /** How sequences begin. Default: diffuse, or learned where A or C is. */
    public StateSpaceBuilder initial(InitialState treatment) {
        initial = treatment;
        return this;
    }

    /** Sequences begin with a given Gaussian. */
    public StateSpaceBuilder initial(double[] mean, double[][] covariance) {
        initial = InitialState.FIXED;
        initialMean = mean.clone();
        initialCovariance = copy(covariance);
        return this;
    }

    /** Smallest variance as a share of that of the first sample. Default: {@link GaussianFamily#DEFAULT_FLOOR}. */
    public StateSpaceBuilder covarianceFloor(double share) {
        floor = share;
        return this;
    }

    /**
     * The model.
     *
     * @throws IllegalArgumentException if shapes do not fit, numbers are not finite, the transition is unstable, a covariance
     *     has negative eigenvalues, or the beginning cannot be as it should; says which and what was expected
     */
    public StateSpace build() {
        int n = transition.length;
        int d = observation.length;
        requireShape("transition", transition, n, n);
        requireShape("observation", observation, d, n);
        if (offset != null && offset.length != d) {
            throw new IllegalArgumentException(
                    "offset is " + Arrays.toString(offset) + "; expected " + d + " numbers, one for each field");
        }
        if (offset != null) {
            Coordinates.requireFinite("offset", offset);
        }
        Stability.require(transition);
        process = process.of("process noise", n);
        noise = noise.of("observation noise", d);
        requireCovariance("process noise", process, n, false);
        requireCovariance("observation noise", noise, d, true);
        if (!(floor > 0 && floor < 1)) {
            throw new IllegalArgumentException("covariance floor is " + floor
                    + "; expected more than 0 and less than 1 (a share of the variance)");
        }
        boolean learnsMatrix = learnsTransition || learnsObservation;
        if (initial == null) {
            initial = learnsMatrix ? InitialState.LEARNED : InitialState.DIFFUSE;
        }
        switch (initial) {
            case DIFFUSE -> {
                if (learnsMatrix) {
                    throw new IllegalArgumentException("initial is diffuse, but "
                            + (learnsTransition ? "the transition" : "the observation")
                            + " is free; expected learned, or a given mean and covariance");
                }
            }
            case FIXED -> {
                if (initialMean == null || initialMean.length != n) {
                    throw new IllegalArgumentException("initial is fixed, and its mean is "
                            + Arrays.toString(initialMean) + "; expected " + n + " numbers, one for each state");
                }
                Coordinates.requireFinite("initial mean", initialMean);
                requireShape("initial covariance", initialCovariance, n, n);
                requireCovariance("initial covariance", Noise.fixed(initialCovariance), n, false);
            }
            case STATIONARY -> requireStationary(n);
            case LEARNED -> {}
        }
        return new StateSpace(this);
    }

    /** A learned process noise must fall apart as the transition does: only then can it serve the beginning too. */
    private void requireStationary(int n) {
        if (learnsTransition) {
            throw new IllegalArgumentException(
                    "initial is stationary, but the transition is free; expected learned, or a given transition");
        }
        if (process.kind() == Noise.Kind.DIAGONAL) {
            double[] ones = new double[n];
            int[] blocks = new int[n];
            for (int i = 0; i < n; i++) {
                ones[i] = 1;
                blocks[i] = i;
            }
            process = Noise.scaled(Dense.diagonal(ones), blocks);
        }
        boolean fits = process.kind() != Noise.Kind.FREE;
        for (int i = 0; i < n && process.kind() == Noise.Kind.SCALED; i++) {
            for (int j = 0; j < n; j++) {
                fits &= process.block(i) == process.block(j) || transition[i][j] == 0;
            }
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "initial is stationary, and the process noise has several variances that the"
                            + " transition mixes; expected a scalar or given process noise, or another initial");
        }
        initialMean = new double[n];
    }

    private static void requireShape(String what, double[][] matrix, int rows, int columns) {
        boolean fits = matrix != null && matrix.length == rows && rows > 0 && columns > 0;
        for (int i = 0; fits && i < rows; i++) {
            fits = matrix[i].length == columns;
        }
        if (!fits) {
            throw new IllegalArgumentException(what + " is " + Arrays.deepToString(matrix) + "; expected "
                    + Math.max(1, rows) + " rows of " + Math.max(1, columns) + " numbers");
        }
        for (double[] row : matrix) {
            Coordinates.requireFinite(what, row);
        }
    }

    private static void requireCovariance(String what, Noise noise, int n, boolean positive) {
        if (noise.isLearned()) {
            return;
        }
        double[][] matrix = noise.structure();
        requireShape(what, matrix, n, n);
        double[] flat = Dense.flat(matrix);
        boolean valid = true;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                valid &= matrix[i][j] == matrix[j][i];
            }
        }
        for (int i = 0; i < n && !positive; i++) {
            // a singular one may be indefinite by rounding
            flat[i * n + i] += 1e-10 * flat[i * n + i] + Double.MIN_NORMAL;
        }
        if (!valid || !Noise.isPositiveDefinite(flat, n)) {
            throw Noise.invalid(
                    what,
                    matrix,
                    positive
                            ? "a symmetric, positive definite matrix"
                            : "a symmetric matrix without negative eigenvalues");
        }
    }

    static double[][] copy(double[][] matrix) {
        double[][] copy = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            copy[i] = matrix[i].clone();
        }
        return copy;
    }
}
