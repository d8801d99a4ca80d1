package io.onlineem.it;

import io.onlineem.demo.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;

/** A broker with time-outs that are short enough for tests; ends with the process that started it. */
final class BrokerMain {

    static final String READY = "ready ";

    private BrokerMain() {}

    /** Arguments: port and log directory. */
    public static void main(String[] arguments) throws IOException {
        EmbeddedBroker broker = EmbeddedBroker.builder()
                .port(Integer.parseInt(arguments[0]))
                .logDirectory(Path.of(arguments[1]))
                .property("group.min.session.timeout.ms", "1000")
                .property("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500")
                .start();
        System.out.println(READY + broker.bootstrapServers());
        while (System.in.read() >= 0) {
            // until whoever started this process is gone
        }
        broker.close();
    }
}
