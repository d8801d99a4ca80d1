package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Four servers behind one balancer, every five minutes for three weeks: requests, use of the processor, latency and use of
 * memory, which all follow the time of day. Now and then a server has a fault that lasts for one or two hours.
 */
final class ServerStream {

    private static final int SERVERS = 4;
    private static final double FAULT = 0.0025;

    /** Records until there may be faults: what is usual has to be seen first. */
    private static final int CALM = 2000;

    /** Records between two faults of a server, at least. */
    private static final int APART = 60;

    /** Records in a day. */
    private static final double DAY = 288;

    private final Draws draws;
    private final List<Server> servers =
            Stream.generate(Server::new).limit(SERVERS).toList();

    /** A server, and the fault that it has or had last. */
    private static final class Server {
        private String fault = "";
        private double severity;
        private int begin;
        private int end = CALM - APART;
    }

    private ServerStream(long seed) {
        draws = new Draws(seed);
    }

    static List<ExampleRecord> generate(int records, long seed) {
        ServerStream stream = new ServerStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.record(i % SERVERS, i / SERVERS));
        }
        return generated;
    }

    private ExampleRecord record(int number, int time) {
        Server server = servers.get(number);
        if (time >= server.end + APART && draws.chance(FAULT)) {
            server.fault = draws.oneOf("runaway process", "slow disk", "memory leak", "retry storm");
            server.severity = draws.uniform();
            server.begin = time;
            server.end = time + 12 + draws.below(13);
        }
        String fault = time < server.end ? server.fault : "";
        double load = 0.5 + 0.35 * Math.sin(2 * Math.PI * time / DAY) + draws.normal(0, 0.03);
        double requests = draws.poisson(300 * load);
        double processor = 6 + 65 * load + draws.normal(0, 2.5);
        double latency = draws.logNormal(25 + 45 * load * load, 0.1);
        double memory = 40 + 22 * load + draws.normal(0, 1.5);
        switch (fault) {
            case "runaway process" -> processor += 20 + 15 * server.severity;
            case "slow disk" -> latency *= 2 + 2 * server.severity;
            case "memory leak" -> memory += (1 + server.severity) * (1 + time - server.begin);
            case "retry storm" -> {
                requests *= 1.6 + server.severity;
                latency *= 0.4;
                processor *= 0.5;
            }
            default -> {
                // as usual
            }
        }
        String name = String.format(Locale.ROOT, "web-%d", number + 1);
        String json = String.format(
                Locale.ROOT,
                "{\"server\":\"%s\",\"requests\":%.0f,\"cpu\":%.1f,\"latency\":%.1f,\"memory\":%.1f}",
                name,
                requests,
                Math.min(100, processor),
                latency,
                Math.min(100, memory));
        return new ExampleRecord(name, json, fault);
    }
}
