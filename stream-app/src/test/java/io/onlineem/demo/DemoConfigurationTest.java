package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoConfigurationTest {

    @Test
    void beginsWithTheFileThatUsersStartFrom() throws IOException {
        try (var resource = Demo.class.getResourceAsStream("wind.yaml")) {
            assertThat(resource).hasBinaryContent(Files.readAllBytes(Path.of("..", "examples", "wind.yaml")));
        }
        assertThat(DemoConfiguration.example().input().features())
                .isEqualTo(WindData.load().stations());
    }

    @Test
    void changesOnlyWhatTheDemoNeeds() {
        Configuration example = DemoConfiguration.example();

        Configuration demo = DemoConfiguration.of(options(4, Optional.empty()), "127.0.0.1:1234", Path.of("folder"));

        assertThat(demo.kafka())
                .containsEntry("bootstrap.servers", "127.0.0.1:1234")
                .containsEntry("state.dir", Path.of("folder", "state").toString())
                .containsEntry("processing.guarantee", "exactly_once_v2");
        assertThat(demo.model().scope()).isEqualTo(Scope.PER_KEY);
        assertThat(demo.model().spec().components()).isEqualTo(4);
        assertThat(demo.model().spec().options())
                .isEqualTo(example.model().spec().options());
        assertThat(demo.learning()).isEqualTo(example.learning().withSeed(7));
        assertThat(demo.flushInterval()).isEqualTo(Duration.ZERO);
        assertThat(demo.output().partitions()).isEqualTo(1);
        assertThat(demo.http()).contains(new Configuration.Http("127.0.0.1", 0));
        assertThat(demo.input()).isEqualTo(example.input());
    }

    @Test
    void refusesAStartOfAnotherModel() {
        byte[] twoWeights = "{\"weights\":[0.5,0.5]}".getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoConfiguration.model(options(3, Optional.of(twoWeights))))
                .withMessageContaining("weights");
    }

    private static DemoOptions options(int components, Optional<byte[]> start) {
        return new DemoOptions(components, Scope.PER_KEY, DemoOptions.UNLIMITED, 7, start, false);
    }
}
