package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that run until they are stopped, as processes of their own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StopSignalIT {

    /** 128 and the number of SIGTERM: what a shell sees of any program that ends on it. */
    private static final int STOPPED = 0;

    @TempDir
    Path temporary;

    @Test
    void aStoppedBrokerRemovesItsTemporaryData() throws Exception {
        Process broker = start("broker", "--port", "0");
        try (BufferedReader out = out(broker)) {
            assertThat(out.readLine()).matches("broker ready on 127\\.0\\.0\\.1:[0-9]+");
            assertThat(leftBehind()).isNotEmpty();

            assertThat(stop(broker)).isEqualTo(STOPPED);

            assertThat(leftBehind()).isEmpty();
        } finally {
            broker.destroyForcibly();
        }
    }

    @Test
    void aKilledBrokerGoesOnWithTheDataOfItsFolder() throws Exception {
        String directory = temporary.resolve("data").toString();
        Process killed = start("broker", "--port", "0", "--dir", directory);
        try (BufferedReader out = out(killed);
                Admin admin = admin(out.readLine())) {
            admin.createTopics(List.of(new NewTopic("words", 1, (short) 1)))
                    .all()
                    .get();
        } finally {
            killed.destroyForcibly().waitFor();
        }

        Process broker = start("broker", "--port", "0", "--dir", directory);
        try (BufferedReader out = out(broker);
                Admin admin = admin(out.readLine())) {
            assertThat(admin.listTopics().names().get()).contains("words");
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }

    @Test
    void aStoppedDemoLeavesNothingBehind() throws Exception {
        Process demo = start("demo", "--rate", "10");
        try (BufferedReader out = out(demo)) {
            String line = out.readLine();
            while (line != null && !line.contains("warming up")) {
                line = out.readLine();
            }
            assertThat(line).isNotNull();

            assertThat(stop(demo)).isEqualTo(STOPPED);

            assertThat(leftBehind()).isEmpty();
        } finally {
            demo.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + Files.createDirectories(temporary.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader out(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int stop(Process process) throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    /** Folders of ours; native libraries leave their own when they are unloaded by exit. */
    private List<String> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("tmp"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("online-em-"))
                    .toList();
        }
    }

    private static Admin admin(String ready) {
        String address = ready.substring(ready.lastIndexOf(' ') + 1);
        return Admin.create(Map.of("bootstrap.servers", address));
    }
}
