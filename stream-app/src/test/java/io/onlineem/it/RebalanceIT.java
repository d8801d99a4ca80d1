package io.onlineem.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two instances of one application. */
class RebalanceIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 60_000;

    private final BrokerProcess broker = BrokerProcess.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"shared, 0", "per-key, 1"})
    void everyRecordCountsExactlyOnceWhileAnInstanceJoinsAndAnotherLeaves(String scope, int standbys) {
        TestApplication application = new TestApplication("rebalance-" + scope, broker.bootstrapServers())
                .kafka("num.standby.replicas", Integer.toString(standbys))
                .set("model", "{scope: " + scope + ", components: 3}")
                .set("learning", "{miniBatch: 50, warmUp: 200, starts: 2, flushInterval: 500ms}");
        application.createInput(PARTITIONS, Map.of());
        Workload workload = new Workload(application.input(), PARTITIONS, 11);
        for (int i = 0; i < RECORDS; i++) {
            workload.addOfKey("key-" + i % 20, i % 100 == 0);
        }
        Deadline deadline = Deadline.in(LIMIT);
        try (Input input = application.produce(workload);
                RunningApplication first = RunningApplication.start(application, directory.resolve("first"));
                Outcome outcome = new Outcome(application)) {
            flow(input, outcome, first, RECORDS / 5, deadline);
            try (RunningApplication second = RunningApplication.start(application, directory.resolve("second"))) {
                flow(input, outcome, second, RECORDS / 2, deadline);
                first.leave();
                flow(input, outcome, second, RECORDS * 4 / 5, deadline);
                try (RunningApplication third = RunningApplication.start(application, directory.resolve("first"))) {
                    input.sendAll();
                    while (outcome.observations() < workload.valid().cardinality()) {
                        third.requireAlive();
                        deadline.require(() -> "all of " + workload.valid().cardinality()
                                + " valid records counted, of which " + outcome.observations() + " are");
                        outcome.pollAll();
                    }
                }
            }
            outcome.requireExactlyOnce(workload, deadline);
        }
    }

    private static void flow(
            Input input, Outcome outcome, RunningApplication application, int answered, Deadline deadline) {
        while (outcome.answered() < answered) {
            application.requireAlive();
            deadline.require(() -> answered + " records answered, of which there are " + outcome.answered());
            input.sendUpTo(outcome.answered() + 10_000);
            outcome.poll();
        }
    }
}
