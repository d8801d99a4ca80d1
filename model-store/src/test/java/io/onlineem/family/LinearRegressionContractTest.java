package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Linear regressions keep the contract of families. */
class LinearRegressionContractTest {

    private abstract static class Contract extends FamilyContract<RegressionParameters> {
        private final boolean tied;

        Contract(boolean tied) {
            this.tied = tied;
        }

        @Override
        Family<RegressionParameters> family() {
            return new LinearRegressionFamily(3, 1, tied, LinearRegressionFamily.DEFAULT_FLOOR);
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            Observations drawn = new Observations();
            for (int i = 0; i < records; i++) {
                double x = 100 + random.nextGaussian();
                double w = 1e-3 * (x + random.nextGaussian());
                double sign = random.nextBoolean() ? 1 : -1;
                drawn.add(new double[] {x, 5 + sign * x - 300 * w + 0.5 * random.nextGaussian(), w});
            }
            return drawn;
        }
    }

    @Nested
    class FreeVariances extends Contract {
        FreeVariances() {
            super(false);
        }
    }

    @Nested
    class TiedVariances extends Contract {
        TiedVariances() {
            super(true);
        }
    }
}
