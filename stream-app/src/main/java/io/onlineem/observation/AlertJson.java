package io.onlineem.observation;

import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.GeneralizedPareto;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Tail;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Alerts as JSON, the values of the alerts topic; times in milliseconds since the epoch:
 *
 * <pre>
 *   {"incident":"pump/7#12","status":"opened","model":"pump","stream":"pump/7","version":31,"start":…,"end":…,"records":1,
 *    "alarms":1,"threshold":1.0E-6,"peak":{"time":…,"score":0.97,"tailProbability":1.2E-8},
 *    "record":{"score":0.97,"tailProbability":1.2E-8,"confidence":0.98,"surprise":31.2,"channel":"record","statistic":31.2,
 *      "channelProbability":9.1E-9,"tail":{…},"news":18.5,"combination":{…}},
 *    "explanation":{"summary":"…",…}}
 * </pre>
 *
 * <p>{@code record} and {@code explanation} are those of the record that opened the incident or made it worse; where it is over
 * there are none. From them, the record and the published parameters of the version every number can be computed again: see
 * {@link AnomalyScore} and {@link Tail}.
 */
public final class AlertJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private AlertJson() {}

    /**
     * Writes an alert.
     *
     * @param features names of the numbers of a record
     */
    public static byte[] write(Alert alert, List<String> features) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            write(generator, alert.incident(), alert);
            if (alert.score() != null) {
                generator.writeObjectPropertyStart("record");
                write(generator, alert.score());
                generator.writeEndObject();
            }
            if (alert.explanation() != null) {
                generator.writeName("explanation");
                AnomalyJson.write(generator, alert.explanation(), features, summary(alert, features));
            }
            generator.writeEndObject();
        }
        return out.toByteArray();
    }

    /** What was seen, if it was more than the record itself, and what the record has to do with it. */
    private static String summary(Alert alert, List<String> features) {
        String reasons = ReasonSentence.of(alert.explanation(), features);
        return alert.score() == null || alert.score().channel().equals(Channel.RECORD)
                ? reasons
                : ReasonSentence.of(alert.score().channel()) + ": " + reasons;
    }

    private static void write(JsonGenerator generator, Incident incident, Alert alert) {
        generator.writeStringProperty("incident", incident.id());
        generator.writeStringProperty("status", label(incident.status()));
        generator.writeStringProperty("model", alert.model());
        generator.writeStringProperty("stream", alert.stream());
        generator.writeNumberProperty("version", alert.version());
        generator.writeNumberProperty("start", incident.start());
        generator.writeNumberProperty("end", incident.end());
        generator.writeNumberProperty("records", incident.records());
        generator.writeNumberProperty("alarms", incident.alarms());
        generator.writeNumberProperty("threshold", incident.threshold());
        generator.writeObjectPropertyStart("peak");
        generator.writeNumberProperty("time", incident.peakTime());
        generator.writeNumberProperty("score", incident.peakScore());
        generator.writeNumberProperty("tailProbability", incident.peakProbability());
        generator.writeEndObject();
    }

    /** {@code opened}, {@code updated}, {@code closed} or {@code new-normal}. */
    private static String label(Incident.Status status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void write(JsonGenerator generator, AnomalyScore score) {
        generator.writeNumberProperty("score", score.score());
        generator.writeNumberProperty("tailProbability", score.tailProbability());
        generator.writeNumberProperty("confidence", score.confidence());
        generator.writeNumberProperty("surprise", score.surprise());
        generator.writeStringProperty("channel", score.channel().label());
        generator.writeNumberProperty("statistic", score.statistic());
        generator.writeNumberProperty("channelProbability", score.channelProbability());
        generator.writeName("tail");
        write(generator, score.tail());
        generator.writeNumberProperty("news", score.news());
        if (score.combination() != null) {
            generator.writeName("combination");
            write(generator, score.combination());
        }
    }

    /** What is said of values beyond the threshold, where alarms are. */
    private static void write(JsonGenerator generator, Tail tail) {
        generator.writeStartObject();
        generator.writeNumberProperty("threshold", tail.threshold());
        generator.writeNumberProperty("rate", tail.rate());
        generator.writeNumberProperty("scale", tail.excess().scale());
        generator.writeNumberProperty("shape", tail.excess().shape());
        generator.writeNumberProperty("granularity", tail.granularity());
        generator.writeNumberProperty("smallest", tail.smallest());
        generator.writeEndObject();
    }

    /**
     * Reads an alert back; tails as they are beyond their thresholds.
     *
     * @param features names of the numbers of a record
     * @throws IllegalArgumentException if it is not such a JSON object
     */
    public static Alert read(byte[] json, List<String> features) {
        Map<String, Object> alert = new HashMap<>();
        Explanation explanation = null;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("explanation")) {
                    explanation = AnomalyJson.readExplanation(parser, features);
                } else {
                    alert.put(name, value(parser));
                }
            }
            Map<?, ?> peak = (Map<?, ?>) alert.get("peak");
            Incident incident = new Incident(
                    (String) alert.get("incident"),
                    Incident.Status.valueOf(((String) alert.get("status"))
                            .toUpperCase(Locale.ROOT)
                            .replace('-', '_')),
                    whole(alert, "start"),
                    whole(alert, "end"),
                    whole(alert, "records"),
                    whole(alert, "alarms"),
                    whole(peak, "time"),
                    number(peak, "score"),
                    number(peak, "tailProbability"),
                    number(alert, "threshold"));
            return new Alert(
                    (String) alert.get("model"),
                    (String) alert.get("stream"),
                    whole(alert, "version"),
                    incident,
                    score((Map<?, ?>) alert.get("record")),
                    explanation);
        } catch (JacksonException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException(
                    "not an alert; expected a JSON object as in the alerts topic: "
                            + new String(json, StandardCharsets.UTF_8),
                    e);
        }
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new HashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> parser.getString();
        };
    }

    private static long whole(Map<?, ?> object, String name) {
        return ((Number) object.get(name)).longValue();
    }

    private static double number(Map<?, ?> object, String name) {
        return ((Number) object.get(name)).doubleValue();
    }

    private static AnomalyScore score(Map<?, ?> record) {
        return record == null
                ? null
                : new AnomalyScore(
                        number(record, "score"),
                        number(record, "tailProbability"),
                        number(record, "confidence"),
                        Channel.of((String) record.get("channel")),
                        number(record, "surprise"),
                        number(record, "statistic"),
                        number(record, "channelProbability"),
                        tail((Map<?, ?>) record.get("tail")),
                        number(record, "news"),
                        tail((Map<?, ?>) record.get("combination")),
                        false);
    }

    private static Tail tail(Map<?, ?> tail) {
        return tail == null
                ? null
                : new Tail(
                        new double[] {number(tail, "threshold")},
                        new double[] {number(tail, "rate")},
                        number(tail, "threshold"),
                        number(tail, "rate"),
                        new GeneralizedPareto(number(tail, "scale"), number(tail, "shape")),
                        number(tail, "granularity"),
                        number(tail, "smallest"));
    }
}
