package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Nested;

/** Mixtures of Gaussians of every covariance type keep the contract of models. */
class GaussianMixtureTest {

    @Nested
    class Full extends Contract {
        Full() {
            super(Covariance.FULL);
        }
    }

    @Nested
    class Tied extends Contract {
        Tied() {
            super(Covariance.TIED);
        }
    }

    @Nested
    class Diagonal extends Contract {
        Diagonal() {
            super(Covariance.DIAGONAL);
        }
    }

    @Nested
    class Spherical extends Contract {
        Spherical() {
            super(Covariance.SPHERICAL);
        }
    }

    abstract static class Contract extends ModelContract<MixtureParameters<GaussianParameters>> {

        private final Covariance covariance;

        Contract(Covariance covariance) {
            this.covariance = covariance;
        }

        @Override
        protected Model<MixtureParameters<GaussianParameters>> model(int width, int components) {
            return new Mixture<>(new GaussianFamily(width, covariance), components);
        }

        @Override
        protected void assertValid(MixtureParameters<GaussianParameters> parameters) {
            assertThat(Arrays.stream(parameters.weights()).boxed()).allMatch(weight -> weight > 0 && weight <= 1);
            assertThat(Arrays.stream(parameters.weights()).sum()).isCloseTo(1, within(1e-12));
            GaussianParameters gaussians = parameters.emissions();
            for (int k = 0; k < gaussians.components(); k++) {
                assertThat(Arrays.stream(gaussians.means()[k]).boxed()).allMatch(Double::isFinite);
                double[][] matrix = gaussians.covariances()[k];
                assertThat(Arrays.stream(matrix).flatMapToDouble(Arrays::stream).boxed())
                        .allMatch(Double::isFinite);
                assertThat(isPositiveDefinite(matrix))
                        .as("covariance %s", Arrays.deepToString(matrix))
                        .isTrue();
            }
        }

        private static boolean isPositiveDefinite(double[][] matrix) {
            return DecompositionFactory_DDRM.chol(matrix.length, true).decompose(new DMatrixRMaj(matrix));
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            invalid.add(new Fields());
            invalid.add(with(valid, "weights", new double[] {0.5, 0.6}));
            invalid.add(with(valid, "weights", new double[] {1.5, -0.5}));
            invalid.add(with(valid, "weights", new double[] {Double.NaN, 1}));
            invalid.add(with(valid, "weights", new double[] {1}));
            invalid.add(with(valid, "weights", "equal"));
            invalid.add(with(valid, "means", new double[][] {{1, 2}}));
            invalid.add(with(valid, "means", new double[][] {{1, 2}, {Double.POSITIVE_INFINITY, 0}}));
            invalid.add(with(valid, "covariances", covariances(1, 0, 0, 0)));
            invalid.add(with(valid, "covariances", covariances(1, 0.5, 0.4, 1)));
            invalid.add(with(valid, "covariances", covariances(1, 2, 2, 1)));
            invalid.add(with(valid, "covariances", covariances(-1, 0, 0, -1)));
            invalid.add(with(valid, "covariances", new double[][] {{1, 0}, {0, 1}}));
            invalid.add(with(valid, "scale", new double[] {1, 0}));
            invalid.add(with(valid, "center", new double[] {1, Double.NaN}));
            return invalid;
        }

        private static Fields with(Fields valid, String name, Object value) {
            return new Fields().withAll(valid).with(name, value);
        }

        private static double[][][] covariances(double a, double b, double c, double d) {
            return new double[][][] {{{a, b}, {c, d}}, {{a, b}, {c, d}}};
        }
    }
}
