package io.onlineem.topology;

import io.onlineem.config.PosteriorContent;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.PosteriorSerde;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** The topology of one model on JSON records of two numbers, x and y, in Kafka Streams' test driver. */
final class TopologyRun implements AutoCloseable {

    static final List<String> FIELDS = List.of("x", "y");

    private final TopologyTestDriver driver;
    static final String CONTROL = "control";

    final TestInputTopic<String, byte[]> observations;

    /** Commands, where the topology takes any. */
    final TestInputTopic<String, byte[]> control;

    final TestOutputTopic<String, ScoredRecord> posteriors;
    final TestOutputTopic<String, byte[]> rejected;
    final TestOutputTopic<String, byte[]> models;
    final TestOutputTopic<String, ScoredRecord> smoothed;
    final TestOutputTopic<String, byte[]> alerts;

    static TopologyRun shared(StreamModel<?> model) {
        return new TopologyRun(OnlineEmTopology.shared(model, "models"));
    }

    static TopologyRun perKey(StreamModel<?> model) {
        return new TopologyRun(OnlineEmTopology.perKey(model, "models"));
    }

    TopologyRun(OnlineEmTopology<?> onlineEm) {
        this(onlineEm, () -> JsonObservationReader.ofNumbers(FIELDS, 1000));
    }

    TopologyRun(OnlineEmTopology<?> onlineEm, Supplier<JsonObservationReader> reader) {
        StreamsBuilder builder = new StreamsBuilder();
        var scored = onlineEm.addTo(
                builder, builder.stream("observations", Consumed.with(Serdes.String(), Serdes.ByteArray())), reader);
        PosteriorSerde posterior = new PosteriorSerde(PosteriorContent.BINARY, FIELDS);
        scored.posteriors().to("posteriors", Produced.with(Serdes.String(), posterior));
        scored.rejected().to("rejected", Produced.with(Serdes.String(), Serdes.ByteArray()));
        if (scored.smoothed() != null) {
            scored.smoothed().to("smoothed", Produced.with(Serdes.String(), posterior));
        }
        if (scored.alerts() != null) {
            scored.alerts()
                    .mapValues(alert -> AlertJson.write(alert, FIELDS))
                    .to("alerts", Produced.with(Serdes.String(), Serdes.ByteArray()));
        }
        driver = new TopologyTestDriver(builder.build(), new Properties(), Instant.ofEpochMilli(0));
        observations = driver.createInputTopic("observations", new StringSerializer(), new ByteArraySerializer());
        control = driver.createInputTopic(CONTROL, new StringSerializer(), new ByteArraySerializer());
        posteriors = driver.createOutputTopic("posteriors", new StringDeserializer(), posterior.deserializer());
        rejected = driver.createOutputTopic("rejected", new StringDeserializer(), new ByteArrayDeserializer());
        smoothed = driver.createOutputTopic("smoothed", new StringDeserializer(), posterior.deserializer());
        alerts = driver.createOutputTopic("alerts", new StringDeserializer(), new ByteArrayDeserializer());
        models = driver.createOutputTopic("models", new StringDeserializer(), new ByteArrayDeserializer());
    }

    void pipe(String key, double x, double y) {
        pipe(key, String.format(Locale.ROOT, "{\"x\":%s,\"y\":%s}", x, y));
    }

    void pipe(String key, String json) {
        observations.pipeInput(key, json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }

    void pipe(String key, double x, double y, long time) {
        String json = String.format(Locale.ROOT, "{\"x\":%s,\"y\":%s}", x, y);
        observations.pipeInput(key, json.getBytes(StandardCharsets.UTF_8), time);
    }

    /** What a store has, by key; of a store with caching, also what is not written yet. */
    byte[] stored(String store, byte[] key) {
        return driver.<Bytes, byte[]>getKeyValueStore(store).get(Bytes.wrap(key));
    }

    void wait(Duration duration) {
        driver.advanceWallClockTime(duration);
    }

    @Override
    public void close() {
        driver.close();
    }
}
