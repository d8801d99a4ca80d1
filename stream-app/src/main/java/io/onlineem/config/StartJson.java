package io.onlineem.config;

import io.onlineem.codec.FieldsJson;
import io.onlineem.em.Fields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The JSON of start parameters, from the setting that names a file or holds them. */
final class StartJson {

    /** Deeper than any parameters; an alias that contains itself would have no end. */
    private static final int DEEPEST = 8;

    private static final JsonFactory FACTORY = new JsonFactory();

    private StartJson() {}

    /**
     * The JSON.
     *
     * @param node the path of a file, or a mapping
     * @param directory what the path is relative to
     * @throws IllegalArgumentException if there is no such file, or the value is neither
     */
    static byte[] read(Node node, Path directory) {
        if (node instanceof MappingNode) {
            return json(node);
        }
        String path = YamlTree.text(node)
                .orElseThrow(() -> new IllegalArgumentException("the value is " + YamlTree.kind(node) + "; expected "
                        + Setting.at("model.start").expected()));
        return read(directory.resolve(path));
    }

    /**
     * Parameters that a mapping holds.
     *
     * @throws IllegalArgumentException if it holds something else
     */
    static Fields fields(Node node) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json(node))) {
            parser.nextToken();
            return FieldsJson.read(parser);
        }
    }

    private static byte[] json(Node node) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            write(generator, node, 0);
        }
        return out.toByteArray();
    }

    /** The JSON in a file. */
    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "there is no file " + file + "; expected a JSON file with parameters, such as the output of fit",
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + file + " cannot be read: " + e, e);
        }
    }

    private static void write(JsonGenerator generator, Node node, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "the parameters are nested more than " + DEEPEST + " deep; expected names and arrays of numbers");
        }
        if (node instanceof MappingNode mapping) {
            generator.writeStartObject();
            for (NodeTuple tuple : mapping.getValue()) {
                generator.writeName(YamlTree.text(tuple.getKeyNode())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "a key is " + YamlTree.kind(tuple.getKeyNode()) + "; expected a name")));
                write(generator, tuple.getValueNode(), depth + 1);
            }
            generator.writeEndObject();
        } else if (node instanceof SequenceNode sequence) {
            generator.writeStartArray();
            for (Node element : sequence.getValue()) {
                write(generator, element, depth + 1);
            }
            generator.writeEndArray();
        } else {
            writeScalar(generator, node);
        }
    }

    private static void writeScalar(JsonGenerator generator, Node node) {
        String text = YamlTree.text(node).orElse(null);
        if (text == null) {
            generator.writeNull();
            return;
        }
        ConfigurationReader.parseNumber(text)
                .ifPresentOrElse(generator::writeNumber, () -> generator.writeString(text));
    }
}
