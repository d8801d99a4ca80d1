package io.onlineem.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Order statistics of measurements. */
final class Median {

    private Median() {}

    /** The median of a number that every measurement has. */
    static <T> double of(Collection<T> measurements, ToDoubleFunction<T> number) {
        double[] sorted = measurements.stream().mapToDouble(number).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** The smallest of the values that at least this share of them does not exceed; sorts the array. */
    static long quantile(long[] values, double share) {
        Arrays.sort(values);
        return values[(int) Math.max(0, Math.ceil(share * values.length) - 1)];
    }
}
