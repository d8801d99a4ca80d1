package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Requests to four services, counted over windows of five to fifteen seconds through twelve days: quiet nights, busy days,
 * a batch job every hour. One window in two hundred is an incident: an outage, a burst of errors, a slow database, a flood.
 */
final class RequestStream {

    private static final double INCIDENT = 0.005;
    private static final String[] SERVICES = {"cart", "login", "search", "stock"};
    private static final int DAYS = 12;

    private final Draws draws;

    private RequestStream(long seed) {
        draws = new Draws(seed);
    }

    static List<ExampleRecord> generate(int records, long seed) {
        RequestStream stream = new RequestStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.window(SERVICES[i % SERVICES.length], 24.0 * DAYS * i / records % 24));
        }
        return generated;
    }

    private ExampleRecord window(String service, double hour) {
        int seconds = draws.oneOf(5, 10, 10, 10, 15);
        boolean busy = hour > 7 && hour < 22;
        boolean batch = hour % 1 < 0.06;
        double rate = (busy ? 6 : 1.2) + (batch ? 14 : 0);
        double latency = draws.logNormal(batch ? 130 : busy ? 48 : 35, 0.18);
        double errorRate = 0.02 + (batch ? 0.05 : 0);
        String incident = "";
        if (busy && draws.chance(INCIDENT * 24 / 15)) {
            switch (draws.below(4)) {
                case 0 -> {
                    incident = "outage";
                    rate = 0.05;
                    errorRate = 0.5;
                    latency = draws.logNormal(900, 0.3);
                }
                case 1 -> {
                    incident = "errors";
                    errorRate = draws.between(1.2, 2.5);
                }
                case 2 -> {
                    incident = "slow";
                    latency *= draws.between(3.5, 6);
                }
                default -> {
                    incident = "flood";
                    rate *= draws.between(5, 8);
                    latency *= 1.5;
                }
            }
        }
        String json = String.format(
                Locale.ROOT,
                "{\"service\":\"%s\",\"seconds\":%d,\"requests\":%d,\"errors\":%d,\"latency\":%.1f}",
                service,
                seconds,
                draws.poisson(rate * seconds),
                draws.poisson(errorRate * seconds),
                latency);
        return new ExampleRecord(service, json, incident);
    }
}
