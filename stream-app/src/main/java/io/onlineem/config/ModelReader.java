package io.onlineem.config;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.Findings.Place;
import io.onlineem.em.Domain;
import io.onlineem.em.Model;
import io.onlineem.family.Families;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the model, and what it learns from: options, priors and families of all fields together. */
final class ModelReader {

    private static final String WEIGHT = "input.weight";
    static final String MISSING = "input.missing";
    static final String FAMILY = "model.family";
    static final String PRIOR_STRENGTH = "model.prior.strength";
    private static final String PRIOR_WEIGHTS = "model.prior.weights";

    /** Options of types that are settings under other names: what users know as priors. */
    private static final Map<String, String> PRIORS_OF_TYPES = Map.of(
            "priorStrength",
            PRIOR_STRENGTH,
            "weightStrength",
            PRIOR_WEIGHTS,
            "transitionStrength",
            Setting.PRIOR_TRANSITIONS,
            "stickyStrength",
            Setting.PRIOR_STICKY);

    private final YamlTree tree;
    private final ConfigurationReader settings;
    private final Findings findings;
    private List<FieldEntry> entries = List.of();
    private String type;
    private String defaultFamily;
    private boolean hasFamilies = true;

    ModelReader(YamlTree tree, ConfigurationReader settings) {
        this.tree = tree;
        this.settings = settings;
        this.findings = new Findings(tree);
    }

    /** What was read. */
    record Learned(List<InputField> fields, Optional<String> weight, ModelSpec spec) {}

    /** Reads all of it; empty, and problems, if something is wrong. */
    Optional<Learned> read() {
        type = settings.choice("model.type", ModelSpec.types().toArray(new String[0]), Function.identity());
        defaultFamily = settings.choice(FAMILY, Families.names().toArray(new String[0]), Function.identity());
        hasFamilies = type == null || ModelSpec.hasFamilies(type);
        Optional<Integer> components = type == null || ModelSpec.hasComponents(type) || tree.has("model.components")
                ? settings.integer("model.components", 1, Integer.MAX_VALUE)
                : Optional.of(0);
        Optional<String> missing = settings.oneOf(MISSING, Setting.ALLOWED_OR_REFUSED);
        Optional<String> weight = weight();
        entries = new FieldsReader(tree, settings, findings, type, defaultFamily).read();
        if (type == null || defaultFamily == null) {
            return Optional.empty();
        }
        Map<String, String> ofType = typeOptions();
        List<FieldModel> fields = fields(missing.orElse(Setting.REFUSED).equals(Setting.ALLOWED));
        List<FamilySpec> factors = hasFamilies ? factors(fields) : List.of();
        requireDistinct(fields, weight);
        if (!findings.isValid() || components.isEmpty() || missing.isEmpty() || entries.isEmpty()) {
            return Optional.empty();
        }
        Optional<ModelSpec> spec = settings.checked(
                "model",
                () -> hasFamilies
                        ? ModelSpec.of(type, components.get(), factors, ofType)
                        : new ModelSpec(
                                type,
                                components.get(),
                                fields.stream().map(FieldModel::feature).toList(),
                                factors,
                                ofType));
        return spec.flatMap(given -> learned(given, fields, weight));
    }

    private Optional<Learned> learned(ModelSpec spec, List<FieldModel> fields, Optional<String> weight) {
        Model<?> model = spec.build();
        for (FieldEntry entry : entries) {
            int position = spec.features().indexOf(entry.transform.feature(entry.field));
            try {
                Domain domain = ModelSpec.readsDocuments(type)
                        ? Domain.WORDS
                        : position < model.domains().size() ? model.domains().get(position) : Domain.REAL;
                new InputField(entry.field, domain, false, entry.transform);
            } catch (IllegalArgumentException e) {
                findings.problem(entry.placeOf("transform"), ": " + e.getMessage());
            }
            if (!model.acceptsMissing() && entry.transform == Transform.DIFFERENCE) {
                findings.problem(
                        entry.placeOf("transform"),
                        " is difference, which is missing in the first record of a key; expected none, since models of the"
                                + " type " + type + " take no missing values");
            }
        }
        if (!model.acceptsMissing()) {
            refuseMissing();
        }
        return findings.isValid()
                ? Optional.of(new Learned(FieldGroup.inputs(spec, fields), weight, spec))
                : Optional.empty();
    }

