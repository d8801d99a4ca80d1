package io.onlineem.demo;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.config.Scope;
import io.onlineem.em.Learning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.StreamsConfig;

/** The configurations of the demos: those of the folder {@code examples}, for a broker in this process. */
final class DemoConfiguration {

    /** How often a shared model's work is committed. */
    static final Duration SHARED_COMMIT_INTERVAL = Duration.ofMillis(20);

    private static final String RESOURCE = "wind.yaml";

    private DemoConfiguration() {}

    /**
     * The configuration. Mini-batches wait until they are full and there is one partition, so that the same options give
     * the same numbers.
     *
     * @param folder for the state
     */
    static Configuration of(DemoOptions options, String bootstrapServers, Path folder) {
        Configuration example = example(RESOURCE);
        Configuration.ModelSettings model = new Configuration.ModelSettings(
                example.model().name(), options.scope(), model(options), options.start());
        return onBroker(
                example, model, example.learning().withSeed(options.seed()), Duration.ZERO, bootstrapServers, folder);
    }

    /** An example as its file says, but for the broker, one partition and any free port. */
    static Configuration of(Example example, String bootstrapServers, Path folder) {
        Configuration file = example(example.resource());
        return onBroker(file, file.model(), file.learning(), file.flushInterval(), bootstrapServers, folder);
    }

    private static Configuration onBroker(
            Configuration file,
            Configuration.ModelSettings model,
            Learning learning,
            Duration flushInterval,
            String bootstrapServers,
            Path folder) {
        Map<String, String> kafka = new HashMap<>(file.kafka());
        kafka.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        kafka.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        if (model.scope() == Scope.SHARED) {
            // parameters come back after two commits: with frequent ones a replay is followed closely
            kafka.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.toString(SHARED_COMMIT_INTERVAL.toMillis()));
        }
        Configuration.Output output = file.output();
        return new Configuration(
                file.application(),
                kafka,
                file.input(),
                file.sequences(),
                model,
                learning,
                flushInterval,
                new Configuration.Output(
                        output.posteriorsTopic(),
                        output.content(),
                        output.smoothedTopic(),
                        output.modelsTopic(),
                        output.history(),
                        output.deadLettersTopic(),
                        output.deadLettersMaxBytes(),
                        true,
                        1,
                        output.replicationFactor()),
                file.anomalies(),
                file.controlTopic(),
                Optional.of(new Configuration.Http("127.0.0.1", 0)),
                file.preset());
    }

    /** The input topic of an example. */
    static String topic(Example example) {
        return example(example.resource()).input().topic();
    }

    /** What the file says; the environment has no say. */
    static Configuration example() {
        return example(RESOURCE);
    }

    private static Configuration example(String name) {
        try (InputStream resource = DemoConfiguration.class.getResourceAsStream(name)) {
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return ConfigurationReader.read(name, text, Path.of(""), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The model.
     *
     * @throws IllegalArgumentException if the start is not one of such a model
     */
    static ModelSpec model(DemoOptions options) {
        ModelSpec example = example().model().spec();
        ModelSpec spec = new ModelSpec(
                example.type(), options.components(), example.features(), example.factors(), example.options());
        options.start().ifPresent(json -> FitJson.readStart(json, spec, spec.build()));
        return spec;
    }
}
