package io.onlineem.hmm;

import io.onlineem.em.Probabilities;

/**
 * Chains that begin in their stationary distribution {@code δ(A) = δ(A) A}. Stateless.
 *
 * <p>The M-step of such a chain has no closed form: the expected transitions n_ij and the expected beginnings m_i both depend
 * on A,
 *
 * <pre>  f(A) = Σ_ij n_ij log a_ij + Σ_i m_i log δ_i(A).</pre>
 */
final class StationaryChain {

    private static final int MAX_ITERATIONS = 200;
    private static final int MAX_HALVINGS = 40;

    /** Share of the promised gain that a step has to bring (Armijo). */
    private static final double SUFFICIENT = 1e-4;

    /** Relative gain below which a step is rounding. */
    private static final double ROUNDING = 1e-15;

    private static final int MAX_NEWTON = 60;

    private StationaryChain() {}

    /**
     * The stationary distribution of an irreducible chain, without a subtraction (Grassmann, Taksar and Heyman 1985): small
     * probabilities are as exact as large ones.
     */
    static double[] distribution(double[][] transition) {
        int states = transition.length;
        double[][] p = new double[states][];
        for (int i = 0; i < states; i++) {
            p[i] = transition[i].clone();
        }
        for (int k = states - 1; k > 0; k--) {
            double leaving = 0;
            for (int j = 0; j < k; j++) {
                leaving += p[k][j];
            }
            leaving = Math.max(leaving, Double.MIN_NORMAL);
            for (int i = 0; i < k; i++) {
                p[i][k] /= leaving;
                for (int j = 0; j < k; j++) {
                    p[i][j] += p[i][k] * p[k][j];
                }
            }
        }
        double[] distribution = new double[states];
        distribution[0] = 1;
        double total = 1;
        for (int k = 1; k < states; k++) {
            for (int i = 0; i < k; i++) {
                distribution[k] += distribution[i] * p[i][k];
            }
            total += distribution[k];
        }
        for (int k = 0; k < states; k++) {
            distribution[k] /= total;
        }
        return distribution;
    }

