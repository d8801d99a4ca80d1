package io.onlineem.bench;

/**
 * A column of results.
 *
 * @param name its name in the JSON output
 * @param heading its heading in the table
 * @param format how a value is shown in the table, see {@link java.util.Formatter}
 */
record Column(String name, String heading, String format) {}
