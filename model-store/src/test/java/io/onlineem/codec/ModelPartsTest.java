package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelPartsTest {

    private static final int MEBIBYTE = 1 << 20;

    /** A model whose parameters are so many words of characters of one, two, three and four bytes, and quotes. */
    private static byte[] model(long version, int words) {
        return ("{\"model\":\"logs\",\"version\":" + version + ",\"observations\":12,\"words\":[\""
                        + "aé€😀\\\"\",\"".repeat(words) + "end\"]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<ModelParts.Part> parts(long version, int words) {
        return ModelParts.of("logs", new ModelSummary("logs", version, 12, -3.5), model(version, words));
    }

    private static void put(Map<String, byte[]> store, List<ModelParts.Part> parts) {
        parts.forEach(part -> store.put(part.key(), part.value()));
    }

    @Test
    void aModelOfUsualSizeIsOneRecord() {
        List<ModelParts.Part> parts = parts(3, 100);

        assertThat(parts).extracting(ModelParts.Part::key).containsExactly("logs");
        assertThat(parts.get(0).value()).isEqualTo(model(3, 100));
        assertThat(ModelParts.isPart(model(3, 100))).isFalse();
        assertThat(ModelParts.whole("logs", model(3, 100), key -> null)).isEqualTo(model(3, 100));
    }

    @Test
    void aLargeModelIsPartsThatAProducerSendsAndAHeadThatTellsOfThem() {
        List<ModelParts.Part> parts = parts(3, 200_000);
        Map<String, byte[]> store = new HashMap<>();
        put(store, parts);
        byte[] head = store.get("logs");

        assertThat(model(3, 200_000).length).isGreaterThan(2 * MEBIBYTE);
        assertThat(parts).hasSizeGreaterThan(3).allMatch(part -> part.value().length < MEBIBYTE);
        assertThat(parts.get(parts.size() - 1).key()).isEqualTo("logs");
        assertThat(parts.get(0).key()).isEqualTo("logs#1-0");
        assertThat(parts.subList(0, parts.size() - 1)).allMatch(part -> ModelParts.isPart(part.value()));
        assertThat(ModelParts.isPart(head)).isFalse();
        assertThat(ModelJson.version(head)).isEqualTo(3);
        assertThat(ModelJson.summary(head)).isEqualTo(new ModelSummary("logs", 3, 12, -3.5));
        assertThat(ModelParts.whole("logs", head, store::get)).isEqualTo(model(3, 200_000));
    }

    @Test
    void aHeadFindsItsPartsWhileThoseOfTheNextVersionCome() {
        Map<String, byte[]> store = new HashMap<>();
        put(store, parts(3, 200_000));
        byte[] head = store.get("logs");
        List<ModelParts.Part> next = parts(4, 250_000);
        put(store, next.subList(0, next.size() - 1));

        assertThat(ModelParts.whole("logs", head, store::get)).isEqualTo(model(3, 200_000));

        put(store, next);
        put(store, parts(5, 200_000).subList(0, 1));
        assertThat(ModelParts.whole("logs", head, store::get)).isNull();
        assertThat(ModelParts.whole("logs", store.get("logs"), store::get)).isEqualTo(model(4, 250_000));
    }

    @Test
    void partsThatAreNotThereAreNoModel() {
        Map<String, byte[]> store = new HashMap<>();
        put(store, parts(3, 200_000));
        byte[] head = store.get("logs");
        store.remove("logs#1-1");

        assertThat(ModelParts.whole("logs", head, store::get)).isNull();

        store.put("logs#1-1", "{\"partOf\":\"logs\",\"version\":3,\"part\":1}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ModelParts.whole("logs", head, store::get))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("part 1 of the model 'logs': 'text' is missing");
    }
}
