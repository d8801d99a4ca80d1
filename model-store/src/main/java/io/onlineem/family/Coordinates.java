package io.onlineem.family;

import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The coordinates {@code y = (x - centre) / scale} in which second moments are kept: fixed with the first sample, so that
 * {@code Σ r y y'} does not cancel where the mean dwarfs the spread.
 *
 * @param centre d: origin, finite
 * @param scale d: units, positive and finite
 */
public record Coordinates(double[] centre, double[] scale) {

    /** Smallest unit of a column, so that numbers up to 1e100 have finite squared distances; below, it is constant. */
    private static final double SMALLEST_UNIT = 1e-40;

    /** Standard deviation of a Gaussian over its median absolute deviation. */
    private static final double NORMAL_DEVIATION = 1.4826;

    /** Mean and standard deviation of every column, of its observed values. */
    public static Coordinates of(Observations sample, int width) {
        double[] centre = new double[width];
        double[] scale = new double[width];
        double[] totals = new double[width];
        for (int i = 0; i < sample.size(); i++) {
            double weight = sample.weight(i);
            for (int j = 0; j < width; j++) {
                double value = sample.value(i, j);
                if (!Double.isNaN(value)) {
                    totals[j] += weight;
                    centre[j] += weight / totals[j] * (value - centre[j]);
                }
            }
        }
        for (int i = 0; i < sample.size(); i++) {
            for (int j = 0; j < width; j++) {
                double difference = sample.value(i, j) - centre[j];
                if (!Double.isNaN(difference)) {
                    scale[j] += sample.weight(i) / totals[j] * difference * difference;
                }
            }
        }
        for (int j = 0; j < width; j++) {
            scale[j] = unit(Math.sqrt(scale[j]), centre[j]);
        }
        return new Coordinates(centre, scale);
    }

    /**
     * Median and median absolute deviation of every column, of its observed values, the latter times 1.4826, which is the
     * standard deviation of a Gaussian: a few outliers do not move them. Mean and standard deviation stand in for them where
     * half the values are the same.
     */
    static Coordinates robust(Observations sample, int width) {
        Coordinates moments = of(sample, width);
        double[] centre = new double[width];
        double[] scale = new double[width];
        for (int j = 0; j < width; j++) {
            double median = median(sample, j, value -> value);
            double deviation = median(sample, j, value -> Math.abs(value - median)) * NORMAL_DEVIATION;
            boolean spreads = deviation > resolution(median);
            centre[j] = spreads ? median : moments.centre[j];
            scale[j] = spreads ? deviation : moments.scale[j];
        }
        return new Coordinates(centre, scale);
    }

    /** The weighted median of a function of a column; {@code NaN} if nothing of it is observed. */
    private static double median(Observations sample, int column, DoubleUnaryOperator function) {
        double[][] weighted = IntStream.range(0, sample.size())
                .filter(i -> !Double.isNaN(sample.value(i, column)))
                .mapToObj(i -> new double[] {function.applyAsDouble(sample.value(i, column)), sample.weight(i)})
                .sorted(Comparator.comparingDouble(one -> one[0]))
                .toArray(double[][]::new);
        double half = Arrays.stream(weighted).mapToDouble(one -> one[1]).sum() / 2;
        double below = 0;
        for (double[] one : weighted) {
            below += one[1];
            if (below >= half) {
                return one[0];
            }
        }
        return Double.NaN;
    }

    /** The unit of a column: its standard deviation, or what stands in for it in a constant column. */
    private static double unit(double standardDeviation, double mean) {
        if (standardDeviation > resolution(mean)) {
            return standardDeviation;
        }
        return mean == 0 ? 1 : Math.max(Math.abs(mean) * 1e-3, SMALLEST_UNIT);
    }

    /** Spread that is none, around numbers of that size. */
    private static double resolution(double mean) {
        return Math.max(8 * Math.ulp(mean), SMALLEST_UNIT);
    }

    /** The fields {@code center} and {@code scale}; these coordinates for the one that is not there. */
    public static Coordinates read(Fields fields, Coordinates otherwise) {
        int width = otherwise.centre.length;
        double[] centre = fields.has("center") ? fields.vector("center", width) : otherwise.centre;
        double[] scale = fields.has("scale") ? fields.vector("scale", width) : otherwise.scale;
        requireFinite("center", centre);
        for (double unit : scale) {
            if (!(unit > 0) || unit == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "scale is " + Arrays.toString(scale) + "; expected positive numbers");
            }
        }
        return new Coordinates(centre, scale);
    }

    public static void requireFinite(String name, double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " holds " + value + "; expected finite numbers");
            }
        }
    }

    /** The same with one unit for all columns, so that a sphere in units is a sphere in these coordinates. */
    Coordinates withOneUnit() {
        double sum = 0;
        for (double unit : scale) {
            sum += unit * unit;
        }
        double[] shared = new double[scale.length];
        Arrays.fill(shared, Math.sqrt(sum / scale.length));
        return new Coordinates(centre, shared);
    }

    boolean hasOneUnit() {
        for (double unit : scale) {
            if (unit != scale[0]) {
                return false;
            }
        }
        return true;
    }

    /** The records in these coordinates, 0 where a value is missing. */
    double[][] features(Observations sample) {
        double[][] features = new double[sample.size()][centre.length];
        for (int i = 0; i < features.length; i++) {
            for (int j = 0; j < centre.length; j++) {
                double feature = (sample.value(i, j) - centre[j]) / scale[j];
                features[i][j] = Double.isNaN(feature) ? 0 : feature;
            }
        }
        return features;
    }
}
