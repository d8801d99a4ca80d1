package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application is killed with SIGKILL while records flow, and the broker too. */
class ExactlyOnceIT {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final int PARTITIONS = 4;

    private final BrokerProcess broker = BrokerProcess.victim();

    @TempDir
    Path directory;

    @Test
    void everyRecordCountsExactlyOnceInTheSharedModelWhateverIsKilled() {
        int records = 200_000;
        SplittableRandom random = new SplittableRandom(1);
        TestApplication application = new TestApplication("eo-shared", broker.bootstrapServers())
                .set("model", "{scope: shared, components: 3}")
                // with exponent 1 the statistics are plain means, whatever the order of the mini-batches
                .set("learning", "{miniBatch: 64, warmUp: 1000, flushInterval: 500ms, stepSize: {exponent: 1}}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 2).add(records, 0.01);

        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, Deadline.in(LIMIT))) {
            // while the model warms up
            run.flowUntil(random.nextInt(200, 900), 1000);
            run.killAndRestart();
            List<Integer> moments = moments(random, 11, 1000, records - 5000);
            for (int i = 0; i < moments.size(); i++) {
                run.flowUntil(moments.get(i), 20_000);
                if (i == 5) {
                    broker.killAndRestart();
                    continue;
                }
                run.killAndRestart();
                if (i % 4 == 1) {
                    // while the new process takes over
                    run.awaitMember();
                    run.killAndRestart();
                }
            }
            Outcome outcome = run.finish();
            assertThat(meanOf(outcome.newest().get("eo-shared"))).containsExactly(workload.mean(), within(1e-9));
        }
    }

    private static List<Integer> moments(SplittableRandom random, int count, int from, int to) {
        List<Integer> moments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            moments.add(random.nextInt(from, to));
        }
        Collections.sort(moments);
        return moments;
    }

    /** The mean of the mixture: that of all observations if each of them was counted once. */
    private static double[] meanOf(PublishedModel<?> model) {
        var mixture = (MixtureParameters<?>) model.parameters();
        var gaussians = (GaussianParameters) mixture.emissions();
        double[] mean = new double[Workload.FIELDS.size()];
        for (int k = 0; k < gaussians.components(); k++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += mixture.weights()[k] * gaussians.means()[k][i];
            }
        }
        return mean;
    }

    @Test
    void everyRecordCountsExactlyOnceInTheModelOfItsKeyAndModelsAreBitForBitThoseOfAnUndisturbedLearner() {
        int keys = 500;
        int batches = 8;
        Learning learning = Learning.DEFAULTS.withWarmUp(16).withMiniBatch(8).withStarts(2);
        TestApplication application = new TestApplication("eo-keys", broker.bootstrapServers())
                .set("model", "{scope: per-key, components: 3}")
                .set("learning", "{miniBatch: 8, warmUp: 16, starts: 2, flushInterval: off}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 3);
        Map<String, Observations> byKey = addKeys(workload, keys, 16 + 8 * batches);

        SplittableRandom random = new SplittableRandom(4);
        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, Deadline.in(LIMIT))) {
            run.flowUntil(random.nextInt(3000, 10_000), 10_000);
            run.killAndRestart();
            run.flowUntil(random.nextInt(12_000, 20_000), 10_000);
            run.killAndRestartElsewhere();
            run.flowUntil(random.nextInt(22_000, 35_000), 10_000);
            run.killAndRestart();
            Map<String, PublishedModel<?>> newest = run.finish().newest();
            assertThat(newest).hasSize(keys);
            newest.forEach((name, model) -> {
                Observations records = byKey.get(name.substring("eo-keys/".length()));
                assertThat(json(model)).isEqualTo(jsonOfModelLearnedAlone(name, model.spec(), records, learning));
            });
        }
    }

    @Test
    void everyRecordCountsExactlyOnceInTheModelOfItsKeyIfMiniBatchesAreFlushed() {
        TestApplication application = new TestApplication("eo-flushed-keys", broker.bootstrapServers())
                .set("model", "{scope: per-key, components: 3}")
                .set("learning", "{miniBatch: 50, warmUp: 16, starts: 2, flushInterval: 500ms}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 5);
        addKeys(workload, 100, 16 + 101);

        SplittableRandom random = new SplittableRandom(6);
        try (KilledRun run = new KilledRun(application, directory.resolve("state"), workload, Deadline.in(LIMIT))) {
            run.flowUntil(random.nextInt(500, 4000), 2000);
            run.killAndRestart();
            run.flowUntil(random.nextInt(5000, 9000), 2000);
            run.killAndRestart();
            run.finish();
        }
    }

    /** So many valid records for each key, in random order, and one in a hundred that is invalid. */
    private static Map<String, Observations> addKeys(Workload workload, int keys, int perKey) {
        List<String> order = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            order.addAll(Collections.nCopies(perKey, "key-" + key));
        }
        Random random = new Random(7);
        Collections.shuffle(order, random);
        Map<String, Observations> byKey = new HashMap<>();
        for (String key : order) {
            if (random.nextInt(100) == 0) {
                workload.addOfKey(key, true);
            }
            workload.addOfKey(key, false);
            byKey.computeIfAbsent(key, any -> new Observations()).add(workload.observation(workload.size() - 1));
        }
        return byKey;
    }

    private static String json(PublishedModel<?> model) {
        return json(model, model.spec().build());
    }

    @SuppressWarnings("unchecked")
    private static <P extends Parameters> String json(PublishedModel<?> published, Model<P> model) {
        byte[] json = new ModelJson<>(published.spec(), model).write((PublishedModel<P>) published);
        return new String(json, StandardCharsets.UTF_8);
    }

    private static String jsonOfModelLearnedAlone(
            String name, ModelSpec spec, Observations records, Learning learning) {
        return json(PublishedModel.of(name, spec, learnAlone(new OnlineEm<>(spec.build(), learning), records)));
    }

    private static <P extends Parameters> ModelState<P> learnAlone(OnlineEm<P> engine, Observations records) {
        OnlineLearner<P> learner = new OnlineLearner<>(engine, null);
        for (int i = 0; i < records.size(); i++) {
            learner.learn(records, i, learner.score(records, i));
        }
        return learner.state();
    }
}
