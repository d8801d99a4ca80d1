package io.onlineem.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code online-em bench}: all parts, or the one that is named. */
@Command(
        name = "online-em bench",
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
        CommandSpec bench = CommandSpec.forAnnotatedObject(new BenchMain());
        bench.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("Show this help message and exit.")
                .build());
        return new CommandLine(bench)
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
        Section run(Progress progress) throws Exception;
    }

    @Override
    public void run() {
        measure(
                progress -> new EngineBench(EngineBench.RECORDS, 5, progress).run(),
                progress -> new FamiliesBench(FamiliesBench.RECORDS, 3, progress).run(),
                progress -> new HmmBench(HmmBench.RECORDS, 5, progress).run(),
                progress -> new KalmanBench(KalmanBench.RECORDS, 5, progress).run(),
                progress -> new TopicsBench(TopicsBench.DOCUMENTS, 3, progress).run(),
                progress -> new ForestBench(1, 20, false, progress).run(),
                progress -> new PipelineBench(1_000_000, 5, 0, progress).run(),
                progress -> new PipelineBench(1_000_000, 5, 1000, progress).run(),
                progress -> new OverheadBench(1_000_000, 5, progress).run(),
                progress -> new LatencyBench(10_000, 20, 2, progress).run(),
                progress -> new KeysBench(1_000_000, 4, progress).run());
    }

    @Command(name = "engine", header = "One core, E-step and statistics, beside a C program that does the same.")
    void engine(
            @Option(
                            names = "--records",
                            paramLabel = "N",
                            defaultValue = "400000",
                            description = "Records per pass. Default: ${DEFAULT-VALUE}, as in the C program.")
                    int records,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "Turns of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--records", records, EngineWorkload.MINI_BATCH);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new EngineBench(records, rounds, progress).run());
    }

    @Command(name = "families", header = "One core, E-step and statistics of every family, beside Gaussians.")
    void families(
            @Option(
                            names = "--records",
                            paramLabel = "N",
                            defaultValue = "100000",
                            description = "Records per pass. Default: ${DEFAULT-VALUE}.")
                    int records,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "3",
                            description = "Turns of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--records", records, 100);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new FamiliesBench(records, rounds, progress).run());
    }

    @Command(
            name = "hmm",
            header = "One core, hidden Markov models: each record filtered, then learned from, beside a C program.")
    void hmm(
            @Option(
                            names = "--records",
                            paramLabel = "N",
                            defaultValue = "400000",
                            description = "Records per pass. Default: ${DEFAULT-VALUE}.")
                    int records,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "Turns of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--records", records, 100);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new HmmBench(records, rounds, progress).run());
    }

    @Command(
            name = "kalman",
            header = "One core, Kalman filters: each record filtered, then learned from, beside a C program.")
    void kalman(
            @Option(
                            names = "--records",
                            paramLabel = "N",
                            defaultValue = "200000",
                            description = "Records per pass. Default: ${DEFAULT-VALUE}.")
                    int records,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "Turns of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--records", records, 100);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new KalmanBench(records, rounds, progress).run());
    }

    @Command(name = "topics", header = "One core, topics of documents, beside a C program.")
    void topics(
            @Option(
                            names = "--documents",
                            paramLabel = "N",
                            defaultValue = "5000",
                            description = "Documents per pass. Default: ${DEFAULT-VALUE}.")
                    int documents,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "3",
                            description = "Turns of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--documents", documents, TopicsWorkload.MINI_BATCH);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new TopicsBench(documents, rounds, progress).run());
    }

    @Command(name = "pipeline", header = "Online EM end to end on a broker, beside a copy of the same topic.")
    void pipeline(
            @Option(
                            names = "--records",
                            paramLabel = "N",
                            defaultValue = "1000000",
                            description = "Records per run. Default: ${DEFAULT-VALUE}.")
                    long records,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "Runs of each. Default: ${DEFAULT-VALUE}.")
                    int rounds,
            @Option(
                            names = "--sequences",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "A hidden Markov model along so many sequences; 0: a mixture. Default:"
                                    + " ${DEFAULT-VALUE}.")
                    int sequences,
            @Option(names = "--profile", description = "Show where the stream thread spends its time, instead.")
                    boolean profile) {
        atLeast("--records", records, 1);
        atLeast("--rounds", rounds, 1);
        atLeast("--sequences", sequences, 0);
        measure(progress -> {
            PipelineBench bench = new PipelineBench(records, rounds, sequences, progress);
            return profile ? bench.profile() : bench.run();
        });
    }

    @Command(
            name = "overhead",
            header = "What metrics and the live page cost end to end, beside the same pipeline without them.")
    void overhead(
            @Option(
                            names = "--records",
                            paramLabel = "N",
                            defaultValue = "1000000",
                            description = "Records per run. Default: ${DEFAULT-VALUE}.")
                    long records,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "5",
                            description = "Runs of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--records", records, 1);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new OverheadBench(records, rounds, progress).run());
    }

    @Command(name = "latency", header = "Time from a record to its posterior, beside a copy of the same topic.")
    void latency(
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "10000",
                            description = "Records per second. Default: ${DEFAULT-VALUE}.")
                    int rate,
            @Option(
                            names = "--seconds",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "Measured seconds per run, after half as many to warm up. Default:"
                                    + " ${DEFAULT-VALUE}.")
                    int seconds,
            @Option(
                            names = "--rounds",
                            paramLabel = "N",
                            defaultValue = "2",
                            description = "Runs of each. Default: ${DEFAULT-VALUE}.")
                    int rounds) {
        atLeast("--rate", rate, 1);
        atLeast("--seconds", seconds, 1);
        atLeast("--rounds", rounds, 1);
        measure(progress -> new LatencyBench(rate, seconds, rounds, progress).run());
    }

    @Command(name = "keys", header = "Memory and speed with a model for every key.")
    void keys(
            @Option(
                            names = "--keys",
                            paramLabel = "N",
                            defaultValue = "1000000",
                            description = "Number of keys. Default: ${DEFAULT-VALUE}.")
                    int keys,
            @Option(
                            names = "--records-per-key",
                            paramLabel = "N",
                            defaultValue = "4",
                            description = "Records of each key; every fourth is learned from with the three before."
                                    + " Default: ${DEFAULT-VALUE}.")
                    int recordsPerKey) {
        atLeast("--keys", keys, 1);
        atLeast("--records-per-key", recordsPerKey, 1);
        measure(progress -> new KeysBench(keys, recordsPerKey, progress).run());
    }

    @Command(
            name = "forest",
            header = "One core, anomaly detection beside random cut forests: how fast, and what is found.")
    void forest(
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            defaultValue = "1",
                            description =
                                    "Seed of the first generated series: 1 to 100 are for development, 1001 to 1100 to"
                                            + " report from. Default: ${DEFAULT-VALUE}.")
                    long seed,
            @Option(
                            names = "--series",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Number of series. Default: ${DEFAULT-VALUE}.")
                    int series,
            @Option(names = "--sensors", description = "Series of eight channels, not of single values.")
                    boolean sensors) {
        atLeast("--series", series, 1);
        measure(progress -> new ForestBench(seed, series, sensors, progress).run());
    }

    private void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + "; expected at least " + least);
        }
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
