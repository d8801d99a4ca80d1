package io.onlineem.cli;

import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ObservationReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Records of a CSV file (RFC 4180) that begins with a line of column names. */
final class CsvSource implements RecordSource {

    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    private final CSVParser parser;
    private final Map<String, Integer> columns;
    private final Iterator<CSVRecord> records;
    private List<String> features;
    private double[] values;
    private CSVRecord peeked;
    private CSVRecord current;
    private long line;

    /**
     * Opens a file.
     *
     * @param features names of the columns that make an observation; null for all that hold a number in the first record,
     *     see {@link #features()}
     */
    CsvSource(InputStream in, char separator, List<String> features) throws IOException {
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
        if (features == null) {
            this.peeked = nextRecord();
            choose(numericColumns());
        } else {
            choose(features);
        }
    }

    private static void skipByteOrderMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
    }

    private List<String> numericColumns() {
        List<String> numeric = new ArrayList<>();
        if (peeked != null) {
            columns.forEach((name, index) -> {
                if (!name.isEmpty()
                        && index < peeked.size()
                        && NUMBER.matcher(peeked.get(index)).matches()) {
                    numeric.add(name);
                }
            });
        }
        if (numeric.isEmpty()) {
            throw new UsageException("there is no column with a number in the first record; the columns are "
                    + columns.keySet() + "; name those that make an observation with --features");
        }
        return numeric;
    }

    private void choose(List<String> names) {
        for (String name : names) {
            requireColumn(name);
        }
        features = List.copyOf(names);
        values = new double[names.size()];
    }

    private void requireColumn(String name) {
        if (!columns.containsKey(name)) {
            throw new UsageException(
                    "there is no column '" + name + "'; expected one of " + String.join(", ", columns.keySet()));
        }
    }

    /** The names of the columns that make an observation. */
    List<String> features() {
        return features;
    }

    @Override
    public boolean next() throws IOException {
        if (peeked != null) {
            current = peeked;
            peeked = null;
        } else {
            current = nextRecord();
        }
        return current != null;
    }

    private CSVRecord nextRecord() throws IOException {
        try {
            CSVRecord next = records.hasNext() ? records.next() : null;
            line = parser.getCurrentLineNumber();
            return next;
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
        return line;
    }

    @Override
    public void read(Observations into) {
        for (int i = 0; i < values.length; i++) {
            String text = text(features.get(i));
            if (text.isEmpty()) {
                throw new InvalidObservationException(
                        Reason.MISSING_FIELD, "the column '" + features.get(i) + "' is empty; expected a number");
            }
            boolean number = NUMBER.matcher(text).matches();
            double value = number ? Double.parseDouble(text) : Double.NaN;
            if (!(Math.abs(value) <= ObservationReader.LARGEST)) {
                throw new InvalidObservationException(
                        number ? Reason.NOT_FINITE : Reason.NOT_A_NUMBER,
                        "the column '" + features.get(i) + "' is '" + text + "'; expected a number"
                                + (number ? " of magnitude at most " + ObservationReader.LARGEST : ""));
            }
            values[i] = value;
        }
        into.add(values);
    }

    @Override
    public String text(String field) {
        requireColumn(field);
        int index = columns.get(field);
        if (index >= current.size()) {
            throw new InvalidObservationException(
                    Reason.MISSING_FIELD,
                    "the column '" + field + "' is missing: the record has " + current.size() + " values; expected "
                            + columns.size());
        }
        return current.get(index);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
