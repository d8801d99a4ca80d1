package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.evaluation.SeriesGenerator;
import io.onlineem.evaluation.SeriesScorer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForestBenchTest {

    @Test
    void everyDetectorHasItsRateAndItsMeasures() {
        StringWriter messages = new StringWriter();
        Section section = new ForestBench(8, 2, false, new Progress(new PrintWriter(messages))).run();
        assertThat(section.rows()).hasSizeGreaterThanOrEqualTo(4);
        for (int row = 0; row < section.rows().size(); row++) {
            assertThat((Double) section.value(row, "recordsPerSecond")).isPositive();
            assertThat((Double) section.value(row, "windowedScore")).isBetween(0.0, 100.0);
            assertThat((Double) section.value(row, "areaRecords")).isBetween(0.0, 1.0);
            assertThat((String) section.value(row, "found")).endsWith("/5");
        }
        assertThat((Double) section.value(0, "timesForest")).isEqualTo(1);
    }

    @Test
    void theWindowedGaussianScoresByTheTailOfTheRecordsInItsWindow() {
        SeriesScorer detector = new WindowedGaussian();
        Random random = new Random(1);
        double[] given = new double[7000];
        for (int i = 0; i < given.length; i++) {
            given[i] = 1000 + random.nextGaussian() + (i < 500 ? 50 : 0);
            detector.score(i, new double[] {given[i]});
        }
        // the last 6,400 of them: from 600 on, where the level is 1000
        double sum = 0;
        for (int i = 600; i < 7000; i++) {
            sum += given[i];
        }
        double mean = sum / 6400;
        double squares = 0;
        for (int i = 600; i < 7000; i++) {
            squares += (given[i] - mean) * (given[i] - mean);
        }
        double deviation = Math.sqrt(squares / 6400);
        // Q(1.959964) = 0.025, on either side
        assertThat(detector.score(7000, new double[] {mean - 1.959963984540054 * deviation}))
                .isCloseTo(0.975, within(1e-9));
        assertThat(new WindowedGaussian().score(0, new double[] {3})).isZero();
    }

    @Test
    void whileItsWindowFillsItIsFittedToWhatThereIs() {
        SeriesScorer detector = new WindowedGaussian();
        for (double value : new double[] {1, 2, 3, 4}) {
            detector.score(0, new double[] {value});
        }
        // mean 2.5, variance 1.25
        assertThat(detector.score(0, new double[] {2.5 + 1.959963984540054 * Math.sqrt(1.25)}))
                .isCloseTo(0.975, within(1e-9));
    }

    @Test
    void seriesWithAnomaliesAreWhatItIsMeasuredOn() {
        assertThat(SeriesGenerator.series(8).windows().size()
                        + SeriesGenerator.series(9).windows().size())
                .isEqualTo(5);
    }
}
