package io.onlineem.observation;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.codec.CodecException;
import io.onlineem.codec.FieldsJson;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Posterior;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Scored records as JSON, the lines of the posteriors topic and of {@code score}:
 *
 * <pre>
 *   {"model":"wind","version":12,"status":"scored","component":2,"logLikelihood":-7.103482519,"posterior":[0.0127,0.9873]}
 *   {"model":"wind","version":12,"status":"scored","component":2,"logLikelihood":-7.103482519,"probability":0.9873}
 *   {"model":"wind","version":0,"status":"warming-up"}
 *   {"model":"pump","version":7,"status":"scored",…,"missing":{"temperature":21.34,"mode":"idle"}}
 *   {"model":"nile","version":3,"status":"scored","logLikelihood":-6.12,"outputs":{"mean":[1120.5],"covariance":[[4031.9]]}}
 * </pre>
 *
 * <p>Where it is asked for, {@code anomaly} tells how unusual the record is, see docs/anomalies.md.
 *
 * <p>Where values of the record were missing, they are named, with what is expected in their place. What a model says beside
 * probabilities is in {@code outputs}, left out with the probabilities. A model without components has no {@code component},
 * {@code posterior} or {@code probability}.
 *
 * <p>{@code component} counts from 0. Numbers have up to nine decimals: ten times the speed of shortest round-trip
 * decimals, which was most of the cost of a record, and half the bytes; outputs below 0.001 have all digits. Where every bit counts there is
 * {@link PosteriorBinary}. Not thread-safe.
 */
public final class PosteriorJson {

    private static final byte[] VERSION = ascii("\",\"version\":");
    private static final byte[] WARMING_UP = ascii(",\"status\":\"warming-up\"}");
    private static final byte[] SCORED = ascii(",\"status\":\"scored\"");
    private static final byte[] COMPONENT = ascii(",\"component\":");
    private static final byte[] LOG_LIKELIHOOD = ascii(",\"logLikelihood\":");
    private static final byte[] POSTERIOR = ascii(",\"posterior\":[");
    private static final byte[] PROBABILITY = ascii(",\"probability\":");
    private static final byte[] MISSING = ascii(",\"missing\":{");
    private static final byte[] OUTPUTS = ascii(",\"outputs\":{");

    private static final byte[] SCORE = ascii(",\"anomaly\":{\"score\":");
    private static final byte[] TAIL_PROBABILITY = ascii(",\"tailProbability\":");
    private static final byte[] CONFIDENCE = ascii(",\"confidence\":");
    private static final byte[] EXPLANATION = ascii(",\"explanation\":");

    /** Below it nine decimals are fewer than seven digits. */
    private static final double SMALLEST_DECIMAL = 1e-3;

    private static final double[] NO_PROBABILITIES = {};

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Beginnings of the lines of the last models; bounded, since a per-key topology has a name for every key. */
    private static final int REMEMBERED_NAMES = 1024;

    private final boolean full;
    private final List<String> features;
    private final Map<String, byte[]> beginnings = new HashMap<>();

    /** Names of outputs as they are written; a model has few. */
    private final Map<String, byte[]> names = new HashMap<>();

    private final DecimalBuffer buffer = new DecimalBuffer();

    /**
     * A writer.
     *
     * @param full whether to write the whole posterior vector, or else the most likely component only
     * @param features names of the values of a record, by which missing ones are called
     */
    public PosteriorJson(boolean full, List<String> features) {
        this.full = full;
        this.features = List.copyOf(features);
    }

    /** The record as one JSON object. */
    public byte[] write(ScoredRecord scored) {
        buffer.clear();
        buffer.append(beginning(scored.model()));
        buffer.append(VERSION);
        buffer.append(scored.version());
        Posterior posterior = scored.posterior();
        if (posterior == null) {
            buffer.append(WARMING_UP);
            return buffer.toBytes();
        }
        double[] probabilities = posterior.probabilities();
        int component = posterior.mostLikely();
        buffer.append(SCORED);
        if (probabilities.length > 0) {
            buffer.append(COMPONENT);
            buffer.append(component);
        }
        buffer.append(LOG_LIKELIHOOD);
        buffer.append(posterior.logLikelihood());
        if (full && probabilities.length > 0) {
            buffer.append(POSTERIOR);
            for (int k = 0; k < probabilities.length; k++) {
                if (k > 0) {
                    buffer.append(',');
                }
                buffer.append(probabilities[k]);
            }
            buffer.append(']');
        } else if (probabilities.length > 0) {
            buffer.append(PROBABILITY);
            buffer.append(probabilities[component]);
        }
        if (!posterior.missing().isEmpty()) {
            append(posterior.missing());
        }
        if (full && !posterior.outputs().isEmpty()) {
            append(posterior.outputs());
        }
        if (scored.anomaly() != null) {
            append(scored.anomaly());
        }
        buffer.append('}');
        return buffer.toBytes();
    }

