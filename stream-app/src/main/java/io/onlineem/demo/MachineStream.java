package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Twelve machines, each idle, milling, drilling or drilling with a worn tool, for a while. Every minute comes its power, its
 * vibration and the number of parts finished; a single record often says little of what the machine is doing.
 */
final class MachineStream {

    private static final int MACHINES = 12;
    private static final String[] REGIMES = {"idle", "milling", "drilling", "worn tool"};

    /** Of a minute: the chance that the regime ends. */
    private static final double[] ENDS = {0.03, 0.02, 0.02, 0.03};

    /** What follows a regime, in proportion. */
    private static final double[][] FOLLOWS = {{0, 3, 2, 0}, {2, 0, 2, 0}, {1, 1, 0, 2}, {1, 0, 0, 0}};

    private static final double[] POWER = {1.0, 4.0, 5.4, 6.6};
    private static final double[] VIBRATION = {0.5, 1.6, 2.2, 3.1};
    private static final double[] PARTS = {0.1, 2.5, 5.0, 2.0};

    private final Draws draws;
    private final int[] regimes = new int[MACHINES];

    private MachineStream(long seed) {
        draws = new Draws(seed);
    }

    static List<ExampleRecord> generate(int records, long seed) {
        MachineStream stream = new MachineStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.minute(i % MACHINES));
        }
        return generated;
    }

    private ExampleRecord minute(int machine) {
        int regime = regimes[machine];
        if (draws.chance(ENDS[regime])) {
            regime = draws.weighted(FOLLOWS[regime]);
            regimes[machine] = regime;
        }
        String json = String.format(
                Locale.ROOT,
                "{\"power\":%.2f,\"vibration\":%.2f,\"parts\":%d}",
                draws.normal(POWER[regime], 0.9),
                draws.normal(VIBRATION[regime], 0.5),
                draws.poisson(PARTS[regime]));
        return new ExampleRecord("machine-" + machine, json, REGIMES[regime]);
    }
}
