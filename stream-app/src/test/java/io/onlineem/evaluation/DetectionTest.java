package io.onlineem.evaluation;

import static io.onlineem.evaluation.Examples.MINUTE;
import static io.onlineem.evaluation.Examples.flags;
import static io.onlineem.evaluation.Examples.series;
import static io.onlineem.evaluation.Examples.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionTest {

    @Test
    void recordsAreCountedOneByOne() {
        // window of records 4 to 7; flagged are 1, 5, 6 and 10, of 12
        Detection detection = Detection.at(1, List.of(series(flags(12, 1, 5, 6, 10), window(4, 7))), Probation.NONE, 1);
        assertThat(detection.truePositives()).isEqualTo(2);
        assertThat(detection.falsePositives()).isEqualTo(2);
        assertThat(detection.falseNegatives()).isEqualTo(2);
        assertThat(detection.trueNegatives()).isEqualTo(6);
        assertThat(detection.precision()).isEqualTo(0.5);
        assertThat(detection.recall()).isEqualTo(0.5);
        assertThat(detection.f1()).isEqualTo(0.5);
        assertThat(detection.falseAlarmRate()).isEqualTo(0.25);
        assertThat(detection.missingAlarmRate()).isEqualTo(0.5);
    }

    @Test
    void theF1OfACollectionPoolsItsRecords() {
        // 1 of 1 found, and 0 of 3 with one false: 2 * 1 / (2 * 1 + 1 + 3), not the mean of 1 and 0
        Detection detection = Detection.at(
                1, List.of(series(flags(5, 2), window(2, 2)), series(flags(6, 0), window(2, 4))), Probation.NONE, 1);
        assertThat(detection.f1()).isCloseTo(1.0 / 3, within(1e-15));
    }

    @Test
    void anAlarmIsARunAndShortPausesDoNotEndIt() {
        ScoredSeries series = series(flags(20, 1, 3, 10, 11, 14, 19), window(10, 14));
        Detection strict = Detection.at(1, List.of(series), Probation.NONE, 1);
        assertThat(strict.alarms()).isEqualTo(5);
        assertThat(strict.trueAlarms()).isEqualTo(2);
        assertThat(strict.alarmPrecision()).isEqualTo(0.4);
        assertThat(strict.alarmsPerIncident()).isEqualTo(2);
        Detection patient = Detection.at(1, List.of(series), Probation.NONE, 3);
        assertThat(patient.alarms()).isEqualTo(3);
        assertThat(patient.trueAlarms()).isEqualTo(1);
        assertThat(patient.alarmsPerIncident()).isEqualTo(1);
        assertThat(patient.windowRecall()).isEqualTo(1);
    }

    @Test
    void oneAlarmAcrossTwoWindowsIsOneOfEach() {
        Detection detection =
                Detection.at(1, List.of(series(flags(10, 2, 3, 4, 5), window(2, 3), window(5, 6))), Probation.NONE, 1);
        assertThat(detection.alarms()).isEqualTo(1);
        assertThat(detection.found()).isEqualTo(2);
        assertThat(detection.alarmsInWindows()).isEqualTo(2);
        assertThat(detection.alarmsPerIncident()).isEqualTo(1);
    }

    @Test
    void delaysRunFromTheStartOfTheWindow() {
        Detection detection = Detection.at(
                1,
                List.of(series(flags(40, 3, 25, 31), window(2, 5), window(20, 29), window(31, 33), window(35, 36))),
                Probation.NONE,
                1);
        assertThat(detection.delays()).containsExactly(MINUTE, 5 * MINUTE, 0L);
        assertThat(detection.medianDelay()).isEqualTo(MINUTE);
        assertThat(detection.meanDelay()).isEqualTo(2 * MINUTE);
        assertThat(detection.windowRecall()).isEqualTo(0.75);
    }

    @Test
    void alarmsAreCountedByTheDayOfASeries() {
        // 2,881 records, a minute apart: two days, two series of them
        double[] scores = flags(2881, 100, 200, 300);
        Detection detection =
                Detection.at(1, List.of(series(scores, window(100, 110)), series(scores)), Probation.NONE, 1);
        assertThat(detection.days()).isEqualTo(4);
        assertThat(detection.alarmsPerDay()).isEqualTo(1.5);
        assertThat(detection.falseAlarmsPerDay()).isEqualTo(1.25);
    }

    @Test
    void whatLiesInTheProbationOrHasNoScoreIsNoAlarm() {
        double[] scores = flags(10, 0, 1, 8);
        scores[5] = Double.NaN;
        Detection detection =
                Detection.at(0.5, List.of(series(scores, window(1, 2), window(8, 8))), Probation.ofRecords(3), 1);
        assertThat(detection.alarms()).isEqualTo(1);
        assertThat(detection.windows()).isEqualTo(1);
        assertThat(detection.trueNegatives()).isEqualTo(6);
    }

    @Test
    void withoutAlarmsThereIsNoPrecision() {
        Detection detection = Detection.at(1, List.of(series(flags(10), window(3, 4))), Probation.NONE, 1);
        assertThat(detection.precision()).isNaN();
        assertThat(detection.alarmsPerIncident()).isNaN();
        assertThat(detection.medianDelay()).isNaN();
        assertThat(detection.recall()).isZero();
        assertThatThrownBy(() -> Detection.at(1, List.of(), Probation.NONE, 0)).hasMessageContaining("hold-off is 0");
    }
}
