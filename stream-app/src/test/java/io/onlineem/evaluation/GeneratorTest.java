package io.onlineem.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    private static final List<LabelledSeries> DEVELOPMENT =
            Seeds.development().mapToObj(SeriesGenerator::series).toList();

    @Test
    void theSameSeedGivesTheSameSeriesAndAnotherSeedAnother() {
        LabelledSeries once = SeriesGenerator.series(7);
        LabelledSeries again = SeriesGenerator.series(7);
        assertThat(again.times()).isEqualTo(once.times());
        assertThat(again.values()).isDeepEqualTo(once.values());
        assertThat(again.windows()).isEqualTo(once.windows());
        assertThat(SeriesGenerator.series(22).values()).isNotEqualTo(once.values());
        assertThat(SensorGenerator.series(7).values())
                .isDeepEqualTo(SensorGenerator.series(7).values());
    }

    @Test
    void developmentAndHeldOutSeedsHaveNothingInCommon() {
        Set<Long> development = Seeds.development().boxed().collect(Collectors.toSet());
        assertThat(development).hasSize(100);
        assertThat(Seeds.heldOut().filter(development::contains)).isEmpty();
    }

    @Test
    void everyKindOfProcessAndOfAnomalyOccurs() {
        assertThat(DEVELOPMENT.stream().map(LabelledSeries::process).distinct()).hasSize(BehaviourKind.values().length);
        assertThat(DEVELOPMENT.stream()
                        .flatMap(series -> series.windows().stream())
                        .map(Window::kind)
                        .distinct())
                .hasSize(AnomalyKind.values().length);
        assertThat(DEVELOPMENT.stream().map(series -> series.windows().size()).distinct())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void seriesHaveFiniteValuesTimesInOrderAndACleanBeginning() {
        for (LabelledSeries series : DEVELOPMENT) {
            assertThat(series.times().length).isBetween(900, 20_000);
            assertThat(series.times()).isSorted().doesNotHaveDuplicates();
            for (double[] record : series.values()) {
                assertThat(record).hasSize(1);
                assertThat(record[0]).isFinite();
            }
            int[] windows = series.scoredBy((time, values) -> 0).windowOfRecords();
            for (int i = 0; i < windows.length * 0.19; i++) {
                assertThat(windows[i]).as(series.name()).isEqualTo(-1);
            }
            for (Window window : series.windows()) {
                assertThat(LongStream.of(series.times()).filter(window::contains))
                        .as(series.name() + " " + window)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void anomaliesChangeTheValuesInsideOfTheirWindows() {
        for (LabelledSeries series : DEVELOPMENT) {
            for (Window window : series.windows()) {
                if (window.kind().equals(AnomalyKind.FLAT_LINE.label())) {
                    assertThat(distinctValues(series, window)).as(series.name()).isEqualTo(1);
                }
            }
        }
    }

    private static long distinctValues(LabelledSeries series, Window window) {
        return java.util.stream.IntStream.range(0, series.times().length)
                .filter(i -> window.contains(series.times()[i]))
                .mapToDouble(i -> series.values()[i][0])
                .distinct()
                .count();
    }

    @Test
    void sensorsHaveEightChannelsAndFourHundredCleanRecords() {
        Seeds.development().mapToObj(SensorGenerator::series).forEach(series -> {
            assertThat(series.times().length).isBetween(1000, 1200);
            assertThat(series.times()).isSorted().doesNotHaveDuplicates();
            assertThat(series.windows()).hasSizeBetween(1, 2);
            assertThat(series.windows().get(0).start()).isGreaterThan(series.times()[399]);
            int[] windows = series.scoredBy((time, values) -> 0).windowOfRecords();
            for (int w = 0; w < series.windows().size(); w++) {
                int window = w;
                assertThat(java.util.Arrays.stream(windows)
                                .filter(of -> of == window)
                                .count())
                        .isBetween(100L, 300L);
            }
            for (double[] record : series.values()) {
                assertThat(record).hasSize(8);
            }
        });
    }

    @Test
    void daysOfTheWeekCountFromMonday() {
        // 2026-01-01 was a Thursday
        assertThat(Behaviour.dayOfWeek(SeriesGenerator.START, new Conditions())).isEqualTo(3);
        assertThat(Behaviour.isWeekend(SeriesGenerator.START + 2 * Behaviour.DAY, new Conditions()))
                .isTrue();
        assertThat(Behaviour.isWeekend(SeriesGenerator.START + 4 * Behaviour.DAY, new Conditions()))
                .isFalse();
    }

    @Test
    void valuesHaveSixSignificantDigits() {
        assertThat(SeriesGenerator.rounded(123.456789)).isEqualTo(123.457);
        assertThat(SeriesGenerator.rounded(-0.00123456789)).isEqualTo(-0.00123457);
        assertThat(SeriesGenerator.rounded(0)).isZero();
    }
}
