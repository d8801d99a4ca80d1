package io.onlineem.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * What one part of the benchmark measured: one table, for people and as JSON.
 *
 * @param name its name in the JSON output
 * @param title its title
 * @param columns the columns
 * @param rows values by column: integers, doubles or texts; null if not measured
 * @param notes how it was measured
 */
record Section(String name, String title, List<Column> columns, List<List<Object>> rows, List<String> notes) {

    /** The value in a row of the column of that name. */
    Object value(int row, String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return rows.get(row).get(i);
            }
        }
        throw new IllegalArgumentException("there is no column '" + column + "' in " + columns);
    }

    void print(PrintWriter out) {
        out.println(title);
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).heading().length();
            for (List<Object> row : rows) {
                widths[i] = Math.max(widths[i], cell(i, row).length());
            }
        }
        printRow(out, widths, columns.stream().map(Column::heading).toList());
        for (List<Object> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                cells.add(cell(i, row));
            }
            printRow(out, widths, cells);
        }
        for (String note : notes) {
            out.println("  " + note);
        }
        out.println();
    }

    private void printRow(PrintWriter out, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            boolean left = isText(i);
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append("  ").append(left ? cells.get(i) + padding : padding + cells.get(i));
        }
        out.println(line.toString().stripTrailing());
    }

    private boolean isText(int column) {
        return rows.stream().anyMatch(row -> row.get(column) instanceof String);
    }

    private String cell(int column, List<Object> row) {
        Object value = row.get(column);
        return value == null
                ? "-"
                : String.format(Locale.ROOT, columns.get(column).format(), value);
    }

    void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("title", title);
        json.writeArrayPropertyStart("notes");
        notes.forEach(json::writeString);
        json.writeEndArray();
        json.writeArrayPropertyStart("rows");
        for (List<Object> row : rows) {
            json.writeStartObject();
            for (int i = 0; i < columns.size(); i++) {
                json.writeName(columns.get(i).name());
                writeValue(json, row.get(i));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else {
            json.writeString(value.toString());
        }
    }
}
