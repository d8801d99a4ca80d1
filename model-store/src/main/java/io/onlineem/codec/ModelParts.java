package io.onlineem.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Large models in the models topic: what a producer does not send in one record goes out in parts, then a head takes the place of
 * the model.
 *
 * <table>
 * <caption>Records of a model of more than {@value #LARGEST} bytes, in this order</caption>
 * <tr><th>key</th><th>value</th></tr>
 * <tr><td>{@code <model>#0-<i>} for even versions, {@code <model>#1-<i>} for odd ones</td><td>a part, {"partOf", "version", "part",
 * "text"}: the i-th piece of the text of the {@linkplain ModelJson model}, from 0</td></tr>
 * <tr><td>{@code <model>}</td><td>the head, {"parts", "model", "version", "observations", "meanLogLikelihood"}: how many parts there
 * are, and what is asked of a model most often</td></tr>
 * </table>
 *
 * <p>The parts of a version leave those of the one before as they are: a reader who finds a head finds its parts, unless the
 * next head has come meanwhile. Stateless; thread-safe.
 */
public final class ModelParts {

    /** Largest model in one record, in bytes: a producer's limit is a mebibyte if nothing is said. */
    public static final int LARGEST = 900_000;

    private static final String WHAT = "published model";
    private static final String PARTS = "parts";
    private static final String PART_OF = "partOf";
    private static final String PART = "part";
    private static final String TEXT = "text";

    /** A character takes three bytes at most. */
    private static final int PART_LENGTH = LARGEST / 3;

    /** What a head begins with, and no model. */
    private static final byte[] HEAD = ("{\"" + PARTS + "\":").getBytes(StandardCharsets.UTF_8);

    private static final byte[] PART_BEGIN = ("{\"" + PART_OF + "\":").getBytes(StandardCharsets.UTF_8);

    private ModelParts() {}

    /**
     * A record.
     *
     * @param key its key
     * @param value its value
     */
    public record Part(String key, byte[] value) {}

    /**
     * The records of a model: one, or parts and their head.
     *
     * @param key key of the model
     * @param summary what the head tells
     * @param json the model as {@link ModelJson} writes it
     */
    public static List<Part> of(String key, ModelSummary summary, byte[] json) {
        if (json.length <= LARGEST) {
            return List.of(new Part(key, json));
        }
        String text = new String(json, StandardCharsets.UTF_8);
        List<Part> records = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + PART_LENGTH);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            records.add(part(key, summary, records.size(), text.substring(from, to)));
            from = to;
        }
        int parts = records.size();
        records.add(new Part(key, Json.writeObject(generator -> {
            generator.writeNumberProperty(PARTS, parts);
            generator.writeStringProperty(ModelDocument.MODEL, summary.model());
            generator.writeNumberProperty(ModelDocument.VERSION, summary.version());
            generator.writeNumberProperty(ModelDocument.OBSERVATIONS, summary.observations());
            Json.writeFiniteOrNull(generator, ModelDocument.MEAN_LOG_LIKELIHOOD, summary.meanLogLikelihood());
        })));
        return records;
    }

    private static Part part(String key, ModelSummary summary, int index, String text) {
        byte[] value = Json.writeObject(generator -> {
            generator.writeStringProperty(PART_OF, summary.model());
            generator.writeNumberProperty(ModelDocument.VERSION, summary.version());
            generator.writeNumberProperty(PART, index);
            generator.writeStringProperty(TEXT, text);
        });
        return new Part(keyOf(key, summary.version(), index), value);
    }

    private static String keyOf(String key, long version, int index) {
        return key + "#" + version % 2 + "-" + index;
    }

    /** Whether the value of a record is a part, which is no model by itself. */
    public static boolean isPart(byte[] value) {
        return beginsWith(value, PART_BEGIN);
    }

    /** Whether the value of a record of the models topic is a model or its head, and nothing of the other kinds. */
    public static boolean isModel(byte[] value) {
        return !isPart(value) && !AcknowledgementJson.isAcknowledgement(value) && !WatchOrdersJson.isWatchOrders(value);
    }

    private static boolean beginsWith(byte[] value, byte[] begin) {
        return value.length >= begin.length && Arrays.equals(value, 0, begin.length, begin, 0, begin.length);
    }

    /**
     * The whole of a model.
     *
     * @param key key of the model
     * @param value its record: the model, which is returned as it is, or a head
     * @param records the value of another key, null if there is none
     * @return null if the parts of that head are not there, because a newer one has taken its place, or not all have come
     * @throws CodecException if a record is malformed
     */
    public static byte[] whole(String key, byte[] value, Function<String, byte[]> records) {
        if (!beginsWith(value, HEAD)) {
            return value;
        }
        long parts = Json.readOnly(value, WHAT, PARTS, parser -> Json.integer(parser, PARTS));
        long version = ModelJson.version(value);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            byte[] part = records.apply(keyOf(key, version, i));
            if (part == null || ModelJson.version(part) != version) {
                return null;
            }
            String piece = Json.readOnly(part, WHAT, TEXT, parser -> Json.text(parser, TEXT));
            if (piece == null) {
                throw new CodecException("part " + i + " of the model '" + key + "': '" + TEXT + "' is missing");
            }
            text.append(piece);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
