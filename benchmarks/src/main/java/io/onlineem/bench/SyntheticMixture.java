package io.onlineem.bench;

import io.onlineem.em.Fields;
import java.util.Arrays;
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
        double[] weights = new double[means.length];
        Arrays.fill(weights, 1.0 / means.length);
        return emissions(new Fields().with("weights", weights));
    }

    /** Parameters of a hidden Markov model of these components, which stays in a state with the given probability. */
    Fields chain(double stay) {
        int states = means.length;
        double[] initial = new double[states];
        Arrays.fill(initial, 1.0 / states);
        double[][] transition = new double[states][states];
        for (int k = 0; k < states; k++) {
            Arrays.fill(transition[k], (1 - stay) / (states - 1));
            transition[k][k] = stay;
        }
        return emissions(new Fields().with("initial", initial).with("transition", transition));
    }

    private Fields emissions(Fields fields) {
        int components = means.length;
        int width = means[0].length;
        double[][][] covariances = new double[components][width][width];
        for (int k = 0; k < components; k++) {
            for (int j = 0; j < width; j++) {
                for (int l = 0; l < width; l++) {
                    covariances[k][j][l] = j == l ? 1 : CORRELATION;
                }
            }
        }
        return fields.with("means", means).with("covariances", covariances);
    }

    /** Draws one record. */
    void draw(double[] record) {
        draw(random.nextInt(means.length), record);
    }

    /** The component after one that is kept with the given probability, drawn. */
    int next(int component, double stay) {
        return random.nextDouble() < stay
                ? component
                : (component + 1 + random.nextInt(means.length - 1)) % means.length;
    }

    /** Draws one record of a component. */
    void draw(int component, double[] record) {
        double[] mean = means[component];
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
