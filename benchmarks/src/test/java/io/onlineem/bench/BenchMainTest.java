package io.onlineem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchMainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = BenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void wrongUsageIsExitCode2AndExplained() {
        assertThat(run("engine", "--records", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("--records");
        assertThat(run("pipeline", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds is 0; expected at least 1");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void everyPartExplainsItself() {
        for (String part : List.of(
                "engine", "families", "hmm", "kalman", "topics", "forest", "pipeline", "overhead", "latency", "keys")) {
            assertThat(run(part, "--help")).isZero();
        }
        assertThat(out.toString()).contains("--records", "--profile", "--rate", "--records-per-key");
    }

    @Test
    void withJsonStdoutHoldsNothingElse() {
        assertThat(run("engine", "--records", "256", "--rounds", "1", "--json")).isZero();
        assertThat(out.toString().strip())
                .startsWith("{\"machine\":{\"processor\":\"")
                .contains("\"engine\":{\"title\":", "\"dimensions\":32,\"components\":8,")
                .endsWith("}")
                .doesNotContain("\n");
        assertThat(err.toString()).contains("one pass rec/s");
    }

    @Test
    void tablesGoToStdoutAndJsonToTheFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("bench.json");
        assertThat(run("engine", "--records", "256", "--rounds", "1", "--output", file.toString()))
                .isZero();
        assertThat(Files.readString(file)).startsWith("{\"machine\":");
        assertThat(out.toString()).contains("one pass rec/s").doesNotContain("{\"machine\"");
    }
}
