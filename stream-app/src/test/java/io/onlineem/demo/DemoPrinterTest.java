package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.config.Scope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoPrinterTest {

    private final StringWriter text = new StringWriter();

    @Test
    void saysWhyTheOnlineModelIsBetter() {
        printer(Scope.PER_KEY).comparison(new Comparison(6074, -26.5, -26.75, -26.9));

        assertThat(text.toString())
                .contains("-26.500", "-26.750", "-26.900")
                .contains("The online model is better by 0.250 a day")
                .contains("In random order there is nothing to follow");
    }

    @Test
    void admitsThatTheBatchFitIsBetter() {
        printer(Scope.PER_KEY).comparison(new Comparison(6074, -27, -26.75, -27.1));

        assertThat(text.toString())
                .contains("Here the batch fit is better by 0.250 a day")
                .doesNotContain("online model is better", "--rate");
    }

    @Test
    void tellsHowASharedModelCouldFollowMoreClosely() {
        printer(Scope.SHARED).comparison(new Comparison(6074, -27, -26.75, -27.1));

        assertThat(text.toString()).contains("replay more slowly (--rate)");
    }

    @Test
    void addsTheLogScaleForStandardisedUnits() {
        printer(Scope.PER_KEY).comparison(new Comparison(6074, -26.6, -26.75, -26.9));

        // 18.962 - 26.6
        assertThat(text.toString()).containsPattern("-26\\.600 +-7\\.638");
    }

    @Test
    void keepsTheLinesShort() {
        DemoPrinter printer = printer(Scope.SHARED);

        printer.comparison(new Comparison(6074, -27, -26.75, -27.1));
        printer.comparison(new Comparison(6074, -26.5, -26.75, -27.1));
        printer.speed(6574, 12.3);
        printer.next();
        printer.stillRunning("127.0.0.1:45678", DemoConfiguration.example(), Optional.of("http://127.0.0.1:45679"));

        assertThat(text.toString().lines()).hasSizeGreaterThan(20).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(100));
    }

    private DemoPrinter printer(Scope scope) {
        DemoOptions options = new DemoOptions(3, scope, DemoOptions.UNLIMITED, 1, Optional.empty(), false);
        return new DemoPrinter(new PrintWriter(text), options, WindData.load());
    }
}
