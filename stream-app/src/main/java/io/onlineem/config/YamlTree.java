package io.onlineem.config;

import io.onlineem.config.ConfigurationException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The settings that a YAML text gives, by path, and the problems met on the way. */
final class YamlTree {

    /** The section whose keys are not ours. */
    private static final String KAFKA = "kafka";

    private static final String MODEL = "model.";
    private static final String MODEL_TYPE = "model.type";

    /** Sections of which one setting stands in place of the others. */
    private static final List<String> ALTERNATIVES = List.of("learning.stepSize.");

    private static final int LONGEST_SHOWN = 60;

    private final String source;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Mark> keys = new HashMap<>();
    private final Map<String, Node> kafka = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private YamlTree(String source) {
        this.source = source;
    }

    /** Reads a text. What is wrong with it is among {@link #problems()}. */
    static YamlTree read(String source, String text) {
        YamlTree tree = new YamlTree(source);
        Optional<Node> root;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(source)
                    .setUseMarks(true)
                    .setAllowDuplicateKeys(true)
                    .build();
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            tree.syntaxProblem(text, e);
            return tree;
        } catch (YamlEngineException e) {
            tree.problem(null, "the file is not valid YAML: " + e.getMessage());
            return tree;
        }
        if (root.isEmpty() || isNull(root.get())) {
            tree.problem(null, "the file is empty; expected at least application, input and model");
        } else if (root.get() instanceof MappingNode mapping) {
            tree.collect(mapping, "");
        } else {
            tree.problem(
                    mark(root.get()),
                    "the file holds " + kind(root.get())
                            + "; expected settings of the form 'key: value', such as 'application: wind-model'");
        }
        return tree;
    }

    /** The parser's own message quotes the text, which may hold a password: only its place and kind are told. */
    private void syntaxProblem(String text, MarkedYamlEngineException e) {
        Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
        String line = mark == null
                ? ""
                : text.lines().skip(mark.getLine()).findFirst().orElse("");
        boolean quiet = Secrets.mayHoldSecret(line)
                || e.getProblem() == null
                || e.getProblem().contains("alias");
        problem(
                mark,
                "not valid YAML"
                        + (quiet ? "" : ": " + e.getProblem())
                        + "; check the indentation, and put values with special characters in quotes");
    }

    private void collect(MappingNode mapping, String path) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                problem(mark(keyNode), "a key is " + kind(keyNode) + "; expected a name");
                continue;
            }
            String key = scalar.getValue();
            String full = path.isEmpty() ? key : path + "." + key;
            if (!seen.add(key)) {
                problem(mark(keyNode), full + " is given twice in the same place; remove one of them");
                continue;
            }
            collect(keyNode, key, full, path, tuple.getValueNode());
        }
    }

    private void collect(Node keyNode, String key, String full, String path, Node value) {
        if (path.equals(KAFKA)) {
            kafka.put(key, value);
            keys.put(full, mark(keyNode));
        } else if (key.contains(".")) {
            problem(mark(keyNode), full + " is not a setting; nest the keys, one below the other, in place of dots");
        } else if (Setting.find(full).isPresent()) {
            keys.put(full, mark(keyNode));
            values.put(full, value);
        } else if (!Setting.keysUnder(full).isEmpty()) {
            section(keyNode, full, value);
        } else {
            problem(mark(keyNode), full + " is not a setting; " + remedy(key, path));
        }
    }

    private void section(Node keyNode, String path, Node value) {
        if (value instanceof MappingNode mapping) {
            keys.put(path, mark(keyNode));
            collect(mapping, path);
        } else if (!isNull(value)) {
            problem(
                    mark(value),
                    path + " is " + kind(value) + "; expected settings of its own: "
                            + String.join(", ", Setting.keysUnder(path)));
        }
    }

    private static String remedy(String key, String path) {
        Set<String> siblings = Setting.keysUnder(path);
        String prefix = path.isEmpty() ? "" : path + ".";
        Optional<String> near = Names.nearest(key, siblings);
        if (near.isPresent()) {
            return "did you mean " + prefix + near.get() + "?";
        }
        List<String> elsewhere = Setting.endingWith(key);
        if (!elsewhere.isEmpty()) {
            return "did you mean " + String.join(" or ", elsewhere) + "?";
        }
        return "expected one of " + String.join(", ", siblings);
    }

    /**
     * Adds settings that are not given here. Where one of several settings that stand in place of each other is given, such as a
     * step size, none of them is added; with another type of model, no setting of models.
     */
    void addDefaults(YamlTree defaults) {
        boolean otherType = has(MODEL_TYPE);
        for (Map.Entry<String, Node> entry : defaults.values.entrySet()) {
            String path = entry.getKey();
            boolean replaced = ALTERNATIVES.stream()
                    .anyMatch(section -> path.startsWith(section) && has(section.substring(0, section.length() - 1)));
            if (!values.containsKey(path) && !replaced && !(otherType && path.startsWith(MODEL))) {
                values.put(path, entry.getValue());
                keys.put(path, null);
            }
        }
    }

    /** Whether nothing could be read at all. */
    boolean isUnreadable() {
        return keys.isEmpty();
    }

    /** Everything that is wrong so far, in the order of the file. */
    List<Problem> problems() {
        return problems.stream()
                .sorted(Comparator.comparingInt(
                                (Problem problem) -> problem.line() == 0 ? Integer.MAX_VALUE : problem.line())
                        .thenComparingInt(Problem::column))
                .toList();
    }

    /** Fails if anything is wrong. */
    void check() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(source, problems());
        }
    }

    /** Adds a problem; without a mark it has no place in the file. */
    void problem(Mark mark, String message) {
        problems.add(
                mark == null
                        ? new Problem(0, 0, message)
                        : new Problem(mark.getLine() + 1, mark.getColumn() + 1, message));
    }

    /** Adds a problem with the value of a setting, at its place; at the place of its section if it is not given. */
    void problemWith(String path, String message) {
        problem(place(path), path + message);
    }

    /** Where a setting stands; of one that is not given, where its section does. */
    Mark place(String path) {
        if (values.containsKey(path)) {
            // what a preset says stands in no line of this file
            return isGiven(path) ? mark(values.get(path)) : keys.get(Setting.PRESET);
        }
        String at = path;
        while (!keys.containsKey(at) && at.contains(".")) {
            at = at.substring(0, at.lastIndexOf('.'));
        }
        return keys.get(at);
    }

    /** Whether a setting, or a section, is given. */
    boolean has(String path) {
        return keys.containsKey(path);
    }

    /** Whether a setting is given in this file, and no default that was added. */
    boolean isGiven(String path) {
        return keys.get(path) != null;
    }

    /** The value of a setting, or null. */
    Node value(String path) {
        return values.get(path);
    }

    /** The Kafka properties. */
    Map<String, Node> kafka() {
        return kafka;
    }

    /** The text of a scalar; empty if it is something else, or null. */
    static Optional<String> text(Node node) {
        return node instanceof ScalarNode scalar && !isNull(node) ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    /** The texts of a list of scalars; empty if it is something else. */
    static Optional<List<String>> texts(Node node) {
        if (!(node instanceof SequenceNode sequence)) {
            return Optional.empty();
        }
        List<Optional<String>> texts =
                sequence.getValue().stream().map(YamlTree::text).toList();
        return texts.stream().allMatch(Optional::isPresent)
                ? Optional.of(texts.stream().map(Optional::get).collect(Collectors.toList()))
                : Optional.empty();
    }

    /** A mapping of scalars as text, "name = value; …"; empty if it is something else. */
    static Optional<String> pairs(MappingNode mapping) {
        List<String> pairs = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Optional<String> name = text(tuple.getKeyNode());
            Optional<String> value = text(tuple.getValueNode());
            if (name.isEmpty() || value.isEmpty()) {
                return Optional.empty();
            }
            pairs.add(name.get() + " = " + value.get());
        }
        return pairs.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", pairs));
    }

    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    static Mark mark(Node node) {
        return node.getStartMark().orElse(null);
    }

    /** A value as error messages show it. */
    static String show(Node node) {
        if (isNull(node)) {
            return "empty";
        }
        return node instanceof ScalarNode scalar ? quote(scalar.getValue()) : kind(node);
    }

    static String quote(String value) {
        return "'" + (value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…") + "'";
    }

    /** What a node is, without what it holds. */
    static String kind(Node node) {
        if (isNull(node)) {
            return "empty";
        }
        return node instanceof MappingNode
                ? "a mapping of keys to values"
                : node instanceof SequenceNode ? "a list" : "plain text";
    }
}
