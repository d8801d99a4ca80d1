package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.config.InputField;
import io.onlineem.config.PosteriorContent;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.family.FamilySpec;
import io.onlineem.observation.Differences;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelScorerTest {

    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(12).withWarmUp(48).withStarts(2);

    /** Learns nothing from what is piped here. */
    private static final Learning STILL = LEARNING.withMiniBatch(100_000);

    /** By name: what the store of a topology would hold. */
    private final Map<String, byte[]> models = new HashMap<>();

    static List<ModelSpec> specs() {
        return List.of(
                new ModelSpec("mixture", "gaussian", 2, TopologyRun.FIELDS, Map.of()),
                new ModelSpec("hmm", "gaussian", 2, TopologyRun.FIELDS, Map.of()),
                ModelSpec.of(
                        "mixture",
                        2,
                        List.of(new FamilySpec("gaussian", TopologyRun.FIELDS, Map.of())),
                        Map.of("lags", "2")));
    }

    private static List<String> records(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double x = 4 * (i / 10 % 2) + random.nextGaussian();
            records.add(String.format(Locale.ROOT, "{\"x\":%s,\"y\":%s}", x, random.nextGaussian() - x));
        }
        return records;
    }

    private static List<byte[]> bytes(List<String> records) {
        return records.stream()
                .map(json -> json.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private <P extends Parameters> ModelScorer<P, byte[]> scorer(StreamModel<P> model, boolean shared) {
        return scorer(model, shared, Differences.NONE, () -> JsonObservationReader.ofNumbers(TopologyRun.FIELDS, 1000));
    }

    private <P extends Parameters> ModelScorer<P, byte[]> scorer(
            StreamModel<P> model, boolean shared, Differences differences, Supplier<JsonObservationReader> reader) {
        return new ModelScorer<>(model, differences, reader, name -> Optional.ofNullable(models.get(name)), shared);
    }

    private static byte[] learned(ModelSpec spec) {
        try (TopologyRun run = TopologyRun.shared(StreamModel.of("m", spec, LEARNING))) {
            records(200, 1).forEach(json -> run.pipe("key", json));
            List<byte[]> published = run.models.readValuesToList();
            return published.get(published.size() - 1);
        }
    }

    /** As the binary form keeps them, in which {@link TopologyRun} has those of the stream. */
    private static List<Posterior> posteriors(List<ScoredRecord> scored) {
        PosteriorSerde serde = new PosteriorSerde(PosteriorContent.BINARY, TopologyRun.FIELDS);
        return scored.stream()
                .map(record ->
                        serde.deserializer().deserialize("", serde.serializer().serialize("", record)))
                .map(ScoredRecord::posterior)
                .toList();
    }

    private static List<Posterior> ofTheStream(OnlineEmTopology<?> topology, List<String> records) {
        try (TopologyRun run = new TopologyRun(topology)) {
            records.forEach(json -> run.pipe("another", json));
            return posteriors(run.posteriors.readValuesToList());
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void recordsAreScoredAsTheStreamScoresANewSequenceWithTheSameParameters(ModelSpec spec) {
        byte[] json = learned(spec);
        models.put("m", json);
        StreamModel<?> model = StreamModel.of("m", spec, STILL);
        List<String> records = records(50, 2);
        List<Posterior> expected = ofTheStream(OnlineEmTopology.shared(model.startedFrom(json), "models"), records);

        ModelScorer<?, byte[]> scorer = scorer(model, true);
        List<ScoredRecord> scored = scorer.score("m", bytes(records)).orElseThrow();

        assertThat(posteriors(scored)).isEqualTo(expected);
        assertThat(scored).allSatisfy(record -> {
            assertThat(record.model()).isEqualTo("m");
            assertThat(record.version()).isEqualTo(ModelJson.version(json));
        });
        assertThat(posteriors(scorer.score("m", bytes(records)).orElseThrow()))
                .as("nothing is carried from one call to the next")
                .isEqualTo(expected);
    }

    @Test
    void newerParametersAreUsedAtOnce() {
        StreamModel<?> model = StreamModel.of("m", specs().get(0), LEARNING);
        List<byte[]> published;
        try (TopologyRun run = TopologyRun.shared(model)) {
            records(200, 1).forEach(json -> run.pipe("key", json));
            published = run.models.readValuesToList();
        }
        ModelScorer<?, byte[]> scorer = scorer(model, true);
        List<byte[]> record = bytes(records(1, 2));
        List<Posterior> posteriors = new ArrayList<>();
        for (byte[] json : published) {
            models.put("m", json);
            posteriors.addAll(posteriors(scorer.score("m", record).orElseThrow()));
        }
        assertThat(posteriors).hasSizeGreaterThan(5).doesNotHaveDuplicates();
    }

    @Test
    void differencesAreTakenAlongTheRecords() {
        ModelSpec spec =
                new ModelSpec("mixture", "gaussian", 1, List.of("x", "difference(y)"), Map.of("covariance", "full"));
        Fields parameters = new Fields()
                .with("weights", new double[] {1})
                .with("means", new double[][] {{1, 2}})
                .with("covariances", new double[][][] {{{1, 0.5}, {0.5, 2}}});
        Differences ofY = Differences.of(
                List.of(InputField.number("x"), new InputField("y", Domain.REAL, false, Transform.DIFFERENCE)));
        StreamModel<?> model =
                StreamModel.of("m", spec, STILL).withMissingValues().startedFrom(parameters);
        List<String> records = records(20, 3);

        List<ScoredRecord> scored = scorer(
                        model, true, ofY, () -> JsonObservationReader.ofNumbers(TopologyRun.FIELDS, 1000))
                .score("m", bytes(records))
                .orElseThrow();

        assertThat(posteriors(scored))
                .isEqualTo(ofTheStream(OnlineEmTopology.shared(model, "models").withDifferences(ofY), records));
        assertThat(scored.get(0).posterior().missing()).hasSize(1);
        assertThat(scored.get(1).posterior().missing()).isEmpty();
    }

    @Test
    void aFieldThatNamesTheSequenceKeepsSeveralApart() {
        ModelSpec spec = specs().get(1);
        byte[] json = learned(spec);
        models.put("m", json);
        StreamModel<?> model = StreamModel.of("m", spec, STILL);
        List<String> one = records(10, 4);
        List<String> two = records(10, 5);
        List<String> mixed = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            mixed.add(one.get(i).replace("}", ",\"pump\":\"a\"}"));
            mixed.add(two.get(i).replace("}", ",\"pump\":\"b\"}"));
        }
        Supplier<JsonObservationReader> reader = () -> new JsonObservationReader(
                InputField.numbers(TopologyRun.FIELDS), Optional.empty(), Optional.of("pump"), 1000);

        List<Posterior> scored = posteriors(scorer(model, true, Differences.NONE, reader)
                .score("m", bytes(mixed))
                .orElseThrow());

        ModelScorer<?, byte[]> alone = scorer(model, true);
        List<Posterior> ofOne = posteriors(alone.score("m", bytes(one)).orElseThrow());
        List<Posterior> ofTwo = posteriors(alone.score("m", bytes(two)).orElseThrow());
        for (int i = 0; i < one.size(); i++) {
            assertThat(scored.get(2 * i)).isEqualTo(ofOne.get(i));
            assertThat(scored.get(2 * i + 1)).isEqualTo(ofTwo.get(i));
        }
        assertThat(ofOne).isNotEqualTo(ofTwo);
    }

    @Test
    void aModelThatStartsFromParametersScoresBeforeItHasLearned() {
        StreamModel<?> model = StreamModel.of("m", specs().get(0), STILL);
        assertThat(scorer(model, true).score("m", bytes(records(1, 1)))).isEmpty();
        StreamModel<?> started = model.startedFrom(learned(specs().get(0)));
        assertThat(posteriors(
                        scorer(started, true).score("m", bytes(records(3, 1))).orElseThrow()))
                .isEqualTo(ofTheStream(OnlineEmTopology.shared(started, "models"), records(3, 1)));
        assertThat(scorer(started, true).score("other", bytes(records(1, 1)))).isEmpty();
        assertThat(scorer(started, false).score("m/key", bytes(records(1, 1))))
                .as("another instance may have the key")
                .isEmpty();
    }

    @Test
    void aRecordThatIsNotValidIsNamedWithTheReasonOfItsDeadLetter() {
        ModelSpec spec = specs().get(0);
        models.put("m", learned(spec));
        ModelScorer<?, byte[]> scorer = scorer(StreamModel.of("m", spec, STILL), true);
        Map<String, Reason> invalid = Map.of(
                "{\"x\":1}",
                Reason.MISSING_FIELD,
                "{\"x\":1,\"y\":\"a\"}",
                Reason.NOT_A_NUMBER,
                "{\"x\":1,\"y\":1e200}",
                Reason.NOT_FINITE,
                "{\"x\":1,\"y\":NaN}",
                Reason.NOT_FINITE,
                "{\"x\":1,\"y\":2",
                Reason.NOT_JSON,
                "{\"x\":1,\"y\":2,\"z\":\"" + "z".repeat(1000) + "\"}",
                Reason.TOO_LARGE);
        invalid.forEach((json, reason) -> {
            var e = catchThrowableOfType(
                    ModelScorer.InvalidRecordException.class,
                    () -> scorer.score("m", bytes(List.of("{\"x\":1,\"y\":2}", json))));
            assertThat(e.index()).isEqualTo(1);
            assertThat(e.invalid().reason()).isEqualTo(reason);
            try (TopologyRun run = TopologyRun.shared(StreamModel.of("m", spec, STILL))) {
                run.pipe("key", json);
                var letter = run.rejected.readRecord().getHeaders().lastHeader(RejectionHeaders.MESSAGE);
                assertThat(e).hasMessage(new String(letter.value(), StandardCharsets.UTF_8));
            }
        });
    }
}
