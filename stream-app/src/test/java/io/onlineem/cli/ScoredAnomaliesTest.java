package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code score} says of anomalies in a file. */
class ScoredAnomaliesTest {

    private static final String CONFIGURATION = """
            application: app
            input: {topic: in, fields: [x, y]}
            model: {name: m, components: 2}
            learning: {warmUp: 50, miniBatch: 10}
            anomaly: {enabled: true, scope: SCOPE, tailProbability: 0.001, quiet: 20, quietTime: 60s}
            """;

    @TempDir
    private Path folder;

    private Path alerts;

    private record Run(int code, List<String> out, String err) {}

    @BeforeEach
    void nameAlerts() {
        alerts = folder.resolve("alerts.jsonl");
    }

    private Run run(String scope, String data, String... more) throws IOException {
        Path configuration = Files.writeString(folder.resolve("app.yaml"), CONFIGURATION.replace("SCOPE", scope));
        List<String> arguments = new ArrayList<>(List.of("score", "-c", configuration.toString()));
        arguments.addAll(List.of(more));
        arguments.add(Files.writeString(folder.resolve("data.csv"), data).toString());
        return execute(arguments);
    }

    private static Run execute(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(arguments.toArray(String[]::new));
        return new Run(code, out.toString().lines().toList(), err.toString());
    }

    /** Records of two machines, one of which fails for good after some time. */
    private static String machines(boolean timed) {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder csv = new StringBuilder(timed ? "x,y,machine,time\n" : "x,y,machine\n");
        for (int i = 0; i < 3000; i++) {
            boolean failed = i >= 2000;
            String machine = i % 2 == 0 || (failed && i > 2010) ? "a" : "b";
            double wrong = failed && machine.equals("b") ? 30 : 0;
            csv.append(String.format(
                    Locale.ROOT, "%.3f,%.3f,%s", random.nextGaussian() + wrong, random.nextGaussian(), machine));
            csv.append(timed ? "," + (1_700_000_000L + i) : "").append('\n');
        }
        return csv.toString();
    }

    @Test
    void recordsOfASharedModelAreWatchedTogether() throws IOException {
        Run run = run("model", machines(true), "--alerts", alerts.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().subList(0, 50)).noneMatch(line -> line.contains("anomaly"));
        assertThat(run.out().subList(50, 3000)).allMatch(line -> line.contains("\"anomaly\":{\"score\":"));
        assertThat(run.out().get(2001)).contains("\"incident\":\"m/0#", "\"explanation\":{\"summary\":\"x is ");
        assertThat(Files.readAllLines(alerts))
                .anyMatch(line -> line.contains("\"status\":\"opened\"") && line.contains("\"start\":1700002001000"))
                .allMatch(line -> line.contains("\"stream\":\"m/0\""));
        assertThat(run.err()).containsPattern("; [0-9]+ incidents? of [0-9]+ records");
    }

    @Test
    void aKeyWatchesTheRecordsOfASharedModelApartAndThoseThatFellSilentAreClosed() throws IOException {
        Run run = run("key", machines(true), "--key", "machine", "--alerts", alerts.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).allMatch(line -> line.startsWith("{\"model\":\"m\","));
        List<String> told = Files.readAllLines(alerts);
        assertThat(told)
                .anyMatch(line -> line.contains("\"stream\":\"m/b\"") && line.contains("\"start\":1700002001000"));
        assertThat(told.get(told.size() - 1))
                .contains("\"status\":\"closed\"", "\"stream\":\"m/b\"", "\"version\":0", "\"start\":1700002001000");
    }

    @Test
    void whatIsMadeUpOfTimesIsSaid() throws IOException {
        assertThat(run("model", machines(false)).err()).contains("records are taken to be a second apart");
        Run run = run("model", machines(true).replaceFirst("1700000007\n", "soon\n"));
        assertThat(run.err()).contains("1 record has no time that can be read", "line 9: time is 'soon'");
    }

    @Test
    void withoutAKeyNothingIsWatchedByKey() throws IOException {
        Run run = run("key", machines(true));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("anomaly.scope is key; give --key");
    }

    @Test
    void alertsThatNobodyTellsOrThatCannotBeWrittenAreRefused() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), machines(true));
        Run unwatched = execute(
                List.of("score", "-k", "2", "--features", "x,y", "--alerts", alerts.toString(), data.toString()));
        assertThat(unwatched.code()).isEqualTo(2);
        assertThat(unwatched.err()).contains("anomaly.enabled is not true");

        Path preset = Files.writeString(folder.resolve("preset.yaml"), "preset: sensor-array\n");
        Run table = execute(List.of("score", "-c", preset.toString(), "--alerts", alerts.toString(), data.toString()));
        assertThat(table.code()).isEqualTo(2);
        assertThat(table.err()).contains("--alerts is not for presets");

        Run nowhere = run(
                "model",
                machines(true),
                "--alerts",
                folder.resolve("none/alerts.jsonl").toString());
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("cannot be written").contains("none");
    }

    @Test
    void whatTablesOfPresetsDoNotHeedIsRefused() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), machines(true));
        Path preset = Files.writeString(folder.resolve("preset.yaml"), "preset: sensor-array\n");
        for (List<String> useless : List.of(List.of("--content", "full"), List.of("--skip-invalid"))) {
            List<String> arguments = new ArrayList<>(List.of("score", "-c", preset.toString(), data.toString()));
            arguments.addAll(useless);
            Run run = execute(arguments);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains(useless.get(0) + " has no use with a preset");
        }
    }

    @Test
    void aColumnThatIsNotThereIsToldBeforeAnythingIsPrinted() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), machines(true));
        Path preset = Files.writeString(
                folder.resolve("preset.yaml"), "preset: sensor-array\ninput: {timestamp: when, fields: [x, y]}\n");
        Run run = execute(List.of("score", "-c", preset.toString(), data.toString()));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("there is no column 'when'");
        assertThat(run("key", machines(true), "--key", "pump").out()).isEmpty();
    }
}
