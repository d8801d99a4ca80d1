package io.onlineem.bench;

import io.onlineem.em.Blocks;
import io.onlineem.statespace.Presets;
import io.onlineem.statespace.StateSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One core, Kalman filters: records per second of the filter, and of the filter with learning in blocks, in turns with a C
 * program. Each takes the best of its passes.
 */
final class KalmanBench {

    static final int RECORDS = 200_000;

    private static final int PASSES = 5;

    private static final List<Column> COLUMNS = List.of(
            new Column("states", "states", "%d"),
            new Column("dimensions", "d", "%d"),
            new Column("missing", "missing", "%.2f"),
            new Column("nativeFilterRecordsPerSecond", "native filter rec/s", "%,.0f"),
            new Column("filterRecordsPerSecond", "filter rec/s", "%,.0f"),
            new Column("filterRatio", "ratio", "%.2f"),
            new Column("nativeLearnRecordsPerSecond", "native filter and learn rec/s", "%,.0f"),
            new Column("learnRecordsPerSecond", "filter and learn rec/s", "%,.0f"),
            new Column("learnRatio", "ratio", "%.2f"),
            new Column("passRecordsPerSecond", "batch pass rec/s", "%,.0f"));

    private final int records;
    private final int rounds;
    private final Progress progress;

    KalmanBench(int records, int rounds, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() throws IOException, InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        try (NativeCeiling ceiling =
                NativeCeiling.compile("kalman_limit.c", progress).orElse(null)) {
            for (StateSpace model : List.of(
                    Presets.localLevel(1).build(),
                    Presets.constantVelocity(2, 1).build())) {
                for (double missing : new double[] {0, 0.1}) {
                    rows.add(measure(model, missing, ceiling));
                }
            }
        }
        return new Section(
                "kalman",
                "Kalman filters: one core, a local level and constant velocity",
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d records of one sequence; best of %d passes in each of %d turns; native: kalman_limit.c,"
                                        + " cc -O3 -march=native -ffast-math, nothing missing",
                                records,
                                PASSES,
                                rounds),
                        "filter and learn: each record filtered as it comes, then smoothed in blocks of "
                                + Blocks.DEFAULTS.length() + " with " + Blocks.DEFAULTS.lookAhead()
                                + " of look-ahead; here new parameters every 256 records, in the native program never"));
    }

    private List<Object> measure(StateSpace model, double missing, NativeCeiling ceiling)
            throws IOException, InterruptedException {
        progress.say("kalman states=" + model.states() + " d=" + model.width() + " missing=" + missing);
        KalmanWorkload workload = new KalmanWorkload(model, missing, records);
        Turns.Rates rates = new Turns(records, PASSES, rounds)
                .measure(
                        ceiling,
                        new int[] {
                            model.states(),
                            model.width(),
                            Blocks.DEFAULTS.length(),
                            Blocks.DEFAULTS.lookAhead(),
                            records
                        },
                        List.of(workload::filter, workload::learn, workload::pass));
        List<Object> row = new ArrayList<>(List.of(model.states(), model.width(), missing));
        rates.addTo(row, 2);
        row.add(rates.of(2));
        return row;
    }
}
