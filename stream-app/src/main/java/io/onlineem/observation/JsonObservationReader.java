package io.onlineem.observation;

import io.onlineem.config.InputField;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads observations from JSON objects: the named fields, in order. Numbers, texts of categories, flags where the model
 * takes them; of documents texts, objects of words and how often they occur, or lists of words; absent and null fields, where they may be missing, are {@code NaN}. Dots reach into nested objects; other
 * fields are skipped. If a field occurs twice the last one counts. Not thread-safe.
 */
public final class JsonObservationReader implements ObservationReader<byte[]> {

    /** NaN and infinity are not JSON, but many writers produce them: they deserve their own reason. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private final RecordValues record;
    private final int maxBytes;
    private final Node root = new Node();

    /**
     * A reader of the given fields.
     *
     * @param fields in the order of the observation
     * @param weight name of the field that weighs a record
     * @param sequence name of the field that names the sequence of a record; empty if its key does
     * @param maxBytes largest value that is read
     */
    public JsonObservationReader(
            List<InputField> fields, Optional<String> weight, Optional<String> sequence, int maxBytes) {
        this.record = new RecordValues(fields, weight, sequence, "field");
        this.maxBytes = maxBytes;
        for (int i = 0; i < record.size(); i++) {
            root.add(record.path(i), i);
        }
    }

    /**
     * A reader of fields that all hold numbers.
     *
     * @param fields names, in the order of the observation
     * @param maxBytes largest value that is read
     */
    public static JsonObservationReader ofNumbers(List<String> fields, int maxBytes) {
        return new JsonObservationReader(InputField.numbers(fields), Optional.empty(), Optional.empty(), maxBytes);
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
        record.begin();
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
        record.addTo(into);
    }

    @Override
    public String sequence() {
        return record.sequence();
    }

    private void readObject(JsonParser parser, Node node) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            Node child = node.children.get(parser.currentName());
            JsonToken token = parser.nextToken();
            if (child == null) {
                parser.skipChildren();
            } else if (child.position >= 0) {
                readValue(parser, token, child.position);
            } else if (token == JsonToken.START_OBJECT) {
                readObject(parser, child);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readValue(JsonParser parser, JsonToken token, int position) {
        switch (token) {
            case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
                if (record.isCategory(position)) {
                    record.category(position, parser.getString());
                } else {
                    record.number(position, parser.getDoubleValue());
                }
            }
            case VALUE_STRING -> record.text(position, parser.getString());
            case VALUE_TRUE, VALUE_FALSE -> record.flag(position, token == JsonToken.VALUE_TRUE);
            case VALUE_NULL -> record.missing(position, "is null");
            default -> readWords(parser, token, position);
        }
    }

    /** Words with their counts, or one after another. */
    private void readWords(JsonParser parser, JsonToken token, int position) {
        boolean list = token == JsonToken.START_ARRAY;
        if (!record.isWords(position)) {
            throw record.other(position, list ? "is a list" : "is an object");
        }
        JsonToken next = parser.nextToken();
        while (next != JsonToken.END_ARRAY && next != JsonToken.END_OBJECT) {
            String word = list ? (next == JsonToken.VALUE_STRING ? parser.getString() : null) : parser.currentName();
            JsonToken count = list ? next : parser.nextToken();
            if (word == null) {
                throw record.other(position, "is a list that holds something else than words");
            }
            if (!list && !count.isNumeric()) {
                throw record.other(
                        position,
                        "counts the word '" + RecordValues.abbreviate(word) + "' with something else than a number");
            }
            record.word(position, word, list ? 1 : parser.getDoubleValue());
            next = parser.nextToken();
        }
        record.endWords(position);
    }

    private static InvalidObservationException notJson(String detail) {
        return new InvalidObservationException(Reason.NOT_JSON, "expected a JSON object: " + detail);
    }
}
