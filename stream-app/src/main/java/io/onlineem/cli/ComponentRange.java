package io.onlineem.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers of components to try.
 *
 * @param from the least
 * @param to the most
 */
record ComponentRange(int from, int to) {

    /** Whether there is only one. */
    boolean isSingle() {
        return from == to;
    }

    @Override
    public String toString() {
        return isSingle() ? Integer.toString(from) : from + ".." + to;
    }

    /** Reads {@code 3} and {@code 1..8}. */
    static final class Converter implements ITypeConverter<ComponentRange> {

        private static final Pattern RANGE = Pattern.compile("(-?[0-9]{1,9})(?:\\.\\.([0-9]{1,9}))?");

        @Override
        public ComponentRange convert(String text) {
            Matcher matcher = RANGE.matcher(text);
            if (!matcher.matches()) {
                throw refused(text);
            }
            int from = Integer.parseInt(matcher.group(1));
            int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
            if (to < from) {
                throw refused(text);
            }
            return new ComponentRange(from, to);
        }

        private static TypeConversionException refused(String text) {
            return new TypeConversionException("'" + text + "'; expected a whole number, or a range such as 1..8");
        }
    }
}
