package io.onlineem.statespace;

/** Products of small dense matrices, row-major in flat arrays. Nothing is allocated; outputs never alias inputs. Stateless. */
final class Dense {

    private Dense() {}

    /** {@code out = A B}. */
    static void multiply(double[] a, double[] b, int rows, int inner, int columns, double[] out) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum = Math.fma(a[i * inner + k], b[k * columns + j], sum);
                }
                out[i * columns + j] = sum;
            }
        }
    }

    /** {@code out = A B'}. */
    static void multiplyTransposed(double[] a, double[] b, int rows, int inner, int columns, double[] out) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[i * columns + j] = dot(a, i * inner, b, j * inner, inner);
            }
        }
    }

    /** {@code out = A P A'}, exactly symmetric, of a symmetric P. */
    static void sandwich(double[] a, double[] p, int rows, int inner, double[] scratch, double[] out) {
        multiplyTransposed(a, p, rows, inner, inner, scratch);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = dot(scratch, i * inner, a, j * inner, inner);
                out[i * rows + j] = sum;
                out[j * rows + i] = sum;
            }
        }
    }

    /** {@code out += A x}. */
    static void addProduct(double[] a, int rows, int columns, double[] x, int from, double[] out, int to) {
        for (int i = 0; i < rows; i++) {
            out[to + i] += dot(a, i * columns, x, from, columns);
        }
    }

    /** {@code a[from ..]' b[at ..]} of that length. */
    static double dot(double[] a, int from, double[] b, int at, int length) {
        double sum = 0;
        for (int k = 0; k < length; k++) {
            sum = Math.fma(a[from + k], b[at + k], sum);
        }
        return sum;
    }

    /** {@code into += w P}: the lower triangle of a symmetric n × n matrix, by rows. */
    static void addPacked(double w, double[] p, int n, double[] into, int at) {
        int next = at;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                into[next] = Math.fma(w, p[i * n + j], into[next]);
                next++;
            }
        }
    }

    /** {@code into += w x x'}: the lower triangle, by rows. */
    static void addSquare(double w, double[] x, int from, int n, double[] into, int at) {
        int next = at;
        for (int i = 0; i < n; i++) {
            double scaled = w * x[from + i];
            for (int j = 0; j <= i; j++) {
                into[next] = Math.fma(scaled, x[from + j], into[next]);
                next++;
            }
        }
    }

    /** {@code into += w x y'}, by rows. */
    static void addOuter(
            double w, double[] x, int from, int rows, double[] y, int at, int columns, double[] into, int to) {
        for (int i = 0; i < rows; i++) {
            double scaled = w * x[from + i];
            for (int j = 0; j < columns; j++) {
                into[to + i * columns + j] = Math.fma(scaled, y[at + j], into[to + i * columns + j]);
            }
        }
    }

    /** Length of a packed lower triangle. */
    static int triangle(int n) {
        return n * (n + 1) / 2;
    }

    /** The symmetric matrix of a packed lower triangle, as rows. */
    static double[][] unpacked(double[] packed, int at, int n) {
        double[][] matrix = new double[n][n];
        int next = at;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = packed[next];
                matrix[j][i] = packed[next];
                next++;
            }
        }
        return matrix;
    }

    /** Packs the lower triangle of a symmetric matrix. */
    static void pack(double[] p, int n, double[] into, int at) {
        int next = at;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                into[next++] = p[i * n + j];
            }
        }
    }

    /** The inverse of {@link #pack}. */
    static void unpack(double[] packed, int at, int n, double[] p) {
        int next = at;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                p[i * n + j] = packed[next];
                p[j * n + i] = packed[next];
                next++;
            }
        }
    }

    /** Rows one after another. */
    static double[] flat(double[][] matrix) {
        int columns = matrix.length == 0 ? 0 : matrix[0].length;
        double[] flat = new double[matrix.length * columns];
        for (int i = 0; i < matrix.length; i++) {
            System.arraycopy(matrix[i], 0, flat, i * columns, columns);
        }
        return flat;
    }

    /** The inverse of {@link #flat}. */
    static double[][] rows(double[] flat, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(flat, i * columns, matrix[i], 0, columns);
        }
        return matrix;
    }

    static double[] identity(int n) {
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }
        return identity;
    }

    static double[][] diagonal(double... entries) {
        double[][] diagonal = new double[entries.length][entries.length];
        for (int i = 0; i < entries.length; i++) {
            diagonal[i][i] = entries[i];
        }
        return diagonal;
    }
}
