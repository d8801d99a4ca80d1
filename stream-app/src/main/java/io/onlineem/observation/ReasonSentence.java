package io.onlineem.observation;

import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Reason;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An explanation in a sentence for people. */
public final class ReasonSentence {

    /** Fields that are named at most. */
    private static final int NAMED = 3;

    /** Smallest share that is worth naming a field for. */
    private static final double WORTH_NAMING = 0.05;

    private static final MathContext DIGITS = new MathContext(4);

    private ReasonSentence() {}

    /**
     * The sentence.
     *
     * @param features names of the numbers of a record
     */
    public static String of(Explanation explanation, List<String> features) {
        List<String> parts = new ArrayList<>();
        for (Reason reason : explanation.reasons()) {
            if (parts.size() < NAMED && reason.share() >= WORTH_NAMING) {
                parts.add(part(reason, features.get(reason.position())));
            }
        }
        if (parts.isEmpty()) {
            parts.add("no field stands out");
        }
        if (explanation.component() >= 0) {
            parts.add("nearest is component " + explanation.component()
                    + (Double.isNaN(explanation.typical())
                            ? ""
                            : ", expected with probability " + number(explanation.typical())));
        }
        return String.join("; ", parts);
    }

    /** What a channel has seen. */
    public static String of(Channel channel) {
        return switch (channel.kind()) {
            case REPEATS -> "the same value again and again";
            case LEVEL -> "another level than usual";
            case CALM -> "calmer than usual";
            case MEAN, MINIMUM, ALONE ->
                channel.length() == 1 ? "not expected after what came before" : "unusual for a while";
        };
    }

    private static String part(Reason reason, String field) {
        String value = reason.category() == null ? number(reason.value()) : reason.category();
        String share = " (" + Math.round(100 * reason.share()) + " %)";
        if (reason.expectedCategory() != null) {
            return field + " is " + value + ", expected " + reason.expectedCategory() + share;
        }
        if (Double.isNaN(reason.expected())) {
            return field + " is " + value + share;
        }
        String interval = Double.isNaN(reason.deviation())
                ? ""
                : ", within " + number(reason.low()) + " to " + number(reason.high());
        return field + " is " + value + ", expected " + number(reason.expected()) + interval + share;
    }

    private static String number(double number) {
        double size = Math.abs(number);
        if (size != 0 && (size < 1e-3 || size >= 1e9)) {
            return String.format(Locale.ROOT, "%.3e", number);
        }
        BigDecimal rounded = new BigDecimal(number).round(size >= 1e4 ? new MathContext(9) : DIGITS);
        BigDecimal whole = size >= 1e4 ? rounded.setScale(0, RoundingMode.HALF_UP) : rounded;
        return whole.stripTrailingZeros().toPlainString();
    }
}
