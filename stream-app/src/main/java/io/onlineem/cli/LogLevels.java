package io.onlineem.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Levels of the log that differ from {@code logback.xml} for some commands. */
final class LogLevels {

    private LogLevels() {}

    /**
     * For a broker in this process: it warns of its own first start and of connections that it closes itself.
     *
     * @param ours the level of this program's own messages
     */
    static void besideABroker(Level ours) {
        set("io.onlineem", ours);
        set("org.apache.kafka.controller.QuorumController", Level.ERROR);
        set("org.apache.kafka.clients.NetworkClient", Level.ERROR);
    }

    /** For a demonstration, where Kafka's warnings of what it repairs itself would only puzzle. */
    static void duringADemo() {
        besideABroker(Level.WARN);
        // transactions that follow closely on each other are told to wait, and are sent again
        set("org.apache.kafka.clients.producer.internals.Sender", Level.ERROR);
        set("kafka.server.ReplicaManager", Level.OFF);
        // a default that Kafka means to change; StreamsBuilder warns of it before it has our properties
        set("org.apache.kafka.streams.StreamsConfig", Level.ERROR);
        // the state is meant to be temporary
        set("org.apache.kafka.streams.processor.internals.StateDirectory", Level.ERROR);
    }

    private static void set(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
