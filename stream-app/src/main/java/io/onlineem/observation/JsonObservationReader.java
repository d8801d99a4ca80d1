package io.onlineem.observation;

import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads observations from JSON objects: the named fields, in order, all numbers. Dots reach into nested objects; other
 * fields are skipped. If a field occurs twice the last one counts. Not thread-safe.
 */
public final class JsonObservationReader implements ObservationReader<byte[]> {

    /** NaN and infinity are not JSON, but many writers produce them: they deserve their own reason. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private static final int NOT_SEEN = 0;
    private static final int SEEN = 1;

    private final List<String> fields;
    private final int maxBytes;
    private final Node root = new Node();
    private final double[] values;
    private final int[] seen;

    /**
     * A reader of the given fields.
     *
     * @param fields names, in the order of the observation
     * @param maxBytes largest value that is read
     */
    public JsonObservationReader(List<String> fields, int maxBytes) {
        this.fields = List.copyOf(fields);
        this.maxBytes = maxBytes;
        this.values = new double[fields.size()];
        this.seen = new int[fields.size()];
        for (int i = 0; i < fields.size(); i++) {
            root.add(fields.get(i), i);
        }
    }

    /** Where a field leads: to a position of the observation, into an object, or both if one is a prefix of another. */
    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private int position = -1;

        void add(String path, int index) {
            Node node = this;
            for (String name : path.split("\\.", -1)) {
                node = node.children.computeIfAbsent(name, key -> new Node());
            }
            node.position = index;
        }
    }

    @Override
    public void read(byte[] value, Observations into) {
        if (value.length > maxBytes) {
            throw new InvalidObservationException(
                    Reason.TOO_LARGE, "the value has " + value.length + " bytes; expected at most " + maxBytes);
        }
        Arrays.fill(seen, NOT_SEEN);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notJson("it does not begin with an object");
            }
            readObject(parser, root);
            if (parser.nextToken() != null) {
                throw notJson("something follows the object");
            }
        } catch (JacksonException e) {
            throw notJson(e.getOriginalMessage());
        }
        for (int i = 0; i < values.length; i++) {
            if (seen[i] == NOT_SEEN) {
                throw new InvalidObservationException(
                        Reason.MISSING_FIELD, "the field '" + fields.get(i) + "' is missing; expected a number");
            }
        }
        into.add(values);
    }

    private void readObject(JsonParser parser, Node node) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            Node child = node.children.get(parser.currentName());
            JsonToken token = parser.nextToken();
            if (child == null) {
                parser.skipChildren();
            } else if (child.position >= 0) {
                readNumber(parser, token, child.position);
            } else if (token == JsonToken.START_OBJECT) {
                readObject(parser, child);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readNumber(JsonParser parser, JsonToken token, int position) {
        if (token == JsonToken.VALUE_NULL) {
            throw new InvalidObservationException(
                    Reason.MISSING_FIELD, "the field '" + fields.get(position) + "' is null; expected a number");
        }
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw new InvalidObservationException(
                    Reason.NOT_A_NUMBER,
                    "the field '" + fields.get(position) + "' is " + describe(parser, token) + "; expected a number");
        }
        double number = parser.getDoubleValue();
        if (!(Math.abs(number) <= LARGEST)) {
            throw new InvalidObservationException(
                    Reason.NOT_FINITE,
                    "the field '" + fields.get(position) + "' is " + number
                            + "; expected a finite number of magnitude at most " + LARGEST);
        }
        values[position] = number;
        seen[position] = SEEN;
    }

    private static String describe(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "the text '" + abbreviate(parser.getString()) + "'";
            case VALUE_TRUE, VALUE_FALSE -> "the flag " + parser.getString();
            case START_ARRAY -> "a list";
            default -> "an object";
        };
    }

    private static String abbreviate(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static InvalidObservationException notJson(String detail) {
        return new InvalidObservationException(Reason.NOT_JSON, "expected a JSON object: " + detail);
    }
}
