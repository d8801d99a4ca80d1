package io.onlineem.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/** A broker in a process of its own, for several tests: each uses topics and groups of its own. */
final class BrokerProcess {

    private static BrokerProcess shared;
    private static BrokerProcess victim;

    private final int port;
    private final Path directory;
    private ChildProcess process;

    private BrokerProcess() {
        try {
            port = freePort();
            directory = Files.createTempDirectory("online-em-it-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
        start();
    }

    /** The broker; started with the first test that asks for it, ended with this process. */
    static synchronized BrokerProcess shared() {
        if (shared == null) {
            shared = new BrokerProcess();
        }
        return shared;
    }

    /**
     * The broker of the tests that kill it, and of no others: a broker that was killed takes its time with transactions that were
     * open, and whoever reads committed records waits as long.
     */
    static synchronized BrokerProcess victim() {
        if (victim == null) {
            victim = new BrokerProcess();
        }
        return victim;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start() {
        process = ChildProcess.start("broker", BrokerMain.class, List.of(Integer.toString(port), directory.toString()));
        process.awaitLine(BrokerMain.READY);
    }

    /** SIGKILL and a new start, at the same port with the same directory. */
    void killAndRestart() {
        process.kill();
        start();
    }

    /** The value of {@code bootstrap.servers}. */
    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private void remove() {
        process.kill();
        try {
            Utils.delete(directory.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
