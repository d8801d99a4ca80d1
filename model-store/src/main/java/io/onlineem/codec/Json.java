package io.onlineem.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** JSON objects read and written as a stream of tokens; what Jackson says of bad input becomes a {@link CodecException}. */
final class Json {

    /** Shortest decimals that read back to the same bits, whatever the Java version; a name twice is an error. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private Json() {}

    /** Writes a value that is JSON already. */
    static void writeCopy(JsonGenerator generator, byte[] json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        }
    }

    /** One object, in UTF-8, on one line. */
    static byte[] writeObject(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            content.accept(generator);
            generator.writeEndObject();
        }
        return out.toByteArray();
    }

    /** A text, with its quotation marks. */
    static byte[] writeText(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.writeString(text);
        }
        return out.toByteArray();
    }

    /**
     * Reads exactly one object.
     *
     * @param what what it is, for messages
     * @param content given the parser at the object's beginning; leaves it at its end
     */
    static <T> T readObject(byte[] json, String what, Function<JsonParser, T> content) {
        try (JsonParser parser = open(json, what)) {
            T result = apply(content, parser, what);
            if (parser.nextToken() != null) {
                throw new CodecException(what + ": expected one JSON object, but " + parser.currentToken()
                        + " follows it on line " + parser.currentTokenLocation().getLineNr());
            }
            return result;
        } catch (JacksonException e) {
            throw malformed(what, e);
        }
    }

    /**
     * Moves to the value of a name of the outermost object and reads that alone.
     *
     * @return what was read, or null if the object has no such name
     */
    static <T> T readOnly(byte[] json, String what, String name, Function<JsonParser, T> value) {
        try (JsonParser parser = open(json, what)) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals(name);
                parser.nextToken();
                if (found) {
                    return apply(value, parser, what);
                }
                parser.skipChildren();
            }
            return null;
        } catch (JacksonException e) {
            throw malformed(what, e);
        }
    }

    /**
     * Reads a value of any kind.
     *
     * @param what what it is, for messages
     * @param content given the parser at the value; leaves it at its end
     */
    static <T> T readValue(byte[] json, String what, Function<JsonParser, T> content) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return apply(content, parser, what);
        } catch (JacksonException e) {
            throw malformed(what, e);
        }
    }

    /** The value at which the parser is, as JSON of its own; leaves the parser at its end. */
    static byte[] copy(JsonParser parser) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.copyCurrentStructure(parser);
        }
        return out.toByteArray();
    }

    private static <T> T apply(Function<JsonParser, T> content, JsonParser parser, String what) {
        try {
            return content.apply(parser);
        } catch (CodecException e) {
            throw new CodecException(what + ": " + e.getMessage(), e);
        }
    }

    private static JsonParser open(byte[] json, String what) {
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json);
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_OBJECT) {
            parser.close();
            throw new CodecException(what + ": expected a JSON object, found "
                    + (token == null ? "nothing" : token == JsonToken.START_ARRAY ? "an array" : "a single value"));
        }
        return parser;
    }

    private static CodecException malformed(String what, JacksonException e) {
        String where = e.getLocation() == null
                ? ""
                : ", line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new CodecException(what + ": not valid JSON" + where + ": " + e.getOriginalMessage(), e);
    }

    /** Writes a number, or null in place of one that is not finite. */
    static void writeFiniteOrNull(JsonGenerator generator, String name, double value) {
        if (Double.isFinite(value)) {
            generator.writeNumberProperty(name, value);
        } else {
            generator.writeNullProperty(name);
        }
    }

    static String text(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unexpected(parser, name, "text");
        }
        return parser.getString();
    }

    static long integer(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw unexpected(parser, name, "a whole number");
        }
        return parser.getLongValue();
    }

    static double number(JsonParser parser, String name) {
        JsonToken token = parser.currentToken();
        if (token == null || !token.isNumeric()) {
            throw unexpected(parser, name, "a number");
        }
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw unexpected(parser, name, "a number in the range of a double");
        }
        return value;
    }

    /** A number, or {@code NaN} in place of null. */
    static double numberOrNaN(JsonParser parser, String name) {
        return parser.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : number(parser, name);
    }

    static List<String> texts(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw unexpected(parser, name, "an array of texts");
        }
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(parser, name + "[" + texts.size() + "]"));
        }
        return texts;
    }

    /** Whole numbers of the range of an int. */
    static List<Integer> integers(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw unexpected(parser, name, "an array of whole numbers");
        }
        List<Integer> integers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            long value = integer(parser, name + "[" + integers.size() + "]");
            integers.add((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)));
        }
        return integers;
    }

    /** An object of plain values, each as its text. */
    static Map<String, String> options(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw unexpected(parser, name, "an object");
        }
        Map<String, String> options = new TreeMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String option = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
                throw unexpected(parser, name + "." + option, "text or a number");
            }
            options.put(option, parser.getString());
        }
        return options;
    }

    static CodecException unexpected(JsonParser parser, String name, String expected) {
        JsonToken token = parser.currentToken();
        String found = token == null
                ? "missing: the JSON ends on line " + parser.currentLocation().getLineNr()
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> "the text \"" + parser.getString() + "\"";
                    default -> parser.getString();
                };
        return new CodecException("'" + name + "' is " + found + "; expected " + expected);
    }
}
