package io.onlineem.demo;

import io.onlineem.anomaly.Incident;
import io.onlineem.observation.Alert;
import io.onlineem.observation.ReasonSentence;
import io.onlineem.observation.ScoredRecord;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which faults were incidents, how often somebody would have been called, and what the alerts said. */
final class IncidentReport {

    private static final int WIDTH = 96;

    private final JudgedIncidents judged;
    private final List<Alert> alerts;
    private final List<String> features;

    /**
     * @param records those that were scored, in order
     * @param alerts all that became of incidents, in order
     * @param features names of the values of a record
     */
    IncidentReport(
            List<ExampleRecord> records, List<ScoredRecord> posteriors, List<Alert> alerts, List<String> features) {
        this.judged = new JudgedIncidents(records, posteriors);
        this.alerts = alerts;
        this.features = features;
    }

    void print(PrintWriter out) {
        Map<String, List<Alert>> byIncident = new LinkedHashMap<>();
        for (Alert alert : alerts) {
            byIncident
                    .computeIfAbsent(alert.incident().id(), id -> new ArrayList<>())
                    .add(alert);
        }
        out.println("ALERTS: one of every kind of fault, as the topic of alerts tells of it");
        out.println();
        List<String> shown = new ArrayList<>();
        byIncident.forEach((id, told) -> {
            JudgedIncidents.Fault fault = judged.fault(id);
            if (fault != null && !shown.contains(fault.label())) {
                shown.add(fault.label());
                print(out, fault, told);
            }
        });
        out.println();
        print(out, "FOUND");
        out.println();
        judged.byLabel().forEach((label, counts) -> print(out, "  %-18s%4d of %4d", label, counts[1], counts[0]));
        print(out, "  %-18s%4d", "false alarms", judged.falseAlarms());
        out.println();
        print(out, "  alerts a fault %.2f   records until one opens %.1f", judged.incidentsPerFault(), judged.delay());
    }

    private void print(PrintWriter out, JudgedIncidents.Fault fault, List<Alert> told) {
        Incident last = told.get(told.size() - 1).incident();
        print(
                out,
                "  %s, a %s: %s, %d alarms in %d records, the worst 1 in %,.0f",
                last.id(),
                fault.label(),
                last.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                last.alarms(),
                last.records(),
                Double.valueOf(String.format(Locale.ROOT, "%.1e", 1 / last.peakProbability())));
        told.stream()
                .filter(alert -> alert.explanation() != null)
                .reduce((earlier, later) -> later)
                .ifPresent(alert -> wrapped(ReasonSentence.of(alert.explanation(), features))
                        .forEach(line -> print(out, "    %s", line)));
    }

    private static List<String> wrapped(String sentence) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split(" ", -1)) {
            if (line.length() + word.length() >= WIDTH - 4) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
