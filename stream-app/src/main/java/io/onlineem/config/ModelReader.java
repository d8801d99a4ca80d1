package io.onlineem.config;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.family.Families;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.Prior;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads what is learned from which fields: {@code input.fields} and what concerns them, and the model. */
final class ModelReader {

    private static final String FIELDS = "input.fields";
    private static final String WEIGHT = "input.weight";
    private static final String MISSING = "input.missing";
    private static final String FAMILY = "model.family";
    private static final String PRIOR_STRENGTH = "model.prior.strength";
    private static final String PRIOR_WEIGHTS = "model.prior.weights";

    /** Options of types that are settings under other names: what users know as priors. */
    private static final Map<String, String> PRIORS_OF_TYPES =
            Map.of("priorStrength", PRIOR_STRENGTH, "weightStrength", PRIOR_WEIGHTS);

    private static final List<String> ALLOWED_OR_REFUSED = List.of(Setting.ALLOWED, Setting.REFUSED);
    private static final List<String> OF_FIELDS = List.of("family", "missing", "transform", "prior");

    private final YamlTree tree;
    private final ConfigurationReader settings;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();
    private String type;
    private String defaultFamily;
    private boolean hasFamilies = true;
    private boolean valid = true;

    ModelReader(YamlTree tree, ConfigurationReader settings) {
        this.tree = tree;
        this.settings = settings;
    }

    /** What was read. */
    record Learned(List<InputField> fields, Optional<String> weight, ModelSpec spec) {}

    /** A setting, and where it stands. */
    private record Place(String path, Mark mark) {}

    /** A field, with the places of what is said of it. */
    private static final class Entry {
        final String field;
        final Place place;
        final Map<String, String> options = new TreeMap<>();
        final Map<String, Place> keys = new HashMap<>();
        final Map<String, Place> places = new HashMap<>();
        String family;
        boolean ownFamily;
        boolean ownStrength;
        Optional<Double> strength = Optional.empty();
        Optional<Fields> location = Optional.empty();
        Optional<Boolean> missing = Optional.empty();
        Transform transform = Transform.NONE;

        Entry(String field, Place place) {
            this.field = field;
            this.place = place;
        }

        Place placeOf(String what) {
            return places.getOrDefault(what, place);
        }
    }

