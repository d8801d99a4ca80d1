package io.onlineem.demo;

import io.onlineem.observation.ScoredRecord;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How many of the labelled anomalies the log-likelihood alone finds. */
final class AnomalyReport {

    /** Scored records on which the threshold is chosen. */
    private static final int CALIBRATION = 8000;

    private static final int SHOWN = 5;

    private final Example example;
    private final List<ExampleRecord> records;
    private final List<ScoredRecord> posteriors;

    /** @param records those that were scored, in order */
    AnomalyReport(Example example, List<ExampleRecord> records, List<ScoredRecord> posteriors) {
        this.example = example;
        this.records = records;
        this.posteriors = posteriors;
    }

    void print(PrintWriter out) {
        double[] logLikelihoods = posteriors.stream()
                .mapToDouble(record -> record.posterior().logLikelihood())
                .toArray();
        JudgedAlarms alarms = new JudgedAlarms(records, logLikelihoods, CALIBRATION, example.alarms());
        print(
                out,
                "THRESHOLD: log-likelihood %.2f, below which %.1f %% of the first %,d scored records are",
                alarms.threshold(),
                100 * example.alarms(),
                alarms.calibrated());
        out.println();
        print(out, "FOUND in the %,d records that followed", alarms.judged());
        out.println();
        alarms.byAnomaly().forEach((anomaly, counts) -> print(out, "  %-16s%4d of %4d", anomaly, counts[1], counts[0]));
        print(
                out,
                "  %-16s%4d of %4d",
                "false alarms",
                alarms.falseAlarms().size(),
                alarms.judged() - alarms.anomalies());
        out.println();
        print(out, "  precision %.3f   recall %.3f", alarms.precision(), alarms.recall());
        out.println();
        out.println("LEAST LIKELY");
        out.println();
        IntStream.range(0, logLikelihoods.length)
                .boxed()
                .sorted((a, b) -> Double.compare(logLikelihoods[a], logLikelihoods[b]))
                .limit(SHOWN)
                .forEach(i -> {
                    ExampleRecord record = records.get(i);
                    print(out, "  %9.2f  %s", logLikelihoods[i], record.isAnomaly() ? record.label() : "-");
                    print(out, "             %s", record.json());
                });
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
