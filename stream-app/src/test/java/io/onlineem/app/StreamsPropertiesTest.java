package io.onlineem.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsPropertiesTest {

    @TempDir
    Path directory;

    private Properties properties(String kafka) throws IOException {
        Path file = directory.resolve("configuration.yaml");
        Files.writeString(file, """
                application: app
                input: {topic: in, fields: [x]}
                model: {components: 2}
                kafka:
                  bootstrap.servers: here:1234
                """ + kafka);
        Configuration configuration = ConfigurationReader.read(file, Map.of());
        return StreamsProperties.of(configuration);
    }

    private StreamsConfig streams(String kafka) throws IOException {
        return new StreamsConfig(properties(kafka));
    }

    @Test
    void processesExactlyOnceWithLargeRequests() throws IOException {
        StreamsConfig streams = streams("");

        assertThat(streams.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
        assertThat(streams.getMainConsumerConfigs("g", "c", 0)).containsEntry("max.poll.records", "5000");
        assertThat(streams.getProducerConfigs("p")).containsEntry("batch.size", "262144");
    }

    @Test
    void whatIsConfiguredWinsOverDefaultsWithAndWithoutThePrefixOfAClient() throws IOException {
        for (String prefix : new String[] {"  ", "  consumer."}) {
            assertThat(streams(prefix + "max.poll.records: 7\n").getMainConsumerConfigs("g", "c", 0))
                    .containsEntry("max.poll.records", "7");
        }
        for (String prefix : new String[] {"  ", "  producer."}) {
            assertThat(streams(prefix + "max.request.size: 9000\n").getProducerConfigs("p"))
                    .containsEntry("max.request.size", "9000");
        }
    }
}
