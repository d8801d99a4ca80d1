package io.onlineem.config;

import io.onlineem.em.Domain;
import java.util.List;
import java.util.Set;

/**
 * One field of a record, and how the number is made of it that a model sees.
 *
 * @param path name of the field; dots reach into nested objects
 * @param domain what the model takes; {@link Domain#CATEGORY} and {@link Domain#FLAG} are read from texts and flags too
 * @param missingAllowed whether a field that is absent or null is a missing value, and no error
 * @param transform what the number becomes
 * @param language of {@link Domain#WORDS}, one of {@link io.onlineem.catalog.ModelSpec#languages()}; otherwise empty
 */
public record InputField(String path, Domain domain, boolean missingAllowed, Transform transform, String language) {

    private static final Set<Domain> NOT_TRANSFORMED = Set.of(Domain.CATEGORY, Domain.FLAG, Domain.WORDS);

    /** Checks that the field can be transformed. */
    public InputField {
        if (transform != Transform.NONE && NOT_TRANSFORMED.contains(domain)) {
            throw new IllegalArgumentException("the transform of " + path + " is " + transform.label()
                    + "; expected none, since the field holds " + domain.expected());
        }
    }

    /** A field that holds one number. */
    public InputField(String path, Domain domain, boolean missingAllowed, Transform transform) {
        this(path, domain, missingAllowed, transform, "");
    }

    /** A field that always holds a number, which is taken as it is. */
    public static InputField number(String path) {
        return new InputField(path, Domain.REAL, false, Transform.NONE);
    }

    /** Fields that always hold numbers, which are taken as they are. */
    public static List<InputField> numbers(List<String> paths) {
        return paths.stream().map(InputField::number).toList();
    }

    /** What models call the number. */
    public String feature() {
        return transform.feature(path);
    }

    /** Whether the number may be missing: the first difference of a key always is. */
    public boolean mayBeMissing() {
        return missingAllowed || transform == Transform.DIFFERENCE;
    }
}
