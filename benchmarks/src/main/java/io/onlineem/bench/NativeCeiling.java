package io.onlineem.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A C program, compiled for this machine: the same work as fast as a C compiler can make it. */
final class NativeCeiling implements AutoCloseable {

    private static final Pattern RATE = Pattern.compile(" ([0-9]+) records/s");

    private final Path folder;
    private final Path source;
    private final Path program;

    private NativeCeiling(Path folder, Path source, Path program) {
        this.folder = folder;
        this.source = source;
        this.program = program;
    }

    /**
     * Compiles a program with {@code cc}.
     *
     * @param name of the source, a resource beside this class, such as {@code em_limit.c}
     * @param progress is told why, if there is no program
     * @return empty if there is no compiler or it fails
     */
    static Optional<NativeCeiling> compile(String name, Progress progress) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("online-em-bench-");
        NativeCeiling ceiling = new NativeCeiling(folder, folder.resolve(name), folder.resolve("program"));
        try (InputStream code = NativeCeiling.class.getResourceAsStream(name)) {
            Files.copy(code, ceiling.source);
        }
        List<String> command = List.of(
                "cc",
                "-O3",
                "-march=native",
                "-ffast-math",
                "-o",
                ceiling.program.toString(),
                ceiling.source.toString(),
                "-lm");
        try {
            Output output = run(command);
            if (output.exitCode() == 0) {
                return Optional.of(ceiling);
            }
            progress.warn("NO NATIVE CEILING: '" + String.join(" ", command) + "' ended with " + output.exitCode()
                    + ": " + output.text());
        } catch (IOException e) {
            progress.warn("NO NATIVE CEILING: there is no C compiler 'cc' (" + e.getMessage()
                    + "); install one, such as gcc, and run this again");
        }
        ceiling.close();
        return Optional.empty();
    }

    /** Records per second, the best of the program's five passes: each rate that it prints. */
    List<Double> recordsPerSecond(int... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        Arrays.stream(arguments).mapToObj(Integer::toString).forEach(command::add);
        Output output = run(command);
        List<Double> rates = RATE.matcher(output.text())
                .results()
                .map(rate -> Double.valueOf(rate.group(1)))
                .toList();
        if (output.exitCode() != 0 || rates.isEmpty()) {
            throw new IOException("'" + String.join(" ", command) + "' ended with " + output.exitCode()
                    + " and printed '" + output.text() + "'; expected records/s");
        }
        return rates;
    }

    private record Output(int exitCode, String text) {}

    private static Output run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text.strip());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(program);
        Files.deleteIfExists(source);
        Files.delete(folder);
    }
}
