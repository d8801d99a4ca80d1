package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {

    @TempDir
    private Path folder;

    private Path scores;
    private Path labels;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(Stream.concat(Stream.of("evaluate"), Stream.of(arguments))
                .map(Object::toString)
                .toArray(String[]::new));
    }

    /** 100 records, a minute apart; 50 to 59 are anomalous; 52 is found and 90 is a false alarm. */
    @BeforeEach
    void writeFiles() throws IOException {
        StringBuilder text = new StringBuilder("timestamp,score\n");
        for (int i = 0; i < 100; i++) {
            text.append(60 * i)
                    .append(',')
                    .append(i == 52 ? 0.9 : i == 90 ? 0.8 : 0.1)
                    .append('\n');
        }
        scores = Files.writeString(folder.resolve("cpu.csv"), text);
        labels = Files.write(folder.resolve("labels.csv"), List.of("start,end,kind", "3000,3540,level-shift"));
    }

    @Test
    void everyMeasureIsTold() {
        assertThat(run("--scores", scores, "--labels", labels, "--threshold", "0.5", "--by-file"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("1 file, 100 records, 85 of them judged, 11.8 % of these in 1 window; 0 without a score")
                .contains("standard", "low false positives", "low false negatives")
                .contains("records   precision 0.500   recall 0.100   F1 0.167   false alarm rate 0.013")
                .contains("missing alarm rate 0.900")
                .contains("alarms    2, of which 1 false   precision 0.500   windows found 1 of 1")
                .contains("alarms per incident 1.000")
                .contains("per day   alarms 34.286   false alarms 17.143")
                .contains("median 2.0 min")
                .contains("level-shift")
                .containsPattern("cpu +100 +1/1 +1 +0.167");
    }

    @Test
    void theThresholdOfTheBestF1IsTakenForLackOfOne() {
        assertThat(run("--scores", scores, "--labels", labels)).isZero();
        assertThat(out.toString())
                .contains("at threshold 0.900, the best by windows")
                .contains("alarms    1, of which 0");
    }

    @Test
    void withoutWindowsThereAreStillAlarms() throws IOException {
        Path none = Files.write(folder.resolve("none.csv"), List.of("start,end"));
        assertThat(run("--scores", scores, "--labels", none, "--threshold", "0.5"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("alarms    2, of which 2 false")
                .contains("the labels have no window of 'cpu'");
        Path early = Files.write(folder.resolve("early.csv"), List.of("start,end", "0,60"));
        assertThat(run("--scores", scores, "--labels", early)).isZero();
        assertThat(out.toString()).contains("no labelled window holds a record after the probation");
    }

    @Test
    void theSeriesIsDrawnAsPngAndAsSvg() throws IOException {
        StringBuilder text = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 100; i++) {
            text.append(60 * i).append(',').append(Math.sin(i)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("data.csv"), text);
        Path png = folder.resolve("cpu.png");
        assertThat(run("--scores", scores, "--labels", labels, "--data", data, "--plot", png))
                .as(err.toString())
                .isZero();
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(1400);
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        assertThat(Arrays.stream(pixels).distinct().count()).isGreaterThan(20);
        // something is flagged, and red
        assertThat(Arrays.stream(pixels)
                        .filter(pixel -> (pixel & 0xffffff) == 0xd62728)
                        .count())
                .isPositive();
        Path svg = folder.resolve("cpu.svg");
        assertThat(run("--scores", scores, "--labels", labels, "--plot", svg)).isZero();
        assertThat(Files.readString(svg)).contains("<svg").contains("<path").contains("214");
        assertThat(run("--scores", scores, "--labels", labels, "--plot", folder.resolve("cpu.gif")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("ends in .png or .svg");
        assertThat(run("--scores", scores, "--labels", labels, "--plot", png, "--plot-of", "disk"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--plot-of is 'disk'; expected one of cpu");
    }

    @Test
    void seriesAreGeneratedWithTheirLabels() throws IOException {
        assertThat(run("--generate", folder.resolve("trial"), "--seeds", "3..4", "--sensors"))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("trial/data/sensors-3.csv"))
                        .get(0))
                .isEqualTo("timestamp,value1,value2,value3,value4,value5,value6,value7,value8");
        assertThat(Files.readString(folder.resolve("trial/labels.csv"))).contains("sensors-4.csv,2026-01-");
    }

    @Test
    void wrongUsageIsExitCode2AndUnreadableFilesAre1() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("give --scores, or --generate");
        assertThat(run("--scores", scores, "--probation", "1.5")).isEqualTo(2);
        assertThat(err.toString()).contains("--probation is 1.5");
        assertThat(run("--scores", scores, "--widen", "1")).isEqualTo(2);
        assertThat(run("--scores", scores, "--hold-off", "0")).isEqualTo(2);
        assertThat(run("--generate", folder, "--seeds", "9..1")).isEqualTo(2);
        assertThat(err.toString()).contains("--seeds is '9..1'");
        assertThat(run("--generate", folder, "--labels", labels)).isEqualTo(2);
        assertThat(run("--scores", folder.resolve("nowhere.csv"), "--labels", labels))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no file or directory").doesNotContain("Exception");
        assertThat(run("--scores", scores)).isEqualTo(1);
        assertThat(err.toString()).contains("give the labels with --labels");
    }

    @Test
    void optionsThatWouldDoNothingAreRefused() {
        assertThat(run("--scores", scores, "--labels", labels, "--plot-of", "cpu"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--plot-of has no use without --plot");
        assertThat(run("--scores", scores, "--labels", labels, "--sensors")).isEqualTo(2);
        assertThat(err.toString()).contains("--sensors has no use without --generate");
        assertThat(run("--scores", scores, "--labels", labels, "--seeds", "1..2"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--seeds has no use without --generate");
    }

    @Test
    void whatCannotBeWrittenIsTold() {
        assertThat(run("--scores", scores, "--labels", labels, "--plot", folder.resolve("none/cpu.png")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none/cpu.png; expected a name in a directory that exists");
        assertThat(run("--generate", scores, "--seeds", "1..1")).isEqualTo(1);
        assertThat(err.toString()).contains("series cannot be written to").doesNotContain("--debug");
    }

    @Test
    void whatScoresFlagIsNoLabel() throws IOException {
        Path table = Files.write(
                folder.resolve("scored.csv"),
                List.of("timestamp,score,tailProbability,confidence,anomaly", "0,0.1,0.5,0.6,0", "60,0.9,0.001,0.6,1"));
        assertThat(run("--scores", table, "--labels", table)).isEqualTo(1);
        assertThat(err.toString()).contains("scored.csv holds scores, and what they flag is no label");
        assertThat(run("--scores", table, "--labels", table, "--label-column", "anomaly"))
                .as(err.toString())
                .isZero();
    }
}
