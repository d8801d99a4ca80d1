package io.onlineem.family;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * K Gaussians of which only some coordinates are observed: the marginal of those, and the conditional mean and covariance
 * of the rest (Little and Rubin 2019, section 11.2),
 *
 * <pre>
 *   E[y_m | y_o] = μ_m + Σ_mo Σ_oo⁻¹ (y_o - μ_o),    cov[y_m | y_o] = Σ_mm - Σ_mo Σ_oo⁻¹ Σ_om.
 * </pre>
 *
 * <p>What depends on the pattern of missingness only is computed once per pattern. Not thread-safe.
 */
final class GaussianPatterns {

    /** Patterns kept; with more of them around, all are computed anew now and then. */
    private static final int KEPT = 1024;

    private final double[][] means;
    private final double[][][] covariances;
    private final double[] logScale;
    private final Map<BitSet, Pattern> patterns = new HashMap<>();
    private final BitSet mask = new BitSet();

    /**
     * Gaussians in any coordinates.
     *
     * @param means K × d
     * @param covariances K × d × d, positive definite
     * @param logScale d: logarithms of the units of the coordinates
     */
    GaussianPatterns(double[][] means, double[][][] covariances, double[] logScale) {
        this.means = means;
        this.covariances = covariances;
        this.logScale = logScale;
    }

    /** The pattern of the {@code NaN}s among d coordinates. */
    Pattern of(double[] y) {
        mask.clear();
        for (int j = 0; j < y.length; j++) {
            if (Double.isNaN(y[j])) {
                mask.set(j);
            }
        }
        Pattern pattern = patterns.get(mask);
        if (pattern == null) {
            if (patterns.size() == KEPT) {
                patterns.clear();
            }
            pattern = new Pattern(y.length);
            patterns.put((BitSet) mask.clone(), pattern);
        }
        return pattern;
    }

    /** What K Gaussians say where the same coordinates are missing. */
    final class Pattern {

        /** Indices of the observed coordinates. */
        final int[] observed;

        /** Indices of the missing coordinates. */
        final int[] missing;

        /** Per component {@code log|2π Σ_oo|^-½} in the units of the data: the log-density at squared distance 0. */
        private final double[] logDensitiesAtMean;

        /** Per component the lower Cholesky factor of Σ_oo. */
        private final double[][][] factors;

        /** Per component {@code Σ_mo Σ_oo⁻¹}, missing × observed. */
        private final double[][][] regressions;

        /** Per component the conditional covariance, missing × missing. */
        private final double[][][] conditionals;

        private final double[] solved;

        Pattern(int width) {
            missing = mask.stream().toArray();
            observed = new int[width - missing.length];
            for (int j = mask.nextClearBit(0), i = 0; i < observed.length; j = mask.nextClearBit(j + 1), i++) {
                observed[i] = j;
            }
            int components = means.length;
            logDensitiesAtMean = new double[components];
            factors = new double[components][][];
            regressions = new double[components][][];
            conditionals = new double[components][][];
            solved = new double[observed.length];
            for (int k = 0; k < components; k++) {
                if (k > 0 && covariances[k] == covariances[k - 1]) {
                    logDensitiesAtMean[k] = logDensitiesAtMean[k - 1];
                    factors[k] = factors[k - 1];
                    regressions[k] = regressions[k - 1];
                    conditionals[k] = conditionals[k - 1];
                } else {
                    prepare(k);
                }
            }
        }

        private void prepare(int k) {
            DMatrixRMaj ofObserved = part(covariances[k], observed, observed);
            DMatrixRMaj across = part(covariances[k], observed, missing);
            DMatrixRMaj ofMissing = part(covariances[k], missing, missing);
            if (observed.length == 0) {
                factors[k] = new double[0][];
                regressions[k] = new double[missing.length][0];
                conditionals[k] = rows(ofMissing);
                return;
            }
            factors[k] = Symmetric.cholesky(rows(ofObserved));
            if (factors[k] == null) {
                throw new ArithmeticException("the covariance of component " + k + " is not positive definite");
            }
            for (int i = 0; i < observed.length; i++) {
                logDensitiesAtMean[k] -=
                        0.5 * Math.log(2 * Math.PI) + Math.log(factors[k][i][i]) + logScale[observed[i]];
            }
            LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(observed.length);
            solver.setA(ofObserved);
            DMatrixRMaj solution = new DMatrixRMaj(observed.length, missing.length);
            solver.solve(across, solution);
            CommonOps_DDRM.multAddTransA(-1, part(covariances[k], observed, missing), solution, ofMissing);
            regressions[k] = rows(CommonOps_DDRM.transpose(solution, null));
            conditionals[k] = rows(ofMissing);
        }

        /** {@code log|2π Σ_oo|^-½} of component k, in the units of the data. */
        double logDensityAtMean(int k) {
            return logDensitiesAtMean[k];
        }

        /** {@code (y_o - μ_o)' Σ_oo⁻¹ (y_o - μ_o)} of component k. */
        double squaredDistance(int k, double[] y) {
            double distance = 0;
            for (int i = 0; i < observed.length; i++) {
                double rest = y[observed[i]] - means[k][observed[i]];
                for (int l = 0; l < i; l++) {
                    rest -= factors[k][i][l] * solved[l];
                }
                solved[i] = rest / factors[k][i][i];
                distance += solved[i] * solved[i];
            }
            return distance;
        }

        /** Copies what is observed and puts the conditional mean of component k where something is missing. */
        void complete(int k, double[] y, double[] into) {
            System.arraycopy(y, 0, into, 0, y.length);
            for (int i = 0; i < missing.length; i++) {
                double mean = means[k][missing[i]];
                for (int l = 0; l < observed.length; l++) {
                    mean += regressions[k][i][l] * (y[observed[l]] - means[k][observed[l]]);
                }
                into[missing[i]] = mean;
            }
        }

        /** The conditional covariance of the missing coordinates under component k. */
        double[][] conditional(int k) {
            return conditionals[k];
        }
    }

    private static DMatrixRMaj part(double[][] matrix, int[] rows, int[] columns) {
        DMatrixRMaj part = new DMatrixRMaj(rows.length, columns.length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                part.set(i, j, matrix[rows[i]][columns[j]]);
            }
        }
        return part;
    }

    private static double[][] rows(DMatrixRMaj matrix) {
        double[][] rows = new double[matrix.getNumRows()][matrix.getNumCols()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = matrix.get(i, j);
            }
        }
        return rows;
    }
}
