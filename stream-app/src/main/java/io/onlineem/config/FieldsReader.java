package io.onlineem.config;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.Findings.Place;
import io.onlineem.family.Families;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads {@code input.fields}: a list of names, or a mapping from names to families or settings. */
final class FieldsReader {

    private static final String FIELDS = "input.fields";
    private static final List<String> OF_FIELDS = List.of("family", "missing", "transform", "prior");

    private final YamlTree tree;
    private final ConfigurationReader settings;
    private final Findings findings;
    private final String type;
    private final String defaultFamily;
    private final boolean hasFamilies;
    private final List<FieldEntry> entries = new ArrayList<>();

    /**
     * A reader.
     *
     * @param type the type of the model, null if it is not valid
     * @param defaultFamily the family of fields that name none, null if it is not valid
     */
    FieldsReader(YamlTree tree, ConfigurationReader settings, Findings findings, String type, String defaultFamily) {
        this.tree = tree;
        this.settings = settings;
        this.findings = findings;
        this.type = type;
        this.defaultFamily = defaultFamily;
        this.hasFamilies = type == null || ModelSpec.hasFamilies(type);
    }

    /** Reads all fields. */
    List<FieldEntry> read() {
        Node node = tree.value(FIELDS);
        if (node == null) {
            settings.missing(Setting.at(FIELDS));
            findings.invalid();
        } else if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            mapping.getValue().forEach(this::readField);
        } else {
            readList(node);
        }
        return entries;
    }

    private void readList(Node node) {
        Optional<List<String>> names = YamlTree.texts(node);
        boolean mapping = node instanceof MappingNode;
        if (names.isEmpty() || names.get().isEmpty()) {
            String found = mapping ? "an empty mapping" : names.isEmpty() ? YamlTree.show(node) : "an empty list";
            findings.problem(
                    findings.placeOf(FIELDS),
                    " is " + found + "; expected " + Setting.at(FIELDS).expected());
            return;
        }
        Set<String> seen = new HashSet<>();
        for (String name : names.get()) {
            if (!seen.add(name)) {
                findings.problem(
                        findings.placeOf(FIELDS),
                        " names " + YamlTree.quote(name) + " twice; expected each field once");
            } else {
                findings.requirePath(findings.placeOf(FIELDS), name);
                FieldEntry entry = new FieldEntry(name, findings.placeOf(FIELDS));
                entry.family = defaultFamily;
                entries.add(entry);
            }
        }
    }

    private void readField(NodeTuple tuple) {
        Mark mark = YamlTree.mark(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            findings.problem(
                    new Place(FIELDS, mark), ": a key is " + YamlTree.kind(tuple.getKeyNode()) + "; expected a field");
            return;
        }
        Place place = new Place(FIELDS + "." + key.getValue(), mark);
        if (entries.stream().anyMatch(entry -> entry.field.equals(key.getValue()))) {
            findings.problem(place, " is given twice in the same place; remove one of them");
            return;
        }
        findings.requirePath(new Place(FIELDS, mark), key.getValue());
        FieldEntry entry = new FieldEntry(key.getValue(), place);
        entry.family = defaultFamily;
        Node value = tuple.getValueNode();
        if (value instanceof MappingNode mapping) {
            readSettings(entry, mapping);
        } else if (value instanceof ScalarNode && !YamlTree.isNull(value)) {
            readFamily(entry, new Place(place.path(), YamlTree.mark(value)), value);
        } else if (!YamlTree.isNull(value)) {
            findings.problem(
                    new Place(place.path(), YamlTree.mark(value)),
                    " is " + YamlTree.kind(value) + "; expected a family, or settings of the field");
        }
        entries.add(entry);
    }

    private void readFamily(FieldEntry entry, Place place, Node value) {
        Optional<String> name = YamlTree.text(value).filter(Families.names()::contains);
        entry.ownFamily = true;
        entry.family = name.orElse(null);
        if (!hasFamilies) {
            findings.problem(place, " is not for models of the type " + type + "; remove it");
        } else if (name.isEmpty()) {
            findings.problem(
                    place,
                    " is " + YamlTree.show(value) + "; expected "
                            + Setting.at(ModelReader.FAMILY).expected());
        }
    }

    private void readSettings(FieldEntry entry, MappingNode mapping) {
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Mark mark = YamlTree.mark(tuple.getKeyNode());
            Optional<String> key = YamlTree.text(tuple.getKeyNode());
            if (key.isEmpty()) {
                findings.problem(entry.place, ": a key is " + YamlTree.kind(tuple.getKeyNode()) + "; expected a name");
            } else if (values.putIfAbsent(key.get(), tuple.getValueNode()) != null) {
                findings.problem(
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

    private void readSetting(FieldEntry entry, String key, Node node) {
        Place place = entry.placeOf(key);
        switch (key) {
            case "missing" -> {
                Optional<String> missing = YamlTree.text(node).filter(Setting.ALLOWED_OR_REFUSED::contains);
                entry.missing = missing.map(Setting.ALLOWED::equals);
                if (missing.isEmpty()) {
                    findings.unexpected(
                            place, node, Setting.at(ModelReader.MISSING).expected());
                }
            }
            case "transform" -> {
                Optional<Transform> transform = YamlTree.text(node).flatMap(Transform::of);
                entry.transform = transform.orElse(Transform.NONE);
                if (transform.isEmpty()) {
                    findings.unexpected(
                            place,
                            node,
                            Setting.at(Setting.OF_FIELD + "transform").expected());
                }
            }
            case "prior" -> readPrior(entry, place, node);
            default -> readOption(entry, key, place, node);
        }
    }

    private void readOption(FieldEntry entry, String key, Place place, Node node) {
        Set<String> known = new TreeSet<>(entry.family == null ? Set.of() : Families.options(entry.family));
        known.add(FieldModel.COVARIATES);
        if (!hasFamilies) {
            findings.problem(entry.keys.get(key), notASetting(entry, key, Set.of("transform", "missing")));
        } else if (entry.family == null) {
            // its own problem has been reported
            findings.invalid();
        } else if (!known.contains(key) || !takesCovariates(entry, key)) {
            known.remove(FieldModel.COVARIATES);
            known.addAll(OF_FIELDS);
            findings.problem(
                    entry.keys.get(key),
                    Setting.familyOptions().contains(key) || key.equals(FieldModel.COVARIATES)
                            ? " is not an option of the family " + entry.family + "; remove it"
                            : notASetting(entry, key, known));
        } else {
            findings.option(place, node).ifPresent(text -> {
                entry.options.put(key, text);
                findings.requireCompanions(place, key, text);
            });
        }
    }

    private static boolean takesCovariates(FieldEntry entry, String key) {
        return !key.equals(FieldModel.COVARIATES)
                || Families.options(entry.family).contains(FieldGroup.RESPONSE);
    }

    private static String notASetting(FieldEntry entry, String key, Set<String> known) {
        return " is not a setting; "
                + Names.nearest(key, known)
                        .map(near -> "did you mean " + entry.place.path() + "." + near + "?")
                        .orElse("expected one of " + String.join(", ", new TreeSet<>(known)));
    }

    private void readPrior(FieldEntry entry, Place place, Node node) {
        if (!hasFamilies) {
            findings.problem(place, " is not for models of the type " + type + "; remove it");
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            findings.unexpected(place, node, "settings of its own: strength, location");
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            Node value = tuple.getValueNode();
            String key = YamlTree.text(tuple.getKeyNode()).orElse("");
            Place at = new Place(place.path() + "." + key, YamlTree.mark(value));
            switch (key) {
                case "strength" -> {
                    entry.strength = Findings.positive(value);
                    entry.ownStrength = true;
                    entry.places.put("prior", at);
                    if (entry.strength.isEmpty()) {
                        findings.unexpected(
                                at,
                                value,
                                Setting.at(ModelReader.PRIOR_STRENGTH).expected());
                    }
                }
                case "location" -> {
                    entry.places.put("location", at);
                    readLocation(entry, at, value);
                }
                default ->
                    findings.problem(
                            new Place(at.path(), YamlTree.mark(tuple.getKeyNode())),
                            " is not a setting; expected one of strength, location");
            }
        }
    }

    private void readLocation(FieldEntry entry, Place place, Node node) {
        if (!(node instanceof MappingNode)) {
            findings.unexpected(
                    place, node, Setting.at(Setting.OF_FIELD + "prior.location").expected());
            return;
        }
        try {
            entry.location = Optional.of(StartJson.fields(node));
        } catch (IllegalArgumentException e) {
            findings.problem(place, ": " + e.getMessage());
        }
    }
}
