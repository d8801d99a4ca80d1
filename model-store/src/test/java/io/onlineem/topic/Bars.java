package io.onlineem.topic;

import io.onlineem.em.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The bars of Griffiths and Steyvers (2004): 25 words in a square of 5 × 5, 10 topics that are its rows and columns. Drawn from
 * uniform numbers alone, so that the script that makes the reference numbers draws the same documents.
 */
final class Bars {

    static final int SIDE = 5;
    static final int TOPICS = 2 * SIDE;
    static final List<String> WORDS = words();

    private Bars() {}

    private static List<String> words() {
        List<String> words = new ArrayList<>();
        for (int w = 0; w < SIDE * SIDE; w++) {
            words.add("row" + w / SIDE + "column" + w % SIDE);
        }
        return words;
    }

    /** Documents of {@code length} words, of which the proportions of topics are uniform, θ ~ Dir(1). */
    static Observations draw(long seed, int documents, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        Map<Double, String> texts = WORDS.stream()
                .collect(Collectors.toMap(Observations::category, word -> word, (a, b) -> a, TreeMap::new));
        for (int d = 0; d < documents; d++) {
            double[] theta = new double[TOPICS];
            double total = 0;
            for (int k = 0; k < TOPICS; k++) {
                theta[k] = -Math.log(1 - random.nextDouble());
                total += theta[k];
            }
            int[] counts = new int[WORDS.size()];
            for (int i = 0; i < length; i++) {
                double left = random.nextDouble() * total;
                int topic = 0;
                while (topic < TOPICS - 1 && left >= theta[topic]) {
                    left -= theta[topic];
                    topic++;
                }
                int along = (int) (random.nextDouble() * SIDE);
                counts[topic < SIDE ? topic * SIDE + along : along * SIDE + topic - SIDE]++;
            }
            drawn.add(document(counts));
        }
        drawn.addCategories(texts);
        return drawn;
    }

    private static double[] document(int[] counts) {
        int distinct = 0;
        for (int count : counts) {
            distinct += count > 0 ? 1 : 0;
        }
        double[] document = new double[2 * distinct];
        int at = 0;
        for (int w = 0; w < counts.length; w++) {
            if (counts[w] > 0) {
                document[at++] = Observations.category(WORDS.get(w));
                document[at++] = counts[w];
            }
        }
        return document;
    }

    /** For each bar, the cosine with the topic that is most like it. */
    static double[] cosines(LdaParameters parameters) {
        double[] best = new double[TOPICS];
        for (int k = 0; k < parameters.topics(); k++) {
            double[] probabilities = parameters.wordProbabilities(k);
            double norm = 0;
            double[] along = new double[TOPICS];
            for (int w = 0; w < probabilities.length; w++) {
                int word = WORDS.indexOf(parameters.vocabulary().words().get(w));
                norm += probabilities[w] * probabilities[w];
                along[word / SIDE] += probabilities[w];
                along[SIDE + word % SIDE] += probabilities[w];
            }
            for (int bar = 0; bar < TOPICS; bar++) {
                best[bar] = Math.max(best[bar], along[bar] / Math.sqrt(SIDE * norm));
            }
        }
        return best;
    }
}
