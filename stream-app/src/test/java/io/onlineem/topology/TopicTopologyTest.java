package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.Command;
import io.onlineem.codec.CommandJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelParts;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.topic.LdaParameters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents through the topology: scored with the model that is named, and new words learned. */
class TopicTopologyTest {

    private static final ModelSpec SPEC =
            new ModelSpec("lda", 2, List.of("message"), List.of(), Map.of("vocabularySize", "12"));
    private static final Learning LEARNING =
            ModelSpec.learning("lda").withMiniBatch(16).withWarmUp(48);
    private static final int DOCUMENTS = 400;

    private static JsonObservationReader reader() {
        return reader(1000);
    }

    private static JsonObservationReader reader(int maxBytes) {
        InputField field = new InputField("message", Domain.WORDS, false, Transform.NONE, "standard");
        return new JsonObservationReader(List.of(field), Optional.empty(), Optional.empty(), maxBytes);
    }

    private static String message(SplittableRandom random, int number) {
        List<String> words =
                random.nextBoolean() ? List.of("disk", "full", "volume") : List.of("user", "login", "session");
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            message.append(words.get(random.nextInt(words.size()))).append(' ');
        }
        return message.append(number > DOCUMENTS / 2 ? "tonight" : "today").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "per-key"})
    void documentsAreScoredWithTheModelNamedAndNewWordsAreLearned(String scope) {
        StreamModel<?> model = StreamModel.of("m", SPEC, LEARNING).flushedAfter(Duration.ZERO);
        OnlineEmTopology<?> topology = scope.equals("shared")
                ? OnlineEmTopology.shared(model, "models")
                : OnlineEmTopology.perKey(model, "models");
        SplittableRandom random = new SplittableRandom(1);
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            messages.add("{\"message\":\"" + message(random, i) + "\"}");
        }
        try (TopologyRun run = new TopologyRun(topology, TopicTopologyTest::reader)) {
            messages.forEach(message -> run.pipe("a", message));
            run.pipe("a", "{\"message\":{\"disk\":-1}}");

            Map<Long, PublishedModel<LdaParameters>> models = models(run);
            List<ScoredRecord> posteriors = run.posteriors.readValuesToList();
            assertThat(posteriors).hasSize(DOCUMENTS);
            assertThat(run.rejected.readValuesToList()).hasSize(1);
            for (int i = 0; i < DOCUMENTS; i++) {
                ScoredRecord scored = posteriors.get(i);
                assertThat(scored.isWarmingUp()).isEqualTo(i < LEARNING.warmUp());
                if (!scored.isWarmingUp()) {
                    Observations document = new Observations();
                    reader().read(messages.get(i).getBytes(StandardCharsets.UTF_8), document);
                    assertThat(scored.posterior())
                            .isEqualTo(
                                    model().eStep(models.get(scored.version()).parameters())
                                            .score(document, 0, new double[0]));
                }
            }
            LdaParameters newest =
                    models.get(models.keySet().stream().reduce(0L, Long::max)).parameters();
            assertThat(newest.vocabulary().words())
                    .containsExactlyInAnyOrder(
                            "disk", "full", "volume", "user", "login", "session", "today", "tonight");
        }
    }

    @Test
    void largeModelsTravelInPartsAndAreScoredWithAllTheSame() {
        ModelSpec spec = new ModelSpec("lda", 10, List.of("message"), List.of(), Map.of("vocabularySize", "8000"));
        StreamModel<?> model = StreamModel.of(
                        "m",
                        spec,
                        ModelSpec.learning("lda")
                                .withMiniBatch(8)
                                .withWarmUp(48)
                                .withStarts(1))
                .flushedAfter(Duration.ZERO);
        SplittableRandom random = new SplittableRandom(1);
        OnlineEmTopology<?> topology = OnlineEmTopology.shared(model, "models").withControl(TopologyRun.CONTROL);
        try (TopologyRun run = new TopologyRun(topology, () -> reader(1 << 20))) {
            List<String> messages = new ArrayList<>();
            for (int i = 0; i < 72; i++) {
                StringBuilder words = new StringBuilder();
                for (int j = 0; j < 400; j++) {
                    words.append("word")
                            .append(Integer.toString(random.nextInt(8000), 26))
                            .append("x ");
                }
                messages.add("{\"message\":\"" + words + "\"}");
                run.pipe("a", messages.get(i));
            }
            Map<String, byte[]> store = new LinkedHashMap<>();
            Map<Long, byte[]> whole = new LinkedHashMap<>();
            run.models.readKeyValuesToList().forEach(entry -> {
                assertThat(entry.value).hasSizeLessThan(1 << 20);
                store.put(entry.key, entry.value);
                if (!ModelParts.isPart(entry.value)) {
                    byte[] json = ModelParts.whole(entry.key, entry.value, store::get);
                    assertThat(json).hasSizeGreaterThan(1 << 20);
                    whole.put(ModelJson.version(json), json);
                }
            });
            List<ScoredRecord> posteriors = run.posteriors.readValuesToList();
            ScoredRecord last = posteriors.get(71);
            Observations document = new Observations();
            reader(1 << 20).read(messages.get(71).getBytes(StandardCharsets.UTF_8), document);

            assertThat(last.version()).isGreaterThan(2);
            assertThat(last.posterior()).isEqualTo(score(spec, whole.get(last.version()), document));
            requireGoesBack(run, spec, whole.get(2L));
        }
    }

    private static void requireGoesBack(TopologyRun run, ModelSpec spec, byte[] second) {
        Command back = Command.of("1", "rollback")
                .with("version", "2".getBytes(StandardCharsets.UTF_8))
                .with("document", second);
        run.control.pipeInput("m", CommandJson.write(back));
        Map<String, byte[]> records = new LinkedHashMap<>();
        run.models.readKeyValuesToList().forEach(entry -> records.put(entry.key, entry.value));

        assertThat(AcknowledgementJson.read(records.get("m#control")).outcome())
                .isEqualTo(Acknowledgement.Outcome.APPLIED);
        byte[] json = ModelParts.whole("m", records.get("m"), records::get);
        assertThat(ModelJson.version(json)).isGreaterThan(2);
        assertThat(parameters(spec, json)).isEqualTo(parameters(spec, second));
    }

    private static Fields parameters(ModelSpec spec, byte[] json) {
        return new ModelJson<>(spec, spec.build()).read(json).parameters().fields();
    }

    @SuppressWarnings("unchecked")
    private static Posterior score(ModelSpec spec, byte[] json, Observations document) {
        Model<LdaParameters> model = (Model<LdaParameters>) spec.build();
        return model.eStep(new ModelJson<>(spec, model).read(json).parameters()).score(document, 0, new double[0]);
    }

    @SuppressWarnings("unchecked")
    private static Model<LdaParameters> model() {
        return (Model<LdaParameters>) SPEC.build();
    }

    private static Map<Long, PublishedModel<LdaParameters>> models(TopologyRun run) {
        Map<Long, PublishedModel<LdaParameters>> models = new LinkedHashMap<>();
        ModelJson<LdaParameters> json = new ModelJson<>(SPEC, model());
        run.models.readValuesToList().forEach(bytes -> {
            PublishedModel<LdaParameters> published = json.read(bytes);
            models.put(published.version(), published);
        });
        return models;
    }
}
