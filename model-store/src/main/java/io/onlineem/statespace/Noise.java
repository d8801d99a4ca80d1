package io.onlineem.statespace;

import io.onlineem.family.Symmetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is learned of the covariance of a noise. Immutable.
 *
 * <p>A {@linkplain #scaled scaled} noise has the covariance {@code σ² U} with a given U, or, where U falls apart into blocks
 * along its diagonal, {@code σ_b² U_b} with a variance for each block.
 */
public final class Noise {

    /** What is learned. */
    enum Kind {
        FREE,
        DIAGONAL,
        SCALED,
        FIXED
    }

    /** Any covariance. */
    public static final Noise FREE = new Noise(Kind.FREE, null, null);

    /** Independent noises, each with a variance of its own. */
    public static final Noise DIAGONAL = new Noise(Kind.DIAGONAL, null, null);

    /** Independent noises of one variance. */
    public static final Noise SCALAR = new Noise(Kind.SCALED, null, null);

    /** Most by which a variance falls in one M-step. */
    private static final double FALL = 2;

    private final Kind kind;
    private final double[][] structure;
    private final int[] blocks;

    private Noise(Kind kind, double[][] structure, int[] blocks) {
        this.kind = kind;
        this.structure = structure;
        this.blocks = blocks;
    }

    /** A given covariance, which is not learned. */
    public static Noise fixed(double[][] covariance) {
        return new Noise(Kind.FIXED, copy(covariance), null);
    }

    /**
     * A given covariance times a variance that is learned, for each of its blocks.
     *
     * @param structure U, positive definite
     * @param blocks the block, from 0, of every row of U; U is zero between rows of different blocks
     */
    static Noise scaled(double[][] structure, int... blocks) {
        return new Noise(Kind.SCALED, copy(structure), blocks.clone());
    }

    /** The same for noise of that dimension. */
    Noise of(String what, int n) {
        if (kind == Kind.SCALED && structure == null) {
            double[] ones = new double[n];
            Arrays.fill(ones, 1);
            return scaled(Dense.diagonal(ones), new int[n]);
        }
        if (structure != null && structure.length != n) {
            throw new IllegalArgumentException(
                    what + " is of " + structure.length + " dimensions; expected " + n + " rows of " + n + " numbers");
        }
        return this;
    }

    Kind kind() {
        return kind;
    }

    boolean isLearned() {
        return kind != Kind.FIXED;
    }

    /** U, or the fixed covariance. */
    double[][] structure() {
        return structure;
    }

    int block(int i) {
        return blocks[i];
    }

    int blockCount() {
        return Arrays.stream(blocks).max().orElseThrow() + 1;
    }

    /** Number of free parameters. */
    int degreesOfFreedom(int n) {
        return switch (kind) {
            case FREE -> Dense.triangle(n);
            case DIAGONAL -> n;
            case SCALED -> blockCount();
            case FIXED -> 0;
        };
    }

    /** The part of U of a block, the rows and columns of others left out. */
    double[][] ofBlock(double[][] matrix, int block) {
        int[] rows = rows(block);
        double[][] part = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows.length; j++) {
                part[i][j] = matrix[rows[i]][rows[j]];
            }
        }
        return part;
    }

    int[] rows(int block) {
        int[] rows = new int[blocks.length];
        int count = 0;
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] == block) {
                rows[count++] = i;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    /** {@code σ_b² U_b}. */
    double[][] scaledBy(double[] variances) {
        return scaled(structure, variances);
    }

    /** Every block of a matrix times its variance. */
    double[][] scaled(double[][] matrix, double[] variances) {
        double[][] scaled = copy(matrix);
        for (int i = 0; i < scaled.length; i++) {
            for (int j = 0; j < scaled.length; j++) {
                scaled[i][j] *= variances[blocks[i]];
            }
        }
        return scaled;
    }

    /**
     * The covariance of highest likelihood for a mean square, among those that are learned.
     *
     * @param mean {@code Σ E[e e'] / n}
     * @param units standard deviations below whose share, in square, no variance may fall
     */
    double[][] fit(double[][] mean, double[] units, double floor) {
        int n = mean.length;
        return switch (kind) {
            case FIXED -> structure;
            case DIAGONAL -> {
                double[] variances = new double[n];
                for (int i = 0; i < n; i++) {
                    variances[i] = Math.max(mean[i][i], floor * units[i] * units[i]);
                }
                yield Dense.diagonal(variances);
            }
            case FREE -> {
                double[][] scaled = new double[n][n];
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j <= i; j++) {
                        scaled[i][j] = mean[i][j] / (units[i] * units[j]);
                        scaled[j][i] = scaled[i][j];
                    }
                }
                double[][] raised = Symmetric.withEigenvaluesAtLeast(scaled, floor);
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        scaled[i][j] = raised[i][j] * (units[i] * units[j]);
                    }
                }
                yield scaled;
            }
            case SCALED -> {
                double[] variances = new double[blockCount()];
                for (int b = 0; b < variances.length; b++) {
                    variances[b] = trace(structure, mean, b) / rows(b).length;
                }
                yield scaledBy(floored(variances, units, floor));
            }
        };
    }

    /** {@code tr U_b⁻¹ S_b}. */
    double trace(double[][] denominator, double[][] numerator, int block) {
        double[][] part = ofBlock(denominator, block);
        Ldl factor = new Ldl(Dense.flat(part), part.length);
        double[] solved = Dense.flat(ofBlock(numerator, block));
        factor.solveAll(solved, part.length);
        double trace = 0;
        for (int i = 0; i < part.length; i++) {
            trace += solved[i * part.length + i];
        }
        return trace;
    }

    /** Variances that fall by no more than a factor of {@value #FALL}. */
    static double[] limited(double[] variances, double[] before) {
        double[] limited = new double[variances.length];
        for (int b = 0; b < limited.length; b++) {
            limited[b] = Math.max(variances[b], before[b] / FALL);
        }
        return limited;
    }

    /** The variances of blocks, none of which leaves all of its noises below the floor. */
    double[] floored(double[] variances, double[] units, double floor) {
        double[] raised = new double[variances.length];
        for (int b = 0; b < raised.length; b++) {
            double least = Double.POSITIVE_INFINITY;
            for (int i : rows(b)) {
                least = Math.min(least, floor * units[i] * units[i] / structure[i][i]);
            }
            raised[b] = Math.max(variances[b], least);
        }
        return raised;
    }

    /**
     * The same, except that variances fall by no more than a factor of {@value #FALL} from those before: an estimate from few
     * records may be negative.
     */
    double[][] fit(double[][] mean, double[] units, double floor, double[][] before) {
        double[][] fitted = fit(mean, units, floor);
        boolean falls = false;
        for (int i = 0; i < fitted.length; i++) {
            falls |= fitted[i][i] < before[i][i] / FALL;
        }
        if (!falls || kind == Kind.FREE || kind == Kind.FIXED) {
            return fitted;
        }
        double[][] raised = copy(fitted);
        for (int i = 0; i < raised.length; i++) {
            if (fitted[i][i] < before[i][i] / FALL) {
                for (int j = 0; j < raised.length; j++) {
                    raised[i][j] = before[i][j] / FALL;
                }
            }
        }
        return raised;
    }

    /** Whether what is learned are variances of given structures. */
    boolean hasVariances(int n) {
        return kind == Kind.DIAGONAL || kind == Kind.SCALED || (kind == Kind.FREE && n == 1);
    }

    /** What each of the variances multiplies. */
    List<double[][]> bases(int n) {
        List<double[][]> bases = new ArrayList<>();
        if (kind == Kind.SCALED) {
            for (int b = 0; b < blockCount(); b++) {
                double[] variances = new double[blockCount()];
                variances[b] = 1;
                bases.add(scaledBy(variances));
            }
        } else {
            for (int i = 0; i < n; i++) {
                double[][] base = new double[n][n];
                base[i][i] = 1;
                bases.add(base);
            }
        }
        return bases;
    }

    /** The first row of a base that is not zero. */
    static int first(double[][] base) {
        int first = 0;
        while (base[first][first] == 0) {
            first++;
        }
        return first;
    }

    /** Rows of a base that are not zero. */
    static int rank(double[][] base) {
        int rank = 0;
        for (int i = 0; i < base.length; i++) {
            rank += base[i][i] == 0 ? 0 : 1;
        }
        return rank;
    }

    /** Checks that a covariance is one that this noise may have. */
    void require(String what, double[][] covariance) {
        int n = covariance.length;
        double[] flat = Dense.flat(covariance);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = covariance[i][j];
                if (!Double.isFinite(value) || value != covariance[j][i]) {
                    throw invalid(what, covariance, "a symmetric matrix of finite numbers");
                }
                if (kind == Kind.DIAGONAL && i != j && value != 0) {
                    throw invalid(what, covariance, "a diagonal matrix");
                }
            }
        }
        if (!isPositiveDefinite(flat, n)) {
            throw invalid(what, covariance, "a positive definite matrix");
        }
        if (kind == Kind.SCALED) {
            double[][] expected = scaledBy(variances(covariance));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double bound = 1e-9 * Math.sqrt(covariance[i][i] * covariance[j][j]);
                    if (!(Math.abs(expected[i][j] - covariance[i][j]) <= bound)) {
                        throw invalid(what, covariance, "a multiple of " + Arrays.deepToString(structure));
                    }
                }
            }
        }
    }

    static boolean isPositiveDefinite(double[] flat, int n) {
        Ldl factor = new Ldl(flat, n);
        return factor.isRegular();
    }

    /** The variances of blocks of a covariance {@code σ_b² U_b}. */
    double[] variances(double[][] covariance) {
        double[] variances = new double[blockCount()];
        for (int b = 0; b < variances.length; b++) {
            int first = rows(b)[0];
            variances[b] = covariance[first][first] / structure[first][first];
        }
        return variances;
    }

    static IllegalArgumentException invalid(String what, double[][] matrix, String expected) {
        return new IllegalArgumentException(what + " is " + Arrays.deepToString(matrix) + "; expected " + expected);
    }

    private static double[][] copy(double[][] matrix) {
        double[][] copy = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            copy[i] = matrix[i].clone();
        }
        return copy;
    }
}
