package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.em.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsJsonTest {

    @Test
    void everyKindOfValueComesBack() {
        Fields fields = new Fields()
                .with("number", 0.1)
                .with("text", "α \"quoted\"")
                .with("texts", new String[] {"a", "", "β"})
                .with("vector", new double[] {1, -0.0, 1e300})
                .with("matrix", new double[][] {{1}, {2, 3}})
                .with("matrices", new double[][][] {{{1, 2}}, {{3}, {4}}})
                .with("nested", new Fields().with("inside", new double[0]));

        Fields read = read(write(fields));

        assertThat(bits(read)).isEqualTo(bits(fields));
    }

    @Test
    void anyFiniteNumberKeepsItsBits() {
        SplittableRandom random = new SplittableRandom(5);
        double[] numbers = random.longs()
                .mapToDouble(Double::longBitsToDouble)
                .filter(Double::isFinite)
                .limit(20_000)
                .toArray();
        Fields fields = new Fields().with("numbers", numbers);

        assertThat(bits(read(write(fields)))).isEqualTo(bits(fields));
    }

    @Test
    void numbersAreWrittenInTheShortestForm() {
        // before Java 19, Double.toString gives 1.9999999999999998E23
        Fields fields = new Fields().with("numbers", new double[] {0.1, Double.parseDouble("2e23"), 1e9});

        assertThat(write(fields)).asString().isEqualTo("{\"numbers\":[0.1,2.0E23,1.0E9]}");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatIsNotFiniteIsNeverWritten(double number) {
        Fields fields = new Fields().with("means", new double[][] {{1, number}});

        assertThatThrownBy(() -> write(fields))
                .isInstanceOf(CodecException.class)
                .hasMessage("field 'means' holds " + number + "; expected a finite number");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":true}              | 'f.a' is true; expected a number
            {"a":null}              | 'f.a' is null; expected a number
            {"a":1e999}             | 'f.a' is 1e999; expected a number in the range of a double
            {"a":[1,"x"]}           | 'f.a[1]' is the text "x"; expected a number
            {"a":["x",1]}           | 'f.a[1]' is 1; expected text
            {"a":["x",["y"]]}       | 'f.a[1]' is an array; expected text
            {"a":[["x"]]}           | 'f.a[0][0]' is the text "x"; expected a number
            {"a":[1,[2]]}           | 'f.a[1]' is an array; expected a number
            {"a":[[1],2]}           | 'f.a[1]' is 2; expected an array, as the elements before it
            {"a":[[1],[[2]]]}       | 'f.a[1]' is an array of another depth than the elements before it
            {"a":[[[[1]]]]}         | 'f.a[0][0][0]' is an array; expected a number
            {"a":{"b":[{}]}}        | 'f.a.b[0]' is an object; expected a number
            [1]                     | expected a JSON object, found an array
            {}{}                    | expected one JSON object
            {"a":[1,2               | not valid JSON
            {"a":1,"a":2}           | Duplicate
            {"a":NaN}               | not valid JSON
            """)
    void whatFieldsCannotHoldIsNamedWithItsPlace(String json, String message) {
        assertThatThrownBy(() -> read(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(message);
    }

    private static byte[] write(Fields fields) {
        byte[] json = Json.writeObject(generator -> {
            generator.writeName("f");
            FieldsJson.write(generator, fields);
        });
        return Arrays.copyOfRange(json, "{\"f\":".length(), json.length - 1);
    }

    private static Fields read(byte[] json) {
        return Json.readObject(json, "fields", parser -> FieldsJson.read(parser, "f"));
    }

    private static byte[] bits(Fields fields) {
        ByteWriter out = new ByteWriter(Format.STATE, 0);
        FieldsBinary.write(out, fields);
        return out.toBytes();
    }
}
