package io.onlineem.bench;

import io.onlineem.demo.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A real broker in this process, its topics, and a folder for everything that lives as long. */
final class BenchBroker implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final Path folder;

    private BenchBroker(EmbeddedBroker broker, Path folder) {
        this.broker = broker;
        this.folder = folder;
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    static BenchBroker start() throws IOException {
        return new BenchBroker(
                EmbeddedBroker.builder()
                        .property("log.segment.delete.delay.ms", "1000")
                        .start(),
                Files.createTempDirectory("online-em-bench-"));
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Removed at the end. */
    Path folder() {
        return folder;
    }

    /** Creates a topic of one partition. */
    void createTopic(String topic) throws InterruptedException {
        NewTopic plan = new NewTopic(topic, Optional.of(1), Optional.empty());
        await(() -> admin.createTopics(List.of(plan)).all().get());
    }

    /** Deletes all topics of an application. */
    void deleteTopicsOf(String application) throws InterruptedException {
        List<String> topics = await(() -> admin.listTopics().names().get()).stream()
                .filter(topic -> topic.startsWith(application + "-"))
                .toList();
        await(() -> admin.deleteTopics(topics).all().get());
    }

    /**
     * How many records, committed or not, and transaction markers the one partition of a topic has; 0 for a topic so new
     * that the broker does not know it yet.
     */
    long endOffset(String topic) throws InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw refused(e);
        }
    }

    /** Size on the broker's disk of all topics whose names begin so, in bytes. */
    long bytesOf(String prefix) throws InterruptedException {
        return await(() -> admin.describeLogDirs(List.of(1)).allDescriptions().get()).values().stream()
                .flatMap(directories -> directories.values().stream())
                .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().startsWith(prefix))
                .map(Map.Entry::getValue)
                .mapToLong(ReplicaInfo::size)
                .sum();
    }

    /** A call that waits for the cluster. */
    private interface Call<T> {
        T get() throws ExecutionException, InterruptedException;
    }

    private static <T> T await(Call<T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw refused(e);
        }
    }

    private static IllegalStateException refused(ExecutionException e) {
        return new IllegalStateException(
                "the embedded broker refused: " + e.getCause().getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        admin.close();
        broker.close();
        delete(folder);
    }

    /** Deletes a folder and all in it, if there is one. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException error) throws IOException {
                if (error != null) {
                    throw error;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
