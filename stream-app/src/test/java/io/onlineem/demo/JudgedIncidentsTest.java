package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.em.Posterior;
import io.onlineem.observation.ScoredRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgedIncidentsTest {

    private final List<ExampleRecord> records = new ArrayList<>();
    private final List<ScoredRecord> posteriors = new ArrayList<>();

    private void record(String key, String fault, String incident) {
        records.add(new ExampleRecord(key, "{}", fault));
        Anomaly anomaly = new Anomaly(0.5, 0.01, 1, incident, null);
        posteriors.add(new ScoredRecord("m", 1, new Posterior(new double[] {1}, -1), anomaly));
    }

    @Test
    void aFaultIsARunOfRecordsOfItsKeyAndIncidentsBelongToThoseTheyMeet() {
        record("a", "leak", null);
        record("b", "", null);
        record("a", "leak", "a#1");
        record("b", "", "b#1");
        record("a", "leak", "a#1");
        record("a", "", "a#1");
        record("a", "leak", "a#2");
        record("a", "leak", null);
        record("a", "leak", "a#3");
        record("b", "fire", null);

        JudgedIncidents judged = new JudgedIncidents(records, posteriors);

        assertThat(judged.faults()).extracting(JudgedIncidents.Fault::records).containsExactly(3, 3, 1);
        assertThat(judged.faults()).extracting(JudgedIncidents.Fault::unnoticed).containsExactly(1, 0, 1);
        assertThat(judged.byLabel().get("leak")).containsExactly(2, 2);
        assertThat(judged.byLabel().get("fire")).containsExactly(1, 0);
        assertThat(judged.fault("a#2")).isSameAs(judged.faults().get(1));
        assertThat(judged.falseAlarms()).isEqualTo(1);
        assertThat(judged.incidentsPerFault()).isEqualTo(1.5);
        assertThat(judged.delay()).isEqualTo(0.5);
    }

    @Test
    void anIncidentThatBeginsBeforeAFaultIsNoFalseAlarm() {
        record("a", "", "a#1");
        record("a", "leak", "a#1");

        JudgedIncidents judged = new JudgedIncidents(records, posteriors);

        assertThat(judged.falseAlarms()).isZero();
        assertThat(judged.fault("a#1").label()).isEqualTo("leak");
    }
}