    /** Reads all of it; empty, and problems, if something is wrong. */
    Optional<Learned> read() {
        type = settings.choice("model.type", ModelSpec.types().toArray(new String[0]), Function.identity());
        defaultFamily = settings.choice(FAMILY, Families.names().toArray(new String[0]), Function.identity());
        hasFamilies = type == null || ModelSpec.hasFamilies(type);
        Optional<Integer> components = type == null || ModelSpec.hasComponents(type) || tree.has("model.components")
                ? settings.integer("model.components", 1, Integer.MAX_VALUE)
                : Optional.of(0);
        Optional<String> missing = settings.oneOf(MISSING, ALLOWED_OR_REFUSED);
        Optional<String> weight = weight();
        readFields();
        if (type == null || defaultFamily == null) {
            return Optional.empty();
        }
        Map<String, String> ofType = typeOptions();
        List<FieldModel> fields = fields(missing.orElse(Setting.REFUSED).equals(Setting.ALLOWED));
        List<FamilySpec> factors = hasFamilies ? factors(fields) : List.of();
        requireDistinct(fields, weight);
        if (!valid || components.isEmpty() || missing.isEmpty() || entries.isEmpty()) {
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
        for (Entry entry : entries) {
            int position = spec.features().indexOf(entry.transform.feature(entry.field));
            try {
                new InputField(entry.field, model.domains().get(position), false, entry.transform);
            } catch (IllegalArgumentException e) {
                problem(entry.placeOf("transform"), ": " + e.getMessage());
            }
            if (!model.acceptsMissing() && entry.transform == Transform.DIFFERENCE) {
                problem(
                        entry.placeOf("transform"),
                        " is difference, which is missing in the first record of a key; expected none, since models of the"
                                + " type " + type + " take no missing values");
            }
        }
        if (!model.acceptsMissing()) {
            refuseMissing();
        }
        return valid ? Optional.of(new Learned(FieldGroup.inputs(spec, fields), weight, spec)) : Optional.empty();
    }

    private void refuseMissing() {
        String why = " is " + Setting.ALLOWED + "; expected " + Setting.REFUSED + ", since models of the type " + type
                + " take no missing values";
        for (Entry entry : entries) {
            if (entry.missing.orElse(false)) {
                problem(entry.placeOf("missing"), why);
            }
        }
        if (tree.has(MISSING) && entries.stream().anyMatch(entry -> entry.missing.isEmpty())) {
            Optional<String> given = YamlTree.text(tree.value(MISSING));
            if (given.isPresent() && given.get().equals(Setting.ALLOWED)) {
                problem(placeOf(MISSING), why);
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
            valid = false;
        }
        weight.ifPresent(path -> requirePath(placeOf(WEIGHT), path));
        return weight;
    }

    private Place placeOf(String path) {
        Node node = tree.value(path);
        return new Place(path, node == null ? tree.place(path) : YamlTree.mark(node));
    }

    private void problem(Place place, String message) {
        valid = false;
        if (reported.add(place + message)) {
            tree.problem(place.mark(), place.path() + message);
        }
    }

    private void requirePath(Place place, String path) {
        try {
            FieldModel.requirePath(path);
        } catch (IllegalArgumentException e) {
            problem(place, " holds " + YamlTree.quote(path) + "; expected names, joined by single dots if nested");
        }
    }

    private void readFields() {
        Node node = tree.value(FIELDS);
        if (node == null) {
            settings.missing(Setting.at(FIELDS));
            valid = false;
        } else if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            mapping.getValue().forEach(this::readField);
        } else {
            readList(node);
        }
    }

    private void readList(Node node) {
        Optional<List<String>> names = YamlTree.texts(node);
        boolean mapping = node instanceof MappingNode;
        if (names.isEmpty() || names.get().isEmpty()) {
            String found = mapping ? "an empty mapping" : names.isEmpty() ? YamlTree.show(node) : "an empty list";
            problem(
                    placeOf(FIELDS),
                    " is " + found + "; expected " + Setting.at(FIELDS).expected());
            return;
        }
        Set<String> seen = new HashSet<>();
        for (String name : names.get()) {
            if (!seen.add(name)) {
                problem(placeOf(FIELDS), " names " + YamlTree.quote(name) + " twice; expected each field once");
            } else {
                requirePath(placeOf(FIELDS), name);
                Entry entry = new Entry(name, placeOf(FIELDS));
                entry.family = defaultFamily;
                entries.add(entry);
            }
        }
    }

    private void readField(NodeTuple tuple) {
        Mark mark = YamlTree.mark(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problem(new Place(FIELDS, mark), ": a key is " + YamlTree.kind(tuple.getKeyNode()) + "; expected a field");
            return;
        }
        Place place = new Place(FIELDS + "." + key.getValue(), mark);
        if (entries.stream().anyMatch(entry -> entry.field.equals(key.getValue()))) {
            problem(place, " is given twice in the same place; remove one of them");
            return;
        }
        requirePath(new Place(FIELDS, mark), key.getValue());
        Entry entry = new Entry(key.getValue(), place);
        entry.family = defaultFamily;
        Node value = tuple.getValueNode();
        if (value instanceof MappingNode mapping) {
            readSettings(entry, mapping);
        } else if (value instanceof ScalarNode && !YamlTree.isNull(value)) {
            readFamily(entry, new Place(place.path(), YamlTree.mark(value)), value);
        } else if (!YamlTree.isNull(value)) {
            problem(
                    new Place(place.path(), YamlTree.mark(value)),
                    " is " + YamlTree.kind(value) + "; expected a family, or settings of the field");
        }
        entries.add(entry);
    }

    private void readFamily(Entry entry, Place place, Node value) {
        Optional<String> name = YamlTree.text(value).filter(Families.names()::contains);
        entry.ownFamily = true;
        entry.family = name.orElse(null);
        if (!hasFamilies) {
            problem(place, " is not for models of the type " + type + "; remove it");
        } else if (name.isEmpty()) {
            problem(
                    place,
                    " is " + YamlTree.show(value) + "; expected "
                            + Setting.at(FAMILY).expected());
        }
    }

    private void readSettings(Entry entry, MappingNode mapping) {
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Mark mark = YamlTree.mark(tuple.getKeyNode());
            Optional<String> key = YamlTree.text(tuple.getKeyNode());
            if (key.isEmpty()) {
                problem(entry.place, ": a key is " + YamlTree.kind(tuple.getKeyNode()) + "; expected a name");
            } else if (values.putIfAbsent(key.get(), tuple.getValueNode()) != null) {
                problem(
                        new Place(entry.place.path() + "." + key.get(), mark),
                        " is given twice in the same place; remove one of them");
            } else {
                String path = entry.place.path() + "." + key.get();
                entry.keys.put(key.get(), new Place(path, mark));
                entry.places.put(key.get(), new Place(path, YamlTree.mark(tuple.getValueNode())));
            }
        }
        Node family = values.remove("family");
        if (family != null) {
            readFamily(entry, entry.placeOf("family"), family);
        }
        values.forEach((key, node) -> readSetting(entry, key, node));
    }

