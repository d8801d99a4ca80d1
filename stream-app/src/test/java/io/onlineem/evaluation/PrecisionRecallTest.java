package io.onlineem.evaluation;

import static io.onlineem.evaluation.Examples.series;
import static io.onlineem.evaluation.Examples.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrecisionRecallTest {

    @Test
    void theAreaIsThePrecisionAtEveryRecordFound() {
        // falling: 9 (hit), 8 (no), 7 (hit), 6 (hit), the rest not: (1/1 + 2/3 + 3/4) / 3
        ScoredSeries series = series(new double[] {1, 8, 9, 7, 6, 2}, window(2, 4));
        PrecisionRecall curve = PrecisionRecall.ofRecords(List.of(series), Probation.NONE);
        assertThat(curve.area()).isCloseTo((1 + 2.0 / 3 + 0.75) / 3, within(1e-15));
        assertThat(curve.bestF1()).isCloseTo(6.0 / 7, within(1e-15));
        assertThat(curve.bestThreshold()).isEqualTo(6);
    }

    @Test
    void recordsOfOneScoreAreFlaggedTogether() {
        ScoredSeries same = series(new double[] {5, 5, 5, 5}, window(2, 2));
        assertThat(PrecisionRecall.ofRecords(List.of(same), Probation.NONE).area())
                .isEqualTo(0.25);
        ScoredSeries zeros = series(new double[] {0.0, -0.0, 0.0, -0.0}, window(2, 2));
        assertThat(PrecisionRecall.ofRecords(List.of(zeros), Probation.NONE).area())
                .isEqualTo(0.25);
    }

    @Test
    void recordsWithoutScoreAreNeverFound() {
        ScoredSeries series = series(new double[] {Double.NaN, 1, 3, Double.NaN}, window(2, 3));
        PrecisionRecall curve = PrecisionRecall.ofRecords(List.of(series), Probation.NONE);
        assertThat(curve.area()).isEqualTo(0.5);
    }

    @Test
    void windowsAreFoundByTheirHighestRecordAndStretchesAreFalseAlarmsByTheirs() {
        // windows of 9 and 5; stretches of 0, of 8 and of 1
        ScoredSeries series = series(new double[] {0, 9, 4, 0, 8, 6, 7, 0, 5, 1}, window(1, 2), window(8, 8));
        PrecisionRecall curve = PrecisionRecall.ofWindows(List.of(series), Probation.NONE);
        assertThat(curve.area()).isCloseTo((1 + 2.0 / 3) / 2, within(1e-15));
        assertThat(curve.bestF1()).isCloseTo(0.8, within(1e-15));
        assertThat(curve.bestThreshold()).isEqualTo(5);
    }

    @Test
    void anAlarmThatNeverEndsIsAsManyAsItHasStretches() {
        double[] scores = new double[201];
        Arrays.fill(scores, 1);
        // 200 records outside: 100 before, 100 after, two stretches each
        PrecisionRecall curve = PrecisionRecall.ofWindows(List.of(series(scores, window(100, 100))), Probation.NONE);
        assertThat(curve.area()).isCloseTo(0.2, within(1e-15));
    }

    @Test
    void theProbationCountsForNothing() {
        ScoredSeries series = series(new double[] {9, 9, 0, 3, 1}, window(1, 1), window(3, 3));
        assertThat(PrecisionRecall.ofWindows(List.of(series), Probation.ofRecords(2))
                        .area())
                .isEqualTo(1);
        assertThat(PrecisionRecall.ofRecords(List.of(series), Probation.ofRecords(2))
                        .area())
                .isEqualTo(1);
    }

    @Test
    void aCollectionWithoutLabelsHasNoCurve() {
        assertThatThrownBy(() -> PrecisionRecall.ofRecords(List.of(series(new double[3])), Probation.NONE))
                .hasMessageContaining("no labelled record");
    }
}