    /**
     * Climbs f from the better of two matrices; never lower than either.
     *
     * @param counts n, expected transitions with those of a prior; 0 where none is allowed
     * @param beginnings m, expected states at the beginnings of sequences
     * @param closed the matrix that maximises the first sum, rows without counts as they were
     * @param current the matrix so far
     */
    static double[][] maximise(
            double[][] counts, double[] beginnings, double[][] closed, double[][] current, double floor) {
        double ofClosed = objective(counts, beginnings, closed);
        double ofCurrent = objective(counts, beginnings, current);
        double[][] best = ofClosed >= ofCurrent ? closed : current;
        double value = Math.max(ofClosed, ofCurrent);
        for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            double[][] gradient = gradientOfLogStationary(best, beginnings);
            double[][] target = linearisedMaximum(counts, gradient, best, floor);
            double promised = slope(counts, gradient, best, target);
            if (!(promised > ROUNDING * Math.abs(value))) {
                return best;
            }
            double[][] next = null;
            double nextValue = Double.NaN;
            double step = 1;
            for (int halving = 0; halving < MAX_HALVINGS && next == null; halving++, step /= 2) {
                double[][] tried = between(best, target, step);
                nextValue = objective(counts, beginnings, tried);
                if (nextValue >= value + SUFFICIENT * step * promised) {
                    next = tried;
                }
            }
            if (next == null) {
                return best;
            }
            double gain = nextValue - value;
            best = next;
            value = nextValue;
            if (gain <= ROUNDING * Math.abs(value)) {
                return best;
            }
        }
        return best;
    }

    static double objective(double[][] counts, double[] beginnings, double[][] transition) {
        double sum = 0;
        double[] stationary = distribution(transition);
        for (int i = 0; i < counts.length; i++) {
            sum += beginnings[i] > 0 ? beginnings[i] * Math.log(stationary[i]) : 0;
            for (int j = 0; j < counts.length; j++) {
                sum += counts[i][j] > 0 ? counts[i][j] * Math.log(transition[i][j]) : 0;
            }
        }
        return sum;
    }

    /**
     * The gradient of {@code Σ m_i log δ_i(A)}, up to a constant in every row, which does not matter among matrices whose rows
     * sum to one: {@code δ_i v_j} with {@code (I - A + 1 δ) v = m / δ} (Schweitzer 1968).
     */
    private static double[][] gradientOfLogStationary(double[][] transition, double[] beginnings) {
        int states = transition.length;
        double[] stationary = distribution(transition);
        double[][] system = new double[states][states];
        double[] v = new double[states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                system[i][j] = (i == j ? 1 : 0) - transition[i][j] + stationary[j];
            }
            v[i] = beginnings[i] / stationary[i];
        }
        solve(system, v);
        double[][] gradient = new double[states][states];
        for (int i = 0; i < states; i++) {
            for (int j = 0; j < states; j++) {
                gradient[i][j] = stationary[i] * v[j];
            }
        }
        return gradient;
    }

    /** Gaussian elimination with partial pivoting; both arguments are overwritten, the second with the solution. */
    private static void solve(double[][] matrix, double[] right) {
        int n = right.length;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(matrix[i][k]) > Math.abs(matrix[pivot][k])) {
                    pivot = i;
                }
            }
            double[] row = matrix[pivot];
            matrix[pivot] = matrix[k];
            matrix[k] = row;
            double value = right[pivot];
            right[pivot] = right[k];
            right[k] = value;
            for (int i = k + 1; i < n; i++) {
                double factor = matrix[i][k] / row[k];
                for (int j = k + 1; j < n; j++) {
                    matrix[i][j] -= factor * row[j];
                }
                right[i] -= factor * value;
            }
        }
        for (int k = n - 1; k >= 0; k--) {
            for (int j = k + 1; j < n; j++) {
                right[k] -= matrix[k][j] * right[j];
            }
            right[k] /= matrix[k][k];
        }
    }

    /**
     * The matrix that maximises {@code Σ n_ij log a_ij + Σ g_ij a_ij}: {@code a_ij = n_ij / (λ_i - g_ij)}. f is higher on the
     * way there, since its first sum is concave and the second one linearised.
     */
    private static double[][] linearisedMaximum(
            double[][] counts, double[][] gradient, double[][] current, double floor) {
        int states = counts.length;
        double[][] maximum = new double[states][];
        for (int i = 0; i < states; i++) {
            double total = 0;
            double largest = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < states; j++) {
                if (counts[i][j] > 0) {
                    total += counts[i][j];
                    largest = Math.max(largest, gradient[i][j]);
                }
            }
            double lambda = total > 0 ? multiplier(counts[i], gradient[i], largest) : Double.NaN;
            maximum[i] = current[i].clone();
            if (Math.abs(lambda) <= Double.MAX_VALUE) {
                fill(maximum[i], counts[i], gradient[i], lambda, floor);
            }
        }
        return maximum;
    }

    /** Newton's method from below, where it is monotone: the sum is convex and falls with λ. */
    private static double multiplier(double[] counts, double[] gradient, double largest) {
        double lambda = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < counts.length; j++) {
            if (counts[j] > 0) {
                lambda = Math.max(lambda, gradient[j] + counts[j]);
            }
        }
        for (int i = 0; i < MAX_NEWTON; i++) {
            double sum = -1;
            double slope = 0;
            for (int j = 0; j < counts.length; j++) {
                if (counts[j] > 0) {
                    double share = counts[j] / (lambda - gradient[j]);
                    sum += share;
                    slope += share / (lambda - gradient[j]);
                }
            }
            double next = lambda + sum / slope;
            if (!(next > lambda)) {
                break;
            }
            lambda = next;
        }
        return lambda > largest ? lambda : Double.NaN;
    }

    private static void fill(double[] row, double[] counts, double[] gradient, double lambda, double floor) {
        int allowed = 0;
        double[] shares = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            if (row[j] > 0) {
                shares[allowed++] = counts[j] > 0 ? counts[j] / (lambda - gradient[j]) : 0;
            }
        }
        Probabilities.normalise(shares, 0, allowed, floor);
        int next = 0;
        for (int j = 0; j < row.length; j++) {
            row[j] = row[j] > 0 ? shares[next++] : 0;
        }
    }

    private static double slope(double[][] counts, double[][] gradient, double[][] from, double[][] to) {
        double slope = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                if (from[i][j] > 0) {
                    slope += (counts[i][j] / from[i][j] + gradient[i][j]) * (to[i][j] - from[i][j]);
                }
            }
        }
        return slope;
    }

    private static double[][] between(double[][] from, double[][] to, double step) {
        if (step == 1) {
            return to;
        }
        double[][] point = new double[from.length][from.length];
        for (int i = 0; i < from.length; i++) {
            for (int j = 0; j < from.length; j++) {
                point[i][j] = from[i][j] + step * (to[i][j] - from[i][j]);
            }
        }
        return point;
    }
}
