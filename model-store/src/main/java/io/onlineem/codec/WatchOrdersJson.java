package io.onlineem.codec;

import io.onlineem.anomaly.WatchOrders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@link WatchOrders} as JSON: values of the models topic that are no models, under keys of their own.
 *
 * <table>
 * <caption>Layout, in this order</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>watch</td><td>the model</td></tr>
 * <tr><td>maintenance</td><td>array of windows: id of the command; stream, left out for all; from, left out for a window that
 * began with the next record; to. Times are milliseconds since the epoch</td></tr>
 * <tr><td>feedback</td><td>array: number, and id of the incident that was fine</td></tr>
 * </table>
 *
 * <p>The key is {@code <name>#watch}, or {@code <name>#watch/<key>} for the model of a key. Stateless; thread-safe.
 */
public final class WatchOrdersJson {

    private static final String WHAT = "orders to those who watch";
    private static final String WATCH = "watch";
    private static final String MAINTENANCE = "maintenance";
    private static final String ID = "id";
    private static final String STREAM = "stream";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String FEEDBACK = "feedback";
    private static final String NUMBER = "number";
    private static final String INCIDENT = "incident";
    private static final String KEY = "#watch";

    /** What they begin with, and no model. */
    private static final byte[] BEGIN = ("{\"" + WATCH + "\":").getBytes(StandardCharsets.UTF_8);

    private WatchOrdersJson() {}

    /**
     * The key in the models topic. No model has it: the names of models hold no number signs, and what keys add comes after a
     * slash.
     *
     * @param model name of the model, with its key if it has one
     */
    public static String key(String model) {
        int slash = model.indexOf('/');
        return slash < 0 ? model + KEY : model.substring(0, slash) + KEY + model.substring(slash);
    }

    /** Whether a value of the models topic is of this kind. */
    public static boolean isWatchOrders(byte[] value) {
        return value.length >= BEGIN.length && Arrays.equals(value, 0, BEGIN.length, BEGIN, 0, BEGIN.length);
    }

    /** The JSON, in UTF-8. */
    public static byte[] write(String model, WatchOrders orders) {
        return Json.writeObject(generator -> {
            generator.writeStringProperty(WATCH, model);
            generator.writeArrayPropertyStart(MAINTENANCE);
            for (WatchOrders.Maintenance window : orders.maintenance()) {
                generator.writeStartObject();
                generator.writeStringProperty(ID, window.id());
                if (window.stream() != null) {
                    generator.writeStringProperty(STREAM, window.stream());
                }
                if (window.from() != WatchOrders.AT_ONCE) {
                    generator.writeNumberProperty(FROM, window.from());
                }
                generator.writeNumberProperty(TO, window.to());
                generator.writeEndObject();
            }
            generator.writeEndArray();
            generator.writeArrayPropertyStart(FEEDBACK);
            for (WatchOrders.Feedback each : orders.feedback()) {
                generator.writeStartObject();
                generator.writeNumberProperty(NUMBER, each.number());
                generator.writeStringProperty(INCIDENT, each.id());
                generator.writeEndObject();
            }
            generator.writeEndArray();
        });
    }

    /** The model that they are of. */
    public static String model(byte[] json) {
        return Json.readOnly(json, WHAT, WATCH, parser -> Json.text(parser, WATCH));
    }

    /**
     * What was written.
     *
     * @throws CodecException if the JSON is malformed or lacks something
     */
    public static WatchOrders read(byte[] json) {
        return Json.readObject(json, WHAT, parser -> {
            List<WatchOrders.Maintenance> maintenance = new ArrayList<>();
            List<WatchOrders.Feedback> feedback = new ArrayList<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case MAINTENANCE -> readArray(parser, name, () -> maintenance.add(window(parser)));
                    case FEEDBACK -> readArray(parser, name, () -> feedback.add(feedback(parser)));
                    default -> parser.skipChildren();
                }
            }
            return new WatchOrders(maintenance, feedback);
        });
    }

    private static void readArray(JsonParser parser, String name, Runnable element) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Json.unexpected(parser, name, "an array");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Json.unexpected(parser, name, "an array of objects");
            }
            element.run();
        }
    }

    private static WatchOrders.Maintenance window(JsonParser parser) {
        String id = null;
        String stream = null;
        long from = WatchOrders.AT_ONCE;
        Long to = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case ID -> id = Json.text(parser, name);
                case STREAM -> stream = Json.text(parser, name);
                case FROM -> from = Json.integer(parser, name);
                case TO -> to = Json.integer(parser, name);
                default -> parser.skipChildren();
            }
        }
        if (id == null || to == null) {
            throw new CodecException("'" + (id == null ? ID : TO) + "' of a maintenance is missing");
        }
        try {
            return new WatchOrders.Maintenance(id, stream, from, to);
        } catch (IllegalArgumentException e) {
            throw new CodecException(e.getMessage(), e);
        }
    }

    private static WatchOrders.Feedback feedback(JsonParser parser) {
        long number = 0;
        String incident = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case NUMBER -> number = Json.integer(parser, name);
                case INCIDENT -> incident = Json.text(parser, name);
                default -> parser.skipChildren();
            }
        }
        String id = incident;
        return WatchOrders.Feedback.of(number, id == null ? "" : id)
                .orElseThrow(() -> new CodecException(
                        "'" + INCIDENT + "' is \"" + id + "\"; expected the id of one, such as pump/7#12"));
    }
}
