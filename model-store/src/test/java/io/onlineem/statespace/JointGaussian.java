package io.onlineem.statespace;

import io.onlineem.em.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All states and all records of one short sequence as one Gaussian vector, conditioned as a whole: an oracle that knows no
 * recursion. A diffuse beginning is a flat density: only the precision of the states is used, which it adds nothing to.
 */
final class JointGaussian {

    private final StateSpaceParameters parameters;
    private final int n;
    private final int d;
    private final double[][] records;

    /** Posterior mean and covariance of all states, one after another, and the log-density of what is observed. */
    final Matrix mean;

    final Matrix covariance;
    final double logLikelihood;

    JointGaussian(StateSpaceParameters parameters, Observations sequence) {
        this.parameters = parameters;
        n = parameters.transition().length;
        d = parameters.observation().length;
        records = new double[sequence.size()][];
        for (int t = 0; t < records.length; t++) {
            records[t] = sequence.record(t);
        }
        int size = n * records.length;
        Matrix a = new Matrix(parameters.transition());
        Matrix q = new Matrix(parameters.processNoise());
        // precision and its product with the mean, of the states, then of states and records
        Matrix precision = Matrix.zero(size, size);
        Matrix shift = Matrix.zero(size, 1);
        double quadratic = 0;
        double logarithms = 0;
        for (int t = 0; t < records.length; t++) {
            Matrix selected = select(t);
            if (t > 0) {
                Matrix residual = selected.minus(a.mult(select(t - 1)));
                precision = precision.plus(residual.transpose().mult(q.solve(residual)));
                logarithms -= Math.log(q.determinant()) / 2 + n * Math.log(2 * Math.PI) / 2;
            } else if (parameters.initialMean() != null) {
                Matrix p = new Matrix(parameters.initialCovariance());
                Matrix m = Matrix.column(parameters.initialMean());
                precision = precision.plus(selected.transpose().mult(p.solve(selected)));
                shift = shift.plus(selected.transpose().mult(p.solve(m)));
                quadratic += m.dot(p.solve(m));
                logarithms -= Math.log(p.determinant()) / 2 + n * Math.log(2 * Math.PI) / 2;
            }
            int[] observed = observed(t);
            if (observed.length > 0) {
                Matrix r = noise(observed, observed);
                Matrix rows = rows(observed).mult(selected);
                Matrix y = values(t, observed);
                precision = precision.plus(rows.transpose().mult(r.solve(rows)));
                shift = shift.plus(rows.transpose().mult(r.solve(y)));
                quadratic += y.dot(r.solve(y));
                logarithms -= Math.log(r.determinant()) / 2 + observed.length * Math.log(2 * Math.PI) / 2;
            }
        }
        covariance = precision.invert();
        mean = covariance.mult(shift);
        // integrated over the states: a flat density over the first one has no 2π of its own
        logLikelihood = logarithms
                - quadratic / 2
                + mean.dot(shift) / 2
                + size * Math.log(2 * Math.PI) / 2
                - Math.log(precision.determinant()) / 2;
    }

    private Matrix select(int t) {
        Matrix selected = Matrix.zero(n, n * records.length);
        for (int i = 0; i < n; i++) {
            selected.set(i, t * n + i, 1);
        }
        return selected;
    }

    int[] observed(int t) {
        List<Integer> observed = new ArrayList<>();
        for (int i = 0; i < d; i++) {
            if (!Double.isNaN(records[t][i])) {
                observed.add(i);
            }
        }
        return observed.stream().mapToInt(Integer::intValue).toArray();
    }

    private Matrix noise(int[] rows, int[] columns) {
        Matrix noise = Matrix.zero(rows.length, columns.length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                noise.set(i, j, parameters.observationNoise()[rows[i]][columns[j]]);
            }
        }
        return noise;
    }

    private Matrix rows(int[] observed) {
        return new Matrix(Arrays.stream(observed)
                .mapToObj(i -> parameters.observation()[i])
                .toArray(double[][]::new));
    }

    private Matrix values(int t, int[] observed) {
        Matrix values = Matrix.zero(observed.length, 1);
        for (int i = 0; i < observed.length; i++) {
            values.set(i, 0, records[t][observed[i]] - parameters.offset()[observed[i]]);
        }
        return values;
    }

    /** Mean of the state of record t. */
    Matrix mean(int t) {
        return mean.part(t * n, (t + 1) * n, 0, 1);
    }

    /** Covariance of the states of records s and t. */
    Matrix covariance(int s, int t) {
        return covariance.part(s * n, (s + 1) * n, t * n, (t + 1) * n);
    }

    /** {@code E[x_s x_t']}. */
    Matrix product(int s, int t) {
        return mean(s).mult(mean(t).transpose()).plus(covariance(s, t));
    }

    /**
     * {@code E[z z']} of the whole record t beside its state, {@code z = (x, y)}, the missing numbers as they are expected
     * given everything.
     */
    Matrix recordAndState(int t) {
        return moments(t, true);
    }

    /** {@code E[z]}. */
    Matrix expected(int t) {
        return moments(t, false);
    }

    private Matrix moments(int t, boolean second) {
        int[] observed = observed(t);
        int[] missing = IntStream.range(0, d)
                .filter(i -> Arrays.stream(observed).noneMatch(o -> o == i))
                .toArray();
        // y = f + G x + e
        Matrix f = Matrix.zero(d, 1);
        Matrix g = Matrix.zero(d, n);
        Matrix e = Matrix.zero(d, d);
        for (int i : observed) {
            f.set(i, 0, records[t][i]);
        }
        if (missing.length > 0) {
            Matrix own = rows(missing);
            Matrix left = noise(missing, missing);
            Matrix level = Matrix.zero(missing.length, 1);
            for (int i = 0; i < missing.length; i++) {
                level.set(i, 0, parameters.offset()[missing[i]]);
            }
            if (observed.length > 0) {
                Matrix across = noise(missing, observed);
                Matrix regression =
                        noise(observed, observed).solve(across.transpose()).transpose();
                level = level.plus(regression.mult(values(t, observed)));
                own = own.minus(regression.mult(rows(observed)));
                left = left.minus(regression.mult(across.transpose()));
            }
            for (int i = 0; i < missing.length; i++) {
                f.set(missing[i], 0, level.get(i, 0));
                for (int j = 0; j < n; j++) {
                    g.set(missing[i], j, own.get(i, j));
                }
                for (int j = 0; j < missing.length; j++) {
                    e.set(missing[i], missing[j], left.get(i, j));
                }
            }
        }
        Matrix joint = Matrix.zero(n + d, n + d);
        Matrix expected = f.plus(g.mult(mean(t)));
        if (!second) {
            Matrix both = Matrix.zero(n + d, 1);
            both.insert(0, 0, mean(t));
            both.insert(n, 0, expected);
            return both;
        }
        Matrix spread = covariance(t, t);
        joint.insert(0, 0, product(t, t));
        joint.insert(n, 0, expected.mult(mean(t).transpose()).plus(g.mult(spread)));
        joint.insert(0, n, joint.part(n, n + d, 0, n).transpose());
        joint.insert(
                n,
                n,
                expected.mult(expected.transpose())
                        .plus(g.mult(spread).mult(g.transpose()))
                        .plus(e));
        return joint;
    }
}
