package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.PosteriorContent;
import io.onlineem.em.Blocks;
import io.onlineem.em.EStep;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden Markov models of many sequences, whose application is killed with SIGKILL while they flow. */
class SequencesIT {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final int PARTITIONS = 4;
    private static final int SEQUENCES = 10_000;
    private static final int RECORDS = 150_000;
    private static final ModelSpec SPEC = new ModelSpec("hmm", "gaussian", 3, Workload.FIELDS, Map.of());

    private final BrokerProcess broker = BrokerProcess.shared();

    @TempDir
    Path directory;

    @Test
    void everyRecordIsFilteredAsInItsSequenceAloneAndCountedExactlyOnceWhateverIsKilled() {
        TestApplication application = new TestApplication("eo-sequences", broker.bootstrapServers())
                .spec(SPEC)
                .set("model", "{type: hmm, components: 3}")
                .set("sequence", "{expireAfter: 30m}")
                .set("output", "{posteriors: {content: binary}, smoothed: {topic: eo-sequences-smoothed}}")
                .set("learning", "{miniBatch: 200, warmUp: 2000, starts: 2, blocks: {length: 4, lookAhead: 2}}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = workload(application);

        SplittableRandom random = new SplittableRandom(8);
        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, Deadline.in(LIMIT))) {
            run.flowUntil(random.nextInt(500, 1800), 1000);
            run.killAndRestart();
            run.flowUntil(random.nextInt(20_000, 40_000), 20_000);
            run.killAndRestart();
            run.flowUntil(random.nextInt(60_000, 80_000), 20_000);
            run.killAndRestartElsewhere();
            run.flowUntil(random.nextInt(100_000, 120_000), 20_000);
            run.killAndRestart();
            Outcome outcome = run.finish();
            Map<Long, PublishedModel<?>> models = new HashMap<>();
            outcome.versions().get("eo-sequences").forEach(model -> models.put(model.version(), model));
            int filtered = requireFilteredAlone(application, workload, models);
            requireSmoothedOnce(application, filtered);
        }
    }

    @Test
    void theModelOfAKeyIsBitForBitThatOfAnUndisturbedLearnerOfItsSequence() {
        int keys = 200;
        int perKey = 16 + 6 * 8 + 2;
        Learning learning =
                Learning.DEFAULTS.withWarmUp(16).withMiniBatch(8).withStarts(2).withBlocks(new Blocks(4, 2));
        TestApplication application = new TestApplication("eo-sequence-keys", broker.bootstrapServers())
                .spec(SPEC)
                .set("model", "{type: hmm, components: 3, scope: per-key}")
                .set(
                        "learning",
                        "{miniBatch: 8, warmUp: 16, starts: 2, flushInterval: off, blocks: {length: 4, lookAhead: 2}}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 11);
        Map<String, Observations> bySequence = new HashMap<>();
        long now = System.currentTimeMillis();
        for (int i = 0; i < keys * perKey; i++) {
            String key = "key-" + i % keys;
            workload.addOfSequence(key, now);
            bySequence.computeIfAbsent(key, any -> new Observations()).add(workload.observation(i));
        }
        workload.leaveWaiting(2 * keys);

        SplittableRandom random = new SplittableRandom(12);
        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, Deadline.in(LIMIT))) {
            run.flowUntil(random.nextInt(1000, 3000), 2000);
            run.killAndRestart();
            run.flowUntil(random.nextInt(4000, 7000), 2000);
            run.killAndRestartElsewhere();
            run.flowUntil(random.nextInt(8000, 10_000), 2000);
            run.killAndRestart();
            Map<String, PublishedModel<?>> newest = run.finish().newest();
            assertThat(newest).hasSize(keys);
            newest.forEach((name, model) -> {
                Observations records = bySequence.get(name.substring("eo-sequence-keys/".length()));
                assertThat(model.version()).isEqualTo(7);
                assertThat(model.parameters())
                        .usingRecursiveComparison()
                        .isEqualTo(learnAlone(new OnlineEm<>(SPEC.build(), learning), records));
            });
        }
    }

    private static <P extends Parameters> P learnAlone(OnlineEm<P> engine, Observations records) {
        OnlineLearner<P> learner = new OnlineLearner<>(engine, null);
        for (int i = 0; i < records.size(); i++) {
            learner.learn(records, i, learner.score(records, i));
        }
        return learner.state().published();
    }

    /** Sequences in random order, and records that end them. */
    private static Workload workload(TestApplication application) {
        Workload workload = new Workload(application.input(), PARTITIONS, 9);
        SplittableRandom random = new SplittableRandom(10);
        long end = System.currentTimeMillis();
        long begin = end - Duration.ofHours(2).toMillis();
        for (int i = 0; i < RECORDS; i++) {
            workload.addOfSequence("sequence-" + random.nextInt(SEQUENCES), begin + i);
        }
        workload.endSequences(end);
        return workload;
    }

    /** Number of records that were filtered. */
    private static int requireFilteredAlone(
            TestApplication application, Workload workload, Map<Long, PublishedModel<?>> models) {
        PosteriorSerde serde = new PosteriorSerde(PosteriorContent.BINARY, Workload.FIELDS);
        Map<String, Map<Integer, ScoredRecord>> bySequence = new HashMap<>();
        try (TopicReader posteriors = application.read(application.posteriors())) {
            posteriors.readToEnd(Deadline.in(LIMIT), record -> bySequence
                    .computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), key -> new TreeMap<>())
                    .put(
                            Workload.id(record.headers()),
                            serde.deserializer().deserialize(record.topic(), record.value())));
        }
        assertThat(bySequence.size()).isGreaterThan(SEQUENCES * 9 / 10);
        Map<Long, EStep> eSteps = new HashMap<>();
        int filtered = 0;
        for (Map<Integer, ScoredRecord> scored : bySequence.values()) {
            double[] memory = new double[3];
            for (Map.Entry<Integer, ScoredRecord> entry : scored.entrySet()) {
                if (entry.getValue().isWarmingUp()) {
                    continue;
                }
                EStep eStep = eSteps.computeIfAbsent(entry.getValue().version(), version -> eStep(models.get(version)));
                Observations record = Observations.of(workload.observation(entry.getKey()));
                assertThat(entry.getValue().posterior()).isEqualTo(eStep.score(record, 0, memory));
                filtered++;
            }
        }
        assertThat(eSteps.size()).as("versions in use").isGreaterThan(5);
        return filtered;
    }

    @SuppressWarnings("unchecked")
    private static <P extends Parameters> EStep eStep(PublishedModel<P> published) {
        return ((Model<P>) SPEC.build()).eStep(published.parameters());
    }

    private static void requireSmoothedOnce(TestApplication application, int filtered) {
        List<String> smoothed = new ArrayList<>();
        try (TopicReader reader = application.read("eo-sequences-smoothed")) {
            reader.readToEnd(
                    Deadline.in(LIMIT),
                    record -> smoothed.add(new String(record.key(), StandardCharsets.UTF_8) + record.timestamp()));
        }
        // all times differ; the last sequence of each partition has not ended
        assertThat(smoothed).hasSize(filtered - PARTITIONS).doesNotHaveDuplicates();
    }
}
