package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.em.Observations;
import io.onlineem.em.Statistics;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.Prior;
import io.onlineem.family.PriorFamily;
import io.onlineem.family.PriorParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** MAP: what EM climbs is the penalised likelihood. */
    @Nested
    class WithPrior extends ModelContract<MixtureParameters<PriorParameters<GaussianParameters>>> {

        private final Contract plain = new Full();

        @Override
        protected Model<MixtureParameters<PriorParameters<GaussianParameters>>> model(int width, int components) {
            double[][] identity = new double[width][width];
            for (int j = 0; j < width; j++) {
                identity[j][j] = 1;
            }
            Fields location =
                    new Fields().with("means", new double[1][width]).with("covariances", new double[][][] {identity});
            return new Mixture<>(
                    new PriorFamily<>(new GaussianFamily(width, Covariance.FULL), new Prior(4, location)),
                    components,
                    6);
        }

        @Override
        protected void assertValid(MixtureParameters<PriorParameters<GaussianParameters>> parameters) {
            plain.assertValid(new MixtureParameters<>(
                    parameters.weights(), parameters.emissions().estimate()));
            plain.assertValid(new MixtureParameters<>(
                    parameters.weights(), parameters.emissions().location()));
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            return plain.invalidFields(valid);
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

        @ParameterizedTest
        @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
        void recordsThatAreNotFiniteAreRejectedAndChangeNothing(double value) {
            Observations data = gaussianClusters(3, 100, 2);
            Model<MixtureParameters<GaussianParameters>> model = model(2, 2);
            EStep eStep = model.eStep(model.start(data, new SplittableRandom(1)));
            data.add(new double[] {1, value});
            Statistics statistics = model.newStatistics();

            assertThatThrownBy(() -> eStep.accumulate(data, statistics)).hasMessageContaining("not finite");
            assertThatThrownBy(() -> eStep.score(data, 100, new double[0])).hasMessageContaining("not finite");
            assertThat(statistics.sums()).containsOnly(0);
            assertThat(statistics.observations()).isZero();
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
