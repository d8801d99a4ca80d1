package io.onlineem.mixture;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.LogNormalFamily;
import java.util.Arrays;

/** Mixtures of log-normals keep the contract of models. */
class LogNormalMixtureTest extends ModelContract<MixtureParameters<GaussianParameters>> {

    /** Those of the logarithms. */
    private final GaussianMixtureTest.Contract gaussian = new GaussianMixtureTest().new Full();

    @Override
    protected Model<MixtureParameters<GaussianParameters>> model(int width, int components) {
        return new Mixture<>(new LogNormalFamily(width, Covariance.FULL), components);
    }

    /** {@code e^asinh x}: about twice the number where it is large, about half its inverse where it is far below zero. */
    @Override
    protected double[] adapt(double[] numbers) {
        return Arrays.stream(numbers)
                .map(x -> x < 0 ? 1 / (Math.hypot(x, 1) - x) : x + Math.hypot(x, 1))
                .toArray();
    }

    @Override
    protected void assertValid(MixtureParameters<GaussianParameters> parameters) {
        gaussian.assertValid(parameters);
    }

    @Override
    protected Iterable<Fields> invalidFields(Fields valid) {
        return gaussian.invalidFields(valid);
    }
}
