package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Five sensors of ten pumps that idle, run and run hard, each for a while. Readings get lost: one in twelve, and one pump
 * has no flow meter at all. One reading in two hundred shows a fault: a worn bearing, a leak, a blocked outlet, a sensor
 * that is stuck.
 */
final class TelemetryStream {

    private static final double FAULT = 0.005;
    private static final double LOST = 0.08;
    private static final int PUMPS = 10;
    private static final double CHANGE = 0.02;

    /** Load of a pump that idles, runs and runs hard. */
    private static final double[] LOADS = {0.05, 0.6, 0.95};

    private final Draws draws;
    private final int[] regimes = new int[PUMPS];

    private TelemetryStream(long seed) {
        draws = new Draws(seed);
    }

    static List<ExampleRecord> generate(int records, long seed) {
        TelemetryStream stream = new TelemetryStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.reading(i % PUMPS));
        }
        return generated;
    }

    private ExampleRecord reading(int pump) {
        if (draws.chance(CHANGE)) {
            regimes[pump] = draws.weighted(0.25, 0.5, 0.25);
        }
        double load = LOADS[regimes[pump]] + draws.normal(0, 0.04);
        double temperature = 38 + 34 * load + draws.normal(0, 1.5);
        double pressure = 1.2 + 5.5 * load + draws.normal(0, 0.12);
        double vibration = 0.8 + 2.6 * load + draws.normal(0, 0.18);
        double current = 3 + 21 * load + draws.normal(0, 0.6);
        double flow = 62 * load + draws.normal(0, 1.8);
        String fault = "";
        boolean running = regimes[pump] > 0;
        if (running && draws.chance(FAULT / 0.75)) {
            switch (draws.below(4)) {
                case 0 -> {
                    fault = "worn bearing";
                    vibration *= draws.between(1.7, 2.4);
                    temperature += draws.between(3, 8);
                }
                case 1 -> {
                    fault = "leak";
                    pressure -= draws.between(1.2, 2);
                    flow += draws.between(6, 14);
                }
                case 2 -> {
                    fault = "blocked outlet";
                    pressure += draws.between(1, 2);
                    flow *= draws.between(0.3, 0.6);
                    current += draws.between(1, 3);
                }
                default -> {
                    fault = "stuck sensor";
                    temperature = 24;
                }
            }
        }
        String name = String.format(Locale.ROOT, "pump-%d", pump);
        String json = "{\"pump\":\"" + name + '"'
                + sensor("temperature", temperature, fault)
                + sensor("pressure", pressure, fault)
                + sensor("vibration", vibration, fault)
                + sensor("current", current, fault)
                + (pump == 7 ? "" : sensor("flow", flow, fault))
                + '}';
        return new ExampleRecord(name, json, fault);
    }

    /** A property, absent or null now and then; the readings that show a fault do arrive. */
    private String sensor(String name, double value, String fault) {
        if (fault.isEmpty() && draws.chance(LOST)) {
            return draws.chance(0.5) ? "" : ",\"" + name + "\":null";
        }
        return String.format(Locale.ROOT, ",\"%s\":%.3f", name, value);
    }
}
