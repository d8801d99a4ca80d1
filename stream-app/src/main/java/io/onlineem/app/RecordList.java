package io.onlineem.app;

import io.onlineem.http.Models.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * The records of a request: one, or an array of them.
 *
 * @param array whether it is an array
 * @param values the JSON of each record
 */
record RecordList(boolean array, List<byte[]> values) {

    /** Records in one request. */
    static final int MOST = 1000;

    /** As {@link io.onlineem.observation.JsonObservationReader} reads them. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final String NOT_JSON = "not-json";

    /**
     * Takes a body apart. What does not begin with an array is one record, whatever it is.
     *
     * @throws RefusedException if it is an array that cannot be read, or has too many records
     */
    static RecordList of(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return new RecordList(false, List.of(body));
            }
            List<byte[]> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (values.size() == MOST) {
                    throw new RefusedException(
                            RefusedException.Kind.TOO_LARGE,
                            "too-large",
                            "the array has more than " + MOST + " records",
                            OptionalInt.empty());
                }
                values.add(element(parser, body, values.size()));
            }
            if (parser.nextToken() != null) {
                throw notJson("something follows the array", OptionalInt.empty());
            }
            return new RecordList(true, values);
        } catch (JacksonException e) {
            return malformed(e, body);
        }
    }

    private static byte[] element(JsonParser parser, byte[] body, int index) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw notJson("expected a JSON object: it does not begin with an object", OptionalInt.of(index));
        }
        int begin = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        if (begin < 0 || end < begin) {
            throw notJson("the array is not UTF-8", OptionalInt.empty());
        }
        return Arrays.copyOfRange(body, begin, end);
    }

    private static RecordList malformed(JacksonException e, byte[] body) {
        boolean array =
                new String(body, StandardCharsets.ISO_8859_1).stripLeading().startsWith("[");
        if (array) {
            throw notJson("expected a JSON array: " + e.getOriginalMessage(), OptionalInt.empty());
        }
        return new RecordList(false, List.of(body));
    }

    private static RefusedException notJson(String message, OptionalInt record) {
        return new RefusedException(RefusedException.Kind.MALFORMED, NOT_JSON, message, record);
    }
}
