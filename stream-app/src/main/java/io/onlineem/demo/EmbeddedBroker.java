package io.onlineem.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real single-node Kafka broker (KRaft, broker and controller combined) inside this JVM, without authentication. For
 * demonstrations and tests, not for data that matter.
 *
 * <p>A log directory that was given is kept at close and may be opened again, also after the process that used it was
 * killed; a log directory that was not given is a temporary folder, removed at close.
 *
 * <p>Kafka halts the whole JVM when it meets a fault it cannot live with (for example the log directory becoming
 * unwritable). Whoever wants to survive that runs the broker in a process of its own.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final Path logDirectory;
    private final TemporaryFolder temporary;
    private final String bootstrapServers;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(
            KafkaRaftServer server,
            DirectoryLock lock,
            Path logDirectory,
            TemporaryFolder temporary,
            String bootstrapServers) {
        this.server = server;
        this.lock = lock;
        this.logDirectory = logDirectory;
        this.temporary = temporary;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts a broker on free ports of the loopback interface with a temporary log directory. */
    public static EmbeddedBroker start() {
        return builder().start();
    }

    /** Returns a builder; everything it offers is optional. */
    public static Builder builder() {
        return new Builder();
    }

    /** The value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The log directory. */
    public Path logDirectory() {
        return logDirectory;
    }

    /** Blocks until the broker has shut down. */
    public void awaitShutdown() {
        server.awaitShutdown();
    }

    /** Shuts the broker down and, if the log directory is temporary, removes it. Later calls do nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            release(lock, temporary);
        }
        LOG.debug("broker on {} stopped", bootstrapServers);
    }

    /** Collects the settings of a broker and starts it. */
    public static final class Builder {

        private String host = LOOPBACK;
        private int port;
        private Path logDirectory;
        private final Map<String, String> overrides = new HashMap<>();

        private Builder() {}

        /** Sets the address that clients connect to; the default is the loopback interface. */
        public Builder host(String value) {
            this.host = Objects.requireNonNull(value, "host");
            return this;
        }

        /** Sets the port that clients connect to; 0, the default, takes a free one. */
        public Builder port(int value) {
            if (value < 0 || value > 65_535) {
                throw new IllegalArgumentException("port is " + value + "; expected 0 to 65535");
            }
            this.port = value;
            return this;
        }

        /** Sets the log directory, which is created and formatted where necessary and kept at close. */
        public Builder logDirectory(Path value) {
            this.logDirectory = Objects.requireNonNull(value, "logDirectory");
            return this;
        }

        /** Sets a broker property, which wins over the one this class would choose. */
        public Builder property(String name, String value) {
            overrides.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Starts the broker and returns when it accepts requests.
         *
         * @throws IllegalStateException if it cannot start, for example because the port is taken
         */
        public EmbeddedBroker start() {
            long begin = System.nanoTime();
            int clientPort = port == 0 ? freePort(host, 0) : port;
            int controllerPort = freePort(LOOPBACK, clientPort);
            String address = host + ":" + clientPort;
            TemporaryFolder temporary = null;
            Path directory;
            DirectoryLock lock = null;
            KafkaRaftServer server = null;
            try {
                requireFree(host, clientPort);
                if (logDirectory == null) {
                    temporary = new TemporaryFolder("online-em-broker-");
                    directory = temporary.path();
                } else {
                    directory = Files.createDirectories(logDirectory).toRealPath();
                }
                lock = DirectoryLock.acquire(directory);
                Map<String, String> properties = properties(directory, host, clientPort, controllerPort);
                properties.putAll(overrides);
                KafkaConfig config = new KafkaConfig(properties, false);
                if (!Files.exists(directory.resolve("meta.properties"))) {
                    format(config, directory);
                } else if (KilledBroker.used(directory)) {
                    KilledBroker.depose(properties, controllerListener(controllerPort));
                }
                server = new KafkaRaftServer(config, Time.SYSTEM);
                server.startup();
            } catch (Exception | LinkageError e) {
                // a LinkageError is what a missing dependency looks like
                shutdownAfterFailure(server, e);
                release(lock, temporary);
                throw new IllegalStateException("the broker cannot start on " + address + ": " + e.getMessage(), e);
            }
            LOG.debug(
                    "broker on {} started in {} ms, log directory {}",
                    address,
                    (System.nanoTime() - begin) / 1_000_000,
                    directory);
            return new EmbeddedBroker(server, lock, directory, temporary, address);
        }
    }

    private static Map<String, String> properties(Path directory, String host, int port, int controllerPort) {
        Map<String, String> p = new HashMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("log.dirs", directory.toString());
        p.put("listeners", "PLAINTEXT://" + host + ":" + port + "," + controllerListener(controllerPort));
        p.put("advertised.listeners", "PLAINTEXT://" + host + ":" + port);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("controller.listener.names", "CONTROLLER");
        // The static quorum, because a dynamic one stores the controller's port in the log directory and
        // the next start on that directory has another port.
        p.put("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);

        // one node holds every replica
        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");

        // Every partition of an internal topic costs files at the first use and recovery after a kill; the
        // default of 50 spreads coordinators over brokers that are not there.
        p.put("offsets.topic.num.partitions", "2");
        p.put("transaction.state.log.num.partitions", "2");
        p.put("share.coordinator.state.topic.num.partitions", "1");

        // a mistyped topic name is an error; members of a group do not wait for others to join
        p.put("auto.create.topics.enable", "false");
        p.put("group.initial.rebalance.delay.ms", "0");

        // a killed broker that comes back counts as alive until this has passed
        p.put("broker.session.timeout.ms", "3000");
        p.put("broker.heartbeat.interval.ms", "500");

        // the defaults are sized for a server: eight request threads and 128 MiB for the log cleaner
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "2");
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        return p;
    }

    private static String controllerListener(int port) {
        return "CONTROLLER://" + LOOPBACK + ":" + port;
    }

    /** Does what {@code kafka-storage format} does. */
    private static void format(KafkaConfig config, Path directory) throws Exception {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        new Formatter()
                .setPrintStream(new PrintStream(messages, true, StandardCharsets.UTF_8))
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(config.metadataLogDir())
                .setHasDynamicQuorum(false)
                .addDirectory(directory.toString())
                .run();
        LOG.debug("{}", messages.toString(StandardCharsets.UTF_8).strip());
    }

    private static void shutdownAfterFailure(KafkaRaftServer server, Throwable cause) {
        if (server == null) {
            return;
        }
        try {
            server.shutdown();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static int freePort(String host, int except) {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
                if (socket.getLocalPort() != except) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new IllegalStateException("there is no free port on " + host + ": " + e.getMessage(), e);
            }
        }
    }

    /** Kafka reports a taken port only after parts of it are running. */
    private static void requireFree(String host, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            // connections of a killed predecessor that linger in TIME_WAIT do not make the port taken
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; is another broker running there? Give another port", e);
        }
    }

    private static void release(DirectoryLock lock, TemporaryFolder temporary) {
        if (lock != null) {
            lock.close();
        }
        if (temporary != null) {
            temporary.close();
        }
    }
}
