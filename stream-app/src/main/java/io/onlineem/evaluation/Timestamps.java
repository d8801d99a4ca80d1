package io.onlineem.evaluation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Times in files: {@code 2026-01-31 23:59:59}, with a T between date and time, with fractions of a second, with Z or an
 * offset, dates alone, and seconds or milliseconds since 1970. Times without an offset are taken for UTC.
 */
final class Timestamps {

    /** Beyond this, numbers are milliseconds; as seconds it is the year 5138. */
    private static final double LARGEST_SECONDS = 1e11;

    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /**
     * Milliseconds since 1970.
     *
     * @throws DateTimeException if it is none of the above
     */
    static long parse(String text) {
        String time = text.strip();
        if (time.matches("-?[0-9]+(\\.[0-9]+)?")) {
            double number = Double.parseDouble(time);
            return Math.round(Math.abs(number) > LARGEST_SECONDS ? number : 1000 * number);
        }
        if (time.length() == 10) {
            return LocalDate.parse(time)
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        }
        if (time.length() > 10 && time.charAt(10) == ' ') {
            time = time.substring(0, 10) + 'T' + time.substring(11);
        }
        boolean hasOffset = time.endsWith("Z") || time.lastIndexOf('+') > 10 || time.lastIndexOf('-') > 10;
        Instant instant = hasOffset
                ? OffsetDateTime.parse(time).toInstant()
                : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
        return instant.toEpochMilli();
    }

    /** As {@code 2026-01-31 23:59:59}, in UTC. */
    static String format(long milliseconds) {
        return WRITTEN.format(Instant.ofEpochMilli(milliseconds));
    }
}
