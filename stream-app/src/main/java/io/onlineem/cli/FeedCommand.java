package io.onlineem.cli;

import io.onlineem.demo.Example;
import io.onlineem.demo.Feed;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code feed}: a generated stream for a topic, to try a cluster, a configuration or dashboards with. */
@Command(
        name = "feed",
        header = "Send the generated stream of an example to a topic.",
        description = {
            "",
            "Sends records of an example of 'demo' at a steady rate, with anomalies among them, until Ctrl-C, SIGTERM or"
                    + " --records. What learns from them: online-em run -c examples/EXAMPLE.yaml",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em feed --example payments",
            "  online-em feed --example telemetry --rate 1000 --bootstrap-servers broker:9092",
            "",
            "Exit codes: 0 if it was stopped or has sent all, 1 if records cannot be sent, 2 for wrong usage."
        })
final class FeedCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--example",
            paramLabel = "EXAMPLE",
            required = true,
            description = "payments, telemetry, requests, servers or machines.")
    private String example;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "SERVERS",
            defaultValue = "localhost:9092",
            description = "The cluster. Default: ${DEFAULT-VALUE}.")
    private String bootstrapServers;

    @Option(
            names = "--kafka",
            paramLabel = "PROPERTY=VALUE",
            description = "Any property of Kafka's producer, such as those of TLS and SASL. Can be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Where the records go. Default: the topic of the example's configuration.")
    private String topic;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Records a second. Default: ${DEFAULT-VALUE}.")
    private Double rate;

    @Option(names = "--records", paramLabel = "N", description = "Records to send. Default: without end.")
    private Long records;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "1",
            description = "Seed of the generated stream. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        Feed feed = feed();
        Map<String, String> kafka = new LinkedHashMap<>(properties);
        kafka.put("bootstrap.servers", bootstrapServers);
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignal stop = new StopSignal()) {
            err.println("online-em: sending " + example + " to " + feed.topic() + " at " + bootstrapServers
                    + "; Ctrl-C stops");
            err.println("online-em: sent " + feed.run(kafka, stop::isAsked) + " records");
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
        return 0;
    }

    private Feed feed() {
        try {
            return new Feed(Example.of(example), topic, rate, records == null ? Long.MAX_VALUE : records, seed);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
