package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.config.Scope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoIT {

    private static final int DAYS = 6574;
    private static final int WARM_UP = 500;
    private static final int MINI_BATCH = 8;

    @Test
    void tellsWhatWasLearnedOfAllDays() throws Exception {
        String text = run(Scope.PER_KEY, DemoOptions.UNLIMITED);

        assertThat(text).contains("6,574 of 6,574 days", "LEARNED", "LEAST LIKELY", "COMPARED", "SPEED", "NEXT");
        long learned = number(text, "of the parameters, from ([0-9,]+) days");
        assertThat(learned).isGreaterThan(DAYS - MINI_BATCH).isLessThanOrEqualTo(DAYS);
        assertThat((learned - WARM_UP) % MINI_BATCH).isZero();
        assertThat(number(text, "mean log-likelihood of the ([0-9,]+) days")).isEqualTo(DAYS - WARM_UP);
        double online = decimal(text, "before it is learned from +(-[0-9.]+)");
        double batch = decimal(text, "the days it was fitted to +(-[0-9.]+)");
        assertThat(online).isGreaterThanOrEqualTo(batch);
        assertLinesAreShortAndPlain(text);
    }

    @Test
    void learnsTheSameOfAllDaysWithASharedModel() throws Exception {
        String text = run(Scope.SHARED, 2000);

        assertThat(text).contains("6,574 of 6,574 days", "examples/wind.yaml with scope shared");
        long learned = number(text, "of the parameters, from ([0-9,]+) days");
        assertThat(learned).isGreaterThan(DAYS - MINI_BATCH).isLessThanOrEqualTo(DAYS);
        assertThat(learned % MINI_BATCH).isZero();
        assertLinesAreShortAndPlain(text);
    }

    @Test
    void endsEarlyWhenAsked() throws Exception {
        StringWriter text = new StringWriter();

        new Demo(options(Scope.PER_KEY, 1), new PrintWriter(text), false, () -> true).run();

        assertThat(text.toString()).contains("in this process").doesNotContain("LEARNED");
    }

    private static void assertLinesAreShortAndPlain(String text) {
        assertThat(text.lines())
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(100).matches("\\P{Cntrl}*"));
    }

    private static String run(Scope scope, double rate) throws Exception {
        StringWriter text = new StringWriter();
        new Demo(options(scope, rate), new PrintWriter(text), false, () -> false).run();
        return text.toString();
    }

    private static DemoOptions options(Scope scope, double rate) {
        return new DemoOptions(3, scope, rate, 1, Optional.empty(), false);
    }

    private static long number(String text, String pattern) {
        return Long.parseLong(find(text, pattern).replace(",", ""));
    }

    private static double decimal(String text, String pattern) {
        return Double.parseDouble(find(text, pattern));
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
