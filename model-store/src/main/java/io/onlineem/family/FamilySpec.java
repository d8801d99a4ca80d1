package io.onlineem.family;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A family described by plain values: what is said of one or several numbers of a record.
 *
 * @param family one of {@link Families#names()}
 * @param features names of the numbers, in order
 * @param options options of the family, see {@link Families#options(String)}; defaults are filled in
 * @param prior the prior; empty for maximum likelihood
 */
public record FamilySpec(String family, List<String> features, Map<String, String> options, Optional<Prior> prior) {

    /** Fills in the defaults, and checks everything that {@link #build()} will need. */
    public FamilySpec {
        features = List.copyOf(features);
        if (features.isEmpty()) {
            throw new IllegalArgumentException("there are no features; expected the name of at least one field");
        }
        options = Map.copyOf(Families.complete(family, options));
        Families.create(family, features, options, prior);
    }

    /** The family without a prior. */
    public FamilySpec(String family, List<String> features, Map<String, String> options) {
        this(family, features, options, Optional.empty());
    }

    /** The family. */
    public Family<?> build() {
        return Families.create(family, features, options, prior);
    }

    /** What parameters of this family are called where there are several: its features. */
    public String name() {
        return String.join(",", features);
    }

    /** Part of a line that names all of a model, the same for equal specifications. */
    public String describe() {
        return family + " " + new TreeMap<>(options)
                + prior.map(p -> " with " + p).orElse("") + " in " + features;
    }
}
