package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Learning;
import io.onlineem.em.OnlineEm;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelJsonTest {

    private final ModelJson<MixtureParameters<GaussianParameters>> codec =
            new ModelJson<>(Examples.SPEC, Examples.model());

    @Test
    void aFreshModelHasNoLikelihoodYetAndNoParametersOfItsOwnToLearnWith() {
        PublishedModel<MixtureParameters<GaussianParameters>> fresh = PublishedModel.of(
                "wind",
                Examples.SPEC,
                new OnlineEm<>(Examples.model(), Learning.DEFAULTS).startFrom(Examples.parameters()));

        String json = text(codec.write(fresh));
        PublishedModel<MixtureParameters<GaussianParameters>> read = codec.read(bytes(json));

        assertThat(json).contains("\"meanLogLikelihood\":null").doesNotContain("learningParameters");
        assertThat(read.meanLogLikelihood()).isNaN();
        assertThat(read.learning()).isSameAs(read.parameters());
    }

    @Test
    void otherNamesAreIgnoredWhereverTheyStand() {
        String json = text(codec.write(Examples.published()))
                .replace("{\"model\"", "{\"comment\":{\"version\":[1,{}]},\"model\"")
                .replace("\"parameters\":{", "\"later\":null,\"parameters\":{\"prior\":0.5,");

        PublishedModel<MixtureParameters<GaussianParameters>> read = codec.read(bytes(json));

        assertThat(read).usingRecursiveComparison().isEqualTo(Examples.published());
        assertThat(ModelJson.version(bytes(json))).isEqualTo(7);
    }

    @Test
    void theVersionIsReadWithoutWhatComesAfterIt() {
        assertThat(ModelJson.version(bytes("{\"model\":\"wind\",\"version\":12,\"type\":")))
                .isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"version\":\"12\"}", "{\"version\":1.5}", "{\"version\":1e99}", "[]", "", "{\"v"})
    void aVersionThatIsMissingOrNoWholeNumberIsRefused(String json) {
        assertThatThrownBy(() -> ModelJson.version(bytes(json)))
                .isInstanceOf(CodecException.class)
                .hasMessageMatching("(?s).*(version|JSON).*");
    }

    @Test
    void anotherModelIsNeitherReadNorWritten() {
        ModelSpec other =
                new ModelSpec("mixture", "gaussian", 2, List.of("höhe", "speed"), Map.of("covariance", "full"));
        ModelJson<MixtureParameters<GaussianParameters>> otherCodec = new ModelJson<>(other, Examples.model());
        byte[] json = codec.write(Examples.published());

        assertThatThrownBy(() -> otherCodec.read(json))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("'wind'", Examples.SPEC.describe(), other.describe(), "reset");
        assertThatThrownBy(() -> otherCodec.write(Examples.published()))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(Examples.SPEC.describe(), other.describe());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model",
                "version",
                "type",
                "family",
                "components",
                "features",
                "observations",
                "stepSize",
                "parameters"
            })
    void whatIsMissingIsNamed(String name) {
        String json = text(codec.write(Examples.plainPublished())).replace("\"" + name + "\":", "\"_" + name + "\":");

        assertThatThrownBy(() -> codec.read(bytes(json)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("'" + name + "' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "version", "observations"})
    void whatIsMissingOfAnEventIsNamed(String name) {
        String json = text(codec.write(Examples.published()));
        int events = json.indexOf("\"events\"");
        String broken = json.substring(0, events) + json.substring(events).replace("\"" + name + "\":", "\"_\":");

        assertThatThrownBy(() -> codec.read(bytes(broken)))
                .isInstanceOf(CodecException.class)
                .hasMessage("published model: '" + name + "' of an event is missing");
    }

    @Test
    void eventsThatOnlyALaterReleaseKnowsAreLeftOut() {
        String json = text(codec.write(Examples.published())).replaceFirst("\"drift\"", "\"eclipse\"");

        assertThat(codec.read(bytes(json)).events())
                .isEqualTo(Examples.published().events().subList(1, 3));
    }

    @Test
    void aModelToWhichNothingHasHappenedTellsNoEvents() {
        String json = text(codec.write(Examples.plainPublished()));

        assertThat(json).doesNotContain("events");
        assertThat(codec.read(bytes(json)).events()).isEmpty();
    }

    @Test
    void moreThanOneObjectIsRefused() {
        String json = text(codec.write(Examples.published()));

        assertThatThrownBy(() -> codec.read(bytes(json + "\n" + json)))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("expected one JSON object", "line 2");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
