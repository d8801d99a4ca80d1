package io.onlineem.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One core, E-step plus statistics: records per second of the engine, in turns with the native ceiling. Each takes the best
 * of its passes, so that what else the machine does counts for neither.
 */
final class EngineBench {

    /** As many as the native program has. */
    static final int RECORDS = 400_000;

    private static final int PASSES = 5;

    /** Width and components. */
    private static final int[][] SIZES = {{1, 2}, {4, 8}, {16, 16}, {32, 8}};

    private static final List<Column> COLUMNS = List.of(
            new Column("dimensions", "d", "%d"),
            new Column("components", "K", "%d"),
            new Column("nativeRecordsPerSecond", "native rec/s", "%,.0f"),
            new Column("passRecordsPerSecond", "one pass rec/s", "%,.0f"),
            new Column("passRatio", "ratio", "%.2f"),
            new Column("miniBatchRecordsPerSecond", "mini-batches rec/s", "%,.0f"),
            new Column("miniBatchRatio", "ratio", "%.2f"));

    private final int records;
    private final int rounds;
    private final Progress progress;

    EngineBench(int records, int rounds, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() throws IOException, InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        try (NativeCeiling ceiling =
                NativeCeiling.compile("em_limit.c", progress).orElse(null)) {
            for (int[] size : SIZES) {
                rows.add(measure(size[0], size[1], ceiling));
            }
        }
        return new Section(
                "engine",
                "Engine: one core, E-step and statistics, full covariances",
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d records; best of %d passes in each of %d turns; native: em_limit.c, cc -O3"
                                        + " -march=native -ffast-math",
                                records,
                                PASSES,
                                rounds),
                        "one pass: the E-step is prepared once; target: ratio at least 0.33, aim 0.5",
                        "mini-batches: prepared anew for every " + EngineWorkload.MINI_BATCH
                                + " records, as online; the native program never prepares"));
    }

    private List<Object> measure(int width, int components, NativeCeiling ceiling)
            throws IOException, InterruptedException {
        progress.say("engine d=" + width + " K=" + components);
        EngineWorkload workload = new EngineWorkload(width, components, records);
        Turns.Rates rates = new Turns(workload.records(), PASSES, rounds)
                .measure(ceiling, new int[] {width, components}, List.of(workload::pass, workload::miniBatches));
        List<Object> row = new ArrayList<>(List.of(width, components));
        row.add(rates.nativeOf(0));
        row.add(rates.of(0));
        row.add(rates.ratio(0));
        row.add(rates.of(1));
        row.add(rates.ratio(1));
        return row;
    }
}
