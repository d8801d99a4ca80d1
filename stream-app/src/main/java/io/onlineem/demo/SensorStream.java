package io.onlineem.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Eight tanks whose level wanders. Every minute a gauge tells it roughly, and a sonar better, unless foam swallows its echo. The
 * label of a record is the level itself.
 */
final class SensorStream {

    /** Standard deviations, in centimetres. */
    static final double MOVES = 0.4;

    static final double GAUGE = 2.5;
    static final double SONAR = 1.0;

    private static final int TANKS = 8;
    private static final double LOST = 0.4;
    private static final double FULL = 400;

    private final Draws draws;
    private final double[] levels = new double[TANKS];

    private SensorStream(long seed) {
        draws = new Draws(seed);
        for (int i = 0; i < TANKS; i++) {
            levels[i] = draws.between(FULL / 4, FULL);
        }
    }

    static List<ExampleRecord> generate(int records, long seed) {
        SensorStream stream = new SensorStream(seed);
        List<ExampleRecord> generated = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            generated.add(stream.minute(i % TANKS));
        }
        return generated;
    }

    private ExampleRecord minute(int tank) {
        levels[tank] = draws.normal(levels[tank], MOVES);
        double level = levels[tank];
        double gauge = draws.normal(level, GAUGE);
        double sonar = draws.normal(level, SONAR);
        String echo = draws.chance(LOST) ? "" : String.format(Locale.ROOT, ",\"sonar\":%.2f", sonar);
        return new ExampleRecord(
                "tank-" + tank,
                String.format(Locale.ROOT, "{\"gauge\":%.1f%s}", gauge, echo),
                String.format(Locale.ROOT, "%.3f", level));
    }
}
