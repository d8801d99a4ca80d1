package io.onlineem.cli;

import java.io.PrintWriter;
import java.util.List;

/** The lines that {@code score} prints of a preset: CSV with a line of column names, one line for each record of the file. */
final class SeriesScores {

    private final PrintWriter out;
    private final List<String> fields;
    private final String key;

    /**
     * Lines of records.
     *
     * @param fields names of the numbers
     * @param key the column that holds the key, or null
     */
    SeriesScores(PrintWriter out, List<String> fields, String key) {
        this.out = out;
        this.fields = fields;
        this.key = key;
    }

    /** The line of column names. */
    void header() {
        StringBuilder line = new StringBuilder("timestamp");
        if (key != null) {
            line.append(',').append(quoted(key));
        }
        line.append(",score,tailProbability,confidence,anomaly,incident,changePoint");
        for (String field : fields) {
            String suffix = fields.size() == 1 ? "" : " of " + field;
            line.append(',').append(quoted("value" + suffix));
            line.append(',').append(quoted("expected" + suffix));
            line.append(',').append(quoted("deviation" + suffix));
        }
        out.print(line.append(",reason\n"));
    }

    /**
     * The line of a record.
     *
     * @param time as the file has it
     * @param values the numbers; {@code NaN} where there is none
     */
    void line(String time, String keyOfRecord, double[] values, WatchedSeries.Verdict verdict) {
        StringBuilder line = new StringBuilder(quoted(time));
        if (key != null) {
            line.append(',').append(quoted(keyOfRecord));
        }
        line.append(',').append(verdict.anomaly().score());
        line.append(',').append(verdict.anomaly().tailProbability());
        line.append(',').append(verdict.anomaly().confidence());
        line.append(',').append(verdict.unusual() ? 1 : 0);
        String incident = verdict.anomaly().incident();
        line.append(',').append(incident == null ? "" : quoted(incident));
        line.append(',').append(verdict.changePoint() ? 1 : 0);
        for (int j = 0; j < values.length; j++) {
            append(line, values[j]);
            append(line, verdict.expected()[j]);
            append(line, verdict.deviation()[j]);
        }
        out.print(line.append(',').append(quoted(verdict.reason())).append('\n'));
    }

    private static void append(StringBuilder line, double number) {
        line.append(',');
        if (!Double.isNaN(number)) {
            line.append(number);
        }
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
