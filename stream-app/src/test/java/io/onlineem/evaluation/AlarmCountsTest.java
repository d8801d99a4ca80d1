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

class AlarmCountsTest {

    @Test
    void recordsAreCountedOneByOne() {
        // window of records 4 to 7; flagged are 1, 5, 6 and 10, of 12
        AlarmCounts counts =
                AlarmCounts.at(1, List.of(series(flags(12, 1, 5, 6, 10), window(4, 7))), Probation.NONE, 1);
        assertThat(counts.truePositives()).isEqualTo(2);
        assertThat(counts.falsePositives()).isEqualTo(2);
        assertThat(counts.falseNegatives()).isEqualTo(2);
        assertThat(counts.trueNegatives()).isEqualTo(6);
        assertThat(counts.precision()).isEqualTo(0.5);
        assertThat(counts.recall()).isEqualTo(0.5);
        assertThat(counts.f1()).isEqualTo(0.5);
        assertThat(counts.falseAlarmRate()).isEqualTo(0.25);
        assertThat(counts.missingAlarmRate()).isEqualTo(0.5);
    }

    @Test
    void theF1OfACollectionPoolsItsRecords() {
        // 1 of 1 found, and 0 of 3 with one false: 2 * 1 / (2 * 1 + 1 + 3), not the mean of 1 and 0
        AlarmCounts counts = AlarmCounts.at(
                1, List.of(series(flags(5, 2), window(2, 2)), series(flags(6, 0), window(2, 4))), Probation.NONE, 1);
        assertThat(counts.f1()).isCloseTo(1.0 / 3, within(1e-15));
    }

    @Test
    void anAlarmIsARunAndShortPausesDoNotEndIt() {
        ScoredSeries series = series(flags(20, 1, 3, 10, 11, 14, 19), window(10, 14));
        AlarmCounts strict = AlarmCounts.at(1, List.of(series), Probation.NONE, 1);
        assertThat(strict.alarms()).isEqualTo(5);
        assertThat(strict.trueAlarms()).isEqualTo(2);
        assertThat(strict.alarmPrecision()).isEqualTo(0.4);
        assertThat(strict.alarmsPerIncident()).isEqualTo(2);
        AlarmCounts patient = AlarmCounts.at(1, List.of(series), Probation.NONE, 3);
        assertThat(patient.alarms()).isEqualTo(3);
        assertThat(patient.trueAlarms()).isEqualTo(1);
        assertThat(patient.alarmsPerIncident()).isEqualTo(1);
        assertThat(patient.windowRecall()).isEqualTo(1);
    }

    @Test
    void oneAlarmAcrossTwoWindowsIsOneOfEach() {
        AlarmCounts counts = AlarmCounts.at(
                1, List.of(series(flags(10, 2, 3, 4, 5), window(2, 3), window(5, 6))), Probation.NONE, 1);
        assertThat(counts.alarms()).isEqualTo(1);
        assertThat(counts.found()).isEqualTo(2);
        assertThat(counts.alarmsInWindows()).isEqualTo(2);
        assertThat(counts.alarmsPerIncident()).isEqualTo(1);
    }

    @Test
    void delaysRunFromTheStartOfTheWindow() {
        AlarmCounts counts = AlarmCounts.at(
                1,
                List.of(series(flags(40, 3, 25, 31), window(2, 5), window(20, 29), window(31, 33), window(35, 36))),
                Probation.NONE,
                1);
        assertThat(counts.delays()).containsExactly(MINUTE, 5 * MINUTE, 0L);
        assertThat(counts.medianDelay()).isEqualTo(MINUTE);
        assertThat(counts.meanDelay()).isEqualTo(2 * MINUTE);
        assertThat(counts.windowRecall()).isEqualTo(0.75);
    }

    @Test
    void alarmsAreCountedByTheDayOfASeries() {
        // 2,881 records, a minute apart: two days, two series of them
        double[] scores = flags(2881, 100, 200, 300);
        AlarmCounts counts =
                AlarmCounts.at(1, List.of(series(scores, window(100, 110)), series(scores)), Probation.NONE, 1);
        assertThat(counts.days()).isEqualTo(4);
        assertThat(counts.alarmsPerDay()).isEqualTo(1.5);
        assertThat(counts.falseAlarmsPerDay()).isEqualTo(1.25);
    }

    @Test
    void whatLiesInTheProbationOrHasNoScoreIsNoAlarm() {
        double[] scores = flags(10, 0, 1, 8);
        scores[5] = Double.NaN;
        AlarmCounts counts =
                AlarmCounts.at(0.5, List.of(series(scores, window(1, 2), window(8, 8))), Probation.ofRecords(3), 1);
        assertThat(counts.alarms()).isEqualTo(1);
        assertThat(counts.windows()).isEqualTo(1);
        assertThat(counts.trueNegatives()).isEqualTo(6);
    }

    @Test
    void withoutAlarmsThereIsNoPrecision() {
        AlarmCounts counts = AlarmCounts.at(1, List.of(series(flags(10), window(3, 4))), Probation.NONE, 1);
        assertThat(counts.precision()).isNaN();
        assertThat(counts.alarmsPerIncident()).isNaN();
        assertThat(counts.medianDelay()).isNaN();
        assertThat(counts.recall()).isZero();
        assertThatThrownBy(() -> AlarmCounts.at(1, List.of(), Probation.NONE, 0))
                .hasMessageContaining("hold-off is 0");
    }
}
