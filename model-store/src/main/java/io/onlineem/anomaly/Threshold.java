package io.onlineem.anomaly;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a record is an alarm: stated as what a user knows.
 *
 * @param kind what the value is
 * @param value a number of alarms, a tail probability, a score, or a share of incidents
 * @param period in which there are so many false alarms; zero for the other kinds
 */
public record Threshold(Kind kind, double value, Duration period) {

    /** Ways to state a threshold. */
    public enum Kind {
        /** So many false alarms in a period, from the rate of records. */
        FALSE_ALARMS,
        /** Records whose tail probability is at most this. */
        TAIL_PROBABILITY,
        /** Records whose score is at least this. */
        SCORE,
        /** At most this share of the incidents are false, those of long ago counting less: see {@link #falseDiscoveries}. */
        FALSE_DISCOVERIES
    }

    /** One false alarm a week. */
    public static final Threshold DEFAULT = falseAlarms(1, Duration.ofDays(7));

    private static final Map<String, Duration> PERIODS = Map.of(
            "hour", Duration.ofHours(1),
            "day", Duration.ofDays(1),
            "week", Duration.ofDays(7),
            "month", Duration.ofDays(30));

    private static final Pattern FALSE_ALARMS = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) per (hour|day|week|month)");

    /** Checks the value. */
    public Threshold {
        boolean valid =
                switch (kind) {
                    case FALSE_ALARMS -> value > 0 && value <= 1e9 && period.toMillis() > 0;
                    case TAIL_PROBABILITY, SCORE, FALSE_DISCOVERIES -> value > 0 && value < 1;
                };
        if (!valid) {
            throw new IllegalArgumentException("threshold is " + value + " by "
                    + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + "; expected "
                    + (kind == Kind.FALSE_ALARMS ? "a number above 0 in a period" : "a number above 0 and below 1"));
        }
    }

    /** So many false alarms in a period. */
    public static Threshold falseAlarms(double count, Duration period) {
        return new Threshold(Kind.FALSE_ALARMS, count, period);
    }

    /** Records of at most that tail probability. */
    public static Threshold tailProbability(double probability) {
        return new Threshold(Kind.TAIL_PROBABILITY, probability, Duration.ZERO);
    }

    /** Records of at least that score. */
    public static Threshold score(double score) {
        return new Threshold(Kind.SCORE, score, Duration.ZERO);
    }

    /**
     * So many of the incidents are false at most: the false discovery rate, with a memory whose half-life is that of the
     * calibration. The tail probability up to which a record begins an incident then depends on the incidents before it, by
     * LORD++ with decaying memory (Ramdas et al. 2017; Rebjock et al. 2021).
     *
     * @param share of the incidents, above 0 and below 1
     */
    public static Threshold falseDiscoveries(double share) {
        return new Threshold(Kind.FALSE_DISCOVERIES, share, Duration.ZERO);
    }

    /**
     * A number of false alarms as text: {@code 1 per week}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Threshold parseFalseAlarms(String text) {
        Matcher matcher = FALSE_ALARMS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("false alarms are '" + text
                    + "'; expected a number per hour, day, week or month, such as 1 per week");
        }
        return falseAlarms(Double.parseDouble(matcher.group(1)), PERIODS.get(matcher.group(2)));
    }

    /**
     * The tail probability up to which a record is an alarm.
     *
     * @param interval mean time between two records of the stream, in milliseconds; {@code NaN} while it is not known
     * @param streams number of streams among which false alarms are shared out, at least 1
     * @return 0, which no record has, while it is not known
     * @throws IllegalStateException of a share of false discoveries, for which it depends on the incidents before
     */
    public double probability(double interval, int streams) {
        return switch (kind) {
            case TAIL_PROBABILITY -> value;
            case SCORE -> AnomalyScore.probabilityOf(value);
            case FALSE_DISCOVERIES ->
                throw new IllegalStateException("a share of false discoveries of " + value
                        + " is no tail probability; expected to be asked of the other kinds only");
            case FALSE_ALARMS ->
                Double.isNaN(interval) ? 0 : Math.min(0.5, value * interval / period.toMillis() / streams);
        };
    }
}
