package io.onlineem.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.demo.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics that exist before the application, with a real broker. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TopicSetupIT {

    private static final int MAX_MESSAGE_BYTES = 200_000;

    private static EmbeddedBroker broker;

    @TempDir
    Path directory;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private Configuration configuration(String application, String kafka) {
        String text = String.join(
                System.lineSeparator(),
                "application: " + application,
                "input: {topic: " + application + "-in, fields: [a]}",
                "model: {components: 1}",
                "http: {enabled: false}",
                "kafka:",
                "  state.dir: '" + directory + "'",
                kafka);
        return ConfigurationReader.read("test.yaml", text, directory, Map.of());
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @Test
    void deadLettersAreNoLargerThanAnExistingTopicTakes() throws Exception {
        Configuration given = configuration("small", "  bootstrap.servers: " + broker.bootstrapServers());
        NewTopic letters = new NewTopic(given.output().deadLettersTopic(), Optional.of(1), Optional.empty())
                .configs(Map.of("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES)));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(letters)).all().get();

            Configuration fitted = new TopicSetup(admin, given).ensure();

            assertThat(fitted.output().deadLettersMaxBytes()).isEqualTo(MAX_MESSAGE_BYTES - TopicSetup.OVERHEAD_BYTES);
            assertThat(fitted.withDeadLettersMaxBytes(given.output().deadLettersMaxBytes()))
                    .isEqualTo(given);
        }
    }

    @Test
    void topicsOfOurOwnTakeTheConfiguredDeadLetters() {
        Configuration given = configuration("own", "  bootstrap.servers: " + broker.bootstrapServers());
        try (Admin admin = admin()) {
            Configuration created = new TopicSetup(admin, given).ensure();
            Configuration found = new TopicSetup(admin, given).ensure();

            assertThat(created).isEqualTo(given);
            assertThat(found).isEqualTo(given);
        }
    }

    @Test
    void propertiesThatAConfigProviderHoldsAreResolved() throws Exception {
        Files.writeString(directory.resolve("servers"), broker.bootstrapServers());
        Configuration configuration = configuration(
                "provided",
                String.join(
                        System.lineSeparator(),
                        "  bootstrap.servers: '${directory:" + directory + ":servers}'",
                        "  config.providers: directory",
                        "  config.providers.directory.class:"
                                + " org.apache.kafka.common.config.provider.DirectoryConfigProvider"));

        try (Application application = Application.start(configuration)) {
            assertThat(application.awaitRunning(Duration.ofSeconds(60))).isTrue();
        }
    }
}
