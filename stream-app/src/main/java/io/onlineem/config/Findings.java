package io.onlineem.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What is wrong with the fields and the model, each told once, at its place; and values that both have. */
final class Findings {

    private final YamlTree tree;
    private final Set<String> reported = new HashSet<>();
    private boolean valid = true;

    Findings(YamlTree tree) {
        this.tree = tree;
    }

    /** A setting, and where it stands. */
    record Place(String path, Mark mark) {}

    /** Whether nothing is wrong so far. */
    boolean isValid() {
        return valid;
    }

    /** Something is wrong that has been told. */
    void invalid() {
        valid = false;
    }

    /** Where a setting stands. */
    Place placeOf(String path) {
        Node node = tree.value(path);
        return new Place(path, node == null ? tree.place(path) : YamlTree.mark(node));
    }

    /** Tells that something is wrong. */
    void problem(Place place, String message) {
        valid = false;
        if (reported.add(place + message)) {
            tree.problem(place.mark(), place.path() + message);
        }
    }

    /** Tells that a value is another than was expected. */
    void unexpected(Place place, Node node, String expected) {
        problem(
                place,
                " is " + YamlTree.show(node) + "; expected " + expected
                        + (YamlTree.isNull(node) ? ", or the key left out" : ""));
    }

    /** Requires the name of a field. */
    void requirePath(Place place, String path) {
        try {
            FieldModel.requirePath(path);
        } catch (IllegalArgumentException e) {
            problem(place, " holds " + YamlTree.quote(path) + "; expected names, joined by single dots if nested");
        }
    }

    /** Requires the names of the fields that an option names. */
    void requireCompanions(Place place, String option, String text) {
        FieldGroup.companions(option, text).forEach(name -> requirePath(place, name));
    }

    /** The text of an option: as it is, of a list joined by commas, of a mapping as "name = value; …". */
    Optional<String> option(Place place, Node node) {
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

    /** A number above 0, or empty. */
    static Optional<Double> positive(Node node) {
        return YamlTree.text(node).flatMap(ConfigurationReader::parseNumber).filter(number -> number > 0);
    }
}
