package io.onlineem.evaluation;

import static io.onlineem.evaluation.Examples.MINUTE;
import static io.onlineem.evaluation.Examples.series;
import static io.onlineem.evaluation.Examples.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoredSeriesTest {

    @Test
    void widenedWindowsShareATenthOfTheRecords() {
        ScoredSeries wide =
                series(new double[200], window(50, 50), window(120, 123)).widened(0.1);
        assertThat(wide.windows())
                .extracting(Window::start, Window::end)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(46 * MINUTE, 55 * MINUTE),
                        org.assertj.core.api.Assertions.tuple(117 * MINUTE, 126 * MINUTE));
    }

    @Test
    void wideWindowsStayAndCloseOnesMeetHalfWay() {
        ScoredSeries wide = series(new double[100], window(0, 30), window(40, 41), window(46, 46))
                .widened(0.3);
        assertThat(wide.windows().get(0)).isEqualTo(new Window(0, 30 * MINUTE, ""));
        assertThat(wide.windows().get(1).start()).isEqualTo(36 * MINUTE);
        assertThat(wide.windows().get(1).end()).isEqualTo(43 * MINUTE + MINUTE / 2);
        assertThat(wide.windows().get(2).start()).isEqualTo(43 * MINUTE + MINUTE / 2 + 1);
        assertThat(wide.windowOfRecords()[43]).isEqualTo(1);
        assertThat(wide.windowOfRecords()[44]).isEqualTo(2);
    }

    @Test
    void aWindowWithoutRecordsHoldsNone() {
        ScoredSeries gap =
                new ScoredSeries("gap", new long[] {0, 10, 100}, new double[3], List.of(new Window(20, 30, "")));
        assertThat(gap.windowOfRecords()).containsOnly(-1);
    }

    @Test
    void timesThatGoBackAndWindowsThatOverlapAreRefused() {
        assertThatThrownBy(() -> new ScoredSeries("x", new long[] {2, 1}, new double[2], List.of()))
                .hasMessageContaining("'x' goes back in time at record 2");
        assertThatThrownBy(() -> series(new double[10], window(1, 5), window(5, 6)))
                .hasMessageContaining("join those that overlap");
        assertThatThrownBy(() -> series(new double[10]).widened(1)).hasMessageContaining("share of records");
        assertThatThrownBy(() -> new Window(5, 4, "")).hasMessageContaining("before its start");
    }
}
