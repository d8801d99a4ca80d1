package io.onlineem.config;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.family.Families;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Fields that make one factor of a model: those of a {@linkplain Families#isJoint joint} family with equal options and
 * priors, or one field; besides, the fields that their options name, such as an exposure, which may be among them.
 *
 * @param fields at least one, all of one family with equal options
 */
public record FieldGroup(List<FieldModel> fields) {

    /** The option that names the response among the fields of a regression. */
    static final String RESPONSE = "response";

    /** Options whose values are fields that are read too; a number in their place is a number. */
    private static final List<String> COMPANIONS = List.of("exposure", "trials", FieldModel.COVARIATES);

    /** Options that name one field, which may be one of the group. */
    private static final List<String> NAMING = List.of(RESPONSE, "exposure", "trials");

    /** Copies the list. */
    public FieldGroup {
        fields = List.copyOf(fields);
    }

    /** The groups that fields make, in the order of their first fields. */
    public static List<FieldGroup> of(List<FieldModel> fields) {
        Map<Object, List<FieldModel>> groups = new LinkedHashMap<>();
        for (FieldModel field : fields) {
            groups.computeIfAbsent(key(field), key -> new ArrayList<>()).add(field);
        }
        return groups.values().stream().map(FieldGroup::new).toList();
    }

    /** Equal for fields of one group. */
    private static Object key(FieldModel field) {
        boolean joint = Families.isJoint(field.family()) || field.options().containsKey(RESPONSE);
        boolean alone = field.options().containsKey(FieldModel.COVARIATES)
                || field.prior().map(Prior::location).isPresent();
        if (!joint || alone) {
            return field.path();
        }
        return List.of(field.family(), complete(field), field.prior().map(Prior::strength));
    }

    /** Equal for options that say the same. */
    private static Map<String, String> complete(FieldModel field) {
        try {
            return Families.complete(field.family(), field.options());
        } catch (IllegalArgumentException e) {
            // what is wrong is told when the factor is made
            return field.options();
        }
    }

    /** What a model reads of a record, in the order of its features. */
    public static List<InputField> inputs(ModelSpec spec, List<FieldModel> fields) {
        List<Domain> domains = spec.build().domains();
        Map<String, FieldModel> byFeature = new HashMap<>();
        fields.forEach(field -> byFeature.put(field.feature(), field));
        Set<String> mayLack = new LinkedHashSet<>();
        for (FieldModel field : fields) {
            if (field.missingAllowed()) {
                mayLack.addAll(companions(field.options()));
            }
        }
        List<InputField> inputs = new ArrayList<>();
        for (int i = 0; i < spec.features().size(); i++) {
            String feature = spec.features().get(i);
            FieldModel field = byFeature.get(feature);
            if (ModelSpec.readsDocuments(spec.type())) {
                inputs.add(words(spec, field, feature));
                continue;
            }
            Domain domain = i < domains.size() ? domains.get(i) : Domain.REAL;
            inputs.add(
                    field == null
                            ? new InputField(feature, domain, mayLack.contains(feature), Transform.NONE)
                            : new InputField(field.path(), domain, field.missingAllowed(), field.transform()));
        }
        return inputs;
    }

    private static InputField words(ModelSpec spec, FieldModel field, String feature) {
        return new InputField(
                field == null ? feature : field.path(),
                Domain.WORDS,
                field != null && field.missingAllowed(),
                field == null ? Transform.NONE : field.transform(),
                spec.options().get("language"));
    }

    /** The fields that options name, which are read too. */
    public static Set<String> companions(Map<String, String> options) {
        Set<String> companions = new LinkedHashSet<>();
        for (String option : COMPANIONS) {
            companions.addAll(companions(option, options.get(option)));
        }
        return companions;
    }

    /** The fields that one option names, which are read too. */
    static List<String> companions(String option, String value) {
        boolean names = value != null
                && !value.isEmpty()
                && COMPANIONS.contains(option)
                && ConfigurationReader.parseNumber(value).isEmpty();
        return names ? List.of(value.split(" *, *", -1)) : List.of();
    }

    /** The family. */
    public String family() {
        return fields.get(0).family();
    }

    /** The options that are given. */
    public Map<String, String> options() {
        return fields.get(0).options();
    }

    /** The same without an option. */
    FieldGroup without(String option) {
        return new FieldGroup(fields.stream()
                .map(field -> {
                    Map<String, String> rest = new TreeMap<>(field.options());
                    rest.remove(option);
                    return new FieldModel(
                            field.path(),
                            field.family(),
                            rest,
                            field.prior(),
                            field.missingAllowed(),
                            field.transform());
                })
                .toList());
    }

    /** The same without a prior. */
    FieldGroup withoutPrior() {
        return new FieldGroup(fields.stream()
                .map(field -> new FieldModel(
                        field.path(),
                        field.family(),
                        field.options(),
                        Optional.empty(),
                        field.missingAllowed(),
                        field.transform()))
                .toList());
    }

    /**
     * The factor.
     *
     * @throws IllegalArgumentException if an option or the prior is not valid
     */
    public FamilySpec spec() {
        List<String> features = new ArrayList<>();
        fields.forEach(field -> features.add(field.feature()));
        Map<String, String> options = new TreeMap<>(options());
        for (FieldModel field : fields) {
            // options name fields, models their features
            NAMING.forEach(option -> options.replace(option, field.path(), field.feature()));
        }
        companions(options).stream().filter(name -> !features.contains(name)).forEach(features::add);
        if (options.remove(FieldModel.COVARIATES) != null) {
            options.putIfAbsent(RESPONSE, features.get(0));
        }
        Optional<Prior> prior = fields.get(0).prior();
        try {
            return new FamilySpec(family(), features, options, prior);
        } catch (IllegalArgumentException e) {
            if (prior.map(Prior::location).isEmpty()) {
                throw e;
            }
            return ofOneComponent(features, options, prior.get(), e);
        }
    }

    /** Of one component one need not write an array with one element. */
    private FamilySpec ofOneComponent(
            List<String> features, Map<String, String> options, Prior prior, IllegalArgumentException asGiven) {
        try {
            return new FamilySpec(
                    family(), features, options, Optional.of(new Prior(prior.strength(), wrapped(prior.location()))));
        } catch (IllegalArgumentException e) {
            throw asGiven;
        }
    }

    private static Fields wrapped(Fields fields) {
        Fields wrapped = new Fields();
        for (String name : fields.names()) {
            Object value = fields.get(name);
            wrapped.with(
                    name,
                    value instanceof Double number
                            ? new double[] {number}
                            : value instanceof double[] vector
                                    ? new double[][] {vector}
                                    : value instanceof double[][] matrix ? new double[][][] {matrix} : value);
        }
        return wrapped;
    }
}
