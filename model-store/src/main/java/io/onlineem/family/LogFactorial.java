package io.onlineem.family;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.LogGamma;

/** Logarithms of factorials and binomial coefficients of whole numbers of any size; {@code NaN} where there is none. */
final class LogFactorial {

    private static final double[] TABLE = table(1024);

    private LogFactorial() {}

    /** {@code log n!}. */
    static double of(double n) {
        int index = (int) n;
        return index == n && index >= 0 && index < TABLE.length ? TABLE[index] : LogGamma.value(n + 1);
    }

    /** {@code log (n over x)}; from the beta function where the factorials of large numbers would cancel. */
    static double choose(double n, double x) {
        return n < TABLE.length ? of(n) - of(x) - of(n - x) : -Math.log(n + 1) - LogBeta.value(x + 1, n - x + 1);
    }

    private static double[] table(int size) {
        double[] table = new double[size];
        for (int n = 2; n < size; n++) {
            table[n] = LogGamma.value(n + 1);
        }
        return table;
    }
}
