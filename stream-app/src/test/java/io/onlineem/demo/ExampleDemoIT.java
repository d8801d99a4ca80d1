package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples through a real broker: what they find is bounded from below, with room for where versions change. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ExampleDemoIT {

    private static final Pattern RESULT = Pattern.compile("precision ([0-9.]+) +recall ([0-9.]+)");

    @ParameterizedTest
    @CsvSource({"PAYMENTS, 0.6, 0.6", "TELEMETRY, 0.7, 0.9", "REQUESTS, 0.6, 0.6"})
    void mostAnomaliesAreFoundAndMostAlarmsAreAnomalies(Example example, double precision, double recall)
            throws Exception {
        StringWriter text = new StringWriter();
        new ExampleDemo(example, 1, false, new PrintWriter(text), false, () -> false).run();

        assertThat(text.toString()).contains("24,000 of 24,000 records", "THRESHOLD", "examples/" + example.resource());
        Matcher result = RESULT.matcher(text.toString());
        assertThat(result.find()).isTrue();
        assertThat(Double.parseDouble(result.group(1))).isGreaterThan(precision);
        assertThat(Double.parseDouble(result.group(2))).isGreaterThan(recall);
    }

    @Test
    void aFaultIsOneAlertWithItsReasonsHoweverManyRecordsItHas() throws Exception {
        StringWriter text = new StringWriter();
        new ExampleDemo(Example.SERVERS, 1, false, new PrintWriter(text), false, () -> false).run();

        Matcher found = Pattern.compile("(slow disk|memory leak|retry storm|runaway process) +([0-9]+) of +([0-9]+)")
                .matcher(text.toString());
        int faults = 0;
        int alerted = 0;
        while (found.find()) {
            alerted += Integer.parseInt(found.group(2));
            faults += Integer.parseInt(found.group(3));
        }
        assertThat(faults).isGreaterThan(20);
        assertThat(alerted).isGreaterThan(faults * 8 / 10);
        assertThat(number(text, "alerts a fault")).isBetween(1.0, 1.2);
        assertThat(number(text, "false alarms")).isLessThan(15);
        assertThat(text.toString())
                .containsPattern(
                        "#[0-9]+, a slow disk: closed, [0-9]+ alarms in [0-9]+ records, the worst 1 in [0-9,]+")
                .containsPattern("latency is [0-9.]+, expected [0-9.]+, within [0-9.]+ to [0-9.]+ ");
    }

    @Test
    void regimesAreFoundBetterWithMemoryAndBetterStillLater() throws Exception {
        StringWriter text = new StringWriter();
        new ExampleDemo(Example.MACHINES, 1, false, new PrintWriter(text), false, () -> false).run();

        double alone = percentage(text, "without memory");
        double filtered = percentage(text, "what came before");
        assertThat(alone).isBetween(80.0, 92.0);
        assertThat(filtered).isGreaterThan(95);
        assertThat(percentage(text, "10 records later or more")).isGreaterThan(filtered);
    }

    @Test
    void topicsAreFoundAndThoseThatComeLaterToo() throws Exception {
        StringWriter text = new StringWriter();
        new ExampleDemo(Example.LOGS, 1, false, new PrintWriter(text), false, () -> false).run();

        assertThat(percentage(text, "RIGHT")).isGreaterThan(75);
        assertThat(text.toString()).containsPattern("certificates +[0-9.]+% .*(handshake|issuer|cipher)");
    }

    @Test
    void theNoiseOfSensorsIsFoundAndTheLevelFollowed() throws Exception {
        StringWriter text = new StringWriter();
        new ExampleDemo(Example.SENSOR, 1, false, new PrintWriter(text), false, () -> false).run();

        assertThat(number(text, "gauge")).isBetween(2.3, 2.7);
        assertThat(number(text, "sonar")).isBetween(0.9, 1.1);
        double filtered = number(text, "what came before");
        assertThat(filtered).isLessThan(0.8);
        assertThat(number(text, "10 records later or more")).isLessThan(filtered);
    }

    private static double number(StringWriter text, String label) {
        Matcher result = Pattern.compile(Pattern.quote(label) + " +([0-9.]+)").matcher(text.toString());
        assertThat(result.find()).as("%s in %s", label, text).isTrue();
        return Double.parseDouble(result.group(1));
    }

    private static double percentage(StringWriter text, String label) {
        Matcher result = Pattern.compile(Pattern.quote(label) + " +([0-9.]+)%").matcher(text.toString());
        assertThat(result.find()).as("%s in %s", label, text).isTrue();
        return Double.parseDouble(result.group(1));
    }

    @Test
    void endsEarlyWhenAsked() throws Exception {
        StringWriter text = new StringWriter();
        new ExampleDemo(Example.TELEMETRY, 1, false, new PrintWriter(text), false, () -> true).run();

        assertThat(text.toString()).contains("telemetry.yaml").doesNotContain("THRESHOLD");
    }
}
