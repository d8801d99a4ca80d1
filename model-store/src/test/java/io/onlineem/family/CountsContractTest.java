package io.onlineem.family;

import io.onlineem.em.Observations;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Categorical and multinomial families keep the contract of families. */
class CountsContractTest {

    private abstract static class Categorical extends FamilyContract<CategoricalParameters> {

        private final FamilySpec spec;

        Categorical(Map<String, String> options) {
            spec = new FamilySpec("categorical", List.of("country"), options);
        }

        @Override
        Family<CategoricalParameters> family() {
            return (CategoricalFamily) spec.build();
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            Observations drawn = new Observations();
            String[] texts = {"CH", "DE", "FR", "IT"};
            for (int i = 0; i < records; i++) {
                String text = texts[Draws.category(random, 0.5, 0.3, 0.15, 0.05)];
                drawn.add(new double[] {Observations.category(text)});
                drawn.addCategories(Map.of(Observations.category(text), text));
            }
            return drawn;
        }
    }

    @Nested
    class Learned extends Categorical {
        Learned() {
            super(Map.of());
        }
    }

    @Nested
    class TheMostFrequent extends Categorical {
        TheMostFrequent() {
            super(Map.of("categories", "2"));
        }
    }

    @Nested
    class Named extends Categorical {
        Named() {
            super(Map.of("categories", "FR, CH, IT, DE"));
        }
    }

    @Nested
    class NamedWithOthers extends Categorical {
        NamedWithOthers() {
            super(Map.of("categories", "FR,CH,AT", "other", "true"));
        }
    }

    @Nested
    class Multinomial extends FamilyContract<MultinomialParameters> {
        @Override
        Family<MultinomialParameters> family() {
            return (MultinomialFamily) new FamilySpec("multinomial", List.of("a", "b", "c", "d"), Map.of()).build();
        }

        @Override
        Observations draw(SplittableRandom random, int records) {
            Observations drawn = new Observations();
            for (int i = 0; i < records; i++) {
                double[] counts = new double[4];
                double share = random.nextInt(2) == 0 ? 0.2 : 0.6;
                for (int draws = random.nextInt(12); draws > 0; draws--) {
                    counts[Draws.category(random, share, 0.1, 0.25, 0.65 - share)]++;
                }
                drawn.add(counts);
            }
            return drawn;
        }
    }
}
