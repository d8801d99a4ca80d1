package io.onlineem.codec;

import io.onlineem.em.StepSize;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@link Acknowledgement}s as JSON: values of the models topic that are no models, under keys of their own.
 *
 * <table>
 * <caption>Layout, in this order</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>acknowledgement</td><td>id of the command; null if it could not be read</td></tr>
 * <tr><td>command</td><td>its verb; null if it could not be read</td></tr>
 * <tr><td>model</td><td>the model, as the command names it</td></tr>
 * <tr><td>outcome</td><td>"applied", "refused" or "duplicate"</td></tr>
 * <tr><td>reason</td><td>why it was refused; only then</td></tr>
 * <tr><td>version, observations</td><td>of the model, after it</td></tr>
 * <tr><td>learning</td><td>"running" or "paused"</td></tr>
 * <tr><td>pausedSince</td><td>milliseconds since the epoch; only where it is paused and that is known</td></tr>
 * <tr><td>stepSize</td><td>the step size that was set, see {@link StepSizeJson}; only where one is</td></tr>
 * <tr><td>skipped</td><td>observations that were scored and will not be learned from</td></tr>
 * <tr><td>partition, offset</td><td>where in the control topic the command is</td></tr>
 * </table>
 *
 * <p>The key is {@code <name>#control}, or {@code <name>#control/<key>} for the model of a key. Stateless; thread-safe.
 */
public final class AcknowledgementJson {

    private static final String WHAT = "acknowledgement";
    private static final String ID = "acknowledgement";
    private static final String COMMAND = "command";
    private static final String OUTCOME = "outcome";
    private static final String REASON = "reason";
    private static final String LEARNING = "learning";
    private static final String PAUSED = "paused";
    private static final String PAUSED_SINCE = "pausedSince";
    private static final String RUNNING = "running";
    private static final String SKIPPED = "skipped";
    private static final String PARTITION = "partition";
    private static final String OFFSET = "offset";
    private static final String KEY = "#control";

    /** What an acknowledgement begins with, and no model. */
    private static final byte[] BEGIN = ("{\"" + ID + "\":").getBytes(StandardCharsets.UTF_8);

    private AcknowledgementJson() {}

    /**
     * The key of the acknowledgements of a model in the models topic. No model has it: the names of models hold no number
     * signs, and what keys add comes after a slash.
     *
     * @param model name of the model, with its key if it has one
     */
    public static String key(String model) {
        int slash = model.indexOf('/');
        return slash < 0 ? model + KEY : model.substring(0, slash) + KEY + model.substring(slash);
    }

    /** Whether a value of the models topic is an acknowledgement. */
    public static boolean isAcknowledgement(byte[] value) {
        return value.length >= BEGIN.length && Arrays.equals(value, 0, BEGIN.length, BEGIN, 0, BEGIN.length);
    }

    /** The JSON of an acknowledgement, in UTF-8. */
    public static byte[] write(Acknowledgement acknowledgement) {
        return Json.writeObject(generator -> {
            generator.writeStringProperty(ID, acknowledgement.id());
            generator.writeStringProperty(COMMAND, acknowledgement.verb());
            generator.writeStringProperty(ModelDocument.MODEL, acknowledgement.model());
            generator.writeStringProperty(OUTCOME, acknowledgement.outcome().label());
            if (acknowledgement.reason() != null) {
                generator.writeStringProperty(REASON, acknowledgement.reason());
            }
            generator.writeNumberProperty(ModelDocument.VERSION, acknowledgement.version());
            generator.writeNumberProperty(ModelDocument.OBSERVATIONS, acknowledgement.observations());
            generator.writeStringProperty(LEARNING, acknowledgement.paused() ? PAUSED : RUNNING);
            if (acknowledgement.pausedSince() > 0) {
                generator.writeNumberProperty(PAUSED_SINCE, acknowledgement.pausedSince());
            }
            if (acknowledgement.stepSize() != null) {
                generator.writeObjectPropertyStart(ModelDocument.STEP_SIZE);
                StepSizeJson.writeProperties(generator, acknowledgement.stepSize());
                generator.writeEndObject();
            }
            generator.writeNumberProperty(SKIPPED, acknowledgement.skipped());
            generator.writeNumberProperty(PARTITION, acknowledgement.partition());
            generator.writeNumberProperty(OFFSET, acknowledgement.offset());
        });
    }

    /**
     * The acknowledgement.
     *
     * @throws CodecException if the JSON is malformed or lacks something
     */
    public static Acknowledgement read(byte[] json) {
        return Json.readObject(json, WHAT, parser -> {
            String id = null;
            String verb = null;
            String model = null;
            Acknowledgement.Outcome outcome = null;
            long version = 0;
            long observations = 0;
            boolean paused = false;
            long pausedSince = 0;
            StepSize stepSize = null;
            long skipped = 0;
            String reason = null;
            int partition = 0;
            long offset = 0;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case ID -> id = textOrNull(parser, name);
                    case COMMAND -> verb = textOrNull(parser, name);
                    case ModelDocument.MODEL -> model = textOrNull(parser, name);
                    case OUTCOME -> outcome = outcome(Json.text(parser, name));
                    case REASON -> reason = Json.text(parser, name);
                    case ModelDocument.VERSION -> version = Json.integer(parser, name);
                    case ModelDocument.OBSERVATIONS -> observations = Json.integer(parser, name);
                    case LEARNING -> paused = Json.text(parser, name).equals(PAUSED);
                    case PAUSED_SINCE -> pausedSince = Json.integer(parser, name);
                    case ModelDocument.STEP_SIZE -> stepSize = StepSizeJson.read(parser, name);
                    case SKIPPED -> skipped = Json.integer(parser, name);
                    case PARTITION -> partition = (int) Json.integer(parser, name);
                    case OFFSET -> offset = Json.integer(parser, name);
                    default -> parser.skipChildren();
                }
            }
            if (outcome == null) {
                throw new CodecException("'" + OUTCOME + "' is missing");
            }
            return new Acknowledgement(
                    id,
                    verb,
                    model,
                    outcome,
                    version,
                    observations,
                    paused,
                    pausedSince,
                    stepSize,
                    skipped,
                    reason,
                    partition,
                    offset);
        });
    }

    private static String textOrNull(JsonParser parser, String name) {
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : Json.text(parser, name);
    }

    private static Acknowledgement.Outcome outcome(String label) {
        for (Acknowledgement.Outcome outcome : Acknowledgement.Outcome.values()) {
            if (outcome.label().equals(label)) {
                return outcome;
            }
        }
        throw new CodecException("'" + OUTCOME + "' is \"" + label + "\"; expected applied, refused or duplicate");
    }
}
