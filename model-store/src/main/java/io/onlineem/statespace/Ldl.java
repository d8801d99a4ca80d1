package io.onlineem.statespace;

/**
 * {@code L D L'} of a symmetric matrix without negative eigenvalues, L unit lower triangular: {@code L⁻¹ v} has independent
 * entries where v has that covariance, so that a vector can be observed one number at a time (Durbin and Koopman 2012,
 * section 6.4). Singular matrices have zeros in D. Immutable.
 */
final class Ldl {

    /** A pivot below this share of its diagonal entry is rounding. */
    private static final double ROUNDING = 1e-14;

    private final int n;
    private final double[] lower;
    private final double[] pivots;
    private final boolean diagonal;

    /** Factorises an n × n matrix, row-major. */
    Ldl(double[] matrix, int n) {
        this.n = n;
        lower = Dense.identity(n);
        pivots = new double[n];
        boolean isDiagonal = true;
        for (int j = 0; j < n; j++) {
            double pivot = matrix[j * n + j];
            for (int k = 0; k < j; k++) {
                pivot -= lower[j * n + k] * lower[j * n + k] * pivots[k];
            }
            pivots[j] = pivot > ROUNDING * matrix[j * n + j] ? pivot : 0;
            for (int i = j + 1; i < n && pivots[j] > 0; i++) {
                double entry = matrix[i * n + j];
                for (int k = 0; k < j; k++) {
                    entry -= lower[i * n + k] * lower[j * n + k] * pivots[k];
                }
                lower[i * n + j] = entry / pivots[j];
                isDiagonal &= entry == 0;
            }
        }
        diagonal = isDiagonal;
    }

    /** Entry i of D. */
    double pivot(int i) {
        return pivots[i];
    }

    /** Entry i, j of L. */
    double lower(int i, int j) {
        return lower[i * n + j];
    }

    /** Whether all pivots are positive. */
    boolean isRegular() {
        for (double pivot : pivots) {
            if (!(pivot > 0)) {
                return false;
            }
        }
        return true;
    }

    /** {@code B ← L⁻¹ B} of an n × columns matrix. */
    void solve(double[] b, int columns) {
        if (diagonal) {
            return;
        }
        for (int i = 1; i < n; i++) {
            for (int k = 0; k < i; k++) {
                double factor = lower[i * n + k];
                for (int c = 0; c < columns; c++) {
                    b[i * columns + c] -= factor * b[k * columns + c];
                }
            }
        }
    }

    /** {@code B ← B L⁻¹} of a rows × n matrix. */
    void solveRight(double[] b, int rows) {
        if (diagonal) {
            return;
        }
        for (int r = 0; r < rows; r++) {
            for (int j = n - 2; j >= 0; j--) {
                double sum = b[r * n + j];
                for (int k = j + 1; k < n; k++) {
                    sum -= b[r * n + k] * lower[k * n + j];
                }
                b[r * n + j] = sum;
            }
        }
    }

    /** {@code B ← (L D L')⁻¹ B} of a regular matrix. */
    void solveAll(double[] b, int columns) {
        solve(b, columns);
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < columns; c++) {
                b[i * columns + c] /= pivots[i];
            }
        }
        for (int i = n - 2; i >= 0 && !diagonal; i--) {
            for (int k = i + 1; k < n; k++) {
                double factor = lower[k * n + i];
                for (int c = 0; c < columns; c++) {
                    b[i * columns + c] -= factor * b[k * columns + c];
                }
            }
        }
    }
}
