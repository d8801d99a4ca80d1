package io.onlineem.cli;

import io.onlineem.app.ModelsClient;
import io.onlineem.app.StartException;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Command;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.config.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Options of the commands of {@code models}: which model, where. */
final class ModelsOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "CONFIG",
            required = true,
            description = "The configuration file of the application.")
    private Path config;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "SERVERS",
            description = "The cluster. Default: of the configuration.")
    private String bootstrapServers;

    @Option(
            names = "--kafka",
            paramLabel = "PROPERTY=VALUE",
            description = "Any property of Kafka clients, in place of that of the configuration. Can be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    private Configuration read;

    Configuration configuration() {
        if (read == null) {
            Configuration given = ConfigurationReader.read(config, System.getenv());
            Map<String, String> kafka = new HashMap<>(given.kafka());
            kafka.putAll(properties);
            if (bootstrapServers != null) {
                kafka.put("bootstrap.servers", bootstrapServers);
            }
            read = given.withKafka(kafka);
        }
        return read;
    }

    /** Does something with a client of the application. */
    <T> T withClient(Function<ModelsClient, T> action) {
        try (ModelsClient client = new ModelsClient(configuration())) {
            return action.apply(client);
        } catch (StartException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** Which of the models of keys is meant. */
    static final class OfKey {

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "The key whose model is meant; required in the scope per-key, where every key has one.")
        private String key;

        /**
         * The name of the model.
         *
         * @param stream one that is watched, whose key is meant unless another is given; may be null
         */
        String model(Configuration configuration, String stream) {
            boolean perKey = configuration.model().scope() == Scope.PER_KEY;
            String prefix = configuration.model().name() + "/";
            return perKey && key == null && stream != null && stream.startsWith(prefix) ? stream : model(configuration);
        }

        /** The name of the model. */
        String model(Configuration configuration) {
            boolean perKey = configuration.model().scope() == Scope.PER_KEY;
            if (perKey && key == null) {
                throw new UsageException(
                        "the configuration has scope per-key; give --key, the key whose model is meant");
            }
            if (!perKey && key != null) {
                throw new UsageException("--key is '" + key
                        + "', but the configuration has scope shared, where all keys have one model; leave it out");
            }
            String name = configuration.model().name();
            return perKey ? name + "/" + key : name;
        }
    }

    /** How a command is sent. */
    static final class Sending {

        @Option(
                names = "--id",
                paramLabel = "ID",
                description =
                        "Id of the command, 1 to 100 visible ASCII characters. Sent again under the same id, it is not applied"
                                + " again. Default: a random one.")
        private String id = UUID.randomUUID().toString();

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                defaultValue = "30",
                description = "How long to wait for the acknowledgement. Default: ${DEFAULT-VALUE}.")
        private Double timeout;

        String id() {
            if (!Command.isId(id)) {
                throw new UsageException("--id is '" + id + "'; expected 1 to 100 visible ASCII characters");
            }
            return id;
        }

        /**
         * Sends a command and waits for what becomes of it.
         *
         * @throws CommandException if it is refused, or nothing is heard of it
         */
        Acknowledgement send(ModelsClient client, String model, Command command, Integer partition) {
            if (!(timeout > 0 && timeout <= 86_400)) {
                throw new UsageException("--timeout is " + timeout + "; expected more than 0, at most 86400 seconds");
            }
            Acknowledgement acknowledgement = client.send(
                            model, command, partition, Duration.ofMillis((long) (timeout * 1000)))
                    .orElseThrow(() -> new CommandException("no acknowledgement of the command " + command.id()
                            + " within " + timeout
                            + " seconds; it stays in the control topic and is applied as soon as the"
                            + " application takes it up: check that it runs, with this control.topic. To ask again without"
                            + " applying it twice, give --id " + command.id()));
            if (acknowledgement.outcome() == Acknowledgement.Outcome.REFUSED) {
                throw new CommandException("refused: " + acknowledgement.reason());
            }
            return acknowledgement;
        }
    }
}
