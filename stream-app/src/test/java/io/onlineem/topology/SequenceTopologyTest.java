package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Blocks;
import io.onlineem.em.EStep;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.family.FamilySpec;
import io.onlineem.observation.ScoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceTopologyTest {

    private static final int RECORDS = 400;
    private static final int WARM_UP = 48;
    private static final ModelSpec SPEC = new ModelSpec("hmm", "gaussian", 2, TopologyRun.FIELDS, Map.of());
    private static final Learning LEARNING = Learning.DEFAULTS
            .withMiniBatch(12)
            .withWarmUp(WARM_UP)
            .withStarts(2)
            .withBlocks(new Blocks(5, 3));

    private static final List<String> KEYS = List.of("a", "b", "c");

    /** Models with memory of each kind: filter distributions, and previous records. */
    static List<ModelSpec> specs() {
        return List.of(
                SPEC,
                ModelSpec.of(
                        "mixture",
                        2,
                        List.of(new FamilySpec("gaussian", TopologyRun.FIELDS, Map.of())),
                        Map.of("lags", "2")));
    }

    private static StreamModel<?> model() {
        return model(SPEC);
    }

    private static StreamModel<?> model(ModelSpec spec) {
        return StreamModel.of("m", spec, LEARNING).flushedAfter(Duration.ZERO);
    }

    /** Two states that last, record by record. */
    private static double[][] draw(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[count][];
        int state = 0;
        for (int i = 0; i < count; i++) {
            state = random.nextDouble() < 0.1 ? 1 - state : state;
            rows[i] = new double[] {4 * state + random.nextGaussian(), -state + random.nextGaussian()};
        }
        return rows;
    }

    private static TopologyRun shared(Sequences sequences) {
        return new TopologyRun(OnlineEmTopology.shared(model(), "models").withSequences(sequences));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyPosteriorOfASharedModelIsThatOfItsSequenceAloneWithTheSameParameters(ModelSpec spec) {
        try (TopologyRun run = new TopologyRun(OnlineEmTopology.shared(model(spec), "models"))) {
            double[][] rows = draw(RECORDS, 1);
            for (int i = 0; i < RECORDS; i++) {
                run.pipe(key(i), rows[i][0], rows[i][1]);
            }
            Map<Long, PublishedModel<?>> models = models(spec, run);
            int memoryLength = spec.build().memoryLength();
            Map<String, double[]> memories = new HashMap<>();
            List<TestRecord<String, ScoredRecord>> posteriors = run.posteriors.readRecordsToList();
            assertThat(posteriors).hasSize(RECORDS);
            for (int i = 0; i < RECORDS; i++) {
                TestRecord<String, ScoredRecord> scored = posteriors.get(i);
                assertThat(scored.key()).isEqualTo(key(i));
                assertThat(scored.value().isWarmingUp()).isEqualTo(i < WARM_UP);
                if (i >= WARM_UP) {
                    double[] memory = memories.computeIfAbsent(scored.key(), key -> new double[memoryLength]);
                    EStep eStep = eStep(spec, models.get(scored.value().version()));
                    assertThat(scored.value().posterior()).isEqualTo(eStep.score(Observations.of(rows[i]), 0, memory));
                }
            }
            assertThat(models.size()).isGreaterThan(20);
        }
    }

    private static String key(int record) {
        return KEYS.get(record * record % 7 % KEYS.size());
    }

    @SuppressWarnings("unchecked")
    private static <P extends Parameters> EStep eStep(ModelSpec spec, PublishedModel<P> published) {
        return ((Model<P>) spec.build()).eStep(published.parameters());
    }

    private static Map<Long, PublishedModel<?>> models(TopologyRun run) {
        return models(SPEC, run);
    }

    private static Map<Long, PublishedModel<?>> models(ModelSpec spec, TopologyRun run) {
        Map<Long, PublishedModel<?>> models = new LinkedHashMap<>();
        ModelJson<?> json = new ModelJson<>(spec, spec.build());
        run.models.readValuesToList().forEach(bytes -> {
            PublishedModel<?> model = json.read(bytes);
            models.put(model.version(), model);
        });
        return models;
    }

    private static PublishedModel<?> newest(TopologyRun run) {
        List<PublishedModel<?>> all = new ArrayList<>(models(run).values());
        return all.get(all.size() - 1);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void perKeyModelsAreExactlyThoseOfALearnerThatSeesTheRecordsOfTheKeyAlone(ModelSpec spec) {
        double[][] rows = draw(RECORDS, 2);
        try (TopologyRun run = new TopologyRun(OnlineEmTopology.perKey(model(spec), "models"))) {
            for (int i = 0; i < RECORDS; i++) {
                run.pipe(key(i), rows[i][0], rows[i][1]);
            }
            Map<String, List<ScoredRecord>> scored = new HashMap<>();
            run.posteriors.readRecordsToList().forEach(each -> scored.computeIfAbsent(
                            each.key(), key -> new ArrayList<>())
                    .add(each.value()));
            for (String key : KEYS) {
                List<double[]> own = new ArrayList<>();
                for (int i = 0; i < RECORDS; i++) {
                    if (key(i).equals(key)) {
                        own.add(rows[i]);
                    }
                }
                assertThat(scored.get(key)).isEqualTo(alone("m/" + key, own, new OnlineEm<>(spec.build(), LEARNING)));
            }
        }
    }

    private static <P extends Parameters> List<ScoredRecord> alone(
            String name, List<double[]> rows, OnlineEm<P> engine) {
        OnlineLearner<P> learner = new OnlineLearner<>(engine, null);
        Observations records = Observations.of(rows.toArray(new double[0][]));
        List<ScoredRecord> scored = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            Posterior posterior = learner.score(records, i);
            ModelState<P> state = learner.state();
            scored.add(new ScoredRecord(name, state == null ? 0 : state.version(), posterior));
            learner.learn(records, i, posterior);
        }
        return scored;
    }

    @Test
    void sequencesThatExpireAreCountedToTheLastRecord() {
        double[][] rows = draw(RECORDS, 3);
        Sequences sequences = new Sequences(Duration.ZERO, Duration.ofSeconds(1));
        StreamModel<?> flushed = StreamModel.of("m", SPEC, LEARNING).flushedAfter(Duration.ofSeconds(1));
        for (OnlineEmTopology<?> topology :
                List.of(OnlineEmTopology.shared(flushed, "models"), OnlineEmTopology.perKey(flushed, "models"))) {
            try (TopologyRun run = new TopologyRun(topology.withSequences(sequences))) {
                for (int i = 0; i < RECORDS; i++) {
                    run.pipe(key(i), rows[i][0], rows[i][1], i);
                }
                run.pipe("late", 0, 0, 100_000);
                run.wait(Duration.ofSeconds(3));
                Map<String, Long> counted = new HashMap<>();
                ModelJson<?> json = new ModelJson<>(SPEC, SPEC.build());
                run.models
                        .readRecordsToList()
                        .forEach(each ->
                                counted.put(each.key(), json.read(each.value()).observations()));
                assertThat(counted.values().stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(RECORDS);
            }
        }
    }

    @Test
    void aRecordAfterAGapBeginsTheSequenceAnewAndOneFarBeforeItIsScoredByItself() {
        Sequences sequences = new Sequences(Duration.ofSeconds(10), Duration.ZERO);
        double[][] rows = draw(RECORDS, 4);
        try (TopologyRun run = shared(sequences)) {
            for (int i = 0; i < RECORDS; i++) {
                run.pipe("k", rows[i][0], rows[i][1], 1_000_000 + i);
            }
            long before = newest(run).observations();
            run.posteriors.readValuesToList();
            run.pipe("k", 1, 1, 1_000_400);
            run.pipe("k", 1, 1, 900_000);
            run.pipe("k", 1, 1, 1_000_401);
            run.pipe("k", 1, 1, 2_000_000);
            List<ScoredRecord> scored = run.posteriors.readValuesToList();
            assertThat(scored).hasSize(4);
            Posterior apart = scored.get(1).posterior();
            assertThat(apart).isEqualTo(scored.get(3).posterior());
            assertThat(apart.logLikelihood())
                    .isNotEqualTo(scored.get(0).posterior().logLikelihood());
            assertThat(before).isLessThan(RECORDS);
        }
    }

    @Test
    void everyScoredRecordIsSmoothedOnceWithItsOwnTime() {
        double[][] rows = draw(RECORDS, 5);
        Sequences sequences = new Sequences(Duration.ofSeconds(10), Duration.ZERO);
        for (OnlineEmTopology<?> topology :
                List.of(OnlineEmTopology.shared(model(), "models"), OnlineEmTopology.perKey(model(), "models"))) {
            try (TopologyRun run =
                    new TopologyRun(topology.withSequences(sequences).withSmoothing())) {
                for (int i = 0; i < RECORDS; i++) {
                    run.pipe(key(i), rows[i][0], rows[i][1], i);
                }
                for (String key : KEYS) {
                    run.pipe(key, 0, 0, 1_000_000);
                }
                List<Long> scored = new ArrayList<>();
                run.posteriors.readRecordsToList().forEach(each -> {
                    if (!each.value().isWarmingUp() && each.timestamp() < 1_000_000) {
                        scored.add(each.timestamp());
                    }
                });
                List<TestRecord<String, ScoredRecord>> smoothed = run.smoothed.readRecordsToList();
                assertThat(smoothed.stream().map(TestRecord::timestamp)).containsExactlyInAnyOrderElementsOf(scored);
                smoothed.forEach(each -> {
                    assertThat(each.key()).isEqualTo(key(each.timestamp().intValue()));
                    assertThat(each.value().posterior().outputs().names()).contains("path");
                });
            }
        }
    }

    @Test
    void aRecordWithoutAKeyIsRejected() {
        try (TopologyRun run = shared(Sequences.DEFAULTS)) {
            run.pipe(null, 0, 0);
            assertThat(run.rejected.readRecordsToList()).hasSize(1);
            assertThat(run.posteriors.isEmpty()).isTrue();
        }
    }

    @Test
    void recordsAreInOrderOfArrivalUpToTheGap() {
        Sequence sequence = new Sequence("s", LEARNING.blocks(), 2);
        assertThat(Sequences.DEFAULTS.place(sequence.newest(), 5)).isEqualTo(Sequences.Place.NEXT);
        Sequences tenSeconds = new Sequences(Duration.ofSeconds(10), Duration.ZERO);
        assertThat(tenSeconds.place(1000, 11_000)).isEqualTo(Sequences.Place.NEXT);
        assertThat(tenSeconds.place(1000, 11_001)).isEqualTo(Sequences.Place.FIRST);
        assertThat(tenSeconds.place(11_001, 1000)).isEqualTo(Sequences.Place.APART);
    }

    @Test
    void aSequenceThatHasExpiredBeginsAnewThoughNobodyHasLookedForItYet() {
        Sequences expiring = new Sequences(Duration.ZERO, Duration.ofSeconds(10));
        assertThat(expiring.place(1000, 11_000)).isEqualTo(Sequences.Place.NEXT);
        assertThat(expiring.place(1000, 11_001)).isEqualTo(Sequences.Place.FIRST);
        assertThat(expiring.place(11_001, 1000)).isEqualTo(Sequences.Place.NEXT);
    }
}
