package io.onlineem.cli;

import io.onlineem.app.ApplicationTopology;
import io.onlineem.topology.ModelMetrics;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code topology}: the topology of a configuration, as Kafka Streams describes it. */
@Command(
        name = "topology",
        abbreviateSynopsis = true,
        header = "Print the Kafka Streams topology of a configuration.",
        description = {
            "",
            "Connects to nothing. The output can be pasted into any viewer of Kafka Streams topologies.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  online-em topology -c wind.yaml",
            "",
            "Exit codes: 0, or 2 if the configuration is wrong."
        })
final class TopologyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOption config;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(ApplicationTopology.build(config.read(), ModelMetrics.NONE).describe());
        out.flush();
        return 0;
    }
}
