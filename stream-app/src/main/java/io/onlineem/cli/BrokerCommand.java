package io.onlineem.cli;

import io.onlineem.demo.EmbeddedBroker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code broker}: a Kafka broker for trying things. */
@Command(
        name = "broker",
        header = "Run a Kafka broker of a single node, for trying things.",
        description = {
            "",
            "A real broker (KRaft, broker and controller in one), without authentication or replicas. Prints one line when"
                    + " it is ready and runs until Ctrl-C or SIGTERM.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em broker",
            "  online-em broker --port 19092 --dir kafka-data",
            "",
            "Exit codes: 0 if it was stopped, 1 if it cannot start, 2 for wrong usage."
        })
final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port that clients connect to; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address that clients connect to. Default: ${DEFAULT-VALUE}, this machine only.")
    private String host;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Folder of the data, which is kept and can be used again. Default: a temporary one, removed at"
                            + " exit.")
    private Path directory;

    @Override
    public Integer call() throws InterruptedException {
        LogLevels.besideABroker();
        EmbeddedBroker.Builder builder = builder();
        try (StopSignal stop = new StopSignal();
                EmbeddedBroker broker = start(builder)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("broker ready on " + broker.bootstrapServers());
            out.flush();
            stop.await();
        }
        return 0;
    }

    private EmbeddedBroker.Builder builder() {
        try {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder().host(host).port(port);
            return directory == null ? builder : builder.logDirectory(directory);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    private static EmbeddedBroker start(EmbeddedBroker.Builder builder) {
        try {
            return builder.start();
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }
}
