package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class EngineBenchTest {

    @Test
    void bothPathsDoTheSameWork() {
        EngineWorkload workload = new EngineWorkload(4, 8, 1000);
        assertThat(workload.records()).isEqualTo(768);
        assertThat(workload.miniBatches()).isCloseTo(workload.pass(), within(1e-6));
    }

    @Test
    void everySizeHasItsRates() throws Exception {
        StringWriter messages = new StringWriter();
        Section section = new EngineBench(512, 1, new Progress(new PrintWriter(messages))).run();
        assertThat(section.rows()).hasSize(4);
        for (int row = 0; row < 4; row++) {
            assertThat((Double) section.value(row, "passRecordsPerSecond")).isPositive();
            assertThat((Double) section.value(row, "miniBatchRecordsPerSecond")).isPositive();
            if (section.value(row, "nativeRecordsPerSecond") == null) {
                assertThat(messages.toString()).contains("NO NATIVE CEILING");
            } else {
                assertThat((Double) section.value(row, "passRatio")).isPositive();
            }
        }
    }
}
