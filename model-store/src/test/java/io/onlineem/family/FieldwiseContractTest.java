package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Families of independent fields keep the contract of families. */
class FieldwiseContractTest {

    private abstract static class Contract extends FamilyContract<FieldwiseParameters> {

        private final FamilySpec spec;

        Contract(String family, List<String> features, Map<String, String> options) {
            spec = new FamilySpec(family, features, options);
        }

        @Override
        Family<FieldwiseParameters> family() {
            return (FieldwiseFamily) spec.build();
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            Observations drawn = new Observations();
            for (int i = 0; i < records; i++) {
                drawn.add(record(random, random.nextInt(2)));
            }
            return drawn;
        }

        abstract double[] record(SplittableRandom random, int component);
    }

    @Nested
    class PoissonCounts extends Contract {
        PoissonCounts() {
            super("poisson", List.of("a", "b"), Map.of());
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            return new double[] {Draws.poisson(random, 2 + 5 * component), Draws.poisson(random, 0.3)};
        }
    }

    @Nested
    class PoissonWithExposure extends Contract {
        PoissonWithExposure() {
            super("poisson", List.of("a", "hours", "b"), Map.of("exposure", "hours"));
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            double hours = 0.1 + 5 * random.nextDouble();
            return new double[] {
                Draws.poisson(random, hours * (2 + 5 * component)), hours, Draws.poisson(random, hours * 0.3)
            };
        }
    }

    @Nested
    class ExponentialTimes extends Contract {
        ExponentialTimes() {
            super("exponential", List.of("a", "b", "c", "d", "e"), Map.of());
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            double[] record = new double[5];
            for (int j = 0; j < record.length; j++) {
                record[j] = Draws.gamma(random, 1, (1 + j) * (1 + 9 * component));
            }
            return record;
        }
    }

    @Nested
    class GammaTimes extends Contract {
        GammaTimes() {
            super("gamma", List.of("a", "b"), Map.of());
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            return new double[] {Draws.gamma(random, 2 + 5 * component, 3), Draws.gamma(random, 0.4, 1e-3)};
        }
    }

    @Nested
    class BernoulliVectors extends Contract {
        BernoulliVectors() {
            super("bernoulli", List.of("a", "b", "c", "d", "e", "f"), Map.of());
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            double[] record = new double[6];
            for (int j = 0; j < record.length; j++) {
                record[j] = random.nextDouble() < (j % 2 == component ? 0.8 : 0.3) ? 1 : 0;
            }
            return record;
        }
    }

    @Nested
    class BinomialOfTenTrials extends Contract {
        BinomialOfTenTrials() {
            super("binomial", List.of("a", "b"), Map.of("trials", "10"));
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            return new double[] {Draws.binomial(random, 10, 0.2 + 0.5 * component), Draws.binomial(random, 10, 0.01)};
        }
    }

    @Nested
    class BinomialOfSoManyTrials extends Contract {
        BinomialOfSoManyTrials() {
            super("binomial", List.of("trials", "a"), Map.of("trials", "trials"));
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            int trials = random.nextInt(30);
            return new double[] {trials, Draws.binomial(random, trials, 0.2 + 0.5 * component)};
        }
    }

    @Nested
    class VonMisesHours extends Contract {
        VonMisesHours() {
            super("von-mises", List.of("a", "b"), Map.of("period", "24"));
        }

        @Override
        double[] record(SplittableRandom random, int component) {
            return new double[] {
                12 * component + 3 * random.nextGaussian(), 23.5 + 0.5 * random.nextGaussian() + 24 * random.nextInt(3)
            };
        }
    }
}
