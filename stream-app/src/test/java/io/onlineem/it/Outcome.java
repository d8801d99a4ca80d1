package io.onlineem.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.codec.PublishedModel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What readers of committed data have seen of an application's outputs. */
final class Outcome implements AutoCloseable {

    private final TestApplication application;
    private final TopicReader posteriors;
    private final TopicReader deadLetters;
    private final TopicReader models;
    private final BitSet scored = new BitSet();
    private final BitSet rejected = new BitSet();
    private final List<Integer> repeated = new ArrayList<>();
    private final Map<String, List<PublishedModel<?>>> modelsByName = new HashMap<>();

    /** Begins to read the topics, which exist. */
    Outcome(TestApplication application) {
        this.application = application;
        this.posteriors = application.read(application.posteriors());
        this.deadLetters = application.read(application.deadLetters());
        this.models = application.read(application.models());
    }

    private void count(ConsumerRecord<byte[], byte[]> record, BitSet ids) {
        int id = Workload.id(record.headers());
        if (ids.get(id)) {
            repeated.add(id);
        }
        ids.set(id);
    }

    private void learned(ConsumerRecord<byte[], byte[]> record) {
        PublishedModel<?> model = application.model(record.value());
        modelsByName.computeIfAbsent(model.model(), name -> new ArrayList<>()).add(model);
    }

    /** Reads on; waits a little if there is nothing. */
    void poll() {
        posteriors.poll(record -> count(record, scored));
        deadLetters.poll(record -> count(record, rejected));
    }

    /** Reads on, posteriors and models only. */
    void pollScored() {
        posteriors.poll(record -> count(record, scored));
        models.poll(this::learned);
    }

    /** Reads on, models too. */
    void pollAll() {
        poll();
        models.poll(this::learned);
    }

    /** Reads what is there. */
    void readToEnd(Deadline deadline) {
        posteriors.readToEnd(deadline, record -> count(record, scored));
        deadLetters.readToEnd(deadline, record -> count(record, rejected));
        models.readToEnd(deadline, this::learned);
    }

    /** How many records were scored or rejected. */
    int answered() {
        return scored.cardinality() + rejected.cardinality();
    }

    /** Observations that the newest models have counted. */
    long observations() {
        return modelsByName.values().stream()
                .mapToLong(versions -> versions.get(versions.size() - 1).observations())
                .sum();
    }

    /** The newest models by name. */
    Map<String, PublishedModel<?>> newest() {
        Map<String, PublishedModel<?>> newest = new HashMap<>();
        modelsByName.forEach((name, versions) -> newest.put(name, versions.get(versions.size() - 1)));
        return newest;
    }

    /** All versions of all models, by name. */
    Map<String, List<PublishedModel<?>>> versions() {
        return modelsByName;
    }

    /** Requires that these records were scored, each once. */
    void requireScoredOnce(BitSet expected) {
        assertThat(repeated).as("records answered more than once").isEmpty();
        assertThat(scored).as("scored records").isEqualTo(expected);
    }

    /** Requires that each record was scored or rejected, once. */
    void requireAnsweredOnce(Workload workload) {
        requireScoredOnce(workload.valid());
        assertThat(rejected).as("rejected records").isEqualTo(workload.invalid());
    }

    /** Reads to the end and requires that everything was done exactly once. */
    void requireExactlyOnce(Workload workload, Deadline deadline) {
        requireInputOnce(workload, deadline);
        readToEnd(deadline);
        requireScoredOnce(workload.valid());
        assertThat(rejected).as("rejected records").isEqualTo(workload.invalid());
        assertThat(observations()).as("observations counted").isEqualTo(workload.counted());
        modelsByName.forEach((name, versions) -> {
            for (int i = 0; i < versions.size(); i++) {
                assertThat(versions.get(i).version()).as("version of %s", name).isEqualTo(i + 1);
            }
        });
    }

    /** What is not in the input, or twice, would be no fault of the application. */
    private void requireInputOnce(Workload workload, Deadline deadline) {
        int[] counts = new int[workload.size()];
        try (TopicReader input = application.read(application.input())) {
            input.readToEnd(deadline, record -> counts[Workload.id(record.headers())]++);
        }
        assertThat(counts).as("occurrences in the input topic").containsOnly(1);
    }

    @Override
    public void close() {
        posteriors.close();
        deadLetters.close();
        models.close();
    }
}
