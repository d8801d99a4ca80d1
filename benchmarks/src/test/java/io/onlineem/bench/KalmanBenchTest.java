package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.statespace.Presets;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class KalmanBenchTest {

    @Test
    void theFilterAndTheBatchPassHaveTheSameLikelihood() {
        KalmanWorkload workload =
                new KalmanWorkload(Presets.constantVelocity(2, 1).build(), 0.1, 1000);
        assertThat(workload.filter()).isCloseTo(workload.pass(), within(1e-6));
        assertThat(workload.learn()).isFinite();
    }

    @Test
    void everySizeHasItsRates() throws Exception {
        StringWriter messages = new StringWriter();
        Section section = new KalmanBench(500, 1, new Progress(new PrintWriter(messages))).run();
        assertThat(section.rows()).hasSize(4);
        for (int row = 0; row < 4; row++) {
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
