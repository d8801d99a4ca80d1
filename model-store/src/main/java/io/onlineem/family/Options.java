package io.onlineem.family;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Options by name, as configurations give them: known ones only, defaults filled in, numbers in one form. */
public final class Options {

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

    private Options() {}

    /**
     * Options with the defaults filled in and numbers in one form, so that equal things have equal options. An option whose
     * default is a number is one; an option whose default is a word may be one.
     *
     * @param what what the options are of, for messages
     * @throws IllegalArgumentException if an option is not known, or a number is none
     */
    public static Map<String, String> complete(String what, Map<String, String> defaults, Map<String, String> options) {
        Map<String, String> complete = new TreeMap<>(defaults);
        options.forEach((name, value) -> {
            String otherwise = defaults.get(name);
            if (otherwise == null) {
                Set<String> known = new TreeMap<>(defaults).keySet();
                throw new IllegalArgumentException("option '" + name + "' is not known to " + what + "; expected "
                        + (known.isEmpty() ? "none" : "one of " + known));
            }
            complete.put(name, value);
            if (isNumber(otherwise) || (!otherwise.isEmpty() && isNumber(value))) {
                complete.put(name, Double.toString(number(complete, name)));
            }
        });
        return complete;
    }

    /**
     * The number that an option is.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static double number(Map<String, String> options, String option) {
        String text = options.get(option);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; expected a number", e);
        }
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }
}
