package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.onlineem.config.Configuration;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.observation.JsonObservationReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExampleTest {

    @ParameterizedTest
    @EnumSource(Example.class)
    void everyRecordIsValidForTheConfigurationThatUsersStartFrom(Example example) throws IOException {
        try (var resource = Demo.class.getResourceAsStream(example.resource())) {
            assertThat(resource).hasBinaryContent(Files.readAllBytes(Path.of("..", "examples", example.resource())));
        }
        Configuration configuration = DemoConfiguration.of(example, "127.0.0.1:1", Path.of("folder"));
        Configuration.Input input = configuration.input();
        Model<?> model = configuration.model().spec().build();
        JsonObservationReader reader =
                new JsonObservationReader(input.fields(), input.weight(), Optional.empty(), input.maxBytes());
        Observations read = new Observations();
        List<ExampleRecord> records = example.generate(1);
        for (ExampleRecord record : records) {
            reader.read(record.json().getBytes(StandardCharsets.UTF_8), read);
            assertThat(model.problem(read, read.size() - 1)).isNull();
        }
        assertThat(read.isComplete()).isEqualTo(example != Example.TELEMETRY && example != Example.SENSOR);
        if (example.kind() == Example.Kind.ANOMALIES) {
            assertThat(records.stream().filter(ExampleRecord::isAnomaly).count())
                    .isBetween(records.size() * 3L / 1000, records.size() * 7L / 1000);
        }
    }

    @ParameterizedTest
    @EnumSource(Example.class)
    void theSameSeedGivesTheSameRecords(Example example) {
        List<ExampleRecord> records = example.generate(5);
        assertThat(example.generate(5)).isEqualTo(records);
        assertThat(example.generate(6)).isNotEqualTo(records);
    }

    @ParameterizedTest
    @EnumSource(Example.class)
    void aStreamGoesOnWithTheNextSeedAndNoLevelJumps(Example example) {
        assertThat(example.generate(5, 0)).isEqualTo(example.generate(5));
        List<ExampleRecord> next = example.generate(5, 1);
        assertThat(next)
                .map(ExampleRecord::json)
                .isEqualTo(example.generate(6).stream().map(ExampleRecord::json).toList());
        if (example.kind() == Example.Kind.STATES) {
            assertThat(keys(next)).doesNotContainAnyElementsOf(keys(example.generate(5)));
        } else {
            assertThat(next).isEqualTo(example.generate(6));
        }
    }

    private static Set<String> keys(List<ExampleRecord> records) {
        return records.stream().map(ExampleRecord::key).collect(Collectors.toSet());
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThatAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Example.of("weather"))
                .withMessage(
                        "example is 'weather'; expected one of payments, telemetry, requests, servers, machines, sensor, logs");
    }
}
