package io.onlineem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Where the results hold.
 *
 * @param processor its model name, or the architecture where the system does not tell
 * @param processors how many the JVM may use
 * @param heapBytes the largest heap
 * @param java version and name of the JVM
 * @param system operating system
 * @param kafka version of the Kafka clients and Kafka Streams
 */
record Machine(String processor, int processors, long heapBytes, String java, String system, String kafka) {

    /** This one. */
    static Machine here() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                processorName(),
                runtime.availableProcessors(),
                runtime.maxMemory(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                AppInfoParser.getVersion());
    }

    private static String processorName() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    String describe() {
        return processors + " x " + processor + ", heap " + (heapBytes >> 20) + " MiB, " + java + ", " + system
                + ", Kafka " + kafka;
    }
}
