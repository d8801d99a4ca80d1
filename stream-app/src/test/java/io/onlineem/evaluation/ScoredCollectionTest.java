package io.onlineem.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoredCollectionTest {

    @TempDir
    private Path folder;

    private Path write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, List.of(lines));
    }

    private static ScoredCollection read(Path scores, Path labels, Path data) throws IOException {
        return ScoredCollection.read(scores, labels, data, Columns.USUAL);
    }

    @Test
    void scoresOfTheCommandScoreAreJoinedWithTheTimesOfTheirSeries() throws IOException {
        Path scores = write(
                "cpu.jsonl",
                "{\"model\":\"m\",\"version\":0,\"status\":\"warming-up\"}",
                "{\"status\":\"scored\",\"logLikelihood\":-2,\"outputs\":{\"score\":9},\"anomaly\":{\"score\":0.25}}",
                "{\"status\":\"scored\",\"logLikelihood\":-8,\"anomaly\":{\"score\":0.9,\"incident\":\"m-1\"}}");
        Path data = write(
                "cpu.csv",
                "timestamp,value",
                "2026-01-01 00:00:00,1",
                "2026-01-01 00:05:00,2",
                "2026-01-01 00:10:00,7");
        Path labels = write("labels.csv", "start,end,kind", "2026-01-01 00:07:00,2026-01-01T00:12:00Z,spike");
        EvaluatedFile file = read(scores, labels, data).files().get(0);
        assertThat(file.series().scores()).containsExactly(Double.NaN, 0.25, 0.9);
        assertThat(file.series().times()[1] - file.series().times()[0]).isEqualTo(300_000);
        assertThat(file.series().windowOfRecords()).containsExactly(-1, -1, 0);
        assertThat(file.series().windows().get(0).kind()).isEqualTo("spike");
        assertThat(file.incidents()).containsExactly(null, null, "m-1");
        assertThat(file.valueNames()).containsExactly("value");
        assertThat(file.values().get(0)).containsExactly(1, 2, 7);
        assertThat(file.timed()).isTrue();
    }

    @Test
    void theVerdictsOfAPresetAreIncidentsAndNoLabels() throws IOException {
        Path scores = write(
                "cpu.csv",
                "timestamp,score,tailProbability,confidence,anomaly,changePoint,value,expected,deviation,reason",
                "2026-01-01 00:00:00,0.9,1e-4,1,1,1,5,1,1,\"value is 5, not 1\"",
                "2026-01-01 00:05:00,0.1,0.5,1,1,0,1,1,1,",
                "2026-01-01 00:10:00,0.1,0.5,1,0,1,1,1,1,",
                "2026-01-01 00:15:00,0.8,1e-4,1,1,1,4,1,1,");
        assertThatThrownBy(() -> read(scores, null, null)).hasMessageContaining("give the labels with --labels");
        Path labels = write("labels.csv", "start,end", "2026-01-01 00:00:00,2026-01-01 00:05:00");
        EvaluatedFile file = read(scores, labels, null).files().get(0);
        assertThat(file.incidents()).containsExactly("1", "1", null, "2");
        assertThat(file.series().scores()).containsExactly(0.9, 0.1, 0.1, 0.8);
    }

    @Test
    void withoutAnomalyScoresTheSurpriseIsTaken() throws IOException {
        Path scores = write("a.jsonl", "{\"status\":\"scored\",\"logLikelihood\":-2.5}", "{\"logLikelihood\":1}");
        Path labels = write("a.csv", "label", "0", "1");
        ScoredCollection collection = read(scores, labels, null);
        assertThat(collection.surprises()).isEqualTo(1);
        assertThat(collection.isTimed()).isFalse();
        assertThat(collection.hasIncidents()).isFalse();
        assertThat(collection.series().get(0).scores()).containsExactly(2.5, -1);
        assertThat(collection.series().get(0).windowOfRecords()).containsExactly(-1, 0);
    }

    @Test
    void oneFileMayHoldTimesScoresAndLabels() throws IOException {
        Path file = write(
                "skab.csv",
                "datetime;Pressure;anomaly;score",
                "2020-03-09 10:14:33;0.1;0.0;0.1",
                "2020-03-09 10:14:34;0.2;1.0;",
                "2020-03-09 10:14:35;0.3;1.0;0.7",
                "2020-03-09 10:14:36;0.3;0.0;0.2");
        ScoredSeries series = read(file, null, null).series().get(0);
        assertThat(series.windowOfRecords()).containsExactly(-1, 0, 0, -1);
        assertThat(series.scores()).containsExactly(0.1, Double.NaN, 0.7, 0.2);
    }

    @Test
    void filesOfADirectoryBelongTogetherByName() throws IOException {
        write("scores/b.csv", "timestamp,score", "10,0.5", "20,0.6");
        write("scores/deep/a.csv", "timestamp,score", "10,0.5", "20,0.6", "30,0.7");
        Path labels = write("labels.csv", "file,start,end", "a.csv,15,20", "deep/a.csv,5,15", "b,20,20");
        ScoredCollection collection = read(folder.resolve("scores"), labels, null);
        assertThat(collection.series()).extracting(ScoredSeries::name).containsExactly("b", "deep/a");
        assertThat(collection.series().get(0).windowOfRecords()).containsExactly(-1, 0);
        // overlapping windows are one
        assertThat(collection.series().get(1).windowOfRecords()).containsExactly(0, 0, -1);
        Path labelled = write("truth/b.csv", "time,label", "1,1", "2,0").getParent();
        write("truth/a.csv", "time,label", "1,0", "2,0", "3,True");
        ScoredCollection byColumn = read(folder.resolve("scores"), labelled, null);
        assertThat(byColumn.series().get(1).windowOfRecords()).containsExactly(-1, -1, 0);
        assertThat(byColumn.series().get(1).times()).containsExactly(1000, 2000, 3000);
    }

    @Test
    void theScoresOfOneFileMayBeCalledAnything() throws IOException {
        Path scores = write("out.csv", "score", "0.5", "0.6");
        Path data = write("cpu.csv", "timestamp,value", "10,1", "20,2");
        Path labels = write("labels.csv", "file,start,end", "cpu.csv,20,20", "disk.csv,10,20");
        assertThat(read(scores, labels, data).series().get(0).windowOfRecords()).containsExactly(-1, 0);
    }

    @Test
    void whatDoesNotFitIsToldWithTheFileAndTheRemedy() throws IOException {
        Path scores = write("scores/x.csv", "timestamp,score", "10,0.5", "20,high");
        Path labels = write("labels.csv", "file,start,end", "y,1,2");
        assertThatThrownBy(() -> read(scores, labels, null))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("x.csv, record 2: column 'score' is 'high'; expected a number");
        write("scores/x.csv", "timestamp,score", "10,0.5", "20,1");
        assertThatThrownBy(() -> read(folder.resolve("scores"), labels, null))
                .hasMessageContaining("windows of the file 'y', of which there are no scores")
                .hasMessageEndingWith("expected one of x");
        assertThatThrownBy(() -> read(folder.resolve("nowhere"), labels, null))
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> read(scores, null, null)).hasMessageContaining("give the labels with --labels");
        Path shorter = write("short.csv", "timestamp,label", "10,0");
        assertThatThrownBy(() -> read(scores, shorter, null))
                .hasMessageContaining("2 records")
                .hasMessageContaining("has 1;")
                .hasMessageContaining("--skip-invalid");
        Path noScore = write("other.csv", "timestamp,value", "10,0.5");
        assertThatThrownBy(() -> read(noScore, labels, null)).hasMessageContaining("--score-column");
        Path ragged = write("ragged.csv", "timestamp,score", "10");
        assertThatThrownBy(() -> read(ragged, labels, null)).hasMessageContaining("line 2 has 1 values; expected 2");
        Path odd = write("odd.csv", "timestamp,score", "yesterday,1");
        assertThatThrownBy(() -> read(odd, labels, null)).hasMessageContaining("'yesterday'; expected a time");
        Path backwards = write("windows.csv", "start,end", "9,8");
        assertThatThrownBy(() -> read(scores, backwards, null)).hasMessageContaining("before its start");
        Path nothing = write("nothing.jsonl", "{\"a\":1}");
        assertThatThrownBy(() -> read(nothing, labels, null)).hasMessageContaining("expected the output of 'score'");
        Path broken = write("broken.jsonl", "{\"logLikelihood\":1}", "{\"logLikelihood\":");
        assertThatThrownBy(() -> read(broken, labels, null)).hasMessageContaining("broken.jsonl, line 2");
        Path timeless = write("timeless.jsonl", "{\"logLikelihood\":1}");
        assertThatThrownBy(() -> read(timeless, labels, null)).hasMessageContaining("--data");
    }

    @Test
    void generatedSeriesAreReadBackWithTheirLabels() throws IOException {
        List<LabelledSeries> series = SeriesFiles.generate(1, 3, true);
        SeriesFiles.write(folder, series);
        for (LabelledSeries one : series) {
            Table table = Table.read(folder.resolve("data/" + one.name() + ".csv"));
            StringBuilder scores = new StringBuilder("score\n");
            scores.append("0.5\n".repeat(table.size()));
            Files.createDirectories(folder.resolve("scores"));
            Files.writeString(folder.resolve("scores/" + one.name() + ".csv"), scores);
        }
        ScoredCollection read = read(folder.resolve("scores"), folder.resolve("labels.csv"), folder.resolve("data"));
        assertThat(read.files()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            EvaluatedFile file = read.files().get(i);
            assertThat(file.series().times()).isEqualTo(series.get(i).times());
            assertThat(file.series().windows()).isEqualTo(series.get(i).windows());
            assertThat(file.values()).hasSize(SensorGenerator.CHANNELS);
            assertThat(file.values().get(7)[5]).isEqualTo(series.get(i).values()[5][7]);
        }
    }
}
