package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitJsonTest {

    @Test
    void theCriteriaAreThoseOfSchwarzAndAkaike() {
        FitResult<?> fit = Examples.fit();

        assertThat(fit.bic()).isEqualTo(11 * Math.log(272) + 2 * 1130.2639597);
        assertThat(fit.aic()).isEqualTo(22 + 2 * 1130.2639597);
        assertThat(fit.meanLogLikelihood()).isEqualTo(-1130.2639597 / 272);
    }

    @Test
    void aFitIsOneObjectOnOneLine() {
        String json = text(FitJson.write(Examples.fit()));

        assertThat(json)
                .startsWith("{\"type\":\"mixture\",")
                .doesNotContain("\n")
                .contains("\"observations\":272,\"logLikelihood\":-1130.2639597,", "\"converged\":true,")
                .endsWith("}");
    }

    @Test
    void aStartIsReadFromAFitFromAPublishedModelAndFromParametersAlone() {
        byte[] fit = FitJson.write(Examples.fit());
        byte[] published = new ModelJson<>(Examples.SPEC, Examples.model()).write(Examples.published());
        byte[] alone = Json.writeObject(generator -> {
            generator.writeName("parameters");
            FieldsJson.write(generator, Examples.parameters().fields());
        });
        String bare = text(alone).substring("{\"parameters\":".length());

        assertThat(start(fit)).isEqualTo(Examples.bits(Examples.parameters()));
        assertThat(start(published))
                .isEqualTo(Examples.bits(Examples.published().parameters()));
        assertThat(start(alone)).isEqualTo(Examples.bits(Examples.parameters()));
        assertThat(start(bytes(bare.substring(0, bare.length() - 1)))).isEqualTo(Examples.bits(Examples.parameters()));
    }

    private static byte[] start(byte[] json) {
        return Examples.bits(FitJson.readStart(json, Examples.SPEC, Examples.model()));
    }

    @Test
    void theModelOfAStartIsKnownUnlessThereAreOnlyParameters() {
        assertThat(FitJson.readSpec(FitJson.write(Examples.fit()))).contains(Examples.SPEC);
        assertThat(FitJson.readSpec(new ModelJson<>(Examples.SPEC, Examples.model()).write(Examples.published())))
                .contains(Examples.SPEC);
        assertThat(FitJson.readSpec(bytes("{\"parameters\":{\"weights\":[1]}}")))
                .isEmpty();
        assertThat(FitJson.readSpec(bytes("{\"weights\":[1]}"))).isEmpty();
    }

    @Test
    void aStartWithTheFeaturesInAnotherOrderIsRefused() {
        ModelSpec other =
                new ModelSpec("mixture", "gaussian", 2, List.of("höhe", "speed"), Map.of("covariance", "full"));

        assertThatThrownBy(() -> FitJson.readStart(FitJson.write(Examples.fit()), other, Examples.model()))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("'features' is [speed, höhe]", "[höhe, speed]");
    }

    @Test
    void aStartMayComeFromAModelWithOtherOptionsAsLongAsItsParametersFit() {
        ModelSpec diagonal =
                new ModelSpec("mixture", "gaussian", 2, Examples.SPEC.features(), Map.of("covariance", "diagonal"));
        byte[] full = FitJson.write(Examples.fit());
        byte[] asDiagonal = bytes(text(full).replace("0.25", "0.0").replace("full", "diagonal"));

        assertThat(start(asDiagonal)).isNotEmpty();
        assertThatThrownBy(() -> FitJson.readStart(full, diagonal, diagonal.build()))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(
                        "start parameters", "covariances[0]", "expected a matrix of the type diagonal");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                           | found nothing
            [1,2]                                        | expected a JSON object, found an array
            {"weights":[0.5,0.5]}                        | lack the field 'means'
            {"weights":[0.5,0.6]}                        | sum to 1.1
            {"weights":[1]}                              | expected an array of 2 numbers
            {"weights":["a"]}                            | 'weights' is [a]; expected an array of 2 numbers
            {"parameters":{"weights":[0.5,0.5]}}         | lack the field 'means'
            {"type":"mixture","parameters":{}}           | 'family' is missing
            {"weights":[0.5,                             | not valid JSON, line 1, column
            {"parameters":{"weights":[1]},"type":"x","family":"gaussian","components":2,"features":["a"]} | 'x'
            """)
    void aStartThatCannotBeUsedSaysWhy(String json, String message) {
        assertThatThrownBy(() -> FitJson.readStart(bytes(json), Examples.SPEC, Examples.model()))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("start parameters")
                .hasMessageContaining(message);
    }

    @Test
    void theFitsAmongWhichOneWasChosenAreToldWithIt() {
        FitResult<?> chosen = Examples.fit();
        BatchEm.Fit<MixtureParameters<GaussianParameters>> weighted =
                new BatchEm.Fit<>(Examples.parameters(), -10, 0, 30, 3, 7, false, true);
        FitResult<?> other = new FitResult<>(Examples.SPEC, 4, "batch", 1, weighted, 0.5);

        byte[] json = FitJson.write(chosen, "icl", List.of(other, chosen));

        assertThat(text(json))
                .contains("\"criterion\":\"icl\",\"selection\":[{\"components\":2,\"logLikelihood\":-10.0,"
                        + "\"degreesOfFreedom\":4,\"bic\":" + (4 * Math.log(30) + 20) + ",\"aic\":28.0,\"icl\":"
                        + (4 * Math.log(30) + 21) + ",\"converged\":false,\"degenerate\":true},{")
                .contains("\"converged\":true,\"degenerate\":false}],\"parameters\":");
        assertThat(start(json)).isEqualTo(Examples.bits(Examples.parameters()));
        assertThat(text(FitJson.write(other))).contains("\"observations\":3,\"weight\":30.0,");
        assertThat(text(FitJson.write(chosen))).doesNotContain("\"weight\":", "selection", "criterion");
    }

    @Test
    void aLikelihoodThatIsNotFiniteIsNull() {
        BatchEm.Fit<MixtureParameters<GaussianParameters>> fit =
                new BatchEm.Fit<>(Examples.parameters(), Double.NEGATIVE_INFINITY, 0, 3, 3, 0, false, true);

        assertThat(text(FitJson.write(new FitResult<>(Examples.SPEC, 11, "online", 1, fit, 0))))
                .contains(
                        "\"logLikelihood\":null,\"meanLogLikelihood\":null", "\"aic\":null,\"bic\":null,\"icl\":null");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
