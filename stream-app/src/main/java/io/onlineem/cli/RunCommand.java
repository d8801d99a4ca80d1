package io.onlineem.cli;

import io.onlineem.app.Application;
import io.onlineem.app.StartException;
import io.onlineem.config.Configuration;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: the application, until it is stopped. */
@Command(
        name = "run",
        abbreviateSynopsis = true,
        header = "Learn from a topic: the real thing, against a cluster.",
        description = {
            "",
            "Creates the output topics that are missing, then scores and learns from every record until it is stopped:"
                    + " Ctrl-C or SIGTERM finish the records at hand, commit, and leave the group. Killed at any moment, it"
                    + " goes on where it was, and every record counts once. Start it several times, on several machines, to"
                    + " share the partitions.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  online-em run -c wind.yaml",
            "  ONLINE_EM_KAFKA_BOOTSTRAP_SERVERS=broker:9092 online-em run -c wind.yaml",
            "",
            "Exit codes: 0 if it was stopped, 1 if it failed, 2 if the configuration is wrong."
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOption config;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = config.read();
        Application application;
        try {
            application = Application.start(configuration);
        } catch (StartException e) {
            throw new CommandException(e.getMessage(), e);
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println("online-em: learning " + configuration.model().name() + " from "
                + configuration.input().topic()
                + application
                        .url()
                        .map(url -> "; watch it at " + url + "/, metrics, health and models there too")
                        .orElse("")
                + "; Ctrl-C stops");
        err.flush();

        try (StopSignal stop = new StopSignal(application::close)) {
            Throwable failure = application.awaitStopped();
            if (stop.isAsked()) {
                return 0;
            }
            application.close();
            if (failure == null) {
                return 0;
            }
            throw new CommandException("the application stopped: " + failure.getMessage(), failure);
        }
    }
}
