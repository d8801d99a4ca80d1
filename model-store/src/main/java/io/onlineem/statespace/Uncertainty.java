package io.onlineem.statespace;

import java.util.Arrays;

/**
 * How little is known of a state: a covariance {@code P + κ V V', κ → ∞}. The columns of V are directions of which nothing is
 * known yet, the exact diffuse start of Koopman (1997); P is the covariance but for them.
 *
 * <p>Both are kept as factors. {@code P = U D U'}, U unit upper triangular, has no negative eigenvalue whatever the rounding
 * (Bierman 1977); V loses a whole column with the first number that says something of it, so its rank is never in doubt.
 * Mutable; nothing is allocated after construction.
 */
final class Uncertainty {

    /** A diffuse direction seen at less than this share of its length is not seen: rounding. */
    private static final double UNSEEN = 1e-10;

    /** A variance below this share of what it is made of is zero: rounding. */
    private static final double ROUNDING = 1e-26;

    private final int n;

    /** U, n × n by rows, and D. */
    private final double[] u;

    private final double[] scales;

    /** V, n × n by rows, of which the first {@link #rank} columns count. */
    private final double[] v;

    private int rank;

    private final double[] along;
    private final double[] weighted;
    private final double[] gain;
    private final double[] wide;
    private final double[] wideScales;
    private boolean diffuse;

    /** Nothing uncertain at all. */
    Uncertainty(int n) {
        this.n = n;
        u = Dense.identity(n);
        scales = new double[n];
        v = new double[n * n];
        along = new double[n];
        weighted = new double[n];
        gain = new double[n];
        wide = new double[2 * n * n];
        wideScales = new double[2 * n];
    }

    void set(Uncertainty other) {
        System.arraycopy(other.u, 0, u, 0, u.length);
        System.arraycopy(other.scales, 0, scales, 0, n);
        rank = other.rank;
        if (rank > 0) {
            System.arraycopy(other.v, 0, v, 0, v.length);
        }
    }

    /** Nothing known: {@code P = 0, V = I}. */
    void setDiffuse() {
        Arrays.fill(scales, 0);
        System.arraycopy(Dense.identity(n), 0, v, 0, v.length);
        rank = n;
    }

