package io.onlineem.family;

import java.util.SplittableRandom;

/** Random numbers of the families. */
public final class Draws {

    private Draws() {}

    /** A count with that mean, by adding up exponential times (Knuth). */
    public static double poisson(SplittableRandom random, double mean) {
        int count = 0;
        for (double time = exponential(random); time < mean; time += exponential(random)) {
            count++;
        }
        return count;
    }

    /** Successes among so many trials. */
    public static double binomial(SplittableRandom random, int trials, double probability) {
        int successes = 0;
        for (int i = 0; i < trials; i++) {
            successes += random.nextDouble() < probability ? 1 : 0;
        }
        return successes;
    }

    /** A gamma variable (Marsaglia and Tsang 2000). */
    public static double gamma(SplittableRandom random, double shape, double scale) {
        if (shape < 1) {
            return gamma(random, shape + 1, scale) * Math.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v * scale;
            }
        }
    }

    /** An angle in radians, by rejection from the uniform distribution. */
    public static double vonMises(SplittableRandom random, double mean, double concentration) {
        while (true) {
            double angle = 2 * Math.PI * random.nextDouble();
            if (Math.log(1 - random.nextDouble()) < concentration * (Math.cos(angle - mean) - 1)) {
                return angle;
            }
        }
    }

    /** An index, with that probability each. */
    public static int category(SplittableRandom random, double... probabilities) {
        double rest = random.nextDouble();
        int index = 0;
        while (index < probabilities.length - 1 && (rest -= probabilities[index]) >= 0) {
            index++;
        }
        return index;
    }

    private static double exponential(SplittableRandom random) {
        return -Math.log(1 - random.nextDouble());
    }
}
