package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @ParameterizedTest
    @CsvSource({
        "2014-02-14 14:30:00, 1392388200000",
        "2014-02-14T14:30:00, 1392388200000",
        "2014-02-14T14:30:00Z, 1392388200000",
        "2014-02-14T16:30:00+02:00, 1392388200000",
        "2014-02-14 14:30:00.25, 1392388200250",
        "2014-02-14 14:30, 1392388200000",
        "2014-2-4 4:03:00, 1391486580000",
        "2014-02-14, 1392336000000",
        "1392388200, 1392388200000",
        "1392388200.5, 1392388200500",
        "1392388200000, 1392388200000",
        "-86400, -86400000",
        "-0.5, -500",
        "-946684800000, -946684800000",
        "1969-12-31, -86400000"
    })
    void timesOfFilesAreRead(String text, long expected) {
        assertThat(Timestamps.parse(text)).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "2014-13-01", "2014-02-14 25:00", "-", "1e300", "-1e300", "NaN"})
    void whatIsNoTimeIsTold(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @Test
    void blanksAroundATimeDoNotMatter() {
        assertThat(Timestamps.parse(" 1970-01-01 00:00:01 ")).hasValue(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "1392388200000, 2014-02-14 14:30:00",
        "1392388200250, 2014-02-14 14:30:00.250",
        "-1, 1969-12-31 23:59:59.999"
    })
    void whatIsWrittenIsReadBack(long milliseconds, String text) {
        assertThat(Timestamps.format(milliseconds)).isEqualTo(text);
        assertThat(Timestamps.parse(text)).hasValue(milliseconds);
    }
}
