package io.onlineem.demo;

import java.util.SplittableRandom;

/** Random numbers of the distributions that the examples are made of; seeded. Not thread-safe. */
final class Draws {

    private final SplittableRandom random;

    Draws(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return random.nextDouble();
    }

    /** Uniform in [from, to). */
    double between(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** Uniform among 0 to n - 1. */
    int below(int n) {
        return random.nextInt(n);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    double normal(double mean, double deviation) {
        return mean + deviation * random.nextGaussian();
    }

    /** The exponential of a normal number whose mean is the logarithm of the median. */
    double logNormal(double median, double deviation) {
        return median * Math.exp(deviation * random.nextGaussian());
    }

    /** A time of day around a mean, in hours from 0 to 24. */
    double hour(double mean, double deviation) {
        double hour = normal(mean, deviation) % 24;
        return hour < 0 ? hour + 24 : hour;
    }

    /** A count of that mean: arrivals of a Poisson process in the unit of time. */
    int poisson(double mean) {
        int count = 0;
        double time = -Math.log1p(-random.nextDouble());
        while (time < mean) {
            count++;
            time -= Math.log1p(-random.nextDouble());
        }
        return count;
    }

    /** The index of a weight, drawn in proportion to it. */
    int weighted(double... weights) {
        double target = 0;
        for (double weight : weights) {
            target += weight;
        }
        target *= random.nextDouble();
        int index = 0;
        while (index < weights.length - 1 && (target -= weights[index]) >= 0) {
            index++;
        }
        return index;
    }

    @SafeVarargs
    final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }
}
