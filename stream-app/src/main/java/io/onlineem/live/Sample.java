package io.onlineem.live;

import io.onlineem.em.Observations;
import io.onlineem.observation.ScoredRecord;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A scored record that is kept to be shown.
 *
 * @param number grows with every sample of this instance
 * @param key its sequence, or else its key; empty if it has none
 * @param timestamp in milliseconds
 * @param values what the model saw, the first {@value #MOST_VALUES}; {@code NaN} is missing; none of a document
 * @param texts the texts behind values that stand for some, otherwise null; null if there are none
 * @param words of a document: its words with how often they occur, the first {@value #MOST_WORDS}; otherwise null
 * @param gap whether records of its sequence came before it that were not kept, after one that was
 * @param scored what the model said of it
 */
record Sample(
        long number,
        String key,
        long timestamp,
        double[] values,
        String[] texts,
        Map<String, Double> words,
        boolean gap,
        ScoredRecord scored) {

    static final int MOST_VALUES = 64;
    static final int MOST_WORDS = 40;

    /** @param documents whether the observation is one */
    static Sample of(
            long number,
            String key,
            long timestamp,
            Observations observation,
            boolean documents,
            boolean gap,
            ScoredRecord scored) {
        if (documents) {
            return new Sample(number, key, timestamp, new double[0], null, words(observation), gap, scored);
        }
        double[] record = observation.record(0);
        double[] values = record.length > MOST_VALUES ? Arrays.copyOf(record, MOST_VALUES) : record;
        return new Sample(number, key, timestamp, values, texts(observation, values), null, gap, scored);
    }

    private static String[] texts(Observations observation, double[] values) {
        Map<Double, String> known = observation.categories();
        if (known.isEmpty()) {
            return null;
        }
        String[] texts = new String[values.length];
        for (int j = 0; j < values.length; j++) {
            texts[j] = known.get(values[j]);
        }
        return texts;
    }

    /** A document is pairs of a word's code and how often it occurs. */
    private static Map<String, Double> words(Observations observation) {
        Map<Double, String> known = observation.categories();
        Map<String, Double> words = new LinkedHashMap<>();
        for (int i = 0; i + 1 < observation.length(0) && words.size() < MOST_WORDS; i += 2) {
            String word = known.get(observation.value(0, i));
            if (word != null) {
                words.put(word, observation.value(0, i + 1));
            }
        }
        return words;
    }

    /** Lower for records that are less likely; none while warming up. */
    double logLikelihood() {
        return scored.isWarmingUp() ? Double.NaN : scored.posterior().logLikelihood();
    }
}
