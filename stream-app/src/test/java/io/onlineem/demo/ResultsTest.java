package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.observation.PosteriorJson;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private static final TopicPartition POSTERIORS = new TopicPartition("wind-model-posteriors", 0);
    private static final TopicPartition MODELS = new TopicPartition("wind-model-models", 0);
    private static final double ROUNDING = 1e-12;

    private final Configuration configuration = DemoConfiguration.of(
            new DemoOptions(1, Scope.PER_KEY, DemoOptions.UNLIMITED, 1, Optional.empty(), false), "", Path.of(""));
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @Test
    void keepsTheDaysInTheirOrderAndTheMeanOfThoseScored() {
        try (Results<?> results = results(configuration.model().spec().build())) {
            posterior(0, "1961-01-01", null);
            posterior(1, "1961-01-02", -20.0);
            posterior(2, "1961-01-03", -30.0);

            assertThat(results.poll(Duration.ZERO)).isTrue();

            assertThat(results.items())
                    .extracting(ScoredItem::id)
                    .containsExactly("1961-01-01", "1961-01-02", "1961-01-03");
            assertThat(results.warmingUp()).isEqualTo(1);
            assertThat(results.meanLogLikelihood()).isCloseTo(-25, within(ROUNDING));
            assertThat(results.poll(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void knowsEveryVersionOfTheParameters() {
        knowsEveryVersion(configuration.model().spec().build());
    }

    private <P extends Parameters> void knowsEveryVersion(Model<P> model) {
        try (Results<P> results = results(model)) {
            assertThat(results.newest()).isNull();
            consumer.updateEndOffsets(Map.of(MODELS, 2L));
            model(0, model, 1);
            results.poll(Duration.ZERO);
            assertThat(results.hasNewestModel()).isFalse();

            model(1, model, 2);
            results.poll(Duration.ZERO);

            assertThat(results.hasNewestModel()).isTrue();
            assertThat(results.newest().version()).isEqualTo(2);
            assertThat(results.version(1).version()).isEqualTo(1);
            assertThat(results.version(7)).isSameAs(results.newest());
        }
    }

    private <P extends Parameters> Results<P> results(Model<P> model) {
        Results<P> results = new Results<>(
                consumer, configuration, new ModelJson<>(configuration.model().spec(), model));
        consumer.updateBeginningOffsets(Map.of(POSTERIORS, 0L, MODELS, 0L));
        return results;
    }

    private void posterior(long offset, String date, Double logLikelihood) {
        Posterior posterior = logLikelihood == null ? null : new Posterior(new double[] {1}, logLikelihood);
        byte[] value = new PosteriorJson(true, List.of()).write(new ScoredRecord("wind/ireland", 1, posterior));
        var message = new ConsumerRecord<>(POSTERIORS.topic(), 0, offset, new byte[0], value);
        message.headers().add(Replay.ID_HEADER, date.getBytes(StandardCharsets.UTF_8));
        consumer.addRecord(message);
    }

    private <P extends Parameters> void model(long offset, Model<P> model, long version) {
        var state = new OnlineEm<>(model, Learning.DEFAULTS.withStarts(1))
                .start(WindData.load().speeds().slice(0, 50));
        var spec = configuration.model().spec();
        byte[] value = new ModelJson<>(spec, model)
                .write(new PublishedModel<>(
                        "wind/ireland", spec, version, 50, 1, -25, state.published(), state.parameters(), List.of()));
        consumer.addRecord(new ConsumerRecord<>(MODELS.topic(), 0, offset, new byte[0], value));
    }
}
