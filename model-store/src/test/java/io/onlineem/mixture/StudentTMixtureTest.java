package io.onlineem.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.family.StudentTFamily;
import io.onlineem.family.StudentTParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Nested;

/** Mixtures of Student-t distributions keep the contract of models. */
class StudentTMixtureTest {

    @Nested
    class Full extends Contract {
        Full() {
            super(Covariance.FULL, OptionalDouble.empty());
        }
    }

    /** Cauchy distributions, which have no mean. */
    @Nested
    class DiagonalOfOneDegreeOfFreedom extends Contract {
        DiagonalOfOneDegreeOfFreedom() {
            super(Covariance.DIAGONAL, OptionalDouble.of(1));
        }
    }

    abstract static class Contract extends ModelContract<MixtureParameters<StudentTParameters>> {

        private final GaussianMixtureTest.Contract gaussian;
        private final Covariance covariance;
        private final OptionalDouble degreesOfFreedom;

        Contract(Covariance covariance, OptionalDouble degreesOfFreedom) {
            this.gaussian = new GaussianMixtureTest().new Full();
            this.covariance = covariance;
            this.degreesOfFreedom = degreesOfFreedom;
        }

        @Override
        protected Model<MixtureParameters<StudentTParameters>> model(int width, int components) {
            return new Mixture<>(
                    new StudentTFamily(width, covariance, degreesOfFreedom, GaussianFamily.DEFAULT_FLOOR), components);
        }

        @Override
        protected boolean isFullyObserved() {
            return false;
        }

        @Override
        protected void assertValid(MixtureParameters<StudentTParameters> parameters) {
            StudentTParameters emissions = parameters.emissions();
            gaussian.assertValid(new MixtureParameters<>(
                    parameters.weights(),
                    new GaussianParameters(
                            emissions.means(), emissions.scales(), emissions.centre(), emissions.scale())));
            assertThat(Arrays.stream(emissions.degreesOfFreedom()).boxed())
                    .allMatch(degrees -> degreesOfFreedom.isPresent()
                            ? degrees == degreesOfFreedom.getAsDouble()
                            : degrees >= 0.5 && degrees <= 200);
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            List<Fields> invalid = new ArrayList<>();
            for (Fields fields : gaussian.invalidFields(valid)) {
                invalid.add(
                        fields.has("covariances")
                                ? new Fields().withAll(fields).with("scales", fields.get("covariances"))
                                : fields);
            }
            for (double degrees : new double[] {0.4, 201, -1, Double.NaN}) {
                invalid.add(new Fields().withAll(valid).with("degreesOfFreedom", new double[] {5, degrees}));
            }
            invalid.add(new Fields().withAll(valid).with("degreesOfFreedom", new double[] {5}));
            return invalid;
        }
    }
}
