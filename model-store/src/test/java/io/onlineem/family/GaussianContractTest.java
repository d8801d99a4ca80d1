package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Gaussians, and products of them, keep the contract of families. */
class GaussianContractTest {

    private static Observations correlated(SplittableRandom random, int records) {
        Observations drawn = new Observations();
        for (int i = 0; i < records; i++) {
            double shift = random.nextInt(2) * 3;
            double x = shift + random.nextGaussian();
            drawn.add(new double[] {100 + x, 0.5 * x + random.nextGaussian(), 1e-3 * (shift + random.nextGaussian())});
        }
        return drawn;
    }

    private abstract static class Contract extends FamilyContract<GaussianParameters> {
        private final Covariance covariance;

        Contract(Covariance covariance) {
            this.covariance = covariance;
        }

        @Override
        Family<GaussianParameters> family() {
            return new GaussianFamily(3, covariance);
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            return correlated(random, records);
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

    @Nested
    class Product extends FamilyContract<ProductParameters> {
        @Override
        Family<ProductParameters> family() {
            Map<String, Family<?>> families = new LinkedHashMap<>();
            families.put("first,second", new GaussianFamily(2, Covariance.FULL));
            families.put("third", new GaussianFamily(1, Covariance.DIAGONAL));
            return new ProductFamily(families);
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            return correlated(random, records);
        }
    }
}
