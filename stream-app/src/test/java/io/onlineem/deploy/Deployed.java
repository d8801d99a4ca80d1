package io.onlineem.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of the folder {@code deploy}, as the tests read them. */
final class Deployed {

    static final Path FOLDER = Path.of("..", "deploy");
    static final List<String> DASHBOARDS = List.of("model.json", "pipeline.json");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Deployed() {}

    static JsonNode dashboard(String name) {
        return json(read(FOLDER.resolve("grafana").resolve("dashboards").resolve(name)));
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A YAML file as JSON. */
    static JsonNode yaml(Path file) {
        return tree(new Load(LoadSettings.builder().build()).loadFromString(read(file)));
    }

    /** Maps, lists and plain values as JSON. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The panels of a dashboard that show something, rows left out. */
    static List<JsonNode> panels(JsonNode dashboard) {
        return elements(dashboard.get("panels")).stream()
                .filter(panel -> !panel.get("type").asText().equals("row"))
                .toList();
    }

    static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** Runs a program to its end; fails unless its exit code is 0. Returns what it said. */
    static String run(List<String> command, Path directory) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " has failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Whether a program can be run here; complains where it cannot, since tests that are skipped are easily overlooked. */
    static boolean isInstalled(String program, String remedy) {
        List<Path> path = new ArrayList<>();
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            path.add(Path.of(folder).resolve(program));
        }
        boolean found = path.stream().anyMatch(Files::isExecutable);
        if (!found) {
            System.err.println("SKIPPED: there is no " + program + "; " + remedy);
        }
        return found;
    }
}
