package io.onlineem.app;

import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.em.Model;
import io.onlineem.em.Parameters;
import io.onlineem.http.Live;
import io.onlineem.http.Models;
import io.onlineem.live.LiveModels;
import io.onlineem.metrics.MicrometerModelMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** What the live page shows of a running application: put together of its topology, its metrics and Kafka Streams. */
final class LivePage implements AutoCloseable {

    private final LiveModels live;
    private final String topic;
    private final Function<byte[], PublishedModel<?>> reader;

    /** Null until the topology has been built. */
    private volatile KafkaStreams streams;

    private volatile Models models;

    LivePage(Configuration configuration, MicrometerModelMetrics metrics) {
        Configuration.ModelSettings model = configuration.model();
        this.topic = configuration.input().topic();
        this.reader = reader(model, model.spec().build());
        this.live = new LiveModels(
                new LiveModels.About(
                        configuration.application(),
                        topic,
                        model.name(),
                        model.scope() == Scope.PER_KEY,
                        model.spec(),
                        model.start().isPresent() ? 0 : configuration.learning().warmUp(),
                        configuration.anomalies().isPresent()),
                new LiveModels.Sources(metrics::totals, this::lag, this::state, this::model, this::pausedSince));
        metrics.watchedBy(live);
    }

    private static <P extends Parameters> Function<byte[], PublishedModel<?>> reader(
            Configuration.ModelSettings settings, Model<P> model) {
        return new ModelJson<>(settings.spec(), model)::read;
    }

    /** Begins, with what runs the topology. */
    void start(KafkaStreams newStreams, Models newModels) {
        streams = newStreams;
        models = newModels;
        live.start();
    }

    Live live() {
        return live;
    }

    private String state() {
        KafkaStreams running = streams;
        return running == null ? "CREATED" : running.state().name();
    }

    private Optional<PublishedModel<?>> model(String id) {
        Models known = models;
        return known == null ? Optional.empty() : known.json(id).map(reader);
    }

    private OptionalLong pausedSince(String id) {
        Models known = models;
        return known == null ? OptionalLong.empty() : known.pausedSince(id);
    }

    /** Records of the input topic that have been written and not been read by this instance; one number per partition. */
    private double lag() {
        KafkaStreams running = streams;
        if (running == null) {
            return Double.NaN;
        }
        Map<String, Double> byPartition = new HashMap<>();
        for (Metric metric : running.metrics().values()) {
            MetricName name = metric.metricName();
            if (name.name().equals("records-lag")
                    && topic.equals(name.tags().get("topic"))
                    && metric.metricValue() instanceof Double lag
                    && !lag.isNaN()) {
                byPartition.merge(name.tags().get("partition"), lag, Math::max);
            }
        }
        return byPartition.isEmpty()
                ? Double.NaN
                : byPartition.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Override
    public void close() {
        live.close();
    }
}
