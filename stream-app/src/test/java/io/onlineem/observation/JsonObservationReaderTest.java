package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObservationReaderTest {

    private static final int MAX_BYTES = 1000;

    private static InputField field(String path, Domain domain, boolean missingAllowed, Transform transform) {
        return new InputField(path, domain, missingAllowed, transform);
    }

    private static Observations read(List<InputField> fields, Optional<String> weight, String... records) {
        JsonObservationReader reader = new JsonObservationReader(fields, weight, Optional.empty(), MAX_BYTES);
        Observations into = new Observations();
        for (String record : records) {
            reader.read(record.getBytes(StandardCharsets.UTF_8), into);
        }
        return into;
    }

    private static Observations read(InputField field, String... records) {
        return read(List.of(field), Optional.empty(), records);
    }

    private static InvalidObservationException refused(
            List<InputField> fields, Optional<String> weight, String record) {
        InvalidObservationException e =
                catchThrowableOfType(InvalidObservationException.class, () -> read(fields, weight, record));
        assertThat(e).as(record).isNotNull();
        return e;
    }

    @Test
    void readsNumbersOfNestedFieldsInOrder() {
        Observations read = read(
                InputField.numbers(List.of("when.waiting", "x")),
                Optional.empty(),
                "{\"x\": 1, \"other\": [{}], \"when\": {\"waiting\": 2.5, \"x\": 9}}");

        assertThat(read.record(0)).containsExactly(2.5, 1);
        assertThat(read.weight(0)).isEqualTo(1);
    }

    @Test
    void flagsAreTrueAndFalseOrNumbers() {
        InputField flag = field("f", Domain.FLAG, false, Transform.NONE);

        Observations read = read(flag, "{\"f\": true}", "{\"f\": false}", "{\"f\": 1}", "{\"f\": 0}");

        assertThat(read.values()).startsWith(1, 0, 1, 0);
        assertThat(refused(List.of(flag), Optional.empty(), "{\"f\": \"yes\"}"))
                .hasMessage("the field 'f' is the text 'yes'; expected true or false, or 1 or 0")
                .extracting(InvalidObservationException::reason)
                .isEqualTo(Reason.NOT_A_NUMBER);
        assertThat(refused(InputField.numbers(List.of("f")), Optional.empty(), "{\"f\": true}"))
                .hasMessage("the field 'f' is the flag true; expected a number");
    }

    @Test
    void categoriesAreTextsNumbersAndFlagsWithTheirTextsRemembered() {
        InputField category = field("c", Domain.CATEGORY, false, Transform.NONE);

        Observations read = read(category, "{\"c\": \"DE\"}", "{\"c\": 7}", "{\"c\": true}", "{\"c\": \"DE\"}");

        for (int i = 0; i < 4; i++) {
            String text = List.of("DE", "7", "true", "DE").get(i);
            assertThat(read.value(i, 0)).isEqualTo(Observations.category(text));
            assertThat(read.categoriesOf(i)).isEqualTo(Map.of(Observations.category(text), text));
        }
        assertThat(refused(List.of(category), Optional.empty(), "{\"c\": [1]}"))
                .hasMessage("the field 'c' is a list; expected a category: a text, a number or a flag")
                .extracting(InvalidObservationException::reason)
                .isEqualTo(Reason.OUT_OF_DOMAIN);
        assertThat(refused(List.of(category), Optional.empty(), "{\"c\": \"\"}").reason())
                .isEqualTo(Reason.MISSING_FIELD);
    }

    @Test
    void moreCategoriesThanAreKeptAreReadAlike() {
        String[] records = new String[25_000];
        for (int i = 0; i < records.length; i++) {
            records[i] = "{\"c\": \"text" + i % 12_000 + "\"}";
        }

        Observations read = read(field("c", Domain.CATEGORY, false, Transform.NONE), records);

        assertThat(read.value(11_999, 0)).isEqualTo(Observations.category("text11999"));
        assertThat(read.value(24_000, 0)).isEqualTo(Observations.category("text0"));
        assertThat(read.categories()).hasSize(12_000);
    }

    @Test
    void absentAndNullFieldsAreMissingWhereTheyMayBe() {
        List<InputField> fields = List.of(
                field("x", Domain.REAL, true, Transform.LOG1P),
                field("c", Domain.CATEGORY, true, Transform.NONE),
                InputField.number("y"));

        Observations read = read(
                fields,
                Optional.empty(),
                "{\"y\": 1}",
                "{\"x\": null, \"c\": null, \"y\": 2}",
                "{\"x\": NaN, \"c\": \"\", \"y\": 3}");

        for (int i = 0; i < 3; i++) {
            assertThat(read.record(i)).containsExactly(Double.NaN, Double.NaN, i + 1);
        }
        assertThat(refused(fields, Optional.empty(), "{\"x\": 1, \"c\": \"a\"}"))
                .hasMessage("the field 'y' is missing; expected a number")
                .extracting(InvalidObservationException::reason)
                .isEqualTo(Reason.MISSING_FIELD);
        assertThat(refused(fields, Optional.empty(), "{\"y\": null}"))
                .hasMessage("the field 'y' is null; expected a number");
        assertThat(refused(fields, Optional.empty(), "{\"y\": NaN}").reason()).isEqualTo(Reason.NOT_FINITE);
    }

    @Test
    void transformsNumbersAndRefusesThoseWithoutAValue() {
        InputField logarithm = field("x", Domain.REAL, false, Transform.LOG1P);
        InputField root = field("x", Domain.REAL, false, Transform.SQRT);

        assertThat(read(logarithm, "{\"x\": 1.5}").value(0, 0)).isEqualTo(Math.log1p(1.5));
        assertThat(read(root, "{\"x\": 9}").value(0, 0)).isEqualTo(3);
        assertThat(read(field("x", Domain.REAL, true, Transform.DIFFERENCE), "{\"x\": 9}")
                        .value(0, 0))
                .as("differences are made of raw numbers")
                .isEqualTo(9);
        assertThat(refused(List.of(logarithm), Optional.empty(), "{\"x\": -1}"))
                .hasMessage("the field 'x' is -1.0; expected a number above -1, of which log1p has a value")
                .extracting(InvalidObservationException::reason)
                .isEqualTo(Reason.OUT_OF_DOMAIN);
        assertThat(refused(List.of(root), Optional.empty(), "{\"x\": -2}"))
                .hasMessage("the field 'x' is -2.0; expected a number of at least 0, of which sqrt has a value");
    }

    @Test
    void aFieldWeighsTheRecord() {
        Observations read = read(
                InputField.numbers(List.of("x")), Optional.of("w"), "{\"x\": 1, \"w\": 2.5}", "{\"w\": 1, \"x\": 2}");

        assertThat(read.weight(0)).isEqualTo(2.5);
        assertThat(read.weight(1)).isEqualTo(1);
        assertThat(read.record(0)).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"x": 1, "w": 0}      | the field 'w' is 0.0; expected the weight of the record, a number above 0
            {"x": 1, "w": -2}     | the field 'w' is -2.0; expected the weight of the record, a number above 0
            {"x": 1, "w": 1e300}  | the field 'w' is 1.0E300; expected the weight of the record, a finite number of magnitude at most 1.0E100
            {"x": 1}              | the field 'w' is missing; expected the weight of the record, a number above 0
            {"x": 1, "w": "3"}    | the field 'w' is the text '3'; expected the weight of the record, a number above 0
            """)
    void aWeightIsAPositiveNumber(String record, String message) {
        InvalidObservationException e = refused(InputField.numbers(List.of("x")), Optional.of("w"), record);

        assertThat(e).hasMessage(message);
        assertThat(e.reason()).isEqualTo(Reason.INVALID_WEIGHT);
    }

    @Test
    void aRefusedRecordLeavesNothingBehind() {
        JsonObservationReader reader = new JsonObservationReader(
                List.of(field("c", Domain.CATEGORY, false, Transform.NONE), InputField.number("x")),
                Optional.empty(),
                Optional.empty(),
                MAX_BYTES);
        Observations into = new Observations();

        assertThatThrownBy(() -> reader.read("{\"c\": \"lost\"}".getBytes(StandardCharsets.UTF_8), into))
                .isInstanceOf(InvalidObservationException.class);
        reader.read("{\"c\": \"DE\", \"x\": 1}".getBytes(StandardCharsets.UTF_8), into);

        assertThat(into.size()).isEqualTo(1);
        assertThat(into.categories()).containsOnlyKeys(Observations.category("DE"));
    }

    @Test
    void aFieldNamesTheSequence() {
        JsonObservationReader reader = new JsonObservationReader(
                List.of(InputField.number("x")), Optional.empty(), Optional.of("machine.id"), MAX_BYTES);
        Observations into = new Observations();

        reader.read("{\"x\":1,\"machine\":{\"id\":7}}".getBytes(StandardCharsets.UTF_8), into);

        assertThat(reader.sequence()).isEqualTo("7");
        assertThat(into.record(0)).containsExactly(1);
        assertThatThrownBy(() -> reader.read("{\"x\":1}".getBytes(StandardCharsets.UTF_8), into))
                .isInstanceOf(InvalidObservationException.class)
                .hasMessage(
                        "the field 'machine.id' is missing; expected the name of the sequence: a text, a number or a flag");
    }
}
