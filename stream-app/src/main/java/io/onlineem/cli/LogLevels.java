package io.onlineem.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Levels of the log that differ from {@code logback.xml} for some commands. */
final class LogLevels {

    private LogLevels() {}

    /** For a broker in this process: it warns of its own first start and of connections that it closes itself. */
    static void besideABroker() {
        set("org.apache.kafka.controller.QuorumController", Level.ERROR);
        set("org.apache.kafka.clients.NetworkClient", Level.ERROR);
    }

    /** For a demonstration, where warnings of what Kafka repairs itself would only puzzle. */
    static void duringADemo() {
        set("io.onlineem", Level.WARN);
        set("org.apache.kafka", Level.ERROR);
        // transactions that follow closely on each other are refused once, and sent again
        set("kafka.server.ReplicaManager", Level.OFF);
    }

    private static void set(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
