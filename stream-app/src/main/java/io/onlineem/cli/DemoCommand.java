package io.onlineem.cli;

import io.onlineem.codec.FitJson;
import io.onlineem.config.Scope;
import io.onlineem.demo.Demo;
import io.onlineem.demo.DemoOptions;
import io.onlineem.demo.Example;
import io.onlineem.demo.ExampleDemo;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: everything, on a broker in this process. */
@Command(
        name = "demo",
        header = "Watch a real stream being learned, with a Kafka broker in this process.",
        description = {
            "",
            "Starts a broker on free ports of this machine, sends the mean wind speeds of 6,574 days at 12 Irish stations"
                    + " through the whole application, and tells what was learned, which days were the least likely, and"
                    + " how the online model compares with a batch fit of the same days. Removes its data at the end.",
            "",
            "With --example a generated stream takes the place of the wind, with the configuration of that name in the"
                    + " folder examples. payments, telemetry, requests: how many of the labelled anomalies the log-likelihood"
                    + " finds at a threshold chosen beforehand. servers: which faults were incidents, with one alert each and its"
                    + " reasons. machines: which regimes a hidden Markov model finds."
                    + " sensor: how noisy two sensors are, and what they measure. logs: which topics.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em demo",
            "  online-em demo --components 4 --rate 500",
            "  online-em demo --scope shared --keep-running",
            "  online-em demo --example payments --keep-running"
        })
final class DemoCommand implements Callable<Integer> {

    private static final int DEFAULT_COMPONENTS = 3;

    /** Days a second at which a shared model, whose parameters come back after commits, still follows; and a spectator. */
    private static final double CALM_RATE = 200;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--example",
            paramLabel = "NAME",
            description =
                    "payments, telemetry, requests, servers, machines, sensor or logs, as its configuration says. Takes --seed, --keep-running and"
                            + " nothing else.")
    private String example;

    @Option(
            names = {"-k", "--components"},
            paramLabel = "K",
            description = "The number of components. Default: " + DEFAULT_COMPONENTS + ", or those of --start.")
    private Integer components;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description =
                    "per-key: scored and learned in one task; the same numbers every time. shared: parameters go through"
                            + " topics to all tasks, and come back some days later. Default: per-key.")
    private String scope;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Days replayed a second. Default: as fast as possible; with --scope shared or --keep-running "
                    + (int) CALM_RATE + ".")
    private Double rate;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "1",
            description = "Seed of the random starts, or of the generated stream. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--start",
            paramLabel = "JSON",
            description = "A file with parameters to start from, such as the output of fit. Default: none, a warm-up.")
    private Path start;

    @Option(
            names = "--keep-running",
            description =
                    "Leave broker and application running at the end, until Ctrl-C, and the stream going on: for the live"
                            + " page, whose address is printed.")
    private boolean keepRunning;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogLevels.duringADemo();
        try (StopSignal stop = new StopSignal()) {
            if (example == null) {
                demo(stop).run();
            } else {
                exampleDemo(stop).run();
            }
        }
        return 0;
    }

    private ExampleDemo exampleDemo(StopSignal stop) {
        if (components != null || scope != null || rate != null || start != null) {
            throw new UsageException(
                    "--example takes --seed and --keep-running only; leave the other options out, or change its"
                            + " configuration and run that");
        }
        try {
            return new ExampleDemo(
                    Example.of(example), seed, keepRunning, spec.commandLine().getOut(), isTerminal(), stop::isAsked);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private Demo demo(StopSignal stop) throws IOException {
        Optional<byte[]> json = start == null ? Optional.empty() : Optional.of(readStart());
        try {
            Scope chosen = scope == null ? Scope.PER_KEY : Scope.of(scope);
            double pace =
                    rate != null ? rate : chosen == Scope.SHARED || keepRunning ? CALM_RATE : DemoOptions.UNLIMITED;
            DemoOptions options = new DemoOptions(count(json), chosen, pace, seed, json, keepRunning);
            return new Demo(options, spec.commandLine().getOut(), isTerminal(), stop::isAsked);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private int count(Optional<byte[]> json) {
        if (components != null) {
            return components;
        }
        return json.flatMap(FitJson::readSpec).map(model -> model.components()).orElse(DEFAULT_COMPONENTS);
    }

    private byte[] readStart() throws IOException {
        if (!Files.exists(start)) {
            throw new UsageException("--start: there is no file " + start);
        }
        return Files.readAllBytes(start);
    }

    /** Up to Java 21 there is no console without a terminal; from 22 on there is, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
