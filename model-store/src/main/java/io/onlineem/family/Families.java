package io.onlineem.family;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The families by name: where a new one is registered, and thereby known to configurations, codecs and commands. */
public final class Families {

    private static final Map<String, Entry> BY_NAME = new TreeMap<>(Map.of(
            "gaussian",
            new Entry(
                    Set.of("covariance", "covarianceFloor"),
                    (width, options) -> new GaussianFamily(
                            width,
                            Covariance.of(options.getOrDefault("covariance", Covariance.FULL.label())),
                            number(options, "covarianceFloor", GaussianFamily.DEFAULT_FLOOR)))));

    private Families() {}

    /** Makes a family for records of {@code width} numbers. */
    private interface Factory {
        Family<?> create(int width, Map<String, String> options);
    }

    private record Entry(Set<String> options, Factory factory) {}

    /** The names of all families. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** The names of the options of a family. */
    public static Set<String> options(String name) {
        return entry(name).options();
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
        Entry entry = entry(name);
        for (String option : options.keySet()) {
            if (!entry.options().contains(option)) {
                throw new IllegalArgumentException("option '" + option + "' is not known to the family " + name
                        + "; expected one of " + entry.options());
            }
        }
        return entry.factory().create(width, options);
    }

    private static Entry entry(String name) {
        Entry entry = BY_NAME.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("family is '" + name + "'; expected one of " + BY_NAME.keySet());
        }
        return entry;
    }

    private static double number(Map<String, String> options, String option, double otherwise) {
        String text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; expected a number", e);
        }
    }
}
