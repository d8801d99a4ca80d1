package io.onlineem.cli;

import io.onlineem.config.InputField;
import io.onlineem.em.Domain;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ObservationReader;
import io.onlineem.observation.RecordValues;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Records of a CSV file (RFC 4180) that begins with a line of column names. */
final class CsvSource implements RecordSource {

    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    /** What stands for a missing value, where there may be one. */
    private static final Set<String> MISSING = Set.of("", "NA", "NaN");

    private static final String[] FLAGS = {"false", "true"};

    /** Records in which a column may be without a value before it counts as empty. */
    private static final int MOST_LOOKED_AT = 1000;

    private final CSVParser parser;
    private final Map<String, Integer> columns;
    private final Iterator<CSVRecord> records;
    private final Deque<Row> lookedAt = new ArrayDeque<>();
    private RecordValues values;
    private Row current;

    /** A record, and the line on which it ends. */
    private record Row(CSVRecord record, long line) {}

    /** Opens a file. */
    CsvSource(InputStream in, char separator) throws IOException {
        Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        skipByteOrderMark(reader);
        try {
            this.parser = CSVFormat.RFC4180
                    .builder()
                    .setDelimiter(separator)
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setAllowMissingColumnNames(true)
                    .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY)
                    .setIgnoreEmptyLines(true)
                    .setTrim(true)
                    .get()
                    .parse(reader);
        } catch (IllegalArgumentException e) {
            throw new CommandException("the first line cannot serve as column names: " + e.getMessage(), e);
        }
        this.columns = parser.getHeaderMap();
        this.records = parser.iterator();
        if (columns == null || columns.isEmpty()) {
            throw new CommandException("the file is empty; expected a line of column names, then records");
        }
    }

    private static void skipByteOrderMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
    }

    /**
     * The columns that hold values of some kind, as far as their first value tells.
     *
     * @param missingAllowed whether a column may lack values, by name
     */
    List<String> columns(Domain domain, Predicate<String> missingAllowed) throws IOException {
        List<String> suitable = new ArrayList<>();
        for (Map.Entry<String, Integer> column : columns.entrySet()) {
            String name = column.getKey();
            if (!name.isEmpty()) {
                String first = first(column.getValue(), missingAllowed.test(name));
                if (first != null && isSuitable(first, domain)) {
                    suitable.add(name);
                }
            }
        }
        return suitable;
    }

    private static boolean isSuitable(String value, Domain domain) {
        return switch (domain) {
            case CATEGORY -> !value.isEmpty();
            case WORDS -> !value.isEmpty() && !NUMBER.matcher(value).matches();
            case FLAG -> NUMBER.matcher(value).matches() || flag(value) >= 0;
            default -> NUMBER.matcher(value).matches();
        };
    }

    private static int flag(String value) {
        return value.equalsIgnoreCase(FLAGS[1]) ? 1 : value.equalsIgnoreCase(FLAGS[0]) ? 0 : -1;
    }

    /** The first value of a column, or the first that is not missing; null if there is none. */
    private String first(int column, boolean missingAllowed) throws IOException {
        Iterator<Row> known = List.copyOf(lookedAt).iterator();
        for (int i = 0; i < (missingAllowed ? MOST_LOOKED_AT : 1); i++) {
            Row row = known.hasNext() ? known.next() : lookAhead();
            if (row == null) {
                return null;
            }
            String value = column < row.record().size() ? row.record().get(column) : "";
            if (!missingAllowed || !MISSING.contains(value)) {
                return value;
            }
        }
        return null;
    }

    private Row lookAhead() throws IOException {
        Row row = nextRow();
        if (row != null) {
            lookedAt.add(row);
        }
        return row;
    }

    /** The names of all columns. */
    Set<String> columns() {
        return columns.keySet();
    }

    @Override
    public void select(List<InputField> fields, Optional<String> weight) {
        values = new RecordValues(fields, weight, "column");
        for (int i = 0; i < values.size(); i++) {
            require(values.path(i));
        }
    }

    @Override
    public void require(String name) {
        if (!columns.containsKey(name)) {
            throw new UsageException(
                    "there is no column '" + name + "'; expected one of " + String.join(", ", columns.keySet()));
        }
    }

    @Override
    public boolean next() throws IOException {
        current = lookedAt.isEmpty() ? nextRow() : lookedAt.remove();
        return current != null;
    }

    private Row nextRow() throws IOException {
        try {
            return records.hasNext() ? new Row(records.next(), parser.getCurrentLineNumber()) : null;
        } catch (UncheckedIOException e) {
            // what the parser says of quotes that do not match
            throw new CommandException(
                    "line " + parser.getCurrentLineNumber() + " is not valid CSV: "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    @Override
    public long line() {
        return current.line();
    }

    @Override
    public void read(Observations into) {
        values.begin();
        for (int i = 0; i < values.size(); i++) {
            read(i);
        }
        values.addTo(into);
    }

    private void read(int position) {
        int column = columns.get(values.path(position));
        boolean missingAllowed = values.isMissingAllowed(position);
        if (missingAllowed && column >= current.record().size()) {
            values.missing(position, "is missing");
            return;
        }
        String text = text(values.path(position));
        if (values.isWords(position)) {
            values.text(position, text);
            return;
        }
        int flag = flag(text);
        if (text.isEmpty()) {
            values.missing(position, "is empty");
        } else if (MISSING.contains(text) && (missingAllowed || !values.isCategory(position))) {
            values.missing(position, "is '" + text + "'");
        } else if (values.isCategory(position)) {
            values.category(position, text);
        } else if (values.isFlag(position) && flag >= 0) {
            values.flag(position, flag == 1);
        } else if (NUMBER.matcher(text).matches()) {
            number(position, text);
        } else {
            throw values.other(position, "is '" + text + "'");
        }
    }

    private void number(int position, String text) {
        double number = Double.parseDouble(text);
        if (!(Math.abs(number) <= ObservationReader.LARGEST)) {
            throw values.notFinite(position, "is '" + text + "'");
        }
        values.number(position, number);
    }

    @Override
    public String text(String field) {
        require(field);
        int index = columns.get(field);
        CSVRecord record = current.record();
        if (index >= record.size()) {
            throw new InvalidObservationException(
                    Reason.MISSING_FIELD,
                    "the column '" + field + "' is missing: the record has " + record.size() + " values; expected "
                            + columns.size());
        }
        return record.get(index);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
