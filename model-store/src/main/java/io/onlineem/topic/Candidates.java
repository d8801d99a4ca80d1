package io.onlineem.topic;

import io.onlineem.em.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Words outside of a full vocabulary that may be heavy enough to enter it: a Space-Saving summary (Metwally, Agrawal and El
 * Abbadi 2005) of mean counts per document that age as the statistics do (Cormode, Korn and Tirthapura 2008). A word that
 * is new takes the place of the lightest, and its weight as an error: no word is missed that is heavier than all of them
 * over their number. Immutable.
 *
 * @param entries heaviest first
 */
record Candidates(List<Entry> entries) {

    private static final Comparator<Entry> HEAVIEST_FIRST =
            Comparator.comparingDouble(Entry::weight).reversed().thenComparing(Entry::word);

    static final Candidates NONE = new Candidates(List.of());

    /**
     * A word.
     *
     * @param weight mean count per document, at most; blended
     * @param error by how much that may be too much
     */
    record Entry(String word, double weight, double error) {

        /** What it weighs at least. */
        double certain() {
            return weight - error;
        }
    }

    /** Sorts. */
    Candidates {
        entries = entries.stream().sorted(HEAVIEST_FIRST).toList();
    }

    /**
     * The same after a mini-batch.
     *
     * @param met mean counts of words, blended as theirs are
     * @param decay what the older counts are multiplied by
     * @param room most of them
     */
    Candidates after(Map<String, Double> met, double decay, int room) {
        Map<String, Entry> next = new TreeMap<>();
        for (Entry entry : entries) {
            next.put(
                    entry.word(),
                    new Entry(
                            entry.word(),
                            decay * entry.weight() + met.getOrDefault(entry.word(), 0.0),
                            decay * entry.error()));
        }
        List<Entry> all = new ArrayList<>(next.values());
        List<Entry> fresh = new ArrayList<>();
        met.forEach((word, weight) -> {
            if (!next.containsKey(word)) {
                fresh.add(new Entry(word, weight, 0));
            }
        });
        all.sort(HEAVIEST_FIRST);
        fresh.sort(HEAVIEST_FIRST);
        for (Entry entry : fresh) {
            if (all.size() < room) {
                all.add(entry);
            } else if (room > 0) {
                // those that came in this mini-batch stand behind the last of those that were there
                Entry lightest = all.remove(all.size() - 1);
                double weight = lightest.weight() + entry.weight();
                insert(all, new Entry(entry.word(), weight, lightest.weight()));
            }
        }
        return new Candidates(all);
    }

    private static void insert(List<Entry> sorted, Entry entry) {
        int at = sorted.size();
        while (at > 0 && HEAVIEST_FIRST.compare(entry, sorted.get(at - 1)) < 0) {
            at--;
        }
        sorted.add(at, entry);
    }

    Candidates with(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new Candidates(more);
    }

    Candidates without(Entry entry) {
        List<Entry> fewer = new ArrayList<>(entries);
        fewer.remove(entry);
        return new Candidates(fewer);
    }

    Fields fields() {
        return new Fields()
                .with("words", entries.stream().map(Entry::word).toArray(String[]::new))
                .with("weights", entries.stream().mapToDouble(Entry::weight).toArray())
                .with("errors", entries.stream().mapToDouble(Entry::error).toArray());
    }

    /**
     * The inverse of {@link #fields()}.
     *
     * @throws IllegalArgumentException if a field is missing, misshapen or invalid
     */
    static Candidates read(Fields fields) {
        List<String> words = fields.texts("words");
        double[] weights = fields.vector("weights", words.size());
        double[] errors = fields.vector("errors", words.size());
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (!(errors[i] >= 0 && weights[i] >= errors[i] && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("candidate '" + words.get(i) + "' has the weight " + weights[i]
                        + " and the error " + errors[i]
                        + "; expected a weight of at least the error, and that of at least"
                        + " 0");
            }
            entries.add(new Entry(words.get(i), weights[i], errors[i]));
        }
        return new Candidates(entries);
    }
}
