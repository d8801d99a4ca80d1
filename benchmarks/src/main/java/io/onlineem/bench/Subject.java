package io.onlineem.bench;

import io.onlineem.app.Application;
import io.onlineem.app.ApplicationTopology;
import io.onlineem.app.StreamsProperties;
import io.onlineem.config.Configuration;
import io.onlineem.config.ConfigurationReader;
import io.onlineem.config.PosteriorContent;
import io.onlineem.config.Scope;
import io.onlineem.topology.ModelMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * What is measured: it reads the input topic and writes {@link #outputTopic}, with one stream thread, exactly once. All
 * subjects run with the properties that the application gives to Kafka Streams.
 *
 * @param label what the results call it
 * @param copies whether it copies records unchanged, which is what Kafka Streams itself costs; else it is online EM
 * @param workload the records, and the model to start from
 * @param scope who shares a model
 * @param content what a posterior record holds
 * @param learning settings under {@code learning}, in YAML
 * @param watched what is told of it
 */
record Subject(
        String label,
        boolean copies,
        Workload workload,
        Scope scope,
        PosteriorContent content,
        String learning,
        Watched watched) {

    /** What is told of online EM, and to whom. */
    enum Watched {
        /** The topology alone, without metrics. */
        BARE("nothing"),
        /** The application with its metrics, which nobody asks for. */
        COUNTED("metrics"),
        /** And with HTTP, asked for metrics once a second. */
        SCRAPED("metrics, scraped"),
        /** And with the live page open. */
        ON_PAGE("metrics, scraped, and page");

        private final String label;

        Watched(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private static final String MODEL = "bench";

    /** The copy of the input topic. */
    static Subject copy(Workload workload) {
        return new Subject("copy", true, workload, Scope.SHARED, PosteriorContent.FULL, "{}", Watched.COUNTED);
    }

    /** One model of all records, with default settings. */
    static Subject shared(Workload workload, PosteriorContent content) {
        return new Subject(content.label(), false, workload, Scope.SHARED, content, "{}", Watched.COUNTED);
    }

    /** One model for each key. */
    static Subject perKey(Workload workload, String learning) {
        return new Subject(
                Scope.PER_KEY.label(),
                false,
                workload,
                Scope.PER_KEY,
                PosteriorContent.FULL,
                learning,
                Watched.COUNTED);
    }

    /** One model of all records, watched or not. */
    static Subject watched(Workload workload, Watched watched) {
        return new Subject(
                watched.name().toLowerCase(Locale.ROOT),
                false,
                workload,
                Scope.SHARED,
                PosteriorContent.FULL,
                "{}",
                watched);
    }

    /** The topic that it writes. */
    static String outputTopic(String application) {
        return application + "-posteriors";
    }

    /** Where it keeps its state on disk. */
    static Path stateFolder(BenchBroker broker, String application) {
        return broker.folder().resolve(application);
    }

    /** A subject at work. */
    interface Running extends AutoCloseable {

        /** Kafka Streams' state; it is at work as long as this is running or rebalancing. */
        KafkaStreams.State state();

        @Override
        void close();
    }

    /** Starts it under a name of its own; closing stops it. The input topic exists. */
    Running start(BenchBroker broker, String application, String inputTopic) throws IOException, InterruptedException {
        Configuration configuration = configuration(broker, application, inputTopic);
        if (!copies && watched != Watched.BARE) {
            Application started = Application.start(configuration);
            if (watched == Watched.COUNTED) {
                return running(started::state, started::close);
            }
            Watcher watcher = new Watcher(started.url().orElseThrow(), MODEL, watched == Watched.ON_PAGE);
            return running(started::state, () -> {
                watcher.close();
                started.close();
                watcher.requireSeen();
            });
        }
        broker.createTopic(outputTopic(application));
        Topology topology;
        if (copies) {
            StreamsBuilder builder = new StreamsBuilder();
            builder.stream(inputTopic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                    .to(outputTopic(application), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
            topology = builder.build();
        } else {
            broker.createTopic(configuration.output().modelsTopic());
            broker.createTopic(configuration.output().deadLettersTopic());
            topology = ApplicationTopology.build(configuration, ModelMetrics.NONE);
        }
        KafkaStreams streams = new KafkaStreams(topology, StreamsProperties.of(configuration));
        streams.setUncaughtExceptionHandler(error -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        streams.start();
        return running(streams::state, () -> streams.close(Duration.ofSeconds(30)));
    }

    private static Running running(Supplier<KafkaStreams.State> state, Runnable stop) {
        return new Running() {
            @Override
            public KafkaStreams.State state() {
                return state.get();
            }

            @Override
            public void close() {
                stop.run();
            }
        };
    }

    /** An ordinary configuration file, read as the application reads it. */
    private Configuration configuration(BenchBroker broker, String application, String inputTopic) throws IOException {
        Path file = broker.folder().resolve(application + ".yaml");
        Path start = broker.folder().resolve(application + "-start.json");
        Files.write(start, workload.start());
        Files.writeString(file, """
                application: %s
                kafka:
                  bootstrap.servers: %s
                  state.dir: %s
                input:
                  topic: %s
                  fields: %s
                model:
                  name: %s
                  type: %s
                  scope: %s
                  components: %d
                  start: %s
                learning: %s
                output:
                  posteriors: {content: %s}
                http: {enabled: %s, port: 0}
                """.formatted(
                        application,
                        broker.bootstrapServers(),
                        stateFolder(broker, application),
                        inputTopic,
                        workload.fields(),
                        MODEL,
                        workload.type(),
                        scope.label(),
                        workload.components(),
                        start.getFileName(),
                        learning,
                        content.label(),
                        watched == Watched.SCRAPED || watched == Watched.ON_PAGE));
        return ConfigurationReader.read(file, Map.of());
    }
}
