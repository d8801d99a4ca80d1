package io.onlineem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.onlineem.http.Models.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordListTest {

    private static RecordList read(String body) {
        return RecordList.of(body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> values(String body) {
        return read(body).values().stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"x\":1}", " {}\n", "", "7", "{\"x\":", "nonsense", "\"[\""})
    void whatIsNoArrayIsOneRecordWhateverItHolds(String body) {
        assertThat(read(body).array()).isFalse();
        assertThat(values(body)).containsExactly(body);
    }

    @Test
    void theRecordsOfAnArrayAreTakenOutByteForByte() {
        assertThat(values(" [ {\"x\":NaN , \"ü\":[\"}\"]}\n,{\"y\":{\"z\":\"\\u005d😀\"}},{}] "))
                .containsExactly("{\"x\":NaN , \"ü\":[\"}\"]}", "{\"y\":{\"z\":\"\\u005d😀\"}}", "{}");
        assertThat(read("[]").array()).isTrue();
        assertThat(values("[]")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"x\":1}",
                "[{\"x\":1},",
                "[{\"x\":1} {}]",
                "[{\"x\":1}] []",
                "[{\"x\":}]",
                "[1, 2]",
                "[[{}]]",
                "[null]",
            })
    void anArrayThatCannotBeReadIsMalformed(String body) {
        RefusedException e = catchThrowableOfType(RefusedException.class, () -> read(body));
        assertThat(e).hasMessageMatching("(expected a JSON|something follows).*");
    }

    @Test
    void anArrayIsBounded() {
        String most = "[" + "{},".repeat(RecordList.MOST - 1) + "{}]";
        assertThat(values(most)).hasSize(RecordList.MOST);
        RefusedException e = catchThrowableOfType(RefusedException.class, () -> read("[{}," + most.substring(1)));
        assertThat(e).hasMessage("the array has more than 1000 records");
    }
}
