package io.onlineem.it;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The configuration of an application under test, and its topics. Session and transaction time-outs are short. */
final class TestApplication {

    private final String name;
    private final String bootstrapServers;
    private final Map<String, String> kafka = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private ModelSpec spec = new ModelSpec("mixture", "gaussian", 3, Workload.FIELDS, Map.of());

    TestApplication(String name, String bootstrapServers) {
        this.name = name;
        this.bootstrapServers = bootstrapServers;
        kafka("bootstrap.servers", bootstrapServers);
        kafka("session.timeout.ms", "3000");
        kafka("heartbeat.interval.ms", "500");
        kafka("transaction.timeout.ms", "5000");
        kafka("num.stream.threads", "2");
        set("input", "{topic: " + input() + ", fields: " + Workload.FIELDS + ", maxBytes: " + Workload.MAX_BYTES + "}");
        set("http", "{enabled: false}");
    }

    /** Sets a property of Kafka. */
    TestApplication kafka(String property, String value) {
        kafka.put(property, value);
        return this;
    }

    /** Sets a section of the configuration; YAML. */
    TestApplication set(String section, String yaml) {
        settings.put(section, yaml);
        return this;
    }

    String name() {
        return name;
    }

    String input() {
        return name + "-input";
    }

    String posteriors() {
        return name + "-posteriors";
    }

    String models() {
        return name + "-models";
    }

    String deadLetters() {
        return name + "-dead-letters";
    }

    /** The configuration as YAML. */
    String yaml(Path stateDirectory) {
        List<String> lines =
                new ArrayList<>(List.of("application: " + name, "kafka:", "  state.dir: " + stateDirectory));
        kafka.forEach((property, value) -> lines.add("  " + property + ": " + value));
        settings.forEach((section, yaml) -> lines.add(section + ": " + yaml));
        return String.join("\n", lines) + "\n";
    }

    /** Writes the configuration to a file in the directory above its state directory. */
    Path write(Path stateDirectory) {
        try {
            Path file = stateDirectory.resolveSibling(stateDirectory.getFileName() + ".yaml");
            return Files.writeString(file, yaml(stateDirectory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration. */
    Configuration configuration(Path stateDirectory) {
        return ConfigurationReader.read(write(stateDirectory), Map.of());
    }

    /** Creates the input topic. */
    void createInput(int partitions, Map<String, String> topicSettings) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(input(), partitions, (short) 1).configs(topicSettings)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    TopicReader read(String topic) {
        return new TopicReader(bootstrapServers, topic);
    }

    /** Reads what was aborted too. */
    TopicReader readUncommitted(String topic) {
        return new TopicReader(bootstrapServers, topic, "read_uncommitted");
    }

    Input produce(Workload workload) {
        return produce(workload, 0);
    }

    /** Produces a workload of which the first records were produced before. */
    Input produce(Workload workload, int sent) {
        return new Input(bootstrapServers, workload, sent);
    }

    /** A value of the models topic. */
    PublishedModel<?> model(byte[] json) {
        return new ModelJson<>(spec, spec.build()).read(json);
    }

    /** Sets the model that the section says, if it is not a mixture of three Gaussians. */
    TestApplication spec(ModelSpec newSpec) {
        spec = newSpec;
        return this;
    }
}
