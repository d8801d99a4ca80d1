package io.onlineem.demo;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.observation.ScoredRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Incidents, judged by labels. A fault is a run of records of one key with one label; an incident belongs to the faults that
 * have records of it.
 */
final class JudgedIncidents {

    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Fault> byIncident = new LinkedHashMap<>();

    /** A fault, and what was found of it. */
    static final class Fault {
        private final String key;
        private final String label;
        private final Set<String> incidents = new LinkedHashSet<>();
        private int records;
        private int unnoticed;

        private Fault(String key, String label) {
            this.key = key;
            this.label = label;
        }

        String key() {
            return key;
        }

        String label() {
            return label;
        }

        /** Records that it lasted. */
        int records() {
            return records;
        }

        /** Records of it before the first that belongs to an incident; all of them if none does. */
        int unnoticed() {
            return unnoticed;
        }

        /** Ids of the incidents that it was. */
        Set<String> incidents() {
            return incidents;
        }
    }

    /** @param records those that were scored, in order, with what was said of them */
    JudgedIncidents(List<ExampleRecord> records, List<ScoredRecord> posteriors) {
        Map<String, Fault> underWay = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            ExampleRecord record = records.get(i);
            Fault fault = underWay.get(record.key());
            if (!record.isAnomaly()) {
                fault = null;
            } else if (fault == null || !fault.label.equals(record.label())) {
                fault = new Fault(record.key(), record.label());
                faults.add(fault);
            }
            underWay.put(record.key(), fault);
            judge(fault, posteriors.get(i).anomaly());
        }
    }

    private void judge(Fault fault, Anomaly anomaly) {
        String incident = anomaly == null ? null : anomaly.incident();
        if (fault != null) {
            fault.records++;
            if (incident != null) {
                fault.incidents.add(incident);
            } else if (fault.incidents.isEmpty()) {
                fault.unnoticed++;
            }
        }
        if (incident != null && byIncident.get(incident) == null) {
            byIncident.put(incident, fault);
        }
    }

    /** In the order in which they began. */
    List<Fault> faults() {
        return faults;
    }

    /** The fault that an incident belongs to; null if it belongs to none, or is not known. */
    Fault fault(String incident) {
        return byIncident.get(incident);
    }

    /** Incidents that belong to no fault. */
    long falseAlarms() {
        return byIncident.values().stream().filter(fault -> fault == null).count();
    }

    /** Of the faults that were found, how many incidents each was, on average; {@code NaN} if none was. */
    double incidentsPerFault() {
        return faults.stream()
                .mapToInt(fault -> fault.incidents.size())
                .filter(count -> count > 0)
                .average()
                .orElse(Double.NaN);
    }

    /** Of the faults that were found, records before the first of an incident, on average; {@code NaN} if none was. */
    double delay() {
        return faults.stream()
                .filter(fault -> !fault.incidents.isEmpty())
                .mapToInt(Fault::unnoticed)
                .average()
                .orElse(Double.NaN);
    }

    /** How many faults of each kind there were, and how many were found. */
    Map<String, int[]> byLabel() {
        Map<String, int[]> counts = new TreeMap<>();
        for (Fault fault : faults) {
            int[] ofKind = counts.computeIfAbsent(fault.label, label -> new int[2]);
            ofKind[0]++;
            ofKind[1] += fault.incidents.isEmpty() ? 0 : 1;
        }
        return counts;
    }
}
