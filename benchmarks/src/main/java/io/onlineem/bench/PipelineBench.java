package io.onlineem.bench;

import io.onlineem.bench.Throughput.Observer;
import io.onlineem.bench.Throughput.Rate;
import io.onlineem.config.PosteriorContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * End to end on a real broker, with one stream thread, exactly once: online EM beside a copy of the same topic. Each run of
 * online EM is compared with the copies right before and after it, so that what else the machine does counts for both.
 */
final class PipelineBench {

    private static final int WIDTH = 4;
    private static final int COMPONENTS = 8;
    private static final int STATES = 5;
    private static final String INPUT = "bench-input";

    private static final List<Column> COLUMNS = List.of(
            new Column("posterior", "posterior", "%s"),
            new Column("recordsPerSecond", "rec/s", "%,.0f"),
            new Column("threadNanosPerRecord", "thread ns/rec", "%,.0f"),
            new Column("bytesPerRecord", "bytes/rec", "%.0f"),
            new Column("ratio", "ratio", "%.2f"),
            new Column("lowestRatio", "lowest", "%.2f"),
            new Column("highestRatio", "highest", "%.2f"),
            new Column("threadRatio", "ratio by thread time", "%.2f"));

    private final long records;
    private final int rounds;
    private final int sequences;
    private final Progress progress;

    /** @param sequences of a hidden Markov model; 0 for a mixture */
    PipelineBench(long records, int rounds, int sequences, Progress progress) {
        this.records = records;
        this.rounds = rounds;
        this.sequences = sequences;
        this.progress = progress;
    }

    private Workload workload() {
        return sequences == 0 ? new Workload(WIDTH, COMPONENTS) : new Workload(WIDTH, STATES, sequences);
    }

    /** A run, and its ratios to the copies around it. */
    private record Compared(Rate rate, double ratio, double threadRatio) {}

    Section run() throws Exception {
        Workload workload = workload();
        List<Rate> copies = new ArrayList<>();
        Map<Subject, List<Compared>> results = new LinkedHashMap<>();
        Subject copy = Subject.copy(workload);
        for (PosteriorContent content : PosteriorContent.values()) {
            results.put(Subject.shared(workload, content), new ArrayList<>());
        }
        try (BenchBroker broker = BenchBroker.start()) {
            progress.say("pipeline: writing " + records + " records");
            InputTopic.fill(broker, INPUT, records, workload, workload::key);
            Throughput throughput = new Throughput(broker, INPUT, records);
            for (Subject subject : results.keySet()) {
                measure(throughput, subject, "warm-up");
            }
            measure(throughput, copy, "warm-up");
            Rate before = measure(throughput, copy, "round 1 of " + rounds);
            copies.add(before);
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<Subject, List<Compared>> entry : results.entrySet()) {
                    String where = "round " + round + " of " + rounds;
                    Rate rate = measure(throughput, entry.getKey(), where);
                    Rate after = measure(throughput, copy, where);
                    copies.add(after);
                    entry.getValue()
                            .add(new Compared(
                                    rate,
                                    2
                                            * rate.recordsPerSecond()
                                            / (before.recordsPerSecond() + after.recordsPerSecond()),
                                    (before.threadNanos() + after.threadNanos()) / (2 * rate.threadNanos())));
                    before = after;
                }
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        rows.add(row("none: copy", copies, List.of()));
        results.forEach((subject, compared) -> rows.add(
                row(subject.label(), compared.stream().map(Compared::rate).toList(), compared)));
        return new Section(
                sequences == 0 ? "pipeline" : "sequences",
                "Pipeline: JSON in, posteriors out, exactly once, one stream thread, d = " + WIDTH
                        + (sequences == 0
                                ? ", mixture of " + COMPONENTS
                                : String.format(
                                        Locale.ROOT,
                                        ", hidden Markov model of %d states along %,d sequences",
                                        STATES,
                                        sequences)),
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d records through a real broker in the same process; medians of %d alternated"
                                        + " runs, the first fifth of each left out",
                                records,
                                rounds),
                        "ratio: to a topology that copies the topic unchanged, mean of the runs right before and after;"
                                + " target: full at least "
                                + (sequences == 0 ? "0.4, aim 0.5" : "0.35"),
                        "thread: processor time of the stream thread alone, which a busy machine disturbs least"));
    }

    private static List<Object> row(String label, List<Rate> rates, List<Compared> compared) {
        List<Object> row = new ArrayList<>();
        row.add(label);
        row.add(Median.of(rates, Rate::recordsPerSecond));
        row.add(Median.of(rates, Rate::threadNanos));
        row.add(Median.of(rates, Rate::bytesPerRecord));
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

    private Rate measure(Throughput throughput, Subject subject, String where) throws Exception {
        Rate rate = throughput.measure(subject, Observer.NONE);
        progress.say(String.format(
                Locale.ROOT,
                "pipeline, %s: %s %,.0f records/s, %,.0f ns of the stream thread per record",
                where,
                subject.label(),
                rate.recordsPerSecond(),
                rate.threadNanos()));
        return rate;
    }

    /** Where the stream thread spends its time, in a run with the whole posterior and in a copy. */
    Section profile() throws Exception {
        Workload workload = workload();
        try (BenchBroker broker = BenchBroker.start()) {
            progress.say("profile: writing " + records + " records");
            InputTopic.fill(broker, INPUT, records, workload, workload::key);
            Throughput throughput = new Throughput(broker, INPUT, records);
            return Profile.section(
                    profile(throughput, Subject.shared(workload, PosteriorContent.FULL)),
                    profile(throughput, Subject.copy(workload)));
        }
    }

    private Profile.Result profile(Throughput throughput, Subject subject) throws Exception {
        measure(throughput, subject, "warm-up");
        try (Profile profile = new Profile()) {
            Rate rate = throughput.measure(subject, profile);
            return profile.result(rate.threadNanos());
        }
    }
}
