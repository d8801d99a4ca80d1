package io.onlineem.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code online-em bench}: all parts, or the one that is named. */
@Command(
        name = "online-em bench",
        mixinStandardHelpOptions = true,
        header = "Measures how fast online EM is on this machine.",
        description = "%nWithout a command, all parts are measured one after another.%n",
        synopsisSubcommandLabel = "[COMMAND]",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Results hold for a quiet machine; of a busy one, believe the ratios only."})
public final class BenchMain implements Runnable {

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print JSON to stdout, and the tables to stderr.")
    private boolean json;

    @Option(
            names = "--output",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Write the JSON to this file.")
    private Path output;

    @Spec
    private CommandSpec spec;

    private BenchMain() {}

    /** Runs the command and exits with 0, 1 for a failure or 2 for wrong usage. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchMain())
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("online-em bench: " + failure);
                    failure.printStackTrace(command.getErr());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** One part of the benchmark, with its options set. */
    @FunctionalInterface
    private interface Part {
        Section run(Progress progress) throws IOException, InterruptedException;
    }

    @Override
    public void run() {
        measure(progress -> new EngineBench(EngineBench.RECORDS, 5, progress).run());
    }

    @Command(name = "engine", header = "One core, E-step and statistics, beside a C program that does the same.")
    void engine(
            @Option(
                            names = "--records",
                            defaultValue = "400000",
                            description = "Records per pass. Default: ${DEFAULT-VALUE}, as in the C program.")
                    int records,
            @Option(names = "--rounds", defaultValue = "5", description = "Turns of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        measure(progress -> new EngineBench(records, rounds, progress).run());
    }

    private void measure(Part... parts) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress(err);
        List<Section> sections = new ArrayList<>();
        try {
            for (Part part : parts) {
                sections.add(part.run(progress));
            }
            Report report = new Report(Machine.here(), sections);
            if (output != null) {
                Files.writeString(output, report.json() + System.lineSeparator(), StandardCharsets.UTF_8);
            }
            report.print(json ? err : out);
            if (json) {
                out.println(report.json());
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
