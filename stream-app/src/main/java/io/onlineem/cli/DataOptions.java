package io.onlineem.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which records a command reads. */
final class DataOptions {

    private static final String STANDARD_INPUT = "-";

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
            description = "What separates CSV columns, a character or 'tab'. Default: a comma, in tsv files a tab.")
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
        char delimiter = delimiter();
        InputStream in = stream();
        try {
            return csv ? new CsvSource(in, delimiter) : new JsonLinesSource(in, maxBytes);
        } catch (CommandException e) {
            in.close();
            throw inFile(e);
        }
    }

    /** The same error, with the name of the file. */
    CommandException inFile(CommandException e) {
        return new CommandException(name() + ": " + e.getMessage(), e);
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
            return file.toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
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
