package io.onlineem.family;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The families by name: where a new one is registered, and thereby known to configurations, codecs and commands. */
public final class Families {

    private static final Map<String, Entry> BY_NAME = new TreeMap<>(Map.of(
            "gaussian",
            new Entry(
                    Map.of(
                            "covariance",
                            Covariance.FULL.label(),
                            "covarianceFloor",
                            Double.toString(GaussianFamily.DEFAULT_FLOOR)),
                    (width, options) -> new GaussianFamily(
                            width, Covariance.of(options.get("covariance")), number(options, "covarianceFloor")))));

    private Families() {}

    /** Makes a family for records of {@code width} numbers. */
    private interface Factory {
        Family<?> create(int width, Map<String, String> options);
    }

    private record Entry(Map<String, String> defaults, Factory factory) {}

    /** The names of all families. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** The names of the options of a family. */
    public static Set<String> options(String name) {
        return entry(name).defaults().keySet();
    }

    /**
     * Options with the defaults filled in and numbers in one form, so that equal families have equal options.
     *
     * @throws IllegalArgumentException if the name or an option is not known, or a number is none
     */
    public static Map<String, String> complete(String name, Map<String, String> options) {
        Entry entry = entry(name);
        Map<String, String> complete = new TreeMap<>(entry.defaults());
        for (Map.Entry<String, String> option : options.entrySet()) {
            String otherwise = entry.defaults().get(option.getKey());
            if (otherwise == null) {
                throw new IllegalArgumentException("option '" + option.getKey() + "' is not known to the family " + name
                        + "; expected one of " + options(name));
            }
            complete.put(option.getKey(), option.getValue());
            if (isNumber(otherwise)) {
                complete.put(option.getKey(), Double.toString(number(complete, option.getKey())));
            }
        }
        return complete;
    }

    /**
     * Creates a family.
     *
     * @param name one of {@link #names()}
     * @param width numbers in one record
     * @param options values of some of {@link #options(String)}
     * @throws IllegalArgumentException if the name, an option or a value is not known; says what was expected
     */
    public static Family<?> create(String name, int width, Map<String, String> options) {
        return entry(name).factory().create(width, complete(name, options));
    }

    private static Entry entry(String name) {
        Entry entry = BY_NAME.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("family is '" + name + "'; expected one of " + BY_NAME.keySet());
        }
        return entry;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }

    private static double number(Map<String, String> options, String option) {
        String text = options.get(option);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; expected a number", e);
        }
    }
}
