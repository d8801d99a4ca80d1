package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Domain;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Sequence;
import io.onlineem.family.Families;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every registered family goes through bytes and JSON, in mixtures, with a prior, in sequences and in a product: a new one without being named here. */
class FamiliesCodecTest {

    private static final int RECORDS = 300;

    /** Options without which there is no family. */
    private static final Map<String, Map<String, String>> REQUIRED = Map.of("binomial", Map.of("trials", "40"));

    /** More of the options that change what parameters hold. */
    private static final List<FamilySpec> VARIANTS = List.of(
            new FamilySpec("poisson", List.of("a", "b", "c"), Map.of("exposure", "b")),
            new FamilySpec("binomial", List.of("a", "b"), Map.of("trials", "b")),
            new FamilySpec("categorical", List.of("a"), Map.of("categories", "red, green", "other", "true")));

    private static final List<Map<String, String>> HMM_OPTIONS = List.of(
            Map.of("initial", "stationary"),
            Map.of("initial", "fixed"),
            Map.of("initial", "0.25,0.75", "transitions", "01;11"),
            Map.of("transitions", "left-to-right"),
            Map.of("transitionStrength", "2", "stickyStrength", "10"));

    static Stream<Arguments> models() {
        List<Arguments> models = new ArrayList<>();
        List<FamilySpec> all = new ArrayList<>();
        for (String family : Families.names()) {
            FamilySpec spec = spec(family, Optional.empty(), "");
            FamilySpec withPrior = spec(family, Optional.of(new Prior(3, null)), family + " ");
            models.add(Arguments.of(family, model(List.of(spec))));
            models.add(Arguments.of(family + " with a prior", model(List.of(withPrior))));
            models.add(Arguments.of("hmm of " + family, hmm(List.of(spec), Map.of())));
            all.add(withPrior);
        }
        HMM_OPTIONS.forEach(options -> models.add(
                Arguments.of("hmm with " + options, hmm(List.of(spec("gaussian", Optional.empty(), "")), options))));
        for (FamilySpec variant : VARIANTS) {
            models.add(Arguments.of(variant.describe(), model(List.of(variant))));
        }
        models.add(Arguments.of("the product of all", model(all)));
        models.add(Arguments.of("hmm of the product of all", hmm(all, Map.of())));
        return models.stream();
    }

    private static FamilySpec spec(String family, Optional<Prior> prior, String prefix) {
        List<String> features =
                Families.isJoint(family) ? List.of(prefix + "a", prefix + "b", prefix + "c") : List.of(prefix + "a");
        return new FamilySpec(family, features, REQUIRED.getOrDefault(family, Map.of()), prior);
    }

    private static ModelSpec hmm(List<FamilySpec> factors, Map<String, String> options) {
        return ModelSpec.of("hmm", 2, factors, options);
    }

    private static ModelSpec model(List<FamilySpec> factors) {
        return ModelSpec.of("mixture", 2, factors, Map.of());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void whatIsLearnedOnFromBytesAndReadFromJsonHasTheSameBits(String name, ModelSpec spec) {
        check(spec, spec.build());
    }

    private static <P extends Parameters> void check(ModelSpec spec, Model<P> model) {
        Learning learning =
                Learning.DEFAULTS.withWarmUp(60).withMiniBatch(16).withStarts(2).withAveragingAfter(150);
        OnlineEm<P> engine = new OnlineEm<>(model, learning);
        StateCodec<P> states = new StateCodec<>(spec, model);
        ModelJson<P> models = new ModelJson<>(spec, model);
        Observations records = draw(model);
        OnlineLearner<P> straight = new OnlineLearner<>(engine, null);
        OnlineLearner<P> restored = new OnlineLearner<>(engine, null);
        Sequence sequence = restored.newSequence("any");
        for (int i = 0; i < RECORDS; i++) {
            straight.learn(records, i, straight.score(records, i));
            if (restored.learn(sequence, records, i, restored.score(sequence, records, i), i)) {
                restored = new OnlineLearner<>(engine, states.decode(states.encode(restored.state())));
            }
        }
        ModelState<P> state = straight.state();
        assertThat(states.encode(restored.state())).isEqualTo(states.encode(state));
        assertThat(state.published()).isNotSameAs(state.parameters());

        PublishedModel<P> published = PublishedModel.of("any", spec, state);
        PublishedModel<P> read = models.read(models.write(published));
        assertThat(Examples.bits(read.parameters())).isEqualTo(Examples.bits(published.parameters()));
        assertThat(Examples.bits(read.learning())).isEqualTo(Examples.bits(published.learning()));
    }

    /** Records in the model's domains, one value in ten missing. */
    private static Observations draw(Model<?> model) {
        SplittableRandom random = new SplittableRandom(7);
        Observations records = new Observations();
        while (records.size() < RECORDS) {
            int shift = random.nextInt(2);
            double[] record = model.domains().stream()
                    .mapToDouble(domain -> random.nextInt(10) == 0 ? Double.NaN : number(domain, shift, random))
                    .toArray();
            // a family may want more than its domains, such as no more successes than trials
            if (model.problem(Observations.of(record), 0) == null) {
                records.add(record);
            }
        }
        for (String text : List.of("red", "green", "blue")) {
            records.addCategories(Map.of(Observations.category(text), text));
        }
        return records;
    }

    private static double number(Domain domain, int shift, SplittableRandom random) {
        double normal = 3 * shift + random.nextGaussian();
        return switch (domain) {
            case REAL -> normal;
            case NON_NEGATIVE, POSITIVE -> Math.exp(normal);
            case COUNT -> random.nextInt(3 + 20 * shift);
            case FLAG -> normal > 1 ? 1 : 0;
            case CATEGORY, WORDS -> Observations.category(normal < 0 ? "red" : normal < 2 ? "green" : "blue");
        };
    }
}
