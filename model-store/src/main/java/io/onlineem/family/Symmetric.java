package io.onlineem.family;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Symmetric matrices as arrays of rows: factors and floors. The factorisations are EJML's. Stateless. */
public final class Symmetric {

    private Symmetric() {}

    /** The lower Cholesky factor, or null if the matrix is not positive definite. */
    public static double[][] cholesky(double[][] matrix) {
        int n = matrix.length;
        CholeskyDecomposition_F64<DMatrixRMaj> decomposition = DecompositionFactory_DDRM.chol(n, true);
        if (!decomposition.decompose(new DMatrixRMaj(matrix))) {
            return null;
        }
        DMatrixRMaj factor = decomposition.getT(null);
        double[][] lower = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                lower[i][j] = factor.get(i, j);
            }
        }
        return lower;
    }

    /** {@code L⁻¹ b} of a lower triangular L. */
    public static double[] solveLower(double[][] lower, double[] b) {
        double[] solved = b.clone();
        for (int i = 0; i < solved.length; i++) {
            for (int j = 0; j < i; j++) {
                solved[i] = Math.fma(-lower[i][j], solved[j], solved[i]);
            }
            solved[i] /= lower[i][i];
        }
        return solved;
    }

    /** {@code L'⁻¹ b} of a lower triangular L. */
    public static double[] solveUpper(double[][] lower, double[] b) {
        double[] solved = b.clone();
        for (int i = solved.length - 1; i >= 0; i--) {
            for (int j = i + 1; j < solved.length; j++) {
                solved[i] = Math.fma(-lower[j][i], solved[j], solved[i]);
            }
            solved[i] /= lower[i][i];
        }
        return solved;
    }

    /** {@code log|A|} of a positive definite matrix. */
    static double logDeterminant(double[][] matrix) {
        double[][] factor = requirePositiveDefinite(matrix);
        double half = 0;
        for (int i = 0; i < factor.length; i++) {
            half += Math.log(factor[i][i]);
        }
        return 2 * half;
    }

    /** {@code tr A⁻¹ B} of a positive definite A and a symmetric B. */
    static double traceOfQuotient(double[][] matrix, double[][] numerator) {
        requirePositiveDefinite(matrix);
        DMatrixRMaj quotient = new DMatrixRMaj(matrix.length, matrix.length);
        CommonOps_DDRM.solveSPD(new DMatrixRMaj(matrix), new DMatrixRMaj(numerator), quotient);
        return CommonOps_DDRM.trace(quotient);
    }

    private static double[][] requirePositiveDefinite(double[][] matrix) {
        double[][] factor = cholesky(matrix);
        if (factor == null) {
            throw new ArithmeticException("a covariance is not positive definite: " + Arrays.deepToString(matrix));
        }
        return factor;
    }

    /** Whether all eigenvalues are greater than the bound. */
    static boolean exceeds(double[][] matrix, double bound) {
        return exceeds(matrix, bound, 0);
    }

    private static boolean exceeds(double[][] matrix, double bound, double margin) {
        double[][] shifted = copy(matrix);
        for (int i = 0; i < shifted.length; i++) {
            shifted[i][i] -= bound + margin * Math.abs(shifted[i][i]);
        }
        return cholesky(shifted) != null;
    }

    /** Whether a matrix minus another is positive definite. */
    static boolean exceeds(double[][] matrix, double[][] other) {
        double[][] difference = copy(matrix);
        addScaled(-1, other, difference);
        return cholesky(difference) != null;
    }

    /** {@code into += factor · matrix}. */
    static void addScaled(double factor, double[][] matrix, double[][] into) {
        for (int i = 0; i < into.length; i++) {
            for (int j = 0; j < into.length; j++) {
                into[i][j] += factor * matrix[i][j];
            }
        }
    }

    /**
     * The nearest matrix whose eigenvalues are at least {@code floor}: of all such covariances the one of highest
     * Gaussian likelihood, so that EM with this M-step still climbs. The matrix itself where nothing is to be done.
     */
    public static double[][] withEigenvaluesAtLeast(double[][] matrix, double floor) {
        if (exceeds(matrix, floor, margin(matrix))) {
            return matrix;
        }
        int n = matrix.length;
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
        if (!eigen.decompose(new DMatrixRMaj(matrix))) {
            throw new ArithmeticException(
                    "eigenvalues of a covariance did not converge: " + Arrays.deepToString(matrix));
        }
        DMatrixRMaj vectors = new DMatrixRMaj(n, n);
        DMatrixRMaj scaled = new DMatrixRMaj(n, n);
        for (int j = 0; j < n; j++) {
            double value = Math.max(eigen.getEigenvalue(j).getReal(), floor);
            DMatrixRMaj vector = eigen.getEigenVector(j);
            for (int i = 0; i < n; i++) {
                vectors.set(i, j, vector.get(i));
                scaled.set(i, j, vector.get(i) * value);
            }
        }
        DMatrixRMaj product = new DMatrixRMaj(n, n);
        CommonOps_DDRM.multTransB(scaled, vectors, product);
        double[][] clipped = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                clipped[i][j] = (product.get(i, j) + product.get(j, i)) / 2;
                clipped[j][i] = clipped[i][j];
            }
        }
        return positiveDefinite(clipped);
    }

    /**
     * Raises the diagonal as little as rounding demands: eigenvalues far apart can leave a clipped matrix indefinite, or
     * definite only until it is brought to other units.
     */
    private static double[][] positiveDefinite(double[][] matrix) {
        double margin = margin(matrix);
        double relative = margin;
        double[][] raised = matrix;
        while (!exceeds(raised, 0, margin)) {
            raised = copy(matrix);
            for (int i = 0; i < raised.length; i++) {
                raised[i][i] *= 1 + relative;
            }
            relative *= 10;
        }
        return raised;
    }

    /** Share of the diagonal that rounding may take. */
    private static double margin(double[][] matrix) {
        return 1e-14 * (10 + matrix.length);
    }

    static double[][] copy(double[][] matrix) {
        double[][] copy = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            copy[i] = matrix[i].clone();
        }
        return copy;
    }
}
