package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Contribution;
import io.onlineem.codec.ContributionCodec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.StateCodec;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Parameters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new instance, with nothing on its disk. */
class RestartIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String NAME = "restart";
    private static final int PARTITIONS = 2;
    private static final int MINI_BATCH = 50;
    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(MINI_BATCH).withWarmUp(200).withAveragingAfter(1000);

    private final BrokerProcess broker = BrokerProcess.shared();
    private final TestApplication application = new TestApplication(NAME, broker.bootstrapServers())
            // statistics that were blended stay in their topic
            .kafka("repartition.purge.interval.ms", "3600000")
            .set("model", "{scope: shared, components: 3}")
            .set("learning", "{miniBatch: " + MINI_BATCH + ", warmUp: 200, averageAfter: 1000, flushInterval: off}");
    private final Deadline deadline = Deadline.in(LIMIT);

    @TempDir
    Path directory;

    @Test
    void aNewInstanceGoesOnFromTheLastCommittedStateBitForBit() {
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 31).add(3007, 0);
        learn("first", workload);
        byte[] before = state();
        int blended = contributions().size();
        int published = models().size();

        // the mini-batches that were under way are now filled up
        workload.add(2011, 0);
        learn("second", workload);

        ModelSpec spec =
                application.configuration(directory.resolve("first")).model().spec();
        requireContinued(spec, spec.build(), before, blended, published);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "per-key"})
    void recordsUnderWayAreCountedAfterARestartWithSmallerMiniBatches(String scope) {
        TestApplication large = new TestApplication("smaller-" + scope, broker.bootstrapServers())
                .set("model", "{scope: " + scope + ", components: 3}")
                .set("learning", "{miniBatch: 900, warmUp: 100, flushInterval: off}");
        large.createInput(1, Map.of());
        Workload workload = new Workload(large.input(), 1, 32);
        for (int i = 0; i < 1950; i++) {
            workload.addOfKey("key", false);
        }
        try (RunningApplication running = RunningApplication.start(large, directory.resolve("large"));
                Input input = large.produce(workload);
                Outcome outcome = new Outcome(large)) {
            input.sendAll();
            while (outcome.answered() < workload.size()) {
                running.requireAlive();
                deadline.require(() -> "all records answered, of which " + outcome.answered() + " are");
                outcome.poll();
            }
        }
        TestApplication small = large.set("learning", "{miniBatch: 10, warmUp: 100, flushInterval: 100ms}");
        workload.addOfKey("key", false);
        try (RunningApplication running = RunningApplication.start(small, directory.resolve("small"));
                Input input = small.produce(workload, workload.size() - 1);
                Outcome outcome = new Outcome(small)) {
            input.sendAll();
            while (outcome.observations() < workload.size()) {
                running.requireAlive();
                deadline.require(() -> "all records counted, of which " + outcome.observations() + " are");
                outcome.pollAll();
            }
            outcome.requireExactlyOnce(workload, deadline);
        }
    }

    /** Starts an instance, lets all of the workload come in, waits until all full mini-batches are counted, and stops. */
    private void learn(String instance, Workload workload) {
        try (RunningApplication running = RunningApplication.start(application, directory.resolve(instance));
                Input input = application.produce(workload, answeredBefore());
                TopicReader reader = application.read(application.models())) {
            input.sendAll();
            long expected = inFullMiniBatches(workload);
            long[] observations = {0};
            while (observations[0] < expected) {
                running.requireAlive();
                deadline.require(() -> expected + " observations counted; there are " + observations[0]);
                reader.poll(record ->
                        observations[0] = application.model(record.value()).observations());
            }
            assertThat(observations[0]).isEqualTo(expected);
        }
    }

    private int answeredBefore() {
        return read(application.posteriors()).size();
    }

    private static long inFullMiniBatches(Workload workload) {
        int[] records = new int[PARTITIONS];
        for (int id = 0; id < workload.size(); id++) {
            records[workload.record(id).partition()]++;
        }
        long full = 0;
        for (int count : records) {
            full += count - count % MINI_BATCH;
        }
        return full;
    }

    private <P extends Parameters> void requireContinued(
            ModelSpec spec, Model<P> model, byte[] before, int blended, int published) {
        OnlineEm<P> engine = new OnlineEm<>(model, LEARNING);
        StateCodec<P> states = new StateCodec<>(spec, model);
        ContributionCodec contributionCodec = new ContributionCodec(model.statisticsLength());
        ModelJson<P> json = new ModelJson<>(spec, model);

        ModelState<P> state = states.decode(before);
        assertThat(state.version()).isEqualTo(published);
        List<String> expected = new ArrayList<>();
        List<byte[]> contributions = contributions();
        for (byte[] bytes : contributions.subList(blended, contributions.size())) {
            Contribution contribution = contributionCodec.decode(bytes);
            assertThat(contribution).isInstanceOf(Contribution.Batch.class);
            state = engine.blend(state, ((Contribution.Batch) contribution).statistics());
            expected.add(text(json.write(PublishedModel.of(NAME, spec, state))));
        }
        List<byte[]> models = models();
        assertThat(expected).isNotEmpty();
        assertThat(models.subList(published, models.size()).stream()
                        .map(RestartIT::text)
                        .toList())
                .isEqualTo(expected);
        assertThat(state()).isEqualTo(states.encode(state));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The newest state in the changelog. */
    private byte[] state() {
        byte[] newest = null;
        for (ConsumerRecord<byte[], byte[]> entry : read(NAME + "-" + NAME + "-state-changelog")) {
            if (text(entry.key()).equals("state")) {
                newest = entry.value();
            }
        }
        return newest;
    }

    private List<byte[]> contributions() {
        return values(NAME + "-" + NAME + "-statistics-repartition");
    }

    private List<byte[]> models() {
        return values(application.models());
    }

    private List<byte[]> values(String topic) {
        return read(topic).stream().map(ConsumerRecord::value).toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (TopicReader reader = application.read(topic)) {
            return reader.readToEnd(deadline);
        }
    }
}
