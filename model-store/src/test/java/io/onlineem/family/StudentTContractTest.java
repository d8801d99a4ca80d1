package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Student-t distributions keep the contract of families. */
class StudentTContractTest {

    private abstract static class Contract extends FamilyContract<StudentTParameters> {
        private final Covariance covariance;
        private final OptionalDouble degreesOfFreedom;

        Contract(Covariance covariance, OptionalDouble degreesOfFreedom) {
            this.covariance = covariance;
            this.degreesOfFreedom = degreesOfFreedom;
        }

        @Override
        Family<StudentTParameters> family() {
            return new StudentTFamily(3, covariance, degreesOfFreedom, GaussianFamily.DEFAULT_FLOOR);
        }

        @Override
        boolean isFullyObserved() {
            return false;
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            Observations drawn = new Observations();
            for (int i = 0; i < records; i++) {
                double shift = random.nextInt(2) * 3;
                double stretch = random.nextInt(5) == 0 ? 4 : 1;
                double x = shift + stretch * random.nextGaussian();
                drawn.add(new double[] {
                    100 + x, 0.5 * x + stretch * random.nextGaussian(), 1e-3 * (shift + stretch * random.nextGaussian())
                });
            }
            return drawn;
        }
    }

    @Nested
    class Full extends Contract {
        Full() {
            super(Covariance.FULL, OptionalDouble.empty());
        }
    }

    @Nested
    class Tied extends Contract {
        Tied() {
            super(Covariance.TIED, OptionalDouble.empty());
        }
    }

    @Nested
    class Diagonal extends Contract {
        Diagonal() {
            super(Covariance.DIAGONAL, OptionalDouble.empty());
        }
    }

    @Nested
    class Spherical extends Contract {
        Spherical() {
            super(Covariance.SPHERICAL, OptionalDouble.empty());
        }
    }

    @Nested
    class FixedDegreesOfFreedom extends Contract {
        FixedDegreesOfFreedom() {
            super(Covariance.FULL, OptionalDouble.of(4));
        }
    }
}