    private void append(Anomaly anomaly) {
        buffer.append(SCORE);
        buffer.append(anomaly.score());
        buffer.append(TAIL_PROBABILITY);
        appendOutput(anomaly.tailProbability());
        buffer.append(CONFIDENCE);
        buffer.append(anomaly.confidence());
        if (anomaly.incident() != null) {
            buffer.append((",\"incident\":\"" + escape(anomaly.incident()) + '"').getBytes(StandardCharsets.UTF_8));
        }
        if (anomaly.explanation() != null) {
            buffer.append(EXPLANATION);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (JsonGenerator generator =
                    FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
                AnomalyJson.write(generator, anomaly.explanation(), features);
            }
            buffer.append(out.toByteArray());
        }
        buffer.append('}');
    }

    private void append(Fields outputs) {
        buffer.append(OUTPUTS);
        boolean first = true;
        for (String name : outputs.names()) {
            if (!first) {
                buffer.append(',');
            }
            first = false;
            buffer.append(
                    names.computeIfAbsent(name, key -> ('"' + escape(key) + "\":").getBytes(StandardCharsets.UTF_8)));
            Object value = outputs.get(name);
            if (value instanceof double[] vector) {
                append(vector);
            } else if (value instanceof double[][] matrix) {
                buffer.append('[');
                for (int i = 0; i < matrix.length; i++) {
                    if (i > 0) {
                        buffer.append(',');
                    }
                    append(matrix[i]);
                }
                buffer.append(']');
            } else if (value instanceof Double number) {
                appendOutput(number);
            } else {
                throw new IllegalArgumentException("the output '" + name + "' of a posterior is a "
                        + value.getClass().getSimpleName() + "; expected a number, a vector or a matrix");
            }
        }
        buffer.append('}');
    }

    private void append(double[] vector) {
        buffer.append('[');
        for (int i = 0; i < vector.length; i++) {
            if (i > 0) {
                buffer.append(',');
            }
            appendOutput(vector[i]);
        }
        buffer.append(']');
    }

    private void appendOutput(double number) {
        if (Math.abs(number) < SMALLEST_DECIMAL && number != 0) {
            buffer.append(ascii(Double.toString(number)));
        } else {
            buffer.append(number);
        }
    }

    private void append(List<Imputation.Value> missing) {
        buffer.append(MISSING);
        for (int i = 0; i < missing.size(); i++) {
            Imputation.Value value = missing.get(i);
            String shown =
                    value.category() == null ? Double.toString(value.number()) : '"' + escape(value.category()) + '"';
            String property = (i == 0 ? "\"" : ",\"") + escape(features.get(value.position())) + "\":" + shown;
            buffer.append(property.getBytes(StandardCharsets.UTF_8));
        }
        buffer.append('}');
    }

