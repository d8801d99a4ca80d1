package io.onlineem.em;

import java.util.Arrays;

/**
 * A block of up to {@value #SIZE} records, one array per column: the shape in which E-steps work, and the loops they are
 * made of.
 *
 * <p>The JIT compiler turns a loop into vector instructions if all its arrays are read at the loop's own index, so every
 * column is an array of its own, and if no element waits for the one before, so sums are folded in a scratch array instead
 * of running through one variable. The order of additions is fixed: results are the same bits on every machine.
 */
public final class Lanes {

    /** Records in a full block. */
    public static final int SIZE = 256;

    private static final int FOLD = SIZE / 4;

    private static final int FACTORS = 16;

    /** The smallest argument of {@link #exp}; e^-700 is still a normal number. */
    private static final double SMALLEST_EXPONENT = -700;

    private static final int HALVINGS = 8;
    private static final double[] TAYLOR = taylor(13);

    private final double[][] columns;
    private final Content content;

    /** What a block shares with its {@linkplain #window windows} and what is {@linkplain #beside beside} it. */
    private static final class Content {
        private final double[] weights = new double[SIZE];
        private int size;
        private boolean weighted;
    }

    /** Room for records of {@code width} numbers. */
    public Lanes(int width) {
        this(new double[width][SIZE], new Content());
    }

    private Lanes(double[][] columns, Content content) {
        this.columns = columns;
        this.content = content;
    }

    /** Columns {@code from} to {@code from + width - 1} of this block, now and whenever it is loaded again. */
    public Lanes window(int from, int width) {
        return new Lanes(Arrays.copyOfRange(columns, from, from + width), content);
    }

    /** Room for {@code width} other numbers of every record of this block, now and whenever it is loaded again. */
    public Lanes beside(int width) {
        return new Lanes(new double[width][SIZE], content);
    }

    /**
     * Takes over {@code count} records of a container, beginning with record {@code from}.
     *
     * @throws IllegalArgumentException if a record is not of this block's width
     */
    public void load(Observations records, int from, int count) {
        records.requireWidth(columns.length);
        double[] values = records.values();
        int width = columns.length;
        for (int j = 0; j < width; j++) {
            double[] column = columns[j];
            int at = from * width + j;
            for (int i = 0; i < count; i++, at += width) {
                column[i] = values[at];
            }
        }
        content.weighted = records.copyWeights(from, count, content.weights);
        content.size = count;
    }

    /**
     * Takes over the records without missing values among those from {@code from} to {@code to - 1}, until the block is full.
     *
     * @return the first record that was not looked at; {@code to} at the end
     * @throws IllegalArgumentException if a record is not of this block's width
     */
    public int loadComplete(Observations records, int from, int to) {
        records.requireWidth(columns.length);
        int next = from;
        int count = 0;
        for (; next < to && count < SIZE; next++) {
            if (records.isComplete(next)) {
                for (int j = 0; j < columns.length; j++) {
                    columns[j][count] = records.value(next, j);
                }
                content.weights[count] = records.weight(next);
                count++;
            }
        }
        content.weighted = true;
        content.size = count;
        return next;
    }

    /** Number of records, at most {@link #SIZE}. */
    public int size() {
        return content.size;
    }

    /** Column {@code j}: number j of every record. The array itself. */
    public double[] column(int j) {
        return columns[j];
    }

    /** Whether a record of the block may weigh other than 1. */
    public boolean weighted() {
        return content.weighted;
    }

    /** Weights of the records. The array itself. */
    public double[] weights() {
        return content.weights;
    }

