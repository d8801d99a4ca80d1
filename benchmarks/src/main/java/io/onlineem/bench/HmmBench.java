package io.onlineem.bench;

import io.onlineem.em.Blocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One core, hidden Markov models: records per second of the filter, and of the filter with learning in blocks, in turns with a C
 * program. Each takes the best of its passes, so that what else the machine does counts for neither.
 */
final class HmmBench {

    static final int RECORDS = 400_000;

    private static final int PASSES = 5;

    /** Width and states. */
    private static final int[][] SIZES = {{1, 2}, {4, 5}, {16, 16}};

    private static final List<Column> COLUMNS = List.of(
            new Column("dimensions", "d", "%d"),
            new Column("states", "K", "%d"),
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

    HmmBench(int records, int rounds, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() throws IOException, InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        try (NativeCeiling ceiling =
                NativeCeiling.compile("hmm_limit.c", progress).orElse(null)) {
            for (int[] size : SIZES) {
                rows.add(measure(size[0], size[1], ceiling));
            }
        }
        return new Section(
                "hmm",
                "Hidden Markov models: one core, Gaussians of full covariance",
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d records of one sequence; best of %d passes in each of %d turns; native: hmm_limit.c,"
                                        + " cc -O3 -march=native -ffast-math",
                                records,
                                PASSES,
                                rounds),
                        "filter and learn: each record filtered as it comes, then smoothed in blocks of "
                                + Blocks.DEFAULTS.length() + " with " + Blocks.DEFAULTS.lookAhead()
                                + " of look-ahead; here new parameters every 256 records, in the native program never"));
    }

    private List<Object> measure(int width, int states, NativeCeiling ceiling)
            throws IOException, InterruptedException {
        progress.say("hmm d=" + width + " K=" + states);
        HmmWorkload workload = new HmmWorkload(width, states, records);
        Turns.Rates rates = new Turns(records, PASSES, rounds)
                .measure(
                        ceiling,
                        new int[] {width, states, Blocks.DEFAULTS.length(), Blocks.DEFAULTS.lookAhead(), records},
                        List.of(workload::filter, workload::learn, workload::pass));
        List<Object> row = new ArrayList<>(List.of(width, states));
        rates.addTo(row, 2);
        row.add(rates.of(2));
        return row;
    }
}
