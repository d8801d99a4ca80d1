package io.onlineem.catalog;

import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.family.FamilySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model described by plain values, as configurations and published models name it; the one place where names become
 * models.
 *
 * @param type one of {@link #types()}
 * @param components number of components; where it {@linkplain #hasComponents(String) follows} from the options, 0 stands
 *     for that number
 * @param features names of the numbers in a record, in order; without repetition
 * @param factors the observation families; together they have the features, in order. More than one: their product. None
 *     for a type that knows no families
 * @param options options of the type, see {@link #options(String)}; defaults are filled in
 */
public record ModelSpec(
        String type, int components, List<String> features, List<FamilySpec> factors, Map<String, String> options) {

    /** What the family of several factors is called. */
    public static final String PRODUCT = "product";

    /** Checks everything that {@link #build()} will need. */
    public ModelSpec {
        options = Map.copyOf(ModelTypes.complete(type, options));
        features = List.copyOf(features);
        factors = List.copyOf(factors);
        if (features.isEmpty()) {
            throw new IllegalArgumentException("there are no features; expected the name of at least one field");
        }
        if (Set.copyOf(features).size() < features.size()) {
            throw new IllegalArgumentException("features are " + features + "; expected each name once");
        }
        List<String> ofFactors = new ArrayList<>();
        factors.forEach(factor -> ofFactors.addAll(factor.features()));
        if (ModelTypes.hasFamilies(type) ? !ofFactors.equals(features) : !factors.isEmpty()) {
            throw new IllegalArgumentException("the families are of " + ofFactors + "; expected "
                    + (ModelTypes.hasFamilies(type) ? "" + features : "none for the type " + type));
        }
        Model<?> model = ModelTypes.build(type, components, features, factors, options);
        if (!ModelTypes.hasComponents(type)) {
            components = model.components();
        }
    }

    /** A model of one family, without a prior. */
    public ModelSpec(String type, String family, int components, List<String> features, Map<String, String> options) {
        this(type, components, features, List.of(new FamilySpec(family, features, options)), Map.of());
    }

    /** A model of one family or of the product of several. */
    public static ModelSpec of(String type, int components, List<FamilySpec> factors, Map<String, String> options) {
        List<String> features =
                factors.stream().flatMap(factor -> factor.features().stream()).toList();
        return new ModelSpec(type, components, features, factors, options);
    }

    /** The known model types. */
    public static Set<String> types() {
        return ModelTypes.names();
    }

    /** The names of the options of a type. */
    public static Set<String> options(String type) {
        return ModelTypes.options(type);
    }

    /** Whether models of a type are composed with families. */
    public static boolean hasFamilies(String type) {
        return ModelTypes.hasFamilies(type);
    }

    /** Whether models of a type are given a number of components; otherwise it follows from their options. */
    public static boolean hasComponents(String type) {
        return ModelTypes.hasComponents(type);
    }

    /** Whether records of a type are documents: the features are fields that hold texts, or words with their counts. */
    public static boolean readsDocuments(String type) {
        return ModelTypes.readsDocuments(type);
    }

    /** The languages that documents may be in; "standard" is any. */
    public static Set<String> languages() {
        return ModelTypes.languages();
    }

    /** How models of a type learn if nothing is said. */
    public static Learning learning(String type) {
        return ModelTypes.learning(type);
    }

    /** The name of the family, {@link #PRODUCT} of several; empty for a type without. */
    public String family() {
        return factors.isEmpty() ? "" : factors.size() == 1 ? factors.get(0).family() : PRODUCT;
    }

    /** The options that differ from the defaults. */
    public Map<String, String> chosenOptions() {
        return ModelTypes.chosen(type, options);
    }

    /** The model. */
    public Model<?> build() {
        return ModelTypes.build(type, components, features, factors, options);
    }

    /** One line that names all of it, the same for equal specifications; stored state is checked against it. */
    public String describe() {
        String what = factors.isEmpty()
                ? "in " + features
                : factors.stream().map(FamilySpec::describe).collect(Collectors.joining(" times "));
        Map<String, String> chosen = chosenOptions();
        return type + " of " + components + " " + what + (chosen.isEmpty() ? "" : " with " + chosen);
    }
}
