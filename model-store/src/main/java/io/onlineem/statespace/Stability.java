package io.onlineem.statespace;

import java.util.Arrays;
import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Transition matrices whose powers stay bounded, and what states do under them in the long run. Stateless. */
final class Stability {

    /** Rounding of eigenvalues; multiple ones, as a trend has, are exact to half of the digits only. */
    private static final double ROUNDING = 1e-6;

    /** Halvings in search of the last stable matrix on the way to another. */
    private static final int HALVINGS = 30;

    private static final int BALANCING_SWEEPS = 100;

    private Stability() {}

    /** The largest magnitude of an eigenvalue. */
    static double radius(double[][] matrix) {
        for (double[] row : matrix) {
            for (double entry : row) {
                if (!Double.isFinite(entry)) {
                    return Double.POSITIVE_INFINITY;
                }
            }
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(matrix.length, false);
        if (!eigen.decompose(new DMatrixRMaj(balanced(matrix)))) {
            throw new ArithmeticException(
                    "eigenvalues of a transition did not converge: " + Arrays.deepToString(matrix));
        }
        double radius = 0;
        for (int i = 0; i < matrix.length; i++) {
            Complex_F64 value = eigen.getEigenvalue(i);
            radius = Math.max(radius, value.getMagnitude());
        }
        return radius;
    }

    /** The same in other units of the states, by powers of two, in which rows weigh as much as columns (Osborne 1960). */
    private static double[][] balanced(double[][] matrix) {
        int n = matrix.length;
        double[][] balanced = StateSpaceBuilder.copy(matrix);
        boolean changed = true;
        for (int sweep = 0; changed && sweep < BALANCING_SWEEPS; sweep++) {
            changed = false;
            for (int i = 0; i < n; i++) {
                double row = 0;
                double column = 0;
                for (int j = 0; j < n; j++) {
                    row += i == j ? 0 : Math.abs(balanced[i][j]);
                    column += i == j ? 0 : Math.abs(balanced[j][i]);
                }
                int exponent = row > 0 && column > 0 ? (Math.getExponent(row) - Math.getExponent(column)) / 2 : 0;
                if (exponent != 0) {
                    changed = true;
                    for (int j = 0; j < n; j++) {
                        if (i != j) {
                            balanced[i][j] = Math.scalb(balanced[i][j], -exponent);
                            balanced[j][i] = Math.scalb(balanced[j][i], exponent);
                        }
                    }
                }
            }
        }
        return balanced;
    }

    /**
     * Requires that no eigenvalue is outside of the unit circle.
     *
     * @throws IllegalArgumentException if one is: states would grow without bound while nothing is observed
     */
    static void require(double[][] transition) {
        double radius = radius(transition);
        if (!(radius <= 1 + ROUNDING)) {
            throw new IllegalArgumentException("transition " + Arrays.deepToString(transition)
                    + " has an eigenvalue of magnitude " + radius
                    + "; expected at most 1, because states would grow without bound");
        }
    }

    /** The last matrix on the straight way from a stable one to another that is stable. */
    static double[][] onTheWay(double[][] from, double[][] to) {
        if (radius(to) <= 1) {
            return to;
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (radius(between(from, to, middle)) <= 1) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low == 0 ? from : between(from, to, low);
    }

    private static double[][] between(double[][] from, double[][] to, double share) {
        double[][] between = new double[from.length][from.length];
        for (int i = 0; i < from.length; i++) {
            for (int j = 0; j < from.length; j++) {
                between[i][j] = from[i][j] + share * (to[i][j] - from[i][j]);
            }
        }
        return between;
    }

    /**
     * {@code W = A W A' + U}, by doubling.
     *
     * @throws IllegalArgumentException if A has an eigenvalue on the unit circle or outside
     */
    static double[][] stationary(double[][] transition, double[][] u) {
        double radius = radius(transition);
        if (!(radius < 1 - ROUNDING)) {
            throw new IllegalArgumentException("initial is stationary, but transition "
                    + Arrays.deepToString(transition) + " has an eigenvalue of magnitude " + radius
                    + "; expected less than 1, or another initial, such as diffuse");
        }
        int n = transition.length;
        double[] power = Dense.flat(transition);
        double[] sum = Dense.flat(u);
        double[] added = new double[n * n];
        double[] scratch = new double[n * n];
        for (double reached = radius; reached > 1e-20; reached *= reached) {
            Dense.sandwich(power, sum, n, n, scratch, added);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += added[i];
            }
            Dense.multiply(power, power, n, n, n, scratch);
            System.arraycopy(scratch, 0, power, 0, power.length);
        }
        return Dense.rows(sum, n, n);
    }
}
