package io.onlineem.bench;

import io.onlineem.bench.Subject.Watched;
import io.onlineem.bench.Throughput.Observer;
import io.onlineem.bench.Throughput.Rate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What metrics and the live page cost end to end: the pipeline with them, by turns with the same pipeline without any. Each run
 * is divided by the mean of the runs without right before and after it.
 */
final class OverheadBench {

    private static final int WIDTH = 4;
    private static final int COMPONENTS = 8;
    private static final String INPUT = "bench-input";

    private static final List<Column> COLUMNS = List.of(
            new Column("watched", "watched", "%s"),
            new Column("recordsPerSecond", "rec/s", "%,.0f"),
            new Column("threadNanosPerRecord", "thread ns/rec", "%,.0f"),
            new Column("ratio", "ratio", "%.3f"),
            new Column("lowestRatio", "lowest", "%.3f"),
            new Column("highestRatio", "highest", "%.3f"),
            new Column("threadRatio", "ratio by thread time", "%.3f"));

    private final long records;
    private final int rounds;
    private final Progress progress;

    OverheadBench(long records, int rounds, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** A run, and its ratios to the runs around it. */
    private record Compared(Rate rate, double ratio, double threadRatio) {}

    Section run() throws Exception {
        Workload workload = new Workload(WIDTH, COMPONENTS);
        List<Rate> without = new ArrayList<>();
        Map<Watched, List<Compared>> with = new EnumMap<>(Watched.class);
        try (BenchBroker broker = BenchBroker.start()) {
            progress.say("overhead: writing " + records + " records");
            InputTopic.fill(broker, INPUT, records, workload, workload::key);
            Throughput throughput = new Throughput(broker, INPUT, records);
            for (Watched watched : Watched.values()) {
                measure(throughput, workload, watched, "warm-up");
            }
            Rate before = measure(throughput, workload, Watched.BARE, "round 1 of " + rounds);
            without.add(before);
            for (int round = 1; round <= rounds; round++) {
                for (Watched watched : List.of(Watched.COUNTED, Watched.SCRAPED, Watched.ON_PAGE)) {
                    String where = "round " + round + " of " + rounds;
                    Rate rate = measure(throughput, workload, watched, where);
                    Rate after = measure(throughput, workload, Watched.BARE, where);
                    without.add(after);
                    with.computeIfAbsent(watched, key -> new ArrayList<>()).add(compared(rate, before, after));
                    before = after;
                }
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        rows.add(row(Watched.BARE, without, List.of()));
        with.forEach((watched, compared) ->
                rows.add(row(watched, compared.stream().map(Compared::rate).toList(), compared)));
        return new Section(
                "overhead",
                "Overhead: the pipeline with metrics and the live page, beside the same without",
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d records, d = %d, mixture of %d, exactly once, one stream thread; medians of %d"
                                        + " alternated runs, the first fifth of each left out",
                                records,
                                WIDTH,
                                COMPONENTS,
                                rounds),
                        "ratio: to runs without metrics, HTTP and page, mean of those right before and after; target: at"
                                + " least 0.95 with all of it",
                        "scraped once a second, and the page open once, by clients in the same process: they are charged too"));
    }

    private static Compared compared(Rate rate, Rate before, Rate after) {
        return new Compared(
                rate,
                2 * rate.recordsPerSecond() / (before.recordsPerSecond() + after.recordsPerSecond()),
                (before.threadNanos() + after.threadNanos()) / (2 * rate.threadNanos()));
    }

    private static List<Object> row(Watched watched, List<Rate> rates, List<Compared> compared) {
        List<Object> row = new ArrayList<>();
        row.add(watched.label());
        row.add(Median.of(rates, Rate::recordsPerSecond));
        row.add(Median.of(rates, Rate::threadNanos));
        boolean none = compared.isEmpty();
        row.add(none ? null : Median.of(compared, Compared::ratio));
        row.add(
                none
                        ? null
                        : compared.stream().mapToDouble(Compared::ratio).min().getAsDouble());
        row.add(
                none
                        ? null
                        : compared.stream().mapToDouble(Compared::ratio).max().getAsDouble());
        row.add(none ? null : Median.of(compared, Compared::threadRatio));
        return row;
    }

    private Rate measure(Throughput throughput, Workload workload, Watched watched, String where) throws Exception {
        Rate rate = throughput.measure(Subject.watched(workload, watched), Observer.NONE);
        progress.say(String.format(
                Locale.ROOT,
                "overhead, %s: %s %,.0f records/s, %,.0f ns of the stream thread per record",
                where,
                watched.label(),
                rate.recordsPerSecond(),
                rate.threadNanos()));
        return rate;
    }
}
