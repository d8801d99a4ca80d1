package io.onlineem.family;

import io.onlineem.em.Observations;

/** Features of comparable scales for k-means++. */
final class Standardisation {

    private Standardisation() {}

    /**
     * Centres columns {@code from} to {@code from + count - 1} and divides them by one number, so that together they have
     * variance 1; {@code NaN} becomes the mean, 0.
     *
     * @param sample has the weights of the rows
     */
    static void apply(double[][] features, int from, int count, Observations sample) {
        double variance = 0;
        for (int column = from; column < from + count; column++) {
            double mean = 0;
            double total = 0;
            double squares = 0;
            for (int i = 0; i < features.length; i++) {
                double difference = features[i][column] - mean;
                if (!Double.isNaN(difference)) {
                    double weight = sample.weight(i);
                    total += weight;
                    mean += weight / total * difference;
                    squares += weight * difference * (features[i][column] - mean);
                }
            }
            variance += total > 0 ? squares / total : 0;
            for (double[] row : features) {
                row[column] = Double.isNaN(row[column]) ? 0 : row[column] - mean;
            }
        }
        if (variance > 0) {
            double unit = 1 / Math.sqrt(variance);
            for (double[] row : features) {
                for (int column = from; column < from + count; column++) {
                    row[column] *= unit;
                }
            }
        }
    }
}
