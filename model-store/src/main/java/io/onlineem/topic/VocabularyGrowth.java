package io.onlineem.topic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * New words in a vocabulary that grows: into free places first, then into those of lighter words.
 *
 * @param topics K
 * @param room most words
 * @param candidates most words that are watched from outside
 */
record VocabularyGrowth(int topics, int room, int candidates) {

    private record Place(int index, String word, double weight) {}

    /**
     * The vocabulary and the candidates after a mini-batch.
     *
     * @param statistics mean statistics, whose places are set for the words that enter
     * @param newWords words outside of the vocabulary that were met, and their blended mean counts
     * @param decay what counts from before are multiplied by
     */
    LdaParameters grow(LdaParameters current, List<double[]> statistics, Map<String, Double> newWords, double decay) {
        List<String> words = new ArrayList<>(current.vocabulary().words());
        Candidates watched = current.candidates();
        if (words.size() < room) {
            Map<String, Double> left = new TreeMap<>(newWords);
            heaviestFirst(newWords).stream().limit(room - words.size()).forEach(word -> {
                place(statistics, words.size(), newWords.get(word));
                words.add(word);
                left.remove(word);
            });
            watched = watched.after(left, decay, candidates);
        } else {
            watched = watched.after(newWords, decay, candidates);
        }
        watched = exchange(words, watched, statistics);
        Vocabulary vocabulary =
                words.equals(current.vocabulary().words()) ? current.vocabulary() : new Vocabulary(words);
        return new LdaParameters(vocabulary, current.alpha(), current.wordCounts(), current.documents(), watched);
    }

    private static List<String> heaviestFirst(Map<String, Double> weights) {
        List<String> words = new ArrayList<>(weights.keySet());
        words.sort(Comparator.comparing((String word) -> weights.get(word))
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
        return words;
    }

    /** Candidates that are certainly heavier than the lightest words take their places. */
    private Candidates exchange(List<String> words, Candidates watched, List<double[]> statistics) {
        List<Candidates.Entry> entering = watched.entries().stream()
                .sorted(Comparator.comparingDouble(Candidates.Entry::certain)
                        .reversed()
                        .thenComparing(Candidates.Entry::word))
                .toList();
        if (entering.isEmpty() || words.isEmpty()) {
            return watched;
        }
        PriorityQueue<Place> lightest = new PriorityQueue<>(
                Comparator.comparingDouble(Place::weight).thenComparing(Place::word, Comparator.reverseOrder()));
        for (int w = 0; w < words.size(); w++) {
            lightest.add(new Place(w, words.get(w), weight(statistics.get(0), w)));
        }
        Candidates left = watched;
        for (Candidates.Entry entry : entering) {
            Place place = lightest.peek();
            if (place == null || entry.certain() <= place.weight()) {
                break;
            }
            lightest.remove();
            words.set(place.index(), entry.word());
            place(statistics, place.index(), entry.certain());
            left = left.without(entry).with(new Candidates.Entry(place.word(), place.weight(), 0));
        }
        return left;
    }

    private double weight(double[] statistics, int word) {
        double weight = 0;
        for (int k = 0; k < topics; k++) {
            weight += statistics[word * topics + k];
        }
        return weight;
    }

    /** Gives a place to a word that weighs so much, over the topics as all words are. */
    private void place(List<double[]> statistics, int word, double weight) {
        for (double[] each : statistics) {
            double[] ofTopics = new double[topics];
            double total = 0;
            for (int i = 0; i < topics * room; i++) {
                ofTopics[i % topics] += each[i];
                total += each[i];
            }
            for (int k = 0; k < topics; k++) {
                each[word * topics + k] = weight * (total > 0 ? ofTopics[k] / total : 1.0 / topics);
            }
        }
    }
}
