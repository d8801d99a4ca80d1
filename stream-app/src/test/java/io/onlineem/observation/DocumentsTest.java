package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.Domain;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents in JSON: texts, words with counts, lists of words. */
class DocumentsTest {

    private static InputField words(String path, String language) {
        return new InputField(path, Domain.WORDS, false, Transform.NONE, language);
    }

    private static JsonObservationReader reader(InputField... fields) {
        return new JsonObservationReader(List.of(fields), Optional.empty(), Optional.empty(), 1000);
    }

    private static Map<String, Double> read(JsonObservationReader reader, String json) {
        Observations into = new Observations();
        reader.read(json.getBytes(StandardCharsets.UTF_8), into);
        assertThat(into.size()).isEqualTo(1);
        Map<String, Double> counts = new LinkedHashMap<>();
        for (int j = 0; j < into.length(0); j += 2) {
            counts.put(into.categories().get(into.value(0, j)), into.value(0, j + 1));
        }
        return counts;
    }

    @Test
    void textsAreWordsInLowerCaseWithoutNumbersAndStopWords() {
        String text = "{\"m\": \"The disk /dev/sda1 is full: 42 of 42 GB. THE Disk's full!\"}";

        assertThat(read(reader(words("m", "standard")), text))
                .isEqualTo(Map.of(
                        "the", 2.0, "disk", 1.0, "dev", 1.0, "sda1", 1.0, "is", 1.0, "full", 2.0, "of", 1.0, "gb", 1.0,
                        "disk's", 1.0));
        assertThat(read(reader(words("m", "english")), text))
                .containsOnlyKeys("disk", "dev", "sda1", "full", "gb", "disk's");
    }

    @Test
    void wordsMayComeWithTheirCountsOrInAList() {
        JsonObservationReader reader = reader(words("m", "english"));

        assertThat(read(reader, "{\"m\": {\"The\": 2, \"cat\": 1.5, \"dog\": 0}}"))
                .isEqualTo(Map.of("The", 2.0, "cat", 1.5, "dog", 0.0));
        assertThat(read(reader, "{\"m\": [\"cat\", \"the\", \"cat\"]}")).isEqualTo(Map.of("cat", 2.0, "the", 1.0));
        assertThat(read(reader, "{\"m\": \"\"}")).isEmpty();
        assertThat(read(reader, "{\"m\": {}}")).isEmpty();
        assertThat(read(reader, "{\"m\": []}")).isEmpty();
    }

    @Test
    void wordsOfAllFieldsMakeOneDocument() {
        JsonObservationReader reader = reader(words("mail.subject", "standard"), words("mail.body", "standard"));

        assertThat(read(reader, "{\"mail\": {\"body\": \"buy now\", \"subject\": \"Buy gold\"}}"))
                .isEqualTo(Map.of("buy", 2.0, "now", 1.0, "gold", 1.0));
    }

    @Test
    void everyLanguageHasATokeniser() {
        for (String language : ModelSpec.languages()) {
            List<String> words = new ArrayList<>();
            new Tokeniser(language).forEachWord("Zebra zebra", words::add);
            assertThat(words).as(language).containsExactly("zebra", "zebra");
        }
        assertThatThrownBy(() -> new Tokeniser("klingon")).hasMessageContaining("'klingon'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | MISSING_FIELD | the field 'm' is missing; expected a text, or words and how often they occur",
                "{\"m\": null} | MISSING_FIELD | the field 'm' is null",
                "{\"m\": 3} | OUT_OF_DOMAIN | the field 'm' is the number 3.0; expected a text, or words",
                "{\"m\": true} | OUT_OF_DOMAIN | the field 'm' is the flag true",
                "{\"m\": [\"a\", 1]} | OUT_OF_DOMAIN | is a list that holds something else than words",
                "{\"m\": {\"a\": \"b\"}} | OUT_OF_DOMAIN | counts the word 'a' with something else than a number",
                "{\"m\": {\"a\": {}}} | OUT_OF_DOMAIN | counts the word 'a' with something else than a number",
                "{\"m\": {\"a\": -1}} | OUT_OF_DOMAIN | counts the word 'a' -1.0 times; expected a finite number of at"
                        + " least 0",
                "{\"m\": {\"a\": NaN}} | NOT_FINITE | counts the word 'a' NaN times",
                "{\"m\": {\"\": 1}} | OUT_OF_DOMAIN | counts the empty word"
            })
    void whatIsNoDocumentIsRefused(String json, Reason reason, String message) {
        JsonObservationReader reader = reader(words("m", "english"));

        assertThatThrownBy(() -> read(reader, json))
                .hasMessageContaining(message)
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidObservationException.class))
                .extracting(InvalidObservationException::reason)
                .isEqualTo(reason);
        assertThat(read(reader, "{\"m\": \"next\"}")).containsOnlyKeys("next");
    }
}