    /**
     * Reads a record back, as far as nine decimals go.
     *
     * @param features names of the values of a record
     * @throws IllegalArgumentException if it is not such a JSON object, was written without all of its posterior, or lacks a
     *     value that is not among the features
     */
    public static ScoredRecord read(byte[] json, List<String> features) {
        String model = null;
        long version = 0;
        boolean scored = false;
        double logLikelihood = Double.NaN;
        double[] probabilities = null;
        boolean hasComponents = false;
        List<Imputation.Value> missing = List.of();
        Fields outputs = Fields.EMPTY;
        Anomaly anomaly = null;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "model" -> model = parser.getString();
                    case "version" -> version = parser.getLongValue();
                    case "status" -> scored = "scored".equals(parser.getString());
                    case "logLikelihood" -> logLikelihood = parser.getDoubleValue();
                    case "component" -> hasComponents = true;
                    case "posterior" -> probabilities = readProbabilities(parser, token);
                    case "missing" -> missing = readMissing(parser, token, features);
                    case "outputs" -> outputs = readOutputs(parser);
                    case "anomaly" -> anomaly = AnomalyJson.read(parser, features);
                    default -> parser.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a scored record: " + e.getOriginalMessage(), e);
        }
        if (scored && probabilities == null && !hasComponents) {
            probabilities = NO_PROBABILITIES;
        }
        if (model == null || (scored && probabilities == null)) {
            throw new IllegalArgumentException("not a whole scored record; expected the fields model, version, status"
                    + " and, if scored, logLikelihood and, of a model with components, posterior: "
                    + new String(json, StandardCharsets.UTF_8));
        }
        return new ScoredRecord(
                model, version, scored ? new Posterior(probabilities, logLikelihood, missing, outputs) : null, anomaly);
    }

    private static Fields readOutputs(JsonParser parser) {
        try {
            return FieldsJson.read(parser);
        } catch (CodecException e) {
            throw new IllegalArgumentException("not a scored record: " + e.getMessage(), e);
        }
    }

    private static List<Imputation.Value> readMissing(JsonParser parser, JsonToken token, List<String> features) {
        if (token != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("missing is " + parser.getString() + "; expected an object");
        }
        List<Imputation.Value> missing = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            int position = features.indexOf(name);
            if (position < 0) {
                throw new IllegalArgumentException(
                        "the value '" + name + "' is missing from the record; expected one of " + features);
            }
            missing.add(
                    parser.nextToken() == JsonToken.VALUE_STRING
                            ? new Imputation.Value(position, Double.NaN, parser.getString())
                            : new Imputation.Value(position, parser.getDoubleValue(), null));
        }
        return missing;
    }

    private static double[] readProbabilities(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException("posterior is " + parser.getString() + "; expected a list of numbers");
        }
        double[] probabilities = new double[8];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == probabilities.length) {
                probabilities = Arrays.copyOf(probabilities, 2 * count);
            }
            probabilities[count++] = parser.getDoubleValue();
        }
        return Arrays.copyOf(probabilities, count);
    }

    private byte[] beginning(String model) {
        byte[] known = beginnings.get(model);
        if (known == null) {
            if (beginnings.size() >= REMEMBERED_NAMES) {
                beginnings.clear();
            }
            known = ("{\"model\":\"" + escape(model)).getBytes(StandardCharsets.UTF_8);
            beginnings.put(model, known);
        }
        return known;
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A growing buffer of ASCII text with decimal numbers. */
    private static final class DecimalBuffer {

        private static final int DECIMALS = 9;
        private static final long ONE = 1_000_000_000L;

        /** Beyond this the scaled number leaves the exact integers of a double. */
        private static final double LARGEST_SCALED = 9e15;

        /** 00, 01, … 99: two digits at a time need half the divisions. */
        private static final byte[] PAIRS = pairs();

        private byte[] bytes = new byte[512];
        private int length;

        private static byte[] pairs() {
            byte[] pairs = new byte[200];
            for (int i = 0; i < 100; i++) {
                pairs[2 * i] = (byte) ('0' + i / 10);
                pairs[2 * i + 1] = (byte) ('0' + i % 10);
            }
            return pairs;
        }

        void clear() {
            length = 0;
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }

        void append(byte[] text) {
            room(text.length);
            System.arraycopy(text, 0, bytes, length, text.length);
            length += text.length;
        }

        void append(char c) {
            room(1);
            bytes[length++] = (byte) c;
        }

        void append(long number) {
            if (number < 0) {
                append(ascii(Long.toString(number)));
                return;
            }
            room(20);
            appendDigits(number);
        }

        void append(double number) {
            double scaled = Math.abs(number) * ONE;
            if (!(scaled < LARGEST_SCALED)) {
                append(ascii(Double.toString(number)));
                return;
            }
            long rounded = (long) (scaled + 0.5);
            room(20);
            if (number < 0 && rounded > 0) {
                bytes[length++] = '-';
            }
            long whole = rounded < ONE ? 0 : rounded / ONE;
            appendDigits(whole);
            int fraction = (int) (rounded - whole * ONE);
            if (fraction > 0) {
                appendFraction(fraction);
            }
        }

        private void appendDigits(long number) {
            if (number < 10) {
                bytes[length++] = (byte) ('0' + number);
                return;
            }
            int digits = 1;
            for (long rest = number / 10; rest > 0; rest /= 10) {
                digits++;
            }
            long rest = number;
            for (int at = length + digits - 1; at >= length; at--) {
                bytes[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            length += digits;
        }

        private void appendFraction(int fraction) {
            bytes[length] = '.';
            int five = fraction / 10_000;
            int first = five / 10_000;
            bytes[length + 1] = (byte) ('0' + first);
            putFourDigits(length + 2, five - first * 10_000);
            putFourDigits(length + 6, fraction - five * 10_000);
            length += 1 + DECIMALS;
            while (bytes[length - 1] == '0') {
                length--;
            }
        }

        private void putFourDigits(int at, int number) {
            int two = number / 100;
            putTwoDigits(at, two);
            putTwoDigits(at + 2, number - two * 100);
        }

        private void putTwoDigits(int at, int number) {
            bytes[at] = PAIRS[2 * number];
            bytes[at + 1] = PAIRS[2 * number + 1];
        }

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }
    }
}
