package io.onlineem.evaluation;

import io.onlineem.observation.Timestamps;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A CSV file with a line of column names, separated by commas, semicolons or tabs, whichever that line has most of. */
final class Table {

    private static final Set<String> MISSING = Set.of("", "na", "nan", "null");

    private final Path file;
    private final List<String> columns;
    private final List<String[]> rows;

    private Table(Path file, List<String> columns, List<String[]> rows) {
        this.file = file;
        this.columns = columns;
        this.rows = rows;
    }

    static Table read(Path file) throws IOException {
        char separator;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String header = reader.readLine();
            if (header == null || header.isBlank()) {
                throw new UnreadableException(file + " is empty; expected a line of column names, then records");
            }
            separator = separator(header);
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser parser = CSVFormat.RFC4180
                        .builder()
                        .setDelimiter(separator)
                        .setIgnoreEmptyLines(true)
                        .setTrim(true)
                        .get()
                        .parse(reader)) {
            List<String> columns = null;
            List<String[]> rows = new ArrayList<>();
            for (CSVRecord record : parser) {
                if (columns == null) {
                    columns = Arrays.asList(record.values());
                    columns.set(0, columns.get(0).replace("\uFEFF", ""));
                } else if (record.size() == columns.size()) {
                    rows.add(record.values());
                } else {
                    throw new UnreadableException(file + ", line " + parser.getCurrentLineNumber() + " has "
                            + record.size() + " values; expected " + columns.size() + ", as there are column names");
                }
            }
            return new Table(file, columns, rows);
        } catch (UncheckedIOException e) {
            throw new UnreadableException(
                    file + " is not valid CSV: " + e.getCause().getMessage(), e);
        }
    }

    private static char separator(String header) {
        char best = ',';
        long most = 0;
        for (char candidate : new char[] {',', ';', '\t'}) {
            long count = header.chars().filter(c -> c == candidate).count();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    int size() {
        return rows.size();
    }

    List<String> columns() {
        return columns;
    }

    /** The position of a column, or the first of those usual names that there is; -1 if there is none. */
    int column(String name, List<String> usual) {
        if (name != null) {
            int column = columns.indexOf(name);
            if (column < 0) {
                throw new UnreadableException(
                        file + " has no column '" + name + "'; expected one of " + String.join(", ", columns));
            }
            return column;
        }
        for (String candidate : usual) {
            for (int c = 0; c < columns.size(); c++) {
                if (columns.get(c).toLowerCase(Locale.ROOT).equals(candidate)) {
                    return c;
                }
            }
        }
        return -1;
    }

    String text(int row, int column) {
        return rows.get(row)[column];
    }

    /** The numbers of a column; NaN where there is none. */
    double[] numbers(int column) {
        double[] numbers = new double[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            String text = text(i, column);
            try {
                numbers[i] =
                        MISSING.contains(text.toLowerCase(Locale.ROOT)) ? Double.NaN : Double.parseDouble(flag(text));
            } catch (NumberFormatException e) {
                throw new UnreadableException(place(i, column) + " is '" + text + "'; expected a number", e);
            }
        }
        return numbers;
    }

    private static String flag(String text) {
        return text.equalsIgnoreCase("true") ? "1" : text.equalsIgnoreCase("false") ? "0" : text;
    }

    /** Whether the first record has a number in a column. */
    boolean isNumeric(int column) {
        return !rows.isEmpty() && text(0, column).matches("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
    }

    long time(int row, int column) {
        return Timestamps.parse(text(row, column))
                .orElseThrow(() -> new UnreadableException(place(row, column) + " is '" + text(row, column)
                        + "'; expected a time such as 2026-01-31 23:59:59, or seconds or milliseconds since 1970"));
    }

    /** The times of a column, in milliseconds since 1970. */
    long[] times(int column) {
        long[] times = new long[rows.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = time(i, column);
        }
        return times;
    }

    private String place(int row, int column) {
        return file + ", record " + (row + 1) + ": column '" + columns.get(column) + "'";
    }
}
