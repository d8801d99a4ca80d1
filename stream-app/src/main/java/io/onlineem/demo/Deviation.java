package io.onlineem.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * How far one number of a record is from where a Gaussian expects it to be, given all the others: with the precision
 * matrix {@code Q = Σ⁻¹}, the conditional mean of {@code x_i} is {@code x_i - [Q (x - μ)]_i / Q_ii} and its variance
 * {@code 1 / Q_ii} (Rue and Held 2005, theorem 2.3).
 *
 * @param index which number
 * @param value what it is
 * @param expected its conditional mean
 * @param deviation its conditional standard deviation
 */
record Deviation(int index, double value, double expected, double deviation) {

    /** Conditional standard deviations between the value and what was expected, at least 0. */
    double score() {
        return Math.abs(value - expected) / deviation;
    }

    /** All numbers of a record, the most deviating first. */
    static List<Deviation> of(double[] record, double[] mean, double[][] covariance) {
        int n = record.length;
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(n);
        if (!solver.setA(new DMatrixRMaj(covariance))) {
            throw new IllegalArgumentException("the covariance is not positive definite");
        }
        DMatrixRMaj precision = new DMatrixRMaj(n, n);
        solver.invert(precision);
        List<Deviation> deviations = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += precision.get(i, j) * (record[j] - mean[j]);
            }
            double own = precision.get(i, i);
            deviations.add(new Deviation(i, record[i], record[i] - sum / own, Math.sqrt(1 / own)));
        }
        deviations.sort(Comparator.comparingDouble(Deviation::score).reversed());
        return deviations;
    }
}
