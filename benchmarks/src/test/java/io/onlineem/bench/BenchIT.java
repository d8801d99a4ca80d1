package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;

/** Every part with few records on a real broker: that it runs and measures, not what. */
class BenchIT {

    private final Progress silent = new Progress(new PrintWriter(Writer.nullWriter()));

    @Test
    void pipelineIsComparedWithACopyForEveryPosteriorContent() throws Exception {
        Section section = new PipelineBench(2_000, 1, 0, silent).run();
        assertThat(section.rows())
                .extracting(row -> row.get(0))
                .containsExactly("none: copy", "full", "most-likely", "binary");
        for (int row = 0; row < 4; row++) {
            assertThat((Double) section.value(row, "recordsPerSecond")).isPositive();
            assertThat((Double) section.value(row, "bytesPerRecord")).isPositive();
        }
        assertThat((Double) section.value(1, "ratio")).isPositive();
        assertThat((Double) section.value(1, "bytesPerRecord"))
                .isGreaterThan((Double) section.value(2, "bytesPerRecord"));
    }

    @Test
    void aHiddenMarkovModelIsComparedWithACopyOfTheSameSequences() throws Exception {
        Section section = new PipelineBench(2_000, 1, 20, silent).run();
        assertThat(section.rows()).hasSize(4);
        assertThat((Double) section.value(1, "ratio")).isPositive();
    }

    @Test
    void profileDividesTheStreamThreadAmongTheSteps() throws Exception {
        Section section = new PipelineBench(50_000, 1, 0, silent).profile();
        double total = section.rows().stream()
                .filter(row -> row.get(0).equals("step"))
                .mapToDouble(row -> (Double) row.get(2))
                .sum();
        assertThat(total).isBetween(99.9, 100.1);
    }

    @Test
    void thePipelineIsComparedWithAndWithoutMetricsAndPage() throws Exception {
        Section section = new OverheadBench(2_000, 1, silent).run();
        assertThat(section.rows())
                .extracting(row -> row.get(0))
                .containsExactly("nothing", "metrics", "metrics, scraped", "metrics, scraped, and page");
        for (int row = 1; row < 4; row++) {
            assertThat((Double) section.value(row, "ratio")).isPositive();
        }
    }

    @Test
    void latencyIsMeasuredForCopyAndPosterior() throws Exception {
        Section section = new LatencyBench(500, 1, 1, silent).run();
        assertThat(section.rows()).extracting(row -> row.get(0)).containsExactly("none: copy", "full");
        for (int row = 0; row < 2; row++) {
            double median = (Double) section.value(row, "p50Millis");
            assertThat(median).isPositive();
            assertThat((Double) section.value(row, "p99Millis")).isGreaterThanOrEqualTo(median);
        }
    }

    @Test
    void everyKeyHasItsModel() throws Exception {
        Section section = new KeysBench(50, 4, silent).run();
        assertThat((Long) section.value(0, "modelsPublished")).isGreaterThanOrEqualTo(50);
        assertThat((Double) section.value(0, "recordsPerSecond")).isPositive();
        assertThat((Double) section.value(0, "changelogsMiB")).isPositive();
    }
}
