package io.onlineem.bench;

import io.onlineem.em.Blocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

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
    private double sink;

    HmmBench(int records, int rounds, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.progress = progress;
    }

    Section run() throws IOException, InterruptedException {
        List<List<Object>> rows = new ArrayList<>();
        Optional<NativeCeiling> ceiling = NativeCeiling.compile("hmm_limit.c", progress);
        try {
            for (int[] size : SIZES) {
                rows.add(measure(size[0], size[1], ceiling.orElse(null)));
            }
        } finally {
            if (ceiling.isPresent()) {
                ceiling.get().close();
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
        List<DoubleSupplier> subjects = List.of(workload::filter, workload::learn, workload::pass);
        double[] rates = new double[subjects.size()];
        double[] natives = new double[2];
        subjects.forEach(this::best);
        for (int round = 0; round < rounds; round++) {
            if (ceiling != null) {
                List<Double> measured = ceiling.recordsPerSecond(
                        width, states, Blocks.DEFAULTS.length(), Blocks.DEFAULTS.lookAhead(), records);
                Arrays.setAll(natives, i -> Math.max(natives[i], measured.get(i)));
            }
            Arrays.setAll(rates, i -> Math.max(rates[i], best(subjects.get(i))));
        }
        List<Object> row = new ArrayList<>(List.of(width, states));
        for (int i = 0; i < natives.length; i++) {
            row.add(ceiling == null ? null : natives[i]);
            row.add(rates[i]);
            row.add(ceiling == null ? null : rates[i] / natives[i]);
        }
        row.add(rates[2]);
        return row;
    }

    /** Records per second of the best pass. */
    private double best(DoubleSupplier work) {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < PASSES; i++) {
            long begin = System.nanoTime();
            sink += work.getAsDouble();
            shortest = Math.min(shortest, System.nanoTime() - begin);
        }
        if (Double.isNaN(sink)) {
            throw new IllegalStateException("the log-likelihood is NaN");
        }
        return records * 1e9 / shortest;
    }
}
