package io.onlineem.codec;

import io.onlineem.em.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@link Fields} as JSON objects: numbers, texts, arrays of texts, arrays of numbers up to three deep, nested
 * objects.
 *
 * <p>Numbers are the shortest decimals that read back to the same bits. JSON has no {@code NaN} and no infinity: neither is
 * ever written or read. An empty array reads as an empty vector. Stateless; thread-safe.
 */
public final class FieldsJson {

    private static final int DEEPEST = 3;

    private FieldsJson() {}

    /**
     * Writes fields as one object.
     *
     * @throws CodecException if a number is {@code NaN} or infinite; names the field
     */
    public static void write(JsonGenerator generator, Fields fields) {
        generator.writeStartObject();
        for (String name : fields.names()) {
            generator.writeName(name);
            Object value = fields.get(name);
            if (value instanceof Double number) {
                write(generator, name, number);
            } else if (value instanceof String text) {
                generator.writeString(text);
            } else if (value instanceof String[] texts) {
                generator.writeStartArray();
                for (String text : texts) {
                    generator.writeString(text);
                }
                generator.writeEndArray();
            } else if (value instanceof double[] vector) {
                write(generator, name, vector);
            } else if (value instanceof double[][] matrix) {
                write(generator, name, matrix);
            } else if (value instanceof double[][][] matrices) {
                generator.writeStartArray();
                for (double[][] matrix : matrices) {
                    write(generator, name, matrix);
                }
                generator.writeEndArray();
            } else {
                write(generator, (Fields) value);
            }
        }
        generator.writeEndObject();
    }

    private static void write(JsonGenerator generator, String name, double[][] matrix) {
        generator.writeStartArray();
        for (double[] row : matrix) {
            write(generator, name, row);
        }
        generator.writeEndArray();
    }

    private static void write(JsonGenerator generator, String name, double[] vector) {
        generator.writeStartArray();
        for (double number : vector) {
            write(generator, name, number);
        }
        generator.writeEndArray();
    }

    private static void write(JsonGenerator generator, String name, double number) {
        if (!Double.isFinite(number)) {
            throw new CodecException("field '" + name + "' holds " + number + "; expected a finite number");
        }
        generator.writeNumber(number);
    }

    /**
     * Reads one object.
     *
     * @param parser at the beginning of the object; left at its end
     * @throws CodecException if the value is no object, or one of its values is not one that {@link Fields} hold; names it
     */
    public static Fields read(JsonParser parser) {
        return read(parser, "parameters");
    }

    static Fields read(JsonParser parser, String path) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected(parser, path, "an object");
        }
        Fields fields = new Fields();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            String inside = path + "." + name;
            fields.with(
                    name,
                    switch (parser.nextToken()) {
                        case VALUE_STRING -> parser.getString();
                        case START_OBJECT -> read(parser, inside);
                        case START_ARRAY -> array(parser, inside, 1);
                        default -> Json.number(parser, inside);
                    });
        }
        return fields;
    }

    /** An array whose kind shows only inside: texts, a vector, a matrix or a list of matrices. */
    private static Object array(JsonParser parser, String path, int depth) {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.VALUE_STRING && depth == 1) {
            return texts(parser, path);
        }
        if (first != JsonToken.START_ARRAY) {
            return vector(parser, path);
        }
        if (depth == DEEPEST) {
            throw Json.unexpected(parser, path + "[0]", "a number");
        }
        List<Object> elements = new ArrayList<>();
        do {
            String inside = path + "[" + elements.size() + "]";
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw Json.unexpected(parser, inside, "an array, as the elements before it");
            }
            Object element = array(parser, inside, depth + 1);
            if (!elements.isEmpty() && element.getClass() != elements.get(0).getClass()) {
                throw new CodecException(
                        "'" + inside + "' is an array of another depth than the elements before it; expected the same");
            }
            elements.add(element);
        } while (parser.nextToken() != JsonToken.END_ARRAY);
        return elements.get(0) instanceof double[]
                ? elements.toArray(new double[0][])
                : elements.toArray(new double[0][][]);
    }

    private static String[] texts(JsonParser parser, String path) {
        List<String> texts = new ArrayList<>();
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            texts.add(Json.text(parser, path + "[" + texts.size() + "]"));
            parser.nextToken();
        }
        return texts.toArray(new String[0]);
    }

    private static double[] vector(JsonParser parser, String path) {
        double[] vector = new double[8];
        int size = 0;
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            if (size == vector.length) {
                vector = Arrays.copyOf(vector, 2 * size);
            }
            vector[size] = Json.number(parser, path + "[" + size + "]");
            size++;
            parser.nextToken();
        }
        return Arrays.copyOf(vector, size);
    }
}
