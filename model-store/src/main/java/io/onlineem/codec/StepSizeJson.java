package io.onlineem.codec;

import io.onlineem.em.StepSize;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Step sizes as JSON objects: {@code {"exponent": 0.7, "offset": 0}}, {@code {"constant": 0.01}} or
 * {@code {"halfLife": 5000}}. Stateless; thread-safe.
 */
public final class StepSizeJson {

    private static final String EXPONENT = "exponent";
    private static final String OFFSET = "offset";
    private static final String CONSTANT = "constant";
    private static final String HALF_LIFE = "halfLife";
    private static final String EXPECTED =
            "an object with exponent (and offset, if not 0), with constant, or with halfLife";

    private StepSizeJson() {}

    /** The JSON of a step size; a step that was raised is told as what it comes back to. */
    public static byte[] write(StepSize step) {
        return Json.writeObject(generator -> writeProperties(generator, step));
    }

    static void writeProperties(JsonGenerator generator, StepSize step) {
        if (step instanceof StepSize.PowerDecay decay) {
            generator.writeNumberProperty(EXPONENT, decay.exponent());
            generator.writeNumberProperty(OFFSET, decay.offset());
        } else if (step instanceof StepSize.Constant constant) {
            generator.writeNumberProperty(CONSTANT, constant.step());
        } else if (step instanceof StepSize.HalfLife halfLife) {
            generator.writeNumberProperty(HALF_LIFE, halfLife.observations());
        } else {
            throw new IllegalArgumentException("the step size is " + step + "; expected one that can be configured");
        }
    }

    /**
     * A step size.
     *
     * @param name what it is, for messages
     * @throws CodecException if it is not one
     */
    public static StepSize read(byte[] json, String name) {
        return Json.readValue(json, "command", parser -> read(parser, name));
    }

    static StepSize read(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected(parser, name, EXPECTED);
        }
        Double exponent = null;
        Double offset = null;
        Double constant = null;
        Double halfLife = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String property = parser.currentName();
            parser.nextToken();
            switch (property) {
                case EXPONENT -> exponent = Json.number(parser, name + "." + property);
                case OFFSET -> offset = Json.number(parser, name + "." + property);
                case CONSTANT -> constant = Json.number(parser, name + "." + property);
                case HALF_LIFE -> halfLife = Json.number(parser, name + "." + property);
                default ->
                    throw new CodecException(
                            "'" + name + "' has the property '" + property + "'; expected " + EXPECTED);
            }
        }
        int kinds = (exponent == null ? 0 : 1) + (constant == null ? 0 : 1) + (halfLife == null ? 0 : 1);
        if (kinds != 1 || (offset != null && exponent == null)) {
            throw new CodecException("'" + name + "' gives " + (kinds == 0 ? "no" : "more than one kind of")
                    + " step size; expected " + EXPECTED);
        }
        try {
            return exponent != null
                    ? new StepSize.PowerDecay(exponent, offset == null ? 0 : offset)
                    : constant != null ? new StepSize.Constant(constant) : new StepSize.HalfLife(halfLife);
        } catch (IllegalArgumentException e) {
            throw new CodecException("'" + name + "': " + e.getMessage(), e);
        }
    }
}
