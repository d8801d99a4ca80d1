package io.onlineem.demo;

import io.onlineem.config.Configuration;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.statespace.StateSpaceParameters;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How noisy sensors were found to be, and how far from what they measure each account of it is. */
final class SensorReport {

    /** Half the width of an interval in which 95 of 100 records are to be, in standard deviations. */
    private static final double WIDTH = 1.96;

    private static final String MEAN = "mean";

    private final List<ExampleRecord> records;
    private final List<ScoredRecord> posteriors;
    private final Results<?> results;
    private final Configuration configuration;

    /** @param records those that were scored, in order */
    SensorReport(
            List<ExampleRecord> records,
            List<ScoredRecord> posteriors,
            Results<?> results,
            Configuration configuration) {
        this.records = records;
        this.posteriors = posteriors;
        this.results = results;
        this.configuration = configuration;
    }

    /** A mean of squares. */
    private static final class MeanSquare {
        private double sum;
        private int count;

        void add(double error) {
            if (!Double.isNaN(error)) {
                sum += error * error;
                count++;
            }
        }

        double root() {
            return Math.sqrt(sum / count);
        }
    }

    void print(PrintWriter out) {
        List<String> features = configuration.model().spec().features();
        StateSpaceParameters parameters =
                (StateSpaceParameters) results.newest().parameters();
        out.println("NOISE of version " + results.newest().version() + ", standard deviations in centimetres");
        out.println();
        print(out, "  %-24s%9s%9s", "", "learned", "true");
        print(out, "  %-24s%9.2f%9.2f", "level, in a minute", root(parameters.processNoise(), 0), SensorStream.MOVES);
        double[] truth = {SensorStream.GAUGE, SensorStream.SONAR};
        for (int i = 0; i < features.size(); i++) {
            print(out, "  %-24s%9.2f%9.2f", features.get(i), root(parameters.observationNoise(), i), truth[i]);
        }
        out.println();
        out.println("ERROR of the level, root mean square in centimetres, judged by the generator's");
        out.println();
        Observations read = read();
        for (int i = 0; i < features.size(); i++) {
            MeanSquare error = new MeanSquare();
            for (int j = 0; j < records.size(); j++) {
                error.add(read.value(j, i) - level(records.get(j)));
            }
            print(out, "  %-46s%7.2f", features.get(i) + " by itself, where it reports", error.root());
        }
        print(out, "  %-46s%7.2f", "filtered: at once, with what came before", filteredError());
        print(
                out,
                "  %-46s%7.2f",
                "smoothed: " + configuration.learning().blocks().lookAhead() + " records later or more",
                smoothedError());
        out.println();
        print(
                out,
                "%.1f %% of the readings were within %.2f standard deviations of what was predicted; 95 %% should be.",
                coverage(read),
                WIDTH);
    }

    private static double root(double[][] covariance, int i) {
        return Math.sqrt(covariance[i][i]);
    }

    private static double level(ExampleRecord record) {
        return Double.parseDouble(record.label());
    }

    private Observations read() {
        JsonObservationReader reader = new JsonObservationReader(
                configuration.input().fields(),
                configuration.input().weight(),
                Optional.empty(),
                configuration.input().maxBytes());
        Observations read = new Observations();
        records.forEach(record -> reader.read(record.json().getBytes(StandardCharsets.UTF_8), read));
        return read;
    }

    private double filteredError() {
        MeanSquare error = new MeanSquare();
        for (int i = 0; i < records.size(); i++) {
            error.add(mean(posteriors.get(i)) - level(records.get(i)));
        }
        return error.root();
    }

    private double smoothedError() {
        Map<String, Integer> positions = new HashMap<>();
        MeanSquare error = new MeanSquare();
        for (ExampleRecord record : records) {
            int position = positions.merge(record.key(), 1, Integer::sum) - 1;
            List<ScoredRecord> smoothed = results.smoothed(record.key());
            if (position < smoothed.size()) {
                error.add(mean(smoothed.get(position)) - level(record));
            }
        }
        return error.root();
    }

    /** The level; {@code NaN} where a sequence has not told it yet. */
    private static double mean(ScoredRecord scored) {
        Fields outputs = scored.posterior().outputs();
        return outputs.has(MEAN) ? outputs.vector(MEAN, 1)[0] : Double.NaN;
    }

    private double coverage(Observations read) {
        int width = configuration.model().spec().features().size();
        int within = 0;
        int all = 0;
        for (int i = 0; i < records.size(); i++) {
            Fields outputs = posteriors.get(i).posterior().outputs();
            if (!outputs.has("predictionDeviation")) {
                continue;
            }
            double[] prediction = outputs.vector("prediction", width);
            double[] deviation = outputs.vector("predictionDeviation", width);
            for (int j = 0; j < width; j++) {
                double miss = Math.abs(read.value(i, j) - prediction[j]);
                if (!Double.isNaN(miss)) {
                    within += miss <= WIDTH * deviation[j] ? 1 : 0;
                    all++;
                }
            }
        }
        return 100.0 * within / all;
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
