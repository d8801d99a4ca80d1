package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgedAlarmsTest {

    @Test
    void theThresholdIsAQuantileOfTheFirstRecordsAndTheOthersAreJudged() {
        List<ExampleRecord> records = new ArrayList<>();
        double[] logLikelihoods = new double[105];
        for (int i = 0; i < 100; i++) {
            // the labels of the first hundred must not matter
            records.add(record(i % 2 == 0 ? "any" : ""));
            logLikelihoods[i] = -i;
        }
        String[] anomalies = {"spike", "spike", "drop", "", ""};
        double[] of = {-98.5, -10, -200, -97.5, -50};
        for (int i = 0; i < 5; i++) {
            records.add(record(anomalies[i]));
            logLikelihoods[100 + i] = of[i];
        }
        JudgedAlarms alarms = new JudgedAlarms(records, logLikelihoods, 100, 0.03);

        assertThat(alarms.threshold()).isEqualTo(-96);
        assertThat(alarms.judged()).isEqualTo(5);
        assertThat(alarms.anomalies()).isEqualTo(3);
        assertThat(alarms.byAnomaly().get("spike")).containsExactly(2, 1);
        assertThat(alarms.byAnomaly().get("drop")).containsExactly(1, 1);
        assertThat(alarms.falseAlarms()).hasSize(1);
        assertThat(alarms.precision()).isEqualTo(2.0 / 3);
        assertThat(alarms.recall()).isEqualTo(2.0 / 3);
    }

    private static ExampleRecord record(String anomaly) {
        return new ExampleRecord("k", "{}", anomaly);
    }
}
