package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The names that published models and fits share, as found in one JSON object; other names are ignored. */
final class ModelDocument {

    static final String MODEL = "model";
    static final String VERSION = "version";
    static final String TYPE = "type";
    static final String FAMILY = "family";
    static final String OPTIONS = "options";
    static final String COMPONENTS = "components";
    static final String FEATURES = "features";
    static final String OBSERVATIONS = "observations";
    static final String STEP_SIZE = "stepSize";
    static final String MEAN_LOG_LIKELIHOOD = "meanLogLikelihood";
    static final String PARAMETERS = "parameters";
    static final String LEARNING_PARAMETERS = "learningParameters";

    private final String what;
    private String model;
    private Long version;
    private String type;
    private String family;
    private Map<String, String> options = Map.of();
    private Integer components;
    private List<String> features;
    private Long observations;
    private Double stepSize;
    private double meanLogLikelihood = Double.NaN;
    private Fields parameters;
    private Fields learningParameters;

    private ModelDocument(String what) {
        this.what = what;
    }

    /**
     * Reads an object.
     *
     * @param what what it is, for messages
     */
    static ModelDocument read(byte[] json, String what) {
        return read(json, what, Set.of());
    }

    /** The same, but parameters are skipped. */
    static ModelDocument readWithoutParameters(byte[] json, String what) {
        return read(json, what, Set.of(PARAMETERS, LEARNING_PARAMETERS));
    }

    private static ModelDocument read(byte[] json, String what, Set<String> skipped) {
        return Json.readObject(json, what, parser -> {
            ModelDocument document = new ModelDocument(what);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (skipped.contains(name)) {
                    parser.skipChildren();
                } else {
                    document.set(name, parser);
                }
            }
            return document;
        });
    }

    private void set(String name, JsonParser parser) {
        switch (name) {
            case MODEL -> model = Json.text(parser, name);
            case VERSION -> version = Json.integer(parser, name);
            case TYPE -> type = Json.text(parser, name);
            case FAMILY -> family = Json.text(parser, name);
            case OPTIONS -> options = Json.options(parser, name);
            case COMPONENTS -> components = (int) Math.min(Json.integer(parser, name), Integer.MAX_VALUE);
            case FEATURES -> features = Json.texts(parser, name);
            case OBSERVATIONS -> observations = Json.integer(parser, name);
            case STEP_SIZE -> stepSize = Json.number(parser, name);
            case MEAN_LOG_LIKELIHOOD ->
                meanLogLikelihood =
                        parser.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : Json.number(parser, name);
            case PARAMETERS -> parameters = FieldsJson.read(parser, name);
            case LEARNING_PARAMETERS -> learningParameters = FieldsJson.read(parser, name);
            default -> parser.skipChildren();
        }
    }

    /** Writes what a model is. */
    static void writeSpec(JsonGenerator generator, ModelSpec spec) {
        generator.writeStringProperty(TYPE, spec.type());
        generator.writeStringProperty(FAMILY, spec.family());
        generator.writeObjectPropertyStart(OPTIONS);
        new TreeMap<>(spec.options()).forEach(generator::writeStringProperty);
        generator.writeEndObject();
        generator.writeNumberProperty(COMPONENTS, spec.components());
        generator.writeArrayPropertyStart(FEATURES);
        spec.features().forEach(generator::writeString);
        generator.writeEndArray();
    }

    /** What the model is; empty if nothing is said of it. */
    Optional<ModelSpec> spec() {
        if (type == null && family == null && components == null && features == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ModelSpec(
                    require(TYPE, type),
                    require(FAMILY, family),
                    require(COMPONENTS, components),
                    require(FEATURES, features),
                    options));
        } catch (CodecException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new CodecException(what + ": " + e.getMessage(), e);
        }
    }

    String model() {
        return require(MODEL, model);
    }

    long version() {
        return require(VERSION, version);
    }

    long observations() {
        return require(OBSERVATIONS, observations);
    }

    double stepSize() {
        return require(STEP_SIZE, stepSize);
    }

    /** {@code NaN} if it is null or missing. */
    double meanLogLikelihood() {
        return meanLogLikelihood;
    }

    Fields parameters() {
        return require(PARAMETERS, parameters);
    }

    Optional<Fields> learningParameters() {
        return Optional.ofNullable(learningParameters);
    }

    private <T> T require(String name, T value) {
        if (value == null) {
            throw new CodecException(what + ": '" + name + "' is missing");
        }
        return value;
    }
}
