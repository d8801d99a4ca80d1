package io.onlineem.demo;

import io.onlineem.config.Configuration;
import io.onlineem.em.EStep;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.hmm.HmmParameters;
import io.onlineem.observation.JsonObservationReader;
import io.onlineem.observation.ScoredRecord;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The states that were found in sequences, and how often the most likely one is the regime that a record came from. A state
 * stands for the regime that most of its records come from.
 *
 * @param <P> parameters of the model
 */
final class RegimeReport<P extends Parameters> {

    private static final String PATH = "path";

    private final List<ExampleRecord> records;
    private final List<ScoredRecord> posteriors;
    private final Results<P> results;
    private final Configuration configuration;
    private final Model<P> model;

    /** @param records those that were scored, in order */
    RegimeReport(
            List<ExampleRecord> records,
            List<ScoredRecord> posteriors,
            Results<P> results,
            Configuration configuration,
            Model<P> model) {
        this.records = records;
        this.posteriors = posteriors;
        this.results = results;
        this.configuration = configuration;
        this.model = model;
    }

    void print(PrintWriter out) {
        List<Integer> filtered = posteriors.stream()
                .map(record -> record.posterior().mostLikely())
                .toList();
        String[] names = names(filtered);
        out.println("STATES of version " + results.newest().version() + ", named after most of their records");
        out.println();
        print(out, "  %-12s%9s%11s   %s", "", "records", "lasts", "goes on to");
        double[][] transition = ((HmmParameters<?>) results.newest().parameters()).transition();
        for (int k = 0; k < names.length; k++) {
            int state = k;
            long count = filtered.stream().filter(other -> other == state).count();
            print(
                    out,
                    "  %-12s%8.1f%%%7.0f min   %s",
                    names[k],
                    100.0 * count / filtered.size(),
                    1 / (1 - transition[k][k]),
                    next(transition[k], k, names));
        }
        out.println();
        out.println("RIGHT, judged by the regimes that the generator was in");
        out.println();
        print(out, "  %-44s%5.1f%%", "each record by itself, without memory", agreement(alone(), names));
        print(out, "  %-44s%5.1f%%", "filtered: at once, with what came before", agreement(filtered, names));
        print(out, "  %-44s%5.1f%%", smoothedLabel(), smoothedAgreement(names));
    }

    private static String next(double[] row, int from, String[] names) {
        List<String> parts = new ArrayList<>();
        for (int j = 0; j < row.length; j++) {
            double share = row[j] / (1 - row[from]);
            if (j != from && share >= 0.05) {
                parts.add(String.format(Locale.ROOT, "%s %.0f%%", names[j], 100 * share));
            }
        }
        return String.join(", ", parts);
    }

    private String smoothedLabel() {
        return "most likely path, " + configuration.learning().blocks().lookAhead() + " records later or more";
    }

    /** The regime of most records of each state. */
    private String[] names(List<Integer> states) {
        List<Map<String, Integer>> counts = new ArrayList<>();
        for (int k = 0; k < model.components(); k++) {
            counts.add(new TreeMap<>());
        }
        for (int i = 0; i < states.size(); i++) {
            counts.get(states.get(i)).merge(records.get(i).label(), 1, Integer::sum);
        }
        return counts.stream()
                .map(count -> count.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse("-"))
                .toArray(String[]::new);
    }

    /** The states of records with the newest parameters, each as if it were a sequence of its own. */
    private List<Integer> alone() {
        JsonObservationReader reader = new JsonObservationReader(
                configuration.input().fields(),
                configuration.input().weight(),
                Optional.empty(),
                configuration.input().maxBytes());
        EStep eStep = model.eStep(results.newest().parameters());
        Observations observations = new Observations();
        List<Integer> states = new ArrayList<>();
        for (ExampleRecord record : records) {
            reader.read(record.json().getBytes(StandardCharsets.UTF_8), observations);
            Posterior posterior = eStep.score(observations, observations.size() - 1, new double[model.memoryLength()]);
            states.add(posterior.mostLikely());
        }
        return states;
    }

    private double agreement(List<Integer> states, String[] names) {
        int right = 0;
        for (int i = 0; i < states.size(); i++) {
            right += names[states.get(i)].equals(records.get(i).label()) ? 1 : 0;
        }
        return 100.0 * right / states.size();
    }

    private double smoothedAgreement(String[] names) {
        Map<String, Integer> positions = new HashMap<>();
        int right = 0;
        int all = 0;
        for (ExampleRecord record : records) {
            int position = positions.merge(record.key(), 1, Integer::sum) - 1;
            List<ScoredRecord> smoothed = results.smoothed(record.key());
            if (position < smoothed.size()) {
                double state = smoothed.get(position).posterior().outputs().number(PATH);
                right += names[(int) state].equals(record.label()) ? 1 : 0;
                all++;
            }
        }
        return 100.0 * right / all;
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
