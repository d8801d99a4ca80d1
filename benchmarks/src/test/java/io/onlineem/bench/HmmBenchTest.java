package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class HmmBenchTest {

    @Test
    void theFilterAndTheBatchPassHaveTheSameLikelihood() {
        HmmWorkload workload = new HmmWorkload(4, 5, 1000);
        assertThat(workload.records()).isEqualTo(1000);
        assertThat(workload.filter()).isCloseTo(workload.pass(), within(1e-6));
        assertThat(workload.learn()).isGreaterThan(workload.filter());
    }

    @Test
    void everySizeHasItsRates() throws Exception {
        StringWriter messages = new StringWriter();
        Section section = new HmmBench(500, 1, new Progress(new PrintWriter(messages))).run();
        assertThat(section.rows()).hasSize(3);
        for (int row = 0; row < 3; row++) {
            for (String rate : new String[] {"filter", "learn", "pass"}) {
                assertThat((Double) section.value(row, rate + "RecordsPerSecond"))
                        .isPositive();
            }
            if (section.value(row, "nativeLearnRecordsPerSecond") == null) {
                assertThat(messages.toString()).contains("NO NATIVE CEILING");
            } else {
                assertThat((Double) section.value(row, "filterRatio")).isPositive();
                assertThat((Double) section.value(row, "learnRatio")).isPositive();
            }
        }
    }
}