    private void refuseMissing() {
        String why = " is " + Setting.ALLOWED + "; expected " + Setting.REFUSED + ", since models of the type " + type
                + " take no missing values";
        for (FieldEntry entry : entries) {
            if (entry.missing.orElse(false)) {
                findings.problem(entry.placeOf("missing"), why);
            }
        }
        if (tree.has(MISSING) && entries.stream().anyMatch(entry -> entry.missing.isEmpty())) {
            Optional<String> given = YamlTree.text(tree.value(MISSING));
            if (given.isPresent() && given.get().equals(Setting.ALLOWED)) {
                findings.problem(findings.placeOf(MISSING), why);
            }
        }
    }

    private Optional<String> weight() {
        Node node = tree.value(WEIGHT);
        if (node == null) {
            return Optional.empty();
        }
        Optional<String> weight = YamlTree.text(node);
        if (weight.isEmpty()) {
            settings.unexpected(Setting.at(WEIGHT), node);
            findings.invalid();
        }
        weight.ifPresent(path -> findings.requirePath(findings.placeOf(WEIGHT), path));
        return weight;
    }

    /** The options of the type that are given. */
    private Map<String, String> typeOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : Setting.typeOptions()) {
            String path = Setting.ofOption(option);
            Node node = tree.value(path);
            boolean known = ModelSpec.options(type).contains(option);
            if (!known && hasFamilies && Setting.familyOptions().contains(option)) {
                continue;
            }
            if (node != null && (known || refuse(path))) {
                findings.option(findings.placeOf(path), node).ifPresent(text -> options.put(option, text));
            }
        }
        PRIORS_OF_TYPES.forEach((option, path) -> {
            boolean known = ModelSpec.options(type).contains(option);
            if (tree.has(path) && (known || ((!path.equals(PRIOR_STRENGTH) || !hasFamilies) && refuse(path)))) {
                positive(path).ifPresent(number -> options.put(option, Double.toString(number)));
            }
        });
        return options;
    }

    /** Reports a setting that models of the type do not have. */
    private boolean refuse(String path) {
        findings.problem(findings.placeOf(path), " is not for models of the type " + type + "; remove it");
        return false;
    }

    private Optional<Double> positive(String path) {
        Node node = tree.value(path);
        Optional<Double> number = Findings.positive(node);
        if (number.isEmpty()) {
            findings.unexpected(findings.placeOf(path), node, Setting.at(path).expected());
        }
        return number;
    }

    /** The fields, with what is said of all of them. */
    private List<FieldModel> fields(boolean missingAllowed) {
        if (!hasFamilies) {
            refuseFamilies();
            return entries.stream()
                    .map(entry -> new FieldModel(
                            entry.field,
                            "",
                            Map.of(),
                            Optional.empty(),
                            entry.missing.orElse(missingAllowed),
                            entry.transform))
                    .toList();
        }
        Optional<Double> strength = tree.has(PRIOR_STRENGTH) ? positive(PRIOR_STRENGTH) : Optional.empty();
        mergeOptions();
        List<FieldModel> fields = new ArrayList<>();
        for (FieldEntry entry : entries) {
            Optional<Double> ofField = entry.strength.or(() -> strength);
            if (entry.location.isPresent() && ofField.isEmpty() && !entry.ownStrength && !tree.has(PRIOR_STRENGTH)) {
                findings.problem(
                        entry.placeOf("location"),
                        " is given without a strength; expected " + entry.place.path() + ".prior.strength, or "
                                + PRIOR_STRENGTH);
            }
            if (entry.strength.isEmpty() && strength.isPresent()) {
                entry.places.put("prior", findings.placeOf(PRIOR_STRENGTH));
            }
            if (entry.family != null && isPath(entry.field)) {
                fields.add(new FieldModel(
                        entry.field,
                        entry.family,
                        entry.options,
                        ofField.map(given -> new Prior(given, entry.location.orElse(null))),
                        entry.missing.orElse(missingAllowed),
                        entry.transform));
            }
        }
        return fields;
    }

    private static boolean isPath(String field) {
        try {
            FieldModel.requirePath(field);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void refuseFamilies() {
        if (tree.has(FAMILY)) {
            refuse(FAMILY);
        }
        for (String option : Setting.familyOptions()) {
            if (tree.has(Setting.ofOption(option)) && !Setting.typeOptions().contains(option)) {
                refuse(Setting.ofOption(option));
            }
        }
    }

    /** Gives the fields the options that are given for all of them, where their families know them. */
    private void mergeOptions() {
        Set<String> families = new TreeSet<>();
        entries.stream().filter(entry -> entry.family != null).forEach(entry -> families.add(entry.family));
        if (entries.isEmpty()) {
            families.add(defaultFamily);
        }
        if (tree.has(FAMILY) && !entries.isEmpty() && entries.stream().allMatch(entry -> entry.ownFamily)) {
            findings.problem(findings.placeOf(FAMILY), " has no use, since every field names its family; remove it");
        }
        for (String option : Setting.familyOptions()) {
            String path = Setting.ofOption(option);
            Node node = tree.value(path);
            if (node == null) {
                continue;
            }
            if (families.stream().noneMatch(family -> Families.options(family).contains(option))) {
                findings.problem(
                        findings.placeOf(path),
                        " is not an option of the " + (families.size() == 1 ? "family " : "families ")
                                + String.join(", ", families) + "; remove it");
            }
            Optional<String> text = findings.option(findings.placeOf(path), node);
            for (FieldEntry entry : entries) {
                if (text.isPresent()
                        && entry.family != null
                        && Families.options(entry.family).contains(option)
                        && entry.options.putIfAbsent(option, text.get()) == null) {
                    entry.places.put(option, findings.placeOf(path));
                    findings.requireCompanions(findings.placeOf(path), option, text.get());
                }
            }
        }
    }

    /** The factors that the fields make; reports every option that is refused. */
    private List<FamilySpec> factors(List<FieldModel> fields) {
        Map<String, FieldEntry> byField = new HashMap<>();
        entries.forEach(entry -> byField.put(entry.field, entry));
        List<FamilySpec> factors = new ArrayList<>();
        for (FieldGroup group : FieldGroup.of(fields)) {
            factor(group, byField.get(group.fields().get(0).path())).ifPresent(factors::add);
        }
        return factors;
    }

    /** An option is to blame if without it another thing is wrong, or nothing. */
    private Optional<FamilySpec> factor(FieldGroup group, FieldEntry entry) {
        FieldGroup rest = group;
        while (true) {
            Optional<String> refusal = refusal(rest);
            if (refusal.isEmpty()) {
                return Optional.of(rest.spec());
            }
            FieldGroup tried = rest;
            Optional<String> culprit = rest.options().keySet().stream()
                    .sorted()
                    .filter(option -> !refusal(tried.without(option)).equals(refusal))
                    .findFirst();
            if (culprit.isPresent()) {
                findings.problem(entry.placeOf(culprit.get()), ": " + refusal.get());
                rest = rest.without(culprit.get());
            } else {
                boolean ofPrior = !refusal(rest.withoutPrior()).equals(refusal);
                Place ofLocation = entry.placeOf("location");
                Place place =
                        ofPrior ? (entry.location.isPresent() ? ofLocation : entry.placeOf("prior")) : entry.place;
                findings.problem(place, ": " + refusal.get());
                return Optional.empty();
            }
        }
    }

    private static Optional<String> refusal(FieldGroup group) {
        try {
            group.spec();
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** No number of a record is read for two purposes. */
    private void requireDistinct(List<FieldModel> fields, Optional<String> weight) {
        Map<String, String> uses = new HashMap<>();
        entries.forEach(entry -> uses.put(entry.field, "a field of its own"));
        if (hasFamilies) {
            for (FieldGroup group : FieldGroup.of(fields)) {
                FieldEntry entry = entries.stream()
                        .filter(each -> each.field.equals(group.fields().get(0).path()))
                        .findFirst()
                        .orElseThrow();
                group.options().forEach((option, value) -> {
                    List<String> others = new ArrayList<>(FieldGroup.companions(option, value));
                    others.removeAll(
                            group.fields().stream().map(FieldModel::path).toList());
                    for (String name : others) {
                        requireUnused(uses, name, entry.placeOf(option));
                    }
                });
            }
        }
        weight.ifPresent(name -> requireUnused(uses, name, findings.placeOf(WEIGHT)));
    }

    private void requireUnused(Map<String, String> uses, String name, Place place) {
        String other = uses.putIfAbsent(name, "named by " + place.path());
        if (other != null) {
            findings.problem(
                    place, " names " + YamlTree.quote(name) + ", which is " + other + " too; expected another field");
        }
    }
}