    /** {@code y = (x - shift) · factor}. */
    public static void standardise(double[] x, double shift, double factor, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (x[i] - shift) * factor;
        }
    }

    /** {@code y = x + shift}. */
    public static void shift(double[] x, double shift, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i] + shift;
        }
    }

    /** {@code y = x · factor}. */
    public static void scale(double[] x, double factor, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i] * factor;
        }
    }

    /** {@code y += a · x}. */
    public static void addScaled(double a, double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.fma(a, x[i], y[i]);
        }
    }

    /** {@code y += a·u + b·v + c·w + d·x}: four rows at the cost of one pass over y. */
    public static void addScaled(
            double a, double[] u, double b, double[] v, double c, double[] w, double d, double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.fma(a, u[i], Math.fma(b, v[i], Math.fma(c, w[i], Math.fma(d, x[i], y[i]))));
        }
    }

    /** {@code y += a · x²}. */
    public static void addScaledSquare(double a, double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.fma(a * x[i], x[i], y[i]);
        }
    }

    /** {@code y += (a · (x - shift))²}. */
    public static void addSquaredDistance(double a, double[] x, double shift, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double difference = a * (x[i] - shift);
            y[i] = Math.fma(difference, difference, y[i]);
        }
    }

    /** {@code z = x · y}. */
    public static void multiply(double[] x, double[] y, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = x[i] * y[i];
        }
    }

    /** {@code z = x / y}. */
    public static void divide(double[] x, double[] y, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = x[i] / y[i];
        }
    }

    /** {@code y += x}. */
    public static void add(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += x[i];
        }
    }

    /** {@code y = log x}, not vectorised. */
    public static void log(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.log(x[i]);
        }
    }

    /** {@code y = max(x, y)}. */
    public static void max(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.max(x[i], y[i]);
        }
    }

    /**
     * {@code y = e^(x - shift)} for differences of at most 0. The relative error is below 1e-13 down to differences of -100,
     * and grows to a few per cent at {@value #SMALLEST_EXPONENT}, where the result is nothing beside e^0; differences below
     * count as that.
     *
     * <p>Written for the vectoriser, seven times the speed of {@link Math#exp} here: the argument is halved eight times, its
     * Taylor polynomial of degree 13 taken, and the result squared eight times.
     */
    public static void exp(double[] x, double[] shift, double[] y, int n) {
        double[] c = TAYLOR;
        double c13 = c[13];
        double c12 = c[12];
        double c11 = c[11];
        double c10 = c[10];
        double c9 = c[9];
        double c8 = c[8];
        double c7 = c[7];
        double c6 = c[6];
        double c5 = c[5];
        double c4 = c[4];
        double c3 = c[3];
        for (int i = 0; i < n; i++) {
            double v = Math.max(x[i] - shift[i], SMALLEST_EXPONENT) * (1.0 / (1 << HALVINGS));
            double p = Math.fma(c13, v, c12);
            p = Math.fma(p, v, c11);
            p = Math.fma(p, v, c10);
            p = Math.fma(p, v, c9);
            p = Math.fma(p, v, c8);
            p = Math.fma(p, v, c7);
            p = Math.fma(p, v, c6);
            p = Math.fma(p, v, c5);
            p = Math.fma(p, v, c4);
            p = Math.fma(p, v, c3);
            p = Math.fma(p, v, 0.5);
            p = Math.fma(p, v, 1);
            p = Math.fma(p, v, 1);
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            y[i] = p;
        }
    }

    /** {@code Σ x_i}; overwrites the scratch array of {@link #SIZE}. */
    public static double sum(double[] x, int n, double[] scratch) {
        if (n == SIZE) {
            for (int i = 0; i < FOLD; i++) {
                scratch[i] = (x[i] + x[i + FOLD]) + (x[i + 2 * FOLD] + x[i + 3 * FOLD]);
            }
            return folded(scratch);
        }
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < n; i++) {
            a += x[i];
        }
        return (a + b) + (c + d);
    }

    /** {@code Σ x_i y_i}; overwrites the scratch array of {@link #SIZE}. */
    public static double dot(double[] x, double[] y, int n, double[] scratch) {
        if (n == SIZE) {
            for (int i = 0; i < FOLD; i++) {
                scratch[i] = Math.fma(
                        x[i],
                        y[i],
                        Math.fma(
                                x[i + FOLD],
                                y[i + FOLD],
                                Math.fma(x[i + 2 * FOLD], y[i + 2 * FOLD], x[i + 3 * FOLD] * y[i + 3 * FOLD])));
            }
            return folded(scratch);
        }
        // four sums at once: each addition waits for the one before
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            a = Math.fma(x[i], y[i], a);
            b = Math.fma(x[i + 1], y[i + 1], b);
            c = Math.fma(x[i + 2], y[i + 2], c);
            d = Math.fma(x[i + 3], y[i + 3], d);
        }
        for (; i < n; i++) {
            a = Math.fma(x[i], y[i], a);
        }
        return (a + b) + (c + d);
    }

    /**
     * {@code Σ log x_i} for numbers from 1 to 1e19; overwrites the scratch array of {@link #SIZE}. One logarithm for {@value
     * #FACTORS} numbers: the product of as many is still finite.
     */
    public static double sumOfLogs(double[] x, int n, double[] scratch) {
        int products;
        if (n == SIZE) {
            for (int i = 0; i < FOLD; i++) {
                scratch[i] = (x[i] * x[i + FOLD]) * (x[i + 2 * FOLD] * x[i + 3 * FOLD]);
            }
            products = SIZE / FACTORS;
            for (int i = 0; i < products; i++) {
                scratch[i] = (scratch[i] * scratch[i + 16]) * (scratch[i + 32] * scratch[i + 48]);
            }
        } else {
            products = 0;
            for (int i = 0; i < n; i++) {
                if (i % FACTORS == 0) {
                    scratch[products++] = x[i];
                } else {
                    scratch[products - 1] *= x[i];
                }
            }
        }
        double sum = 0;
        for (int i = 0; i < products; i++) {
            sum += Math.log(scratch[i]);
        }
        return sum;
    }

    private static double folded(double[] scratch) {
        for (int i = 0; i < 16; i++) {
            scratch[i] = (scratch[i] + scratch[i + 16]) + (scratch[i + 32] + scratch[i + 48]);
        }
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = 0; i < 16; i += 4) {
            a += scratch[i];
            b += scratch[i + 1];
            c += scratch[i + 2];
            d += scratch[i + 3];
        }
        return (a + b) + (c + d);
    }

    private static double[] taylor(int degree) {
        double[] coefficients = new double[degree + 1];
        coefficients[0] = 1;
        for (int i = 1; i <= degree; i++) {
            coefficients[i] = coefficients[i - 1] / i;
        }
        return coefficients;
    }
}
