package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Fields;
import io.onlineem.em.ModelState;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.util.ArrayList;
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
    static final String TYPE_OPTIONS = "typeOptions";
    static final String FACTORS = "factors";
    static final String PRIOR = "prior";
    static final String STRENGTH = "strength";
    static final String LOCATION = "location";
    static final String COMPONENTS = "components";
    static final String FEATURES = "features";
    static final String OBSERVATIONS = "observations";
    static final String STEP_SIZE = "stepSize";
    static final String MEAN_LOG_LIKELIHOOD = "meanLogLikelihood";
    static final String PARAMETERS = "parameters";
    static final String LEARNING_PARAMETERS = "learningParameters";
    private static final String EVENTS = "events";
    private static final String BEFORE = "meanLogLikelihoodBefore";
    private static final String AFTER = "meanLogLikelihoodAfter";

    private final String what;
    private String model;
    private Long version;
    private String type;
    private String family;
    private Map<String, String> options = Map.of();
    private Map<String, String> typeOptions = Map.of();
    private Prior prior;
    private List<FamilySpec> factors;
    private Integer components;
    private List<String> features;
    private Long observations;
    private Double stepSize;
    private double meanLogLikelihood = Double.NaN;
    private Fields parameters;
    private Fields learningParameters;
    private List<ModelState.Event> events = List.of();

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
            document.readFields(parser, skipped);
            return document;
        });
    }

    private void readFields(JsonParser parser, Set<String> skipped) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (skipped.contains(name)) {
                parser.skipChildren();
            } else {
                set(name, parser);
            }
        }
    }

    private void set(String name, JsonParser parser) {
        switch (name) {
            case MODEL -> model = Json.text(parser, name);
            case VERSION -> version = Json.integer(parser, name);
            case TYPE -> type = Json.text(parser, name);
            case FAMILY -> family = Json.text(parser, name);
            case OPTIONS -> options = Json.options(parser, name);
            case TYPE_OPTIONS -> typeOptions = Json.options(parser, name);
            case PRIOR -> prior = readPrior(parser);
            case FACTORS -> factors = readFactors(parser);
            case COMPONENTS -> components = (int) Math.min(Json.integer(parser, name), Integer.MAX_VALUE);
            case FEATURES -> features = Json.texts(parser, name);
            case OBSERVATIONS -> observations = Json.integer(parser, name);
            case STEP_SIZE -> stepSize = Json.number(parser, name);
            case MEAN_LOG_LIKELIHOOD -> meanLogLikelihood = Json.numberOrNaN(parser, name);
            case PARAMETERS -> parameters = FieldsJson.read(parser, name);
            case LEARNING_PARAMETERS -> learningParameters = FieldsJson.read(parser, name);
            case EVENTS -> events = readEvents(parser);
            default -> parser.skipChildren();
        }
    }

    /** Writes what has happened, if anything has. */
    static void writeEvents(JsonGenerator generator, List<ModelState.Event> events) {
        if (events.isEmpty()) {
            return;
        }
        generator.writeArrayPropertyStart(EVENTS);
        for (ModelState.Event event : events) {
            generator.writeStartObject();
            generator.writeStringProperty(TYPE, event.type().label());
            if (!event.components().isEmpty()) {
                generator.writeArrayPropertyStart(COMPONENTS);
                event.components().forEach(generator::writeNumber);
                generator.writeEndArray();
            }
            generator.writeNumberProperty(VERSION, event.version());
            generator.writeNumberProperty(OBSERVATIONS, event.observations());
            Json.writeFiniteOrNull(generator, BEFORE, event.before());
            Json.writeFiniteOrNull(generator, AFTER, event.after());
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    private static List<ModelState.Event> readEvents(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Json.unexpected(parser, EVENTS, "an array of events");
        }
        List<ModelState.Event> read = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Json.unexpected(parser, EVENTS, "an array of events");
            }
            readEvent(parser).ifPresent(read::add);
        }
        return read;
    }

    /** Empty for a type of a later release. */
    private static Optional<ModelState.Event> readEvent(JsonParser parser) {
        String label = null;
        List<Integer> eventComponents = List.of();
        Long eventVersion = null;
        Long eventObservations = null;
        double before = Double.NaN;
        double after = Double.NaN;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case TYPE -> label = Json.text(parser, name);
                case COMPONENTS -> eventComponents = Json.integers(parser, name);
                case VERSION -> eventVersion = Json.integer(parser, name);
                case OBSERVATIONS -> eventObservations = Json.integer(parser, name);
                case BEFORE -> before = Json.numberOrNaN(parser, name);
                case AFTER -> after = Json.numberOrNaN(parser, name);
                default -> parser.skipChildren();
            }
        }
        ModelState.Event.Type eventType = eventType(requireOfEvent(TYPE, label));
        long atVersion = requireOfEvent(VERSION, eventVersion);
        long atObservations = requireOfEvent(OBSERVATIONS, eventObservations);
        return eventType == null
                ? Optional.empty()
                : Optional.of(
                        new ModelState.Event(eventType, eventComponents, atVersion, atObservations, before, after));
    }

    private static <T> T requireOfEvent(String name, T value) {
        if (value == null) {
            throw new CodecException("'" + name + "' of an event is missing");
        }
        return value;
    }

    /** Null for a type of a later release. */
    private static ModelState.Event.Type eventType(String label) {
        for (ModelState.Event.Type type : ModelState.Event.Type.values()) {
            if (type.label().equals(label)) {
                return type;
            }
        }
        return null;
    }

    /** Writes what a model is. */
    static void writeSpec(JsonGenerator generator, ModelSpec spec) {
        generator.writeStringProperty(TYPE, spec.type());
        if (!spec.chosenOptions().isEmpty()) {
            writeOptions(generator, TYPE_OPTIONS, spec.chosenOptions());
        }
        if (spec.factors().size() == 1) {
            writeFamily(generator, spec.factors().get(0));
        } else if (!spec.factors().isEmpty()) {
            generator.writeStringProperty(FAMILY, ModelSpec.PRODUCT);
            generator.writeArrayPropertyStart(FACTORS);
            for (FamilySpec factor : spec.factors()) {
                generator.writeStartObject();
                writeFamily(generator, factor);
                writeTexts(generator, FEATURES, factor.features());
                generator.writeEndObject();
            }
            generator.writeEndArray();
        }
        generator.writeNumberProperty(COMPONENTS, spec.components());
        writeTexts(generator, FEATURES, spec.features());
    }

    private static void writeFamily(JsonGenerator generator, FamilySpec family) {
        generator.writeStringProperty(FAMILY, family.family());
        writeOptions(generator, OPTIONS, family.options());
        family.prior().ifPresent(prior -> {
            generator.writeObjectPropertyStart(PRIOR);
            generator.writeNumberProperty(STRENGTH, prior.strength());
            if (prior.location() != null) {
                generator.writeName(LOCATION);
                FieldsJson.write(generator, prior.location());
            }
            generator.writeEndObject();
        });
    }

    private static void writeOptions(JsonGenerator generator, String name, Map<String, String> options) {
        generator.writeObjectPropertyStart(name);
        new TreeMap<>(options).forEach(generator::writeStringProperty);
        generator.writeEndObject();
    }

    private static void writeTexts(JsonGenerator generator, String name, List<String> texts) {
        generator.writeArrayPropertyStart(name);
        texts.forEach(generator::writeString);
        generator.writeEndArray();
    }

    private static List<FamilySpec> readFactors(JsonParser parser) {
        List<FamilySpec> factors = new ArrayList<>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Json.unexpected(parser, FACTORS, "a list of objects");
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            ModelDocument factor = new ModelDocument("a factor");
            factor.readFields(parser, Set.of());
            factors.add(new FamilySpec(
                    factor.require(FAMILY, factor.family),
                    factor.require(FEATURES, factor.features),
                    factor.options,
                    Optional.ofNullable(factor.prior)));
        }
        return factors;
    }

    private static Prior readPrior(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected(parser, PRIOR, "an object");
        }
        double strength = 0;
        Fields location = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case STRENGTH -> strength = Json.number(parser, name);
                case LOCATION -> location = FieldsJson.read(parser, name);
                default -> parser.skipChildren();
            }
        }
        return new Prior(strength, location);
    }

    /** What the model is; empty if nothing is said of it. */
    Optional<ModelSpec> spec() {
        if (type == null && family == null && components == null && features == null) {
            return Optional.empty();
        }
        try {
            String known = require(TYPE, type);
            List<FamilySpec> families =
                    ModelSpec.types().contains(known) && !ModelSpec.hasFamilies(known) ? List.of() : factors();
            return Optional.of(new ModelSpec(
                    known, require(COMPONENTS, components), require(FEATURES, features), families, typeOptions));
        } catch (CodecException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new CodecException(what + ": " + e.getMessage(), e);
        }
    }

    private List<FamilySpec> factors() {
        return require(FAMILY, family).equals(ModelSpec.PRODUCT)
                ? require(FACTORS, factors)
                : List.of(new FamilySpec(family, require(FEATURES, features), options, Optional.ofNullable(prior)));
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

    /** Empty if none are told. */
    List<ModelState.Event> events() {
        return events;
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