    private void readSetting(Entry entry, String key, Node node) {
        Place place = entry.placeOf(key);
        switch (key) {
            case "missing" -> {
                Optional<String> missing = YamlTree.text(node).filter(ALLOWED_OR_REFUSED::contains);
                entry.missing = missing.map(Setting.ALLOWED::equals);
                if (missing.isEmpty()) {
                    unexpected(place, node, Setting.at(MISSING).expected());
                }
            }
            case "transform" -> {
                Optional<Transform> transform = YamlTree.text(node).flatMap(Transform::of);
                entry.transform = transform.orElse(Transform.NONE);
                if (transform.isEmpty()) {
                    unexpected(
                            place,
                            node,
                            Setting.at(Setting.OF_FIELD + "transform").expected());
                }
            }
            case "prior" -> readPrior(entry, place, node);
            default -> readOption(entry, key, place, node);
        }
    }

    private void unexpected(Place place, Node node, String expected) {
        problem(
                place,
                " is " + YamlTree.show(node) + "; expected " + expected
                        + (YamlTree.isNull(node) ? ", or the key left out" : ""));
    }

    private void readOption(Entry entry, String key, Place place, Node node) {
        Set<String> known = new TreeSet<>(entry.family == null ? Set.of() : Families.options(entry.family));
        known.add(FieldModel.COVARIATES);
        if (!hasFamilies) {
            problem(entry.keys.get(key), notASetting(entry, key, Set.of("transform", "missing")));
        } else if (entry.family == null) {
            // its own problem has been reported
            valid = false;
        } else if (!known.contains(key) || !takesCovariates(entry, key)) {
            known.remove(FieldModel.COVARIATES);
            known.addAll(OF_FIELDS);
            problem(
                    entry.keys.get(key),
                    Setting.familyOptions().contains(key) || key.equals(FieldModel.COVARIATES)
                            ? " is not an option of the family " + entry.family + "; remove it"
                            : notASetting(entry, key, known));
        } else {
            option(place, node).ifPresent(text -> {
                entry.options.put(key, text);
                companions(place, key, text);
            });
        }
    }

    private static boolean takesCovariates(Entry entry, String key) {
        return !key.equals(FieldModel.COVARIATES)
                || Families.options(entry.family).contains(FieldGroup.RESPONSE);
    }

    private static String notASetting(Entry entry, String key, Set<String> known) {
        return " is not a setting; "
                + Names.nearest(key, known)
                        .map(near -> "did you mean " + entry.place.path() + "." + near + "?")
                        .orElse("expected one of " + String.join(", ", new TreeSet<>(known)));
    }

    private void readPrior(Entry entry, Place place, Node node) {
        if (!hasFamilies) {
            problem(place, " is not for models of the type " + type + "; remove it");
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            unexpected(place, node, "settings of its own: strength, location");
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            Node value = tuple.getValueNode();
            String key = YamlTree.text(tuple.getKeyNode()).orElse("");
            Place at = new Place(place.path() + "." + key, YamlTree.mark(value));
            switch (key) {
                case "strength" -> {
                    entry.strength = YamlTree.text(value)
                            .flatMap(ConfigurationReader::parseNumber)
                            .filter(number -> number > 0);
                    entry.places.put("prior", at);
                    if (entry.strength.isEmpty()) {
                        unexpected(at, value, Setting.at(PRIOR_STRENGTH).expected());
                    }
                }
                case "location" -> {
                    entry.places.put("location", at);
                    readLocation(entry, at, value);
                }
                default ->
                    problem(
                            new Place(at.path(), YamlTree.mark(tuple.getKeyNode())),
                            " is not a setting; expected one of strength, location");
            }
        }
    }

    private void readLocation(Entry entry, Place place, Node node) {
        if (!(node instanceof MappingNode)) {
            unexpected(
                    place, node, Setting.at(Setting.OF_FIELD + "prior.location").expected());
            return;
        }
        try {
            entry.location = Optional.of(StartJson.fields(node));
        } catch (IllegalArgumentException e) {
            problem(place, ": " + e.getMessage());
        }
    }

    /** The text of an option: as it is, of a list joined by commas, of a mapping as "name = value; …". */
    private Optional<String> option(Place place, Node node) {
        Optional<String> text = YamlTree.text(node);
        if (text.isEmpty() && node instanceof SequenceNode) {
            Optional<List<String>> texts = YamlTree.texts(node);
            if (texts.isPresent() && texts.get().stream().anyMatch(each -> each.contains(","))) {
                problem(place, " holds a value with a comma; expected values without, since commas separate them");
                return Optional.empty();
            }
            text = texts.map(each -> String.join(",", each));
        } else if (text.isEmpty() && node instanceof MappingNode mapping) {
            text = YamlTree.pairs(mapping);
        }
        if (text.isEmpty()) {
            String expected = Setting.find(
                            Setting.ofOption(place.path().substring(place.path().lastIndexOf('.') + 1)))
                    .map(Setting::expected)
                    .orElse("a list of names");
            unexpected(place, node, expected);
        }
        return text;
    }

