package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Log-normals keep the contract of families. */
class LogNormalContractTest {

    private abstract static class Contract extends FamilyContract<GaussianParameters> {
        private final Covariance covariance;

        Contract(Covariance covariance) {
            this.covariance = covariance;
        }

        @Override
        Family<GaussianParameters> family() {
            return new LogNormalFamily(2, covariance);
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            Observations drawn = new Observations();
            for (int i = 0; i < records; i++) {
                double x = random.nextInt(2) * 3 + random.nextGaussian();
                drawn.add(new double[] {100 * Math.exp(x), Math.exp(0.5 * x + random.nextGaussian())});
            }
            return drawn;
        }
    }

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
}
