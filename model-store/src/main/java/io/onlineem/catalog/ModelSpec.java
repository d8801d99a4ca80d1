package io.onlineem.catalog;

import io.onlineem.em.Model;
import io.onlineem.family.Families;
import io.onlineem.mixture.Mixture;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model described by plain values, as configurations and published models name it; the one place where names become
 * models.
 *
 * @param type one of {@link #types()}
 * @param family name of the observation family, one of {@link Families#names()}
 * @param components number of components
 * @param features names of the numbers in a record, in order; without repetition
 * @param options options of the family, see {@link Families#options(String)}; defaults are filled in
 */
public record ModelSpec(
        String type, String family, int components, List<String> features, Map<String, String> options) {

    private static final String MIXTURE = "mixture";

    /** Checks everything that {@link #build()} will need. */
    public ModelSpec {
        features = List.copyOf(features);
        options = Map.copyOf(Families.complete(family, options));
        if (!types().contains(type)) {
            throw new IllegalArgumentException("model type is '" + type + "'; expected one of " + types());
        }
        if (features.isEmpty()) {
            throw new IllegalArgumentException("there are no features; expected the name of at least one field");
        }
        if (Set.copyOf(features).size() < features.size()) {
            throw new IllegalArgumentException("features are " + features + "; expected each name once");
        }
        new Mixture<>(Families.create(family, features.size(), options), components);
    }

    /** The known model types. */
    public static Set<String> types() {
        return Set.of(MIXTURE);
    }

    /** The model. */
    public Model<?> build() {
        return new Mixture<>(Families.create(family, features.size(), options), components);
    }

    /** One line that names all of it, the same for equal specifications; stored state is checked against it. */
    public String describe() {
        return type + " of " + components + " " + family + " " + new TreeMap<>(options) + " in " + features;
    }
}
