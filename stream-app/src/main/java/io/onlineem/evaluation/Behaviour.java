package io.onlineem.evaluation;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/** A process of operations data, one record after the other, under conditions. Stateful; one for each series. */
abstract class Behaviour {

    static final long DAY = 24 * 3600;

    /** What anomalies are measured in: about the deviation of one record from what is expected of it. */
    final double unit;

    private double lowest = Double.NEGATIVE_INFINITY;
    private double highest = Double.POSITIVE_INFINITY;
    private double step;
    private double last = Double.NaN;

    Behaviour(double unit) {
        this.unit = unit;
    }

    /** Values are cut to these limits. */
    final Behaviour within(double lowestValue, double highestValue) {
        lowest = lowestValue;
        highest = highestValue;
        return this;
    }

    /** Values are rounded to multiples of this. */
    final Behaviour inStepsOf(double size) {
        step = size;
        return this;
    }

    /** Whether values are cut at 0, as counts and prices are. */
    final boolean isPositive() {
        return lowest == 0;
    }

    /** The value at a time, in seconds since 1970, before it is shifted, cut and rounded. */
    abstract double value(long second, Conditions conditions, Random random);

    /** Kinds of anomalies that would be seen in this process by someone who knows it. */
    Set<AnomalyKind> kinds() {
        return EnumSet.of(
                AnomalyKind.SPIKE_UP,
                AnomalyKind.SPIKE_DOWN,
                AnomalyKind.LEVEL_SHIFT,
                AnomalyKind.LASTING_SHIFT,
                AnomalyKind.FLAT_LINE,
                AnomalyKind.MORE_VARIANCE,
                AnomalyKind.SLOW_DRIFT,
                AnomalyKind.DROPOUT);
    }

    final double next(long second, Conditions conditions, Random random) {
        double value = value(second, conditions, random) * conditions.gain + conditions.shift * unit;
        if (conditions.absent) {
            value = lowest == Double.NEGATIVE_INFINITY ? 0 : lowest;
        }
        if (conditions.frozen && !Double.isNaN(last)) {
            return last;
        }
        value = Math.min(Math.max(value, lowest), highest);
        if (step > 0) {
            value = Math.round(value / step) * step;
        }
        last = value;
        return value;
    }

    /** Share of the day gone by, from 0 to 1. */
    static double timeOfDay(long second) {
        return (double) Math.floorMod(second, DAY) / DAY;
    }

    /** 0 to 6 from Monday; 1970 began on a Thursday. */
    static int dayOfWeek(long second, Conditions conditions) {
        return conditions.likeDay >= 0 ? conditions.likeDay : (int) Math.floorMod(second / DAY + 3, 7L);
    }

    static boolean isWeekend(long second, Conditions conditions) {
        return dayOfWeek(second, conditions) >= 5;
    }

    /** 1 at an hour of the day, falling off on both sides of it, around midnight too. */
    static double bump(long second, double hour, double widthHours) {
        double distance = Math.abs(24 * timeOfDay(second) - hour);
        distance = Math.min(distance, 24 - distance) / widthHours;
        return Math.exp(-distance * distance / 2);
    }

    /** A Poisson variate; beyond a mean of 50 a rounded Gaussian. */
    static double poisson(double mean, Random random) {
        if (mean > 50) {
            return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    /** Uniform between two numbers. */
    static double between(double low, double high, Random random) {
        return low + (high - low) * random.nextDouble();
    }

    /** Log-uniform between two positive numbers. */
    static double logBetween(double low, double high, Random random) {
        return low * Math.pow(high / low, random.nextDouble());
    }
}
