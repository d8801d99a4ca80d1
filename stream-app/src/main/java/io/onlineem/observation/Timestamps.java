package io.onlineem.observation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Times as files have them: ISO 8601 with a T or a blank, {@code 2014-02-14 14:30:00}, down to the day and up to nanoseconds, with
 * a zone or in UTC; or seconds or milliseconds since 1970, negative ones before it. Numbers of 1e11 and more, whatever their sign, are
 * milliseconds: the year 5138 in seconds.
 */
public final class Timestamps {

    /** Usual names of fields that hold times, in lower case, the likeliest first. */
    public static final List<String> USUAL_NAMES = List.of("timestamp", "datetime", "time", "date", "ts");

    private static final double LEAST_MILLISECONDS = 1e11;
    private static final double MOST_MILLISECONDS = 1e15;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .appendPattern("u-M-d['T'][ ][H:m[:s]]")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalEnd()
            .appendPattern("[ ][XXX][XX][X]")
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter SECONDS = written("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MILLISECONDS = written("uuuu-MM-dd HH:mm:ss.SSS");

    private Timestamps() {}

    private static DateTimeFormatter written(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** Milliseconds since 1970; empty if the text is no time. */
    public static OptionalLong parse(String text) {
        String given = text.strip();
        if (NUMBER.matcher(given).matches()) {
            double number = Double.parseDouble(given);
            double milliseconds = Math.abs(number) < LEAST_MILLISECONDS ? 1000 * number : number;
            return Math.abs(milliseconds) < MOST_MILLISECONDS
                    ? OptionalLong.of(Math.round(milliseconds))
                    : OptionalLong.empty();
        }
        try {
            TemporalAccessor time = ISO.parseBest(given, ZonedDateTime::from, LocalDateTime::from);
            ZonedDateTime zoned =
                    time instanceof LocalDateTime local ? local.atZone(ZoneOffset.UTC) : (ZonedDateTime) time;
            return OptionalLong.of(zoned.toInstant().toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Milliseconds since 1970 as {@code 2014-02-14 14:30:00}, in UTC, with the milliseconds if there are any. */
    public static String format(long milliseconds) {
        return (milliseconds % 1000 == 0 ? SECONDS : MILLISECONDS).format(Instant.ofEpochMilli(milliseconds));
    }
}
