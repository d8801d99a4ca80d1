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

    /** Probability that a sequence stays in its state. */
    private static final double STAY = 0.9;

    private final SyntheticMixture mixture;
    private final int components;
    private final double[] record;

    /** The state of each sequence; none where records are independent. */
    private final int[] states;

    private long drawn;

    /** Draws a mixture. */
    Workload(int width, int components) {
        this(width, components, 0);
    }

    /**
     * Draws a hidden Markov model, whose sequences have their records in turns.
     *
     * @param sequences how many; 0 for a mixture
     */
    Workload(int width, int components, int sequences) {
        this.states = new int[sequences];
        this.mixture = new SyntheticMixture(width, components, REACH);
        this.components = components;
        this.record = new double[width];
    }

    /** What kind of model. */
    String type() {
        return states.length == 0 ? "mixture" : "hmm";
    }

    /** The key of record i: its sequence; null where records are independent. */
    byte[] key(long i) {
        return states.length == 0 ? null : ("sequence-" + i % states.length).getBytes(StandardCharsets.US_ASCII);
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
            FieldsJson.write(json, states.length == 0 ? mixture.parameters() : mixture.chain(STAY));
        }
        return bytes.toByteArray();
    }

    /** The next observation, numbers with {@value #DECIMALS} decimals. */
    byte[] next() {
        if (states.length == 0) {
            mixture.draw(record);
        } else {
            int sequence = (int) (drawn++ % states.length);
            states[sequence] = mixture.next(states[sequence], STAY);
            mixture.draw(states[sequence], record);
        }
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
