package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code score} with a preset: a configuration of one line, any file of the kind. */
class PresetScoringTest {

    private static final int RECORDS = 1500;
    private static final int SPIKE = 1200;

    @TempDir
    Path directory;

    private record Result(int code, List<String> lines, String err) {

        double number(int record, String column) {
            int at = List.of(lines.get(0).split(",", -1)).indexOf(column);
            return Double.parseDouble(cells(record)[at]);
        }

        String[] cells(int record) {
            return lines.get(1 + record).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
        }
    }

    private Result score(String preset, List<String> records, String... options) throws IOException {
        Path config = Files.writeString(directory.resolve("preset.yaml"), preset);
        Path file = Files.write(directory.resolve("records.csv"), records);
        List<String> arguments = new ArrayList<>(List.of("score", "-c", config.toString()));
        arguments.addAll(List.of(options));
        arguments.add(file.toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int code = command.execute(arguments.toArray(String[]::new));
        return new Result(code, out.toString().lines().toList(), err.toString());
    }

    /** An autoregression with a spike. */
    private static List<String> metric(String separator) {
        SplittableRandom random = new SplittableRandom(1);
        LocalDateTime time = LocalDateTime.of(2014, 2, 14, 14, 30);
        List<String> lines = new ArrayList<>(List.of("timestamp" + separator + "value"));
        double state = 0;
        for (int i = 0; i < RECORDS; i++) {
            state = 0.9 * state + random.nextGaussian();
            double value = 50 + state + (i == SPIKE ? 25 : 0);
            lines.add(time.plusMinutes(5L * i).toString().replace('T', ' ')
                    + separator
                    + String.format(Locale.ROOT, "%.3f", value));
        }
        return lines;
    }

    @Test
    void everyRecordHasALineAlsoOneWithoutAValue() throws IOException {
        List<String> records = metric(",");
        records.set(1 + 700, "2014-02-17 00:50,");
        records.set(1 + 701, "2014-02-17 00:55,broken");
        Result result = score("preset: univariate-metric\n", records);

        assertThat(result.code).as(result.err).isZero();
        assertThat(result.lines).hasSize(1 + RECORDS);
        assertThat(result.lines.get(0))
                .startsWith("timestamp,score,tailProbability,confidence,anomaly,incident,changePoint,value");
        assertThat(result.number(0, "score")).isZero();
        assertThat(result.number(0, "confidence")).isZero();
        assertThat(result.lines.get(1)).contains("warming up");
        assertThat(result.number(700, "score")).isZero();
        assertThat(result.lines.get(701)).endsWith("no value");
        assertThat(result.number(701, "score")).isZero();
        assertThat(result.lines.get(702)).contains("is 'broken'");
        assertThat(result.number(SPIKE, "score")).isGreaterThan(0.7);
        assertThat(result.number(SPIKE, "anomaly")).isEqualTo(1);
        assertThat(result.number(SPIKE, "expected")).isBetween(40.0, 60.0);
        assertThat(result.err).contains("1500 records, of which 1 was not valid");
    }

    @Test
    void whatComesLaterChangesNothing() throws IOException {
        List<String> whole = metric(",");
        Result all = score("preset: univariate-metric\n", whole);
        Result part = score("preset: univariate-metric\n", whole.subList(0, 1 + SPIKE));

        assertThat(part.lines).isEqualTo(all.lines.subList(0, 1 + SPIKE));
    }

    @Test
    void aSemicolonSeparatesColumnsIfThereIsNoComma() throws IOException {
        assertThat(score("preset: univariate-metric\n", metric(";")).lines)
                .isEqualTo(score("preset: univariate-metric\n", metric(",")).lines);
    }

    @Test
    void settingsBesideThePresetComeBeforeIt() throws IOException {
        List<String> records = new ArrayList<>(metric(","));
        records.set(0, "when,load");
        Result result = score(
                "preset: univariate-metric\ninput: {timestamp: when, fields: [load]}\nlearning: {warmUp: 300}\n",
                records);

        assertThat(result.code).as(result.err).isZero();
        assertThat(result.lines.get(300)).contains("nothing to compare");
        assertThat(result.lines.get(301)).doesNotContain("nothing to compare");
    }

    @Test
    void anotherNameThanThatOfAPresetIsAnError() throws IOException {
        Result result = score("preset: metric\n", metric(","));

        assertThat(result.code).isEqualTo(2);
        assertThat(result.err).contains("preset is 'metric'; expected one of univariate-metric, sensor-array");
    }

    @Test
    void channelsOfAnArrayAreItsColumnsOfNumbersButLabels() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        List<String> records = new ArrayList<>(List.of("datetime;Pump RMS;Flow;Voltage;anomaly;changepoint"));
        LocalDateTime time = LocalDateTime.of(2020, 3, 9, 10, 14);
        for (int i = 0; i < 1000; i++) {
            double common = random.nextGaussian();
            double shift = i >= 700 && i < 850 ? 5 : 0;
            records.add(String.format(
                    Locale.ROOT,
                    "%s;%.4f;%.4f;230;%s;0.0",
                    time.plusSeconds(i),
                    common + shift + 0.3 * random.nextGaussian(),
                    2 * common + 0.3 * random.nextGaussian(),
                    shift > 0 ? "1.0" : "0.0"));
        }
        Result result = score("preset: sensor-array\n", records);

        assertThat(result.code).as(result.err).isZero();
        assertThat(result.lines.get(0)).contains("value of Pump RMS", "value of Flow", "value of Voltage");
        assertThat(result.lines.get(0)).doesNotContain("value of anomaly", "value of changepoint");
        int found = 0;
        int wrong = 0;
        int marks = 0;
        for (int i = 400; i < 1000; i++) {
            double flagged = result.number(i, "anomaly");
            found += i >= 700 && i < 850 && flagged == 1 ? 1 : 0;
            wrong += (i < 700 || i >= 900) && flagged == 1 ? 1 : 0;
            marks += result.number(i, "changePoint") == 1 ? 1 : 0;
        }
        assertThat(found).isGreaterThan(140);
        // of 400; one in ten is what is measured on generated arrays
        assertThat(wrong).isLessThan(40);
        assertThat(marks).isGreaterThanOrEqualTo(2);
    }
}
