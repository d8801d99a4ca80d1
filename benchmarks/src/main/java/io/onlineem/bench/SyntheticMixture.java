package io.onlineem.bench;

import io.onlineem.em.Fields;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A Gaussian mixture with equal weights, variances of 1 and slight correlations, and draws from it. Not thread-safe. */
final class SyntheticMixture {

    private static final double CORRELATION = 0.01;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final double[][] means;

    /**
     * Draws the means.
     *
     * @param width numbers per record, d
     * @param components components, K
     * @param reach the means lie between -reach and reach in every dimension
     */
    SyntheticMixture(int width, int components, double reach) {
        means = new double[components][width];
        for (double[] mean : means) {
            for (int j = 0; j < width; j++) {
                mean[j] = random.nextDouble(-reach, reach);
            }
        }
    }

    /** Its parameters. */
    Fields parameters() {
        int components = means.length;
        int width = means[0].length;
        double[] weights = new double[components];
        double[][][] covariances = new double[components][width][width];
        for (int k = 0; k < components; k++) {
            weights[k] = 1.0 / components;
            for (int j = 0; j < width; j++) {
                for (int l = 0; l < width; l++) {
                    covariances[k][j][l] = j == l ? 1 : CORRELATION;
                }
            }
        }
        return new Fields().with("weights", weights).with("means", means).with("covariances", covariances);
    }

    /** Draws one record. */
    void draw(double[] record) {
        double[] mean = means[random.nextInt(means.length)];
        double common = Math.sqrt(CORRELATION) * random.nextGaussian();
        for (int j = 0; j < record.length; j++) {
            record[j] = mean[j] + common + Math.sqrt(1 - CORRELATION) * random.nextGaussian();
        }
    }

    /** Draws one record evenly from a cube around the origin. */
    void drawEvenly(double[] record, double reach) {
        for (int j = 0; j < record.length; j++) {
            record[j] = random.nextDouble(-reach, reach);
        }
    }
}
