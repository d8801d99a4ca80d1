package io.onlineem.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive use of a log directory. Kafka has a lock of its own but takes it only after the controller has begun to
 * write into the directory.
 */
final class DirectoryLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

    private static final String FILE = ".embedded-broker.lock";

    /**
     * The directories in use by this JVM. They must be known without opening the lock file once more, because closing any
     * descriptor of a file releases all locks this process has on it.
     */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory.
     *
     * @param directory its real path
     * @throws IllegalStateException if another broker uses it
     */
    static DirectoryLock acquire(Path directory) throws IOException {
        if (!IN_USE.add(directory)) {
            throw inUse(directory);
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            locked = channel.tryLock() != null;
            if (!locked) {
                throw inUse(directory);
            }
            return new DirectoryLock(directory, channel);
        } finally {
            if (!locked) {
                IN_USE.remove(directory);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static IllegalStateException inUse(Path directory) {
        return new IllegalStateException("the directory " + directory
                + " is in use by another broker; stop that one, or give another directory");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot unlock {}: {}", directory, e.toString());
        } finally {
            IN_USE.remove(directory);
        }
    }
}
