package io.onlineem.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program with the class path of the tests, in a process of its own so that it can be killed. */
final class ChildProcess implements AutoCloseable {

    private static final Path LOGS = Path.of("target", "it-logs");
    private static final int SHOWN_LINES = 60;

    private final String name;
    private final Path log;
    private final Process process;

    /** Length of the log when it was started. */
    private final long saidBefore;

    private ChildProcess(String name, Path log, long saidBefore, Process process) {
        this.name = name;
        this.log = log;
        this.saidBefore = saidBefore;
        this.process = process;
    }

    /** Starts a program; what it says on stderr is appended to a log file of that name. */
    static ChildProcess start(String name, Class<?> main, List<String> arguments) {
        return start(name, main, arguments, Map.of());
    }

    /** The same with environment variables. */
    static ChildProcess start(String name, Class<?> main, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // most of them live for seconds
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        try {
            Path log = Files.createDirectories(LOGS).resolve(name + ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            long saidBefore = Files.exists(log) ? Files.size(log) : 0;
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ChildProcess(name, log, saidBefore, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line on stdout that begins like that. */
    String awaitLine(String beginning) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError(name + " ended without saying '" + beginning + "':\n" + lastWords());
    }

    /** Fails unless the program is running. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError(
                    name + " ended by itself with exit code " + process.exitValue() + ":\n" + lastWords());
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM; fails if the program does not end then. Returns its exit code. */
    int stop() {
        process.destroy();
        await();
        return process.exitValue();
    }

    /** What it has said on stderr so far. */
    List<String> log() {
        try (InputStream in = Files.newInputStream(log)) {
            in.skipNBytes(saidBefore);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(name + " did not end:\n" + lastWords());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
