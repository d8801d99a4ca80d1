package io.onlineem.family;

import io.onlineem.em.Fields;

/**
 * K multivariate Student-t distributions, in the units of the data.
 *
 * @param means K × d: the locations, which are the means where there are more than 1 degrees of freedom
 * @param scales K × d × d, symmetric positive definite: the covariances are these times {@code ν / (ν - 2)}, where there are
 *     more than 2 degrees of freedom
 * @param degreesOfFreedom K: ν, positive
 * @param centre d: origin of the coordinates in which statistics are kept, fixed at the start
 * @param scale d: unit of those coordinates, positive
 */
public record StudentTParameters(
        double[][] means, double[][][] scales, double[] degreesOfFreedom, double[] centre, double[] scale)
        implements FamilyParameters {

    StudentTParameters(GaussianParameters given, double[] degreesOfFreedom) {
        this(given.means(), given.covariances(), degreesOfFreedom, given.centre(), given.scale());
    }

    /** What the distributions are given that the latent precisions are 1. */
    GaussianParameters gaussians() {
        return new GaussianParameters(means, scales, centre, scale);
    }

    @Override
    public int components() {
        return means.length;
    }

    @Override
    public Fields fields() {
        return new Fields()
                .with("means", means)
                .with("scales", scales)
                .with("degreesOfFreedom", degreesOfFreedom)
                .with("center", centre)
                .with("scale", scale);
    }
}
