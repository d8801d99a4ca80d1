package io.onlineem.observation;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Reason;
import io.onlineem.em.Observations;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * How unusual a record is, as part of the JSON of a posterior and of an alert:
 *
 * <pre>
 *   {"score":0.94,"tailProbability":1.2e-5,"confidence":0.98,"incident":"pump-1700000000000",
 *    "explanation":{"summary":"…","surprise":17.2,"component":1,"typical":0.2,"reasons":[
 *      {"field":"amount","value":812.4,"expected":35.1,"low":12.0,"high":58.2,"share":0.91,"surprise":14.8},
 *      {"field":"country","value":"FR","expected":"DE","share":0.09,"surprise":2.4}]}}
 * </pre>
 *
 * <p>Numbers of explanations have all digits: from them and the published parameters everything can be computed again.
 */
final class AnomalyJson {

    private AnomalyJson() {}

    /** Writes an explanation as the value of the name that was written last. */
    static void write(JsonGenerator generator, Explanation explanation, List<String> features) {
        write(generator, explanation, features, ReasonSentence.of(explanation, features));
    }

    /** The same with another summary. */
    static void write(JsonGenerator generator, Explanation explanation, List<String> features, String summary) {
        generator.writeStartObject();
        generator.writeStringProperty("summary", summary);
        generator.writeNumberProperty("surprise", explanation.surprise());
        if (explanation.component() >= 0) {
            generator.writeNumberProperty("component", explanation.component());
            number(generator, "typical", explanation.typical());
        }
        generator.writeArrayPropertyStart("reasons");
        for (Reason reason : explanation.reasons()) {
            write(generator, reason, features.get(reason.position()));
        }
        generator.writeEndArray();
        generator.writeEndObject();
    }

    private static void write(JsonGenerator generator, Reason reason, String field) {
        generator.writeStartObject();
        generator.writeStringProperty("field", field);
        if (reason.category() == null) {
            generator.writeNumberProperty("value", reason.value());
        } else {
            generator.writeStringProperty("value", reason.category());
        }
        if (reason.expectedCategory() == null) {
            number(generator, "expected", reason.expected());
            number(generator, "low", reason.low());
            number(generator, "high", reason.high());
        } else {
            generator.writeStringProperty("expected", reason.expectedCategory());
        }
        if (reason.season() != 0) {
            generator.writeNumberProperty("season", reason.season());
        }
        generator.writeNumberProperty("share", reason.share());
        generator.writeNumberProperty("surprise", reason.surprise());
        generator.writeEndObject();
    }

    private static void number(JsonGenerator generator, String name, double number) {
        if (Double.isFinite(number)) {
            generator.writeNumberProperty(name, number);
        }
    }

    /** Reads the object that begins here. */
    static Anomaly read(JsonParser parser, List<String> features) {
        double score = Double.NaN;
        double tailProbability = Double.NaN;
        double confidence = Double.NaN;
        String incident = null;
        Explanation explanation = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "score" -> score = parser.getDoubleValue();
                case "tailProbability" -> tailProbability = parser.getDoubleValue();
                case "confidence" -> confidence = parser.getDoubleValue();
                case "incident" -> incident = parser.getString();
                case "explanation" -> explanation = readExplanation(parser, features);
                default -> parser.skipChildren();
            }
        }
        return new Anomaly(score, tailProbability, confidence, incident, explanation);
    }

    /** Reads the object that begins here. */
    static Explanation readExplanation(JsonParser parser, List<String> features) {
        double surprise = Double.NaN;
        int component = -1;
        double typical = Double.NaN;
        List<Reason> reasons = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "surprise" -> surprise = parser.getDoubleValue();
                case "component" -> component = parser.getIntValue();
                case "typical" -> typical = parser.getDoubleValue();
                case "reasons" -> {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        reasons.add(readReason(parser, features));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        return new Explanation(surprise, component, typical, reasons);
    }

    private static Reason readReason(JsonParser parser, List<String> features) {
        String field = null;
        double value = Double.NaN;
        String category = null;
        double expected = Double.NaN;
        double high = Double.NaN;
        String expectedCategory = null;
        double share = Double.NaN;
        double surprise = Double.NaN;
        double season = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
            switch (name) {
                case "field" -> field = parser.getString();
                case "value" -> {
                    category = text ? parser.getString() : null;
                    value = text ? Observations.category(category) : parser.getDoubleValue();
                }
                case "expected" -> {
                    expectedCategory = text ? parser.getString() : null;
                    expected = text ? Double.NaN : parser.getDoubleValue();
                }
                case "high" -> high = parser.getDoubleValue();
                case "season" -> season = parser.getDoubleValue();
                case "share" -> share = parser.getDoubleValue();
                case "surprise" -> surprise = parser.getDoubleValue();
                default -> parser.skipChildren();
            }
        }
        int position = features.indexOf(field);
        if (position < 0) {
            throw new IllegalArgumentException("a reason names the field '" + field + "'; expected one of " + features);
        }
        double deviation = (high - expected) / Reason.WIDTH;
        return new Reason(position, value, category, expected, deviation, expectedCategory, surprise, share, season);
    }
}
