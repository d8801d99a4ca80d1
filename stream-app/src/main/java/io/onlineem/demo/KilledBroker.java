package io.onlineem.demo;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker that was killed leaves behind: metadata in which it still leads its partitions.
 *
 * <p>Kafka 4.3.1 takes a partition without leader for a deleted one when it writes the markers that end transactions
 * (KAFKA-20734). A killed broker that starts again resumes its transactions while it still leads according to the old
 * metadata, then loses the leadership for a moment, and the markers are dropped: readers of committed records wait for
 * ever, or read what was aborted. This class lets a controller alone take the leadership from the dead broker first. The
 * broker then resumes transactions when it is elected, and by then every partition has a leader.
 */
final class KilledBroker {

    private static final Logger LOG = LoggerFactory.getLogger(KilledBroker.class);

    private static final Duration SESSION = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String FENCED_BROKERS = "kafka.controller:type=KafkaController,name=FencedBrokerCount";

    private KilledBroker() {}

    /** Whether the broker that used a directory last did not shut down. */
    static boolean used(Path directory) {
        return Files.exists(directory.resolve("__cluster_metadata-0"))
                && !Files.exists(directory.resolve(".kafka_cleanshutdown"));
    }

    /**
     * Takes the leadership from a broker that was killed.
     *
     * @param properties those with which it is to start again
     * @param controllerListener where its controller listens
     */
    static void depose(Map<String, String> properties, String controllerListener) {
        Map<String, String> controller = new HashMap<>(properties);
        controller.put("process.roles", "controller");
        controller.put("listeners", controllerListener);
        controller.remove("advertised.listeners");
        controller.put("broker.session.timeout.ms", Long.toString(SESSION.toMillis()));
        controller.put("broker.heartbeat.interval.ms", Long.toString(SESSION.toMillis() / 2));
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(controller, false), Time.SYSTEM);
        try {
            server.startup();
            awaitFenced();
        } finally {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void awaitFenced() {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (fenced() == 0) {
            if (System.nanoTime() - end > 0) {
                // one that was killed before it was registered has nothing to lose
                LOG.debug("no broker was fenced within {}", LIMIT);
                return;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static int fenced() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(FENCED_BROKERS);
            return beans.isRegistered(name) ? ((Number) beans.getAttribute(name, "Value")).intValue() : 0;
        } catch (JMException e) {
            throw new IllegalStateException("the controller's metric " + FENCED_BROKERS + " cannot be read", e);
        }
    }
}