    private void companions(Place place, String option, String text) {
        FieldGroup.companions(option, text).forEach(name -> requirePath(place, name));
    }

    /** The options of the type that are given. */
    private Map<String, String> typeOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : Setting.typeOptions()) {
            String path = Setting.ofOption(option);
            Node node = tree.value(path);
            if (node != null && (ModelSpec.options(type).contains(option) || refuse(path))) {
                option(placeOf(path), node).ifPresent(text -> options.put(option, text));
            }
        }
        PRIORS_OF_TYPES.forEach((option, path) -> {
            boolean known = ModelSpec.options(type).contains(option);
            if (tree.has(path) && (known || (path.equals(PRIOR_WEIGHTS) && refuse(path)))) {
                positive(path).ifPresent(number -> options.put(option, Double.toString(number)));
            }
        });
        return options;
    }

    /** Reports a setting that models of the type do not have. */
    private boolean refuse(String path) {
        problem(placeOf(path), " is not for models of the type " + type + "; remove it");
        return false;
    }

    private Optional<Double> positive(String path) {
        Node node = tree.value(path);
        Optional<Double> number = positive(node);
        if (number.isEmpty()) {
            unexpected(placeOf(path), node, Setting.at(path).expected());
        }
        return number;
    }

    private static Optional<Double> positive(Node node) {
        return YamlTree.text(node).flatMap(ConfigurationReader::parseNumber).filter(number -> number > 0);
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
        for (Entry entry : entries) {
            Optional<Double> ofField = entry.strength.or(() -> strength);
            if (entry.location.isPresent() && ofField.isEmpty() && !entry.ownStrength && !tree.has(PRIOR_STRENGTH)) {
                problem(
                        entry.placeOf("location"),
                        " is given without a strength; expected " + entry.place.path() + ".prior.strength, or "
                                + PRIOR_STRENGTH);
            }
            if (entry.strength.isEmpty() && strength.isPresent()) {
                entry.places.put("prior", placeOf(PRIOR_STRENGTH));
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
            if (tree.has(Setting.ofOption(option))) {
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
            problem(placeOf(FAMILY), " has no use, since every field names its family; remove it");
        }
        for (String option : Setting.familyOptions()) {
            String path = Setting.ofOption(option);
            Node node = tree.value(path);
            if (node == null) {
                continue;
            }
            if (families.stream().noneMatch(family -> Families.options(family).contains(option))) {
                problem(
                        placeOf(path),
                        " is not an option of the " + (families.size() == 1 ? "family " : "families ")
                                + String.join(", ", families) + "; remove it");
            }
            Optional<String> text = option(placeOf(path), node);
            for (Entry entry : entries) {
                if (text.isPresent()
                        && entry.family != null
                        && Families.options(entry.family).contains(option)
                        && entry.options.putIfAbsent(option, text.get()) == null) {
                    entry.places.put(option, placeOf(path));
                    companions(placeOf(path), option, text.get());
                }
            }
        }
    }

    /** The factors that the fields make; reports every option that is refused. */
    private List<FamilySpec> factors(List<FieldModel> fields) {
        Map<String, Entry> byField = new HashMap<>();
        entries.forEach(entry -> byField.put(entry.field, entry));
        List<FamilySpec> factors = new ArrayList<>();
        for (FieldGroup group : FieldGroup.of(fields)) {
            factor(group, byField.get(group.fields().get(0).path())).ifPresent(factors::add);
        }
        return factors;
    }

    /** An option is to blame if without it another thing is wrong, or nothing. */
    private Optional<FamilySpec> factor(FieldGroup group, Entry entry) {
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
                problem(entry.placeOf(culprit.get()), ": " + refusal.get());
                rest = rest.without(culprit.get());
            } else {
                boolean ofPrior = !refusal(rest.withoutPrior()).equals(refusal);
                Place ofLocation = entry.placeOf("location");
                Place place =
                        ofPrior ? (entry.location.isPresent() ? ofLocation : entry.placeOf("prior")) : entry.place;
                problem(place, ": " + refusal.get());
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
                Entry entry = entries.stream()
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
        weight.ifPresent(name -> requireUnused(uses, name, placeOf(WEIGHT)));
    }

    private void requireUnused(Map<String, String> uses, String name, Place place) {
        String other = uses.putIfAbsent(name, "named by " + place.path());
        if (other != null) {
            problem(place, " names " + YamlTree.quote(name) + ", which is " + other + " too; expected another field");
        }
    }
}
