package io.onlineem.demo;

import io.onlineem.observation.ScoredRecord;
import io.onlineem.topic.LdaParameters;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The topics that were found in texts, and how often the largest one of a text is the subject that it was written about. A topic
 * stands for the subject of most of its texts.
 */
final class TopicReport {

    private static final int WORDS = 7;

    private final List<ExampleRecord> records;
    private final List<ScoredRecord> posteriors;
    private final LdaParameters parameters;
    private final long version;

    /** @param records those that were scored, in order */
    TopicReport(List<ExampleRecord> records, List<ScoredRecord> posteriors, LdaParameters parameters, long version) {
        this.records = records;
        this.posteriors = posteriors;
        this.parameters = parameters;
        this.version = version;
    }

    void print(PrintWriter out) {
        // the last third knows all subjects, and topics do not move much any more
        int from = posteriors.size() * 2 / 3;
        String[] names = names(from);
        print(out, "TOPICS of version %d, named after most of their messages", version);
        out.println();
        print(out, "  %-14s%9s   %s", "", "messages", "words");
        for (int k = 0; k < names.length; k++) {
            print(
                    out,
                    "  %-14s%8.1f%%   %s",
                    names[k],
                    100 * share(k, from),
                    String.join(" ", parameters.topWords(k, WORDS)));
        }
        out.println();
        print(
                out,
                "RIGHT  %.1f%% of the last %,d messages, judged by what they were written about",
                agreement(names, from),
                posteriors.size() - from);
    }

    private int topic(int index) {
        return posteriors.get(index).posterior().mostLikely();
    }

    private double share(int topic, int from) {
        int count = 0;
        for (int i = from; i < posteriors.size(); i++) {
            count += topic(i) == topic ? 1 : 0;
        }
        return (double) count / (posteriors.size() - from);
    }

    private String[] names(int from) {
        List<Map<String, Integer>> counts = new ArrayList<>();
        for (int k = 0; k < parameters.topics(); k++) {
            counts.add(new TreeMap<>());
        }
        for (int i = from; i < posteriors.size(); i++) {
            counts.get(topic(i)).merge(records.get(i).label(), 1, Integer::sum);
        }
        return counts.stream()
                .map(count -> count.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse("-"))
                .toArray(String[]::new);
    }

    private double agreement(String[] names, int from) {
        int right = 0;
        for (int i = from; i < posteriors.size(); i++) {
            right += names[topic(i)].equals(records.get(i).label()) ? 1 : 0;
        }
        return 100.0 * right / (posteriors.size() - from);
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
