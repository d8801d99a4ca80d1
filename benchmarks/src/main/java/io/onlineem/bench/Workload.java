package io.onlineem.bench;

import io.onlineem.codec.FieldsJson;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Observations as JSON, and the model they are drawn from as start parameters, so that every record is scored. */
final class Workload {

    /** So close together that hardly a posterior has zeros: the long way for decimal output. */
    private static final double REACH = 1.5;

    private static final int DECIMALS = 6;
    private static final JsonFactory FACTORY = new JsonFactory();

    private final SyntheticMixture mixture;
    private final int components;
    private final double[] record;

    /** Draws a mixture. */
    Workload(int width, int components) {
        this.mixture = new SyntheticMixture(width, components, REACH);
        this.components = components;
        this.record = new double[width];
    }

    int components() {
        return components;
    }

    /** Names of the fields. */
    List<String> fields() {
        return IntStream.range(0, record.length).mapToObj(j -> "x" + j).toList();
    }

    /** The start parameters, in the form that {@code model.start} takes. */
    byte[] start() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            FieldsJson.write(json, mixture.parameters());
        }
        return bytes.toByteArray();
    }

    /** The next observation, numbers with {@value #DECIMALS} decimals. */
    byte[] next() {
        mixture.draw(record);
        StringBuilder json = new StringBuilder("{");
        for (int j = 0; j < record.length; j++) {
            json.append(j == 0 ? "\"x" : ",\"x")
                    .append(j)
                    .append("\":")
                    .append(BigDecimal.valueOf(Math.round(record[j] * 1e6), DECIMALS)
                            .toPlainString());
        }
        return json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }
}
