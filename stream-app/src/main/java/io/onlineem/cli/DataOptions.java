package io.onlineem.cli;

import io.onlineem.em.Domain;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which records a command reads. */
final class DataOptions {

    private static final String STANDARD_INPUT = "-";

    /** No separator is given. */
    private static final char UNKNOWN = 0;

    /** Bytes that are looked at for the separator. */
    private static final int LOOKED_AT = 1 << 13;

    /** Columns of numbers that are no channels, by their letters. */
    private static final Set<String> BESIDE = Set.of(
            "timestamp",
            "datetime",
            "time",
            "date",
            "ts",
            "epoch",
            "anomaly",
            "isanomaly",
            "changepoint",
            "label",
            "labels",
            "class",
            "target",
            "outlier",
            "index",
            "id");

    @Parameters(
            paramLabel = "FILE",
            description =
                    "A CSV file with a line of column names, or a file with one JSON object on each line. '-': stdin.")
    private String file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "csv or jsonl. Default: as the name of the file ends, in csv or tsv, or in jsonl, ndjson or json.")
    private String format;

    @Option(
            names = "--separator",
            paramLabel = "CHARACTER",
            description =
                    "What separates CSV columns, a character or 'tab'. Default: a comma, or a semicolon or a tab if the first"
                            + " line has one of these and no comma.")
    private String separator;

    @Option(
            names = "--skip-invalid",
            description = "Leave out records that are not valid, and count them. Default: the first one is an error.")
    private boolean skipInvalid;

    /** Whether records that are not valid are left out. */
    boolean skipInvalid() {
        return skipInvalid;
    }

    /** The name of the file, for messages. */
    String name() {
        return file.equals(STANDARD_INPUT) ? "stdin" : file;
    }

    /** Whether records are lines of CSV, whose columns have names. */
    boolean isCsv() {
        if (format != null) {
            return switch (format) {
                case "csv" -> true;
                case "jsonl" -> false;
                default -> throw new UsageException("--format is '" + format + "'; expected csv or jsonl");
            };
        }
        String lowerCase = file.toLowerCase(Locale.ROOT);
        if (lowerCase.endsWith(".csv") || lowerCase.endsWith(".tsv")) {
            return true;
        }
        if (lowerCase.endsWith(".jsonl") || lowerCase.endsWith(".ndjson") || lowerCase.endsWith(".json")) {
            return false;
        }
        throw new UsageException(
                "the name of " + name() + " does not tell its format; give --format csv or --format jsonl");
    }

    /**
     * Opens the file.
     *
     * @param maxBytes largest JSON object that is valid
     */
    RecordSource open(int maxBytes) throws IOException {
        boolean csv = isCsv();
        if (!csv && separator != null) {
            throw new UsageException("--separator is for CSV files; leave it out");
        }
        char given = delimiter();
        InputStream in = new BufferedInputStream(stream(), LOOKED_AT);
        try {
            return csv
                    ? new CsvSource(in, given == UNKNOWN ? separator(in) : given)
                    : new JsonLinesSource(in, maxBytes);
        } catch (CommandException e) {
            in.close();
            throw inFile(e);
        }
    }

    /** The same error, with the name of the file. */
    CommandException inFile(CommandException e) {
        return new CommandException(name() + ": " + e.getMessage(), e);
    }

    /**
     * The columns of numbers in a CSV file, without those whose names say that they are a time, a label or a number of the record;
     * none of another file.
     *
     * @throws UsageException if records come from stdin, which is read only once
     */
    List<String> numericColumns() {
        if (!isCsv()) {
            return List.of();
        }
        if (file.equals(STANDARD_INPUT)) {
            throw new UsageException(
                    "the columns of stdin are not known beforehand; name the fields in the configuration, input.fields");
        }
        try (RecordSource source = open(Integer.MAX_VALUE)) {
            return ((CsvSource) source)
                    .columns(Domain.REAL, column -> true).stream()
                            .filter(column -> !BESIDE.contains(
                                    column.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "")))
                            .toList();
        } catch (IOException e) {
            throw new CommandException(name() + " cannot be read: " + e, e);
        }
    }

    /** A semicolon or a tab if the first line has one and no comma. */
    private static char separator(InputStream in) throws IOException {
        in.mark(LOOKED_AT);
        String line = new String(in.readNBytes(LOOKED_AT), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        in.reset();
        return line.indexOf(',') >= 0 ? ',' : line.indexOf(';') >= 0 ? ';' : line.indexOf('\t') >= 0 ? '\t' : ',';
    }

    private InputStream stream() throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            return System.in;
        }
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            throw new UsageException("there is no file " + file);
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(file + " is a directory; expected a file");
        }
        return Files.newInputStream(path);
    }

    private char delimiter() {
        if (separator == null) {
            return file.toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : UNKNOWN;
        }
        if (separator.equals("tab") || separator.equals("\\t")) {
            return '\t';
        }
        if (separator.length() != 1 || "\"\r\n".contains(separator)) {
            throw new UsageException("--separator is '" + separator + "'; expected one character, or tab");
        }
        return separator.charAt(0);
    }
}