    /** A covariance, n × n by rows, without negative eigenvalues but for rounding. */
    void setCovariance(double[] p) {
        double[] lower = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                lower[i * n + j] = p[(n - 1 - i) * n + n - 1 - j];
            }
        }
        // upwards what the other factorisation does downwards
        Ldl factor = new Ldl(lower, n);
        for (int i = 0; i < n; i++) {
            scales[i] = factor.pivot(n - 1 - i);
            for (int j = 0; j < n; j++) {
                u[i * n + j] = factor.lower(n - 1 - i, n - 1 - j);
            }
        }
        rank = 0;
    }

    /** Directions of which nothing is known. */
    int rank() {
        return rank;
    }

    /** Numbers of {@link #pack}. */
    static int packedLength(int n) {
        return Dense.triangle(n);
    }

    /** D on the diagonal of U, the upper triangle by rows. */
    void pack(double[] into, int at) {
        int next = at;
        for (int i = 0; i < n; i++) {
            into[next++] = scales[i];
            for (int j = i + 1; j < n; j++) {
                into[next++] = u[i * n + j];
            }
        }
    }

    /** The inverse of {@link #pack}; nothing is diffuse. */
    void unpack(double[] from, int at) {
        int next = at;
        for (int i = 0; i < n; i++) {
            scales[i] = from[next++];
            for (int j = i + 1; j < n; j++) {
                u[i * n + j] = from[next++];
            }
        }
        rank = 0;
    }

    /** V, by rows. */
    void packDirections(double[] into, int at) {
        System.arraycopy(v, 0, into, at, n * n);
    }

    /** The inverse of {@link #packDirections}. */
    void unpackDirections(double[] from, int at, int directions) {
        System.arraycopy(from, at, v, 0, n * n);
        rank = directions;
    }

    /** P, by rows. */
    void covariance(double[] into) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = i; k < n; k++) {
                    sum = Math.fma(u[i * n + k] * scales[k], u[j * n + k], sum);
                }
                into[i * n + j] = sum;
                into[j * n + i] = sum;
            }
        }
    }

    /** {@code P ← A P A' + Q, V ← A V}. */
    void predict(double[] a, Ldl q) {
        int columns = 2 * n;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) {
                    sum = Math.fma(a[i * n + k], u[k * n + j], sum);
                }
                wide[i * columns + j] = sum;
                wide[i * columns + n + j] = q.lower(i, j);
            }
        }
        for (int j = 0; j < n; j++) {
            wideScales[j] = scales[j];
            wideScales[n + j] = q.pivot(j);
        }
        orthogonalise(columns);
        if (rank > 0) {
            Dense.multiply(a, v, n, n, n, wide);
            System.arraycopy(wide, 0, v, 0, v.length);
        }
    }

    /** {@code U D U' ← W S W'}, by weighted Gram-Schmidt (Thornton 1976). */
    private void orthogonalise(int columns) {
        for (int j = n - 1; j >= 0; j--) {
            double sum = 0;
            for (int k = 0; k < columns; k++) {
                sum = Math.fma(wide[j * columns + k] * wideScales[k], wide[j * columns + k], sum);
            }
            scales[j] = sum;
            for (int i = 0; i < j; i++) {
                double product = 0;
                for (int k = 0; k < columns; k++) {
                    product = Math.fma(wide[i * columns + k] * wideScales[k], wide[j * columns + k], product);
                }
                double share = sum > 0 ? product / sum : 0;
                u[i * n + j] = share;
                for (int k = 0; k < columns; k++) {
                    wide[i * columns + k] = Math.fma(-share, wide[j * columns + k], wide[i * columns + k]);
                }
            }
        }
    }

    /** Whether {@code c x} has a variance, for the row c that begins there. */
    boolean isDetermined(double[] c, int at) {
        if (rank == 0) {
            return true;
        }
        double seen = 0;
        double square = 0;
        for (int l = 0; l < rank; l++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum = Math.fma(c[at + i], v[i * n + l], sum);
                square = Math.fma(v[i * n + l], v[i * n + l], square);
            }
            along[l] = sum;
            seen = Math.fma(sum, sum, seen);
        }
        return !(seen > UNSEEN * UNSEEN * Dense.dot(c, at, c, at, n) * square);
    }

    /** {@code c P c'}: the variance of {@code c x} where it is {@linkplain #isDetermined determined}. */
    double variance(double[] c, int at) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            double product = turned(c, at, j);
            sum = Math.fma(product * scales[j], product, sum);
        }
        return sum;
    }

    /** Number j of {@code U' c'}. */
    private double turned(double[] c, int at, int j) {
        double sum = c[at + j];
        for (int i = 0; i < j; i++) {
            sum = Math.fma(u[i * n + j], c[at + i], sum);
        }
        return sum;
    }

    /**
     * Observes {@code c x + noise}: P and V become those given the number.
     *
     * @param noise its variance
     * @return the variance F of the number; where {@link #wasDiffuse()}, {@code c V V' c'} in its place; 0 if the number was
     *     known already and says nothing
     */
    double observe(double[] c, int at, double noise) {
        diffuse = !isDetermined(c, at);
        return diffuse ? takeDirection(c, at, noise) : update(c, at, noise);
    }

    /** Bierman's update: every step divides by a sum of squares. */
    private double update(double[] c, int at, double noise) {
        double size = 0;
        double f = noise;
        for (int j = 0; j < n; j++) {
            along[j] = turned(c, at, j);
            weighted[j] = scales[j] * along[j];
            f = Math.fma(along[j], weighted[j], f);
            if (noise == 0) {
                double sum = Math.abs(c[at + j]);
                for (int i = 0; i < j; i++) {
                    sum += Math.abs(u[i * n + j] * c[at + i]);
                }
                size = Math.fma(sum * scales[j], sum, size);
            }
        }
        if (!(f > ROUNDING * size)) {
            return 0;
        }
        double alpha = noise;
        for (int j = 0; j < n; j++) {
            double before = alpha;
            alpha = Math.fma(along[j], weighted[j], alpha);
            if (alpha > 0) {
                scales[j] *= before / alpha;
            }
            double factor = before > 0 ? -along[j] / before : 0;
            for (int i = 0; i < j; i++) {
                double entry = u[i * n + j];
                u[i * n + j] = Math.fma(factor, gain[i], entry);
                gain[i] = Math.fma(weighted[j], entry, gain[i]);
            }
            gain[j] = weighted[j];
        }
        for (int j = 0; j < n; j++) {
            gain[j] /= alpha;
        }
        return f;
    }

    /**
     * Turns V so that only its first column is seen, which sets the gain k and is dropped; P becomes {@code (I - k c) P (I - k
     * c)' + noise k k'}.
     */
    private double takeDirection(double[] c, int at, double noise) {
        double square = 0;
        for (int l = 0; l < rank; l++) {
            square += along[l] * along[l];
        }
        double length = Math.sqrt(square);
        double sign = along[0] < 0 ? -1 : 1;
        along[0] += sign * length;
        double half = 0;
        for (int l = 0; l < rank; l++) {
            half += along[l] * along[l];
        }
        half /= 2;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int l = 0; l < rank; l++) {
                sum += v[i * n + l] * along[l];
            }
            for (int l = 0; l < rank; l++) {
                v[i * n + l] -= sum / half * along[l];
            }
            gain[i] = v[i * n] / (-sign * length);
            v[i * n] = v[i * n + rank - 1];
            v[i * n + rank - 1] = 0;
        }
        rank--;
        int columns = n + 1;
        for (int j = 0; j < n; j++) {
            double product = turned(c, at, j);
            for (int i = 0; i < n; i++) {
                double entry = i < j ? u[i * n + j] : i == j ? 1 : 0;
                wide[i * columns + j] = Math.fma(-gain[i], product, entry);
            }
            wideScales[j] = scales[j];
        }
        for (int i = 0; i < n; i++) {
            wide[i * columns + n] = gain[i];
        }
        wideScales[n] = noise;
        orthogonalise(columns);
        return square;
    }

    /** The gain k of the last number: {@code E[x]} moves by k for every unit by which it was missed. */
    double[] gain() {
        return gain;
    }

    /** Whether the last number was the first to say something of a diffuse direction. */
    boolean wasDiffuse() {
        return diffuse;
    }

    /** Whether the covariances are the same but for rounding, and nothing is diffuse. */
    boolean isCloseTo(Uncertainty other, double tolerance) {
        if (rank > 0 || other.rank > 0) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (!(Math.abs(scales[i] - other.scales[i]) <= tolerance * scales[i])) {
                return false;
            }
            double variance = 0;
            double moved = 0;
            for (int j = i + 1; j < n; j++) {
                double entry = u[i * n + j];
                double difference = entry - other.u[i * n + j];
                variance = Math.fma(entry * entry, scales[j], variance);
                moved = Math.max(moved, difference * difference * scales[j]);
            }
            if (!(moved <= tolerance * tolerance * (variance + scales[i]))) {
                return false;
            }
        }
        return true;
    }
}
