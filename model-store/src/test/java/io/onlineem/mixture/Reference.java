package io.onlineem.mixture;

import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Numbers that other software found, from the JSON files of the folder reference; each names its tool and version. */
public record Reference(Map<String, Object> values) {

    public static Reference read(String file) {
        try (InputStream in = Reference.class.getResourceAsStream("/reference/" + file);
                JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            parser.nextToken();
            return new Reference(object(parser));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String text(String name) {
        return (String) values.get(name);
    }

    public double number(String name) {
        return (Double) values.get(name);
    }

    public double[] vector(String name) {
        return vector(values.get(name));
    }

    public double[][] matrix(String name) {
        return matrix(values.get(name));
    }

    public double[][][] matrices(String name) {
        return list(values.get(name)).stream().map(Reference::matrix).toArray(double[][][]::new);
    }

    public Observations observations(String name) {
        return Observations.of(matrix(name));
    }

    /** Named numbers and arrays. */
    public Fields fields(String name) {
        Fields fields = new Fields();
        ((Map<?, ?>) values.get(name)).forEach((key, value) -> fields.with((String) key, field(value)));
        return fields;
    }

    private static Object field(Object value) {
        if (!(value instanceof List<?> list)) {
            return value;
        }
        return list.get(0) instanceof List ? matrix(value) : vector(value);
    }

    /** Texts by name. */
    public Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        ((Map<?, ?>) values.get(name)).forEach((key, value) -> texts.put((String) key, (String) value));
        return texts;
    }

    /** A list of texts. */
    public List<String> names(String name) {
        return list(values.get(name)).stream().map(String.class::cast).toList();
    }

    public List<Reference> each(String name) {
        List<Reference> all = new ArrayList<>();
        list(values.get(name)).forEach(value -> all.add(of(value)));
        return all;
    }

    public Reference nested(String name) {
        return of(values.get(name));
    }

    private static Reference of(Object object) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) object).forEach((key, field) -> copy.put((String) key, field));
        return new Reference(copy);
    }

    private static double[] vector(Object value) {
        return list(value).stream().mapToDouble(number -> (Double) number).toArray();
    }

    private static double[][] matrix(Object value) {
        return list(value).stream().map(Reference::vector).toArray(double[][]::new);
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            case VALUE_NULL -> Double.NaN;
            case VALUE_STRING -> parser.getString();
            default -> parser.getDoubleValue();
        };
    }
}
