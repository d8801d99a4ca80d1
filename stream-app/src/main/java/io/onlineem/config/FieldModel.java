package io.onlineem.config;

import io.onlineem.family.Prior;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How one field of a record is modelled, and how it is read.
 *
 * @param path name of the field; dots reach into nested objects
 * @param family one of {@link io.onlineem.family.Families#names()}; empty where models know no families
 * @param options options of the family, and {@value #COVARIATES}
 * @param prior the prior; empty for maximum likelihood
 * @param missingAllowed whether a field that is absent or null is a missing value, and no error
 * @param transform what the number becomes
 */
public record FieldModel(
        String path,
        String family,
        Map<String, String> options,
        Optional<Prior> prior,
        boolean missingAllowed,
        Transform transform) {

    /** The fields that explain this one; in place of the option that names it among all. */
    public static final String COVARIATES = "covariates";

    private static final Pattern NAMES = Pattern.compile("[^.]+(\\.[^.]+)*", Pattern.DOTALL);

    /** Copies the options. */
    public FieldModel {
        options = Map.copyOf(options);
    }

    /** A field of a family, read as it is. */
    public FieldModel(String path, String family, Map<String, String> options) {
        this(path, family, options, Optional.empty(), false, Transform.NONE);
    }

    /** Fields that say nothing of their own. */
    public static List<FieldModel> of(List<String> paths, String family, Map<String, String> options) {
        return paths.stream().map(path -> new FieldModel(path, family, options)).toList();
    }

    /**
     * Checks the name of a field of a JSON object.
     *
     * @throws IllegalArgumentException if a part of it is empty
     */
    public static void requirePath(String path) {
        if (!NAMES.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "the field's name is '" + path + "'; expected names, joined by single dots if nested");
        }
    }

    /** What models call the field. */
    public String feature() {
        return transform.feature(path);
    }
}
