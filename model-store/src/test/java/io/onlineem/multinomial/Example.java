package io.onlineem.multinomial;

import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Tables of different kinds, each with its cells' probabilities written a second time, in plain arithmetic. */
record Example(String name, CellTable table, UnaryOperator<double[]> oracle) {

    static final Example LINKAGE =
            new Example("linkage", "p", "AB = 1/2 + p/4; Ab = (1-p)/4; aB = (1-p)/4; ab = p/4", at -> {
                double p = at[0];
                return new double[] {0.5 + p / 4, (1 - p) / 4, (1 - p) / 4, p / 4};
            });

    static final Example ABO =
            new Example("abo", "A,B,O", "A = A^2 + 2 A O; B = B^2 + 2 B O; AB = 2 A B; O = O^2", at -> {
                double a = at[0];
                double b = at[1];
                double o = at[2];
                return new double[] {a * a + 2 * a * o, b * b + 2 * b * o, 2 * a * b, o * o};
            });

    static final Example INBREEDING =
            new Example("inbreeding", "f; p,q", "AA = f p + (1-f) p^2; Aa = 2 (1-f) p q; aa = f q + (1-f) q^2", at -> {
                double f = at[0];
                double p = at[2];
                double q = at[3];
                return new double[] {f * p + (1 - f) * p * p, 2 * (1 - f) * p * q, f * q + (1 - f) * q * q};
            });

    static final Example GROUPED_BINOMIAL = new Example(
            "grouped binomial",
            "p",
            "0 = (1-p)^5; 1 = 5 p (1-p)^4; 2 = 10 p^2 (1-p)^3; 3+ = p^3 (10 (1-p)^2 + 5 p (1-p) + p^2)",
            at -> {
                double p = at[0];
                double q = 1 - p;
                double zero = Math.pow(q, 5);
                double one = 5 * p * Math.pow(q, 4);
                double two = 10 * p * p * Math.pow(q, 3);
                return new double[] {zero, one, two, 1 - zero - one - two};
            });

    static final Example SUPPLEMENTARY_MARGINS = new Example(
            "supplementary margins",
            "a,b,c,d",
            "a=a; b=b; c=c; d=d | row 1 = a+b; row 2 = c+d | column 1 = a+c; column 2 = b+d",
            at -> {
                double a = at[0];
                double b = at[1];
                double c = at[2];
                double d = at[3];
                return new double[] {a, b, c, d, a + b, c + d, a + c, b + d};
            });

    Example(String name, String probabilities, String cells, UnaryOperator<double[]> oracle) {
        this(name, CellTable.read(probabilities, cells), oracle);
    }

    static List<Example> all() {
        return List.of(LINKAGE, ABO, INBREEDING, GROUPED_BINOMIAL, SUPPLEMENTARY_MARGINS);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Probabilities of the observed cells. */
    double[] cells(double[] probabilities) {
        return oracle.apply(probabilities);
    }

    /** {@code Σ_c n_c log P_c}, in plain arithmetic. */
    double logLikelihood(double[] counts, double[] probabilities) {
        double[] at = cells(probabilities);
        double sum = 0;
        for (int c = 0; c < at.length; c++) {
            sum += counts[c] * Math.log(at[c]);
        }
        return sum;
    }

    /** Records of counts, some of them zero, that no parameters of the table explain well. */
    Observations counts(long seed, int records) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        for (int i = 0; i < records; i++) {
            drawn.add(random.ints(table.cells().size(), 0, 20)
                    .mapToDouble(count -> count < 5 ? 0 : count)
                    .toArray());
        }
        return drawn;
    }

    /** Sums of the counts, weights included. */
    static double[] total(Observations counts) {
        double[] total = new double[counts.length(0)];
        for (int i = 0; i < counts.size(); i++) {
            for (int c = 0; c < total.length; c++) {
                total[c] += counts.weight(i) * counts.value(i, c);
            }
        }
        return total;
    }

    /** One record of counts. */
    static Observations record(double... counts) {
        return Observations.of(Arrays.copyOf(counts, counts.length));
    }
}
