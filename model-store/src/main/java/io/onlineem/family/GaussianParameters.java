package io.onlineem.family;

import io.onlineem.em.Fields;

/**
 * K Gaussians, in the units of the data.
 *
 * @param means K × d
 * @param covariances K × d × d, symmetric positive definite, whatever the covariance type
 * @param centre d: origin of the coordinates in which statistics are kept, fixed at the start
 * @param scale d: unit of those coordinates, positive
 */
public record GaussianParameters(double[][] means, double[][][] covariances, double[] centre, double[] scale)
        implements FamilyParameters {

    @Override
    public int components() {
        return means.length;
    }

    Coordinates coordinates() {
        return new Coordinates(centre, scale);
    }

    @Override
    public Fields fields() {
        return new Fields()
                .with("means", means)
                .with("covariances", covariances)
                .with("center", centre)
                .with("scale", scale);
    }
}
