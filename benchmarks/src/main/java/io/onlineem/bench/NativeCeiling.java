package io.onlineem.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code em_limit.c}, compiled for this machine: the same work as fast as a C compiler can make it. */
final class NativeCeiling implements AutoCloseable {

    private static final String SOURCE = "em_limit.c";
    private static final Pattern RATE = Pattern.compile(" ([0-9]+) records/s");

    private final Path folder;
    private final Path program;

    private NativeCeiling(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
    }

    /**
     * Compiles it with {@code cc}.
     *
     * @param progress is told why, if there is no program
     * @return empty if there is no compiler or it fails
     */
    static Optional<NativeCeiling> compile(Progress progress) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("online-em-bench-");
        NativeCeiling ceiling = new NativeCeiling(folder, folder.resolve("em_limit"));
        Path source = folder.resolve(SOURCE);
        try (InputStream code = NativeCeiling.class.getResourceAsStream(SOURCE)) {
            Files.copy(code, source);
        }
        List<String> command = List.of(
                "cc",
                "-O3",
                "-march=native",
                "-ffast-math",
                "-o",
                ceiling.program.toString(),
                source.toString(),
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

    /** Records per second, the best of the program's five passes over 400,000 records. */
    double recordsPerSecond(int width, int components) throws IOException, InterruptedException {
        List<String> command = List.of(program.toString(), Integer.toString(width), Integer.toString(components));
        Output output = run(command);
        Matcher rate = RATE.matcher(output.text());
        if (output.exitCode() != 0 || !rate.find()) {
            throw new IOException("'" + String.join(" ", command) + "' ended with " + output.exitCode()
                    + " and printed '" + output.text() + "'; expected records/s");
        }
        return Double.parseDouble(rate.group(1));
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
        Files.deleteIfExists(folder.resolve(SOURCE));
        Files.delete(folder);
    }
}
