package io.onlineem.cli;

import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.Timestamps;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When the records of a file are of: what a field says; a second apart where there is none. A record whose time cannot be read
 * takes that of the one before it.
 */
final class RecordTimes {

    private static final long SECOND = 1000;

    private final RecordSource source;
    private String field;
    private long records;
    private long unread;
    private String firstUnread;
    private long newest;

    /**
     * Times of a source's records.
     *
     * @param named the field that holds them; if empty, the first with a usual name
     */
    RecordTimes(RecordSource source, Optional<String> named) {
        this.source = source;
        this.field = named.or(() -> source instanceof CsvSource csv ? usual(csv) : Optional.empty())
                .orElse(null);
    }

    private static Optional<String> usual(CsvSource csv) {
        return Timestamps.USUAL_NAMES.stream()
                .flatMap(name -> csv.columns().stream()
                        .filter(column -> column.toLowerCase(Locale.ROOT).equals(name)))
                .findFirst();
    }

    /** The time of the record that the source has moved to, in milliseconds since the epoch; asked once for each record. */
    long next() {
        if (records == 0 && field == null && !(source instanceof CsvSource)) {
            field = Timestamps.USUAL_NAMES.stream()
                    .filter(name -> text(name) != null)
                    .findFirst()
                    .orElse(null);
        }
        if (field == null) {
            return SECOND * records++;
        }
        records++;
        String text = text(field);
        OptionalLong time = text == null ? OptionalLong.empty() : Timestamps.parse(text);
        if (time.isEmpty() && unread++ == 0) {
            firstUnread =
                    "line " + source.line() + (text == null ? " has no " + field : ": " + field + " is '" + text + "'");
        }
        newest = time.orElse(newest);
        return newest;
    }

    /** The time of that record as the source has it; otherwise its number, from 0. */
    String asWritten() {
        String text = field == null ? null : text(field);
        return text == null ? Long.toString(records - 1) : text;
    }

    private String text(String name) {
        try {
            return source.text(name);
        } catch (InvalidObservationException e) {
            return null;
        }
    }

    /** Says what was made up. */
    void report(PrintWriter err) {
        if (field == null) {
            err.println("no field holds a time: records are taken to be a second apart; name it in input.timestamp");
        } else if (unread > 0) {
            err.println(unread + (unread == 1 ? " record has" : " records have")
                    + " no time that can be read, and took that of the one before; the first is " + firstUnread
                    + "; expected a time such as 2026-01-31 23:59:59, or seconds or milliseconds since 1970");
        }
    }
}
