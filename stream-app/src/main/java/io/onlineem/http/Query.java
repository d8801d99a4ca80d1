package io.onlineem.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The query of a request: names with their values, each once. */
final class Query {

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a query.
     *
     * @param raw as in the request, percent-encoded; null for none
     * @param expected the names that may occur
     * @throws InvalidException if it holds anything else
     */
    static Query of(String raw, Set<String> expected) {
        Map<String, String> values = new HashMap<>();
        for (String part : raw == null || raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !expected.contains(name) || values.containsKey(name)) {
                throw new InvalidException(
                        "the query is '" + raw + "'",
                        "nothing, or "
                                + String.join("=…, ", expected.stream().sorted().toList())
                                + "=…, each once, joined by &");
            }
            values.put(name, decoded(part.substring(equals + 1)));
        }
        return new Query(values);
    }

    private static String decoded(String value) {
        try {
            // a plus sign is one, as in paths; only forms write spaces so
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidException("the query has the value '" + value + "'", "a value that is percent-encoded", e);
        }
    }

    /** The value; empty if there is none. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /**
     * The value as a whole number.
     *
     * @throws InvalidException if there is none
     */
    long number(String name) {
        String text = text(name);
        if (!text.matches("\\d{1,18}")) {
            throw new InvalidException(name + " is '" + text + "'", "a whole number");
        }
        return Long.parseLong(text);
    }

    /** A query that is not understood. */
    static final class InvalidException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final String expected;

        InvalidException(String error, String expected) {
            this(error, expected, null);
        }

        InvalidException(String error, String expected, Throwable cause) {
            super(error, cause);
            this.expected = expected;
        }

        Response response() {
            return Response.error(400, getMessage(), expected);
        }
    }
}
