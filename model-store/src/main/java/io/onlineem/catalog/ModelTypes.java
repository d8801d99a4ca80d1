package io.onlineem.catalog;

import io.onlineem.em.Model;
import io.onlineem.family.Family;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Options;
import io.onlineem.family.ProductFamily;
import io.onlineem.mixture.Mixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The types of models by name: where a new one is registered. */
final class ModelTypes {

    private static final String WEIGHT_STRENGTH = "weightStrength";

    private static final Map<String, Entry> BY_NAME =
            new TreeMap<>(Map.of("mixture", new Entry(true, Map.of(WEIGHT_STRENGTH, "0.0"), ModelTypes::mixture)));

    private ModelTypes() {}

    private interface Factory {
        Model<?> create(int components, List<String> features, List<FamilySpec> factors, Map<String, String> options);
    }

    private record Entry(boolean hasFamilies, Map<String, String> defaults, Factory factory) {}

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    static Set<String> options(String type) {
        return new TreeMap<>(entry(type).defaults()).keySet();
    }

    static boolean hasFamilies(String type) {
        return entry(type).hasFamilies();
    }

    /** Options with the defaults filled in. */
    static Map<String, String> complete(String type, Map<String, String> options) {
        return Options.complete("models of the type " + type, entry(type).defaults(), options);
    }

    /** The options that differ from the defaults. */
    static Map<String, String> chosen(String type, Map<String, String> options) {
        Map<String, String> chosen = new TreeMap<>(options);
        chosen.entrySet().removeAll(entry(type).defaults().entrySet());
        return chosen;
    }

    static Model<?> build(
            String type, int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        return entry(type).factory().create(components, features, factors, options);
    }

    private static Entry entry(String type) {
        Entry entry = BY_NAME.get(type);
        if (entry == null) {
            throw new IllegalArgumentException("model type is '" + type + "'; expected one of " + BY_NAME.keySet());
        }
        return entry;
    }

    private static Model<?> mixture(
            int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {
        return new Mixture<>(family(factors), components, Options.number(options, WEIGHT_STRENGTH));
    }

    private static Family<?> family(List<FamilySpec> factors) {
        if (factors.size() == 1) {
            return factors.get(0).build();
        }
        Map<String, Family<?>> families = new LinkedHashMap<>();
        factors.forEach(factor -> families.put(factor.name(), factor.build()));
        return new ProductFamily(families);
    }
}
