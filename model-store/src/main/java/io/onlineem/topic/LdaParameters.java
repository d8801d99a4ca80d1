package io.onlineem.topic;

import io.onlineem.em.Fields;
import io.onlineem.em.Parameters;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parameters of latent Dirichlet allocation. Fields: {@code topWords}, the most likely words of every topic by its number, which
 * follow from the others and are not read back; {@code alpha} (K), {@code documents}, {@code words} (W), {@code wordCounts} (K ×
 * W), and {@code candidates} where the vocabulary grows and is full.
 *
 * @param vocabulary the W words
 * @param alpha K numbers, the Dirichlet parameters of the topic proportions of a document
 * @param wordCounts λ, the Dirichlet parameters of the words of every topic: expected counts, those of the prior included;
 *     W × K, the topics of one word side by side
 * @param documents for how many documents the counts stand
 * @param candidates words that may enter the vocabulary
 */
public record LdaParameters(
        Vocabulary vocabulary, double[] alpha, double[] wordCounts, double documents, Candidates candidates)
        implements Parameters {

    /** How many of the most likely words are told. */
    public static final int TOP_WORDS = 10;

    static final String TOP = "topWords";
    static final String ALPHA = "alpha";
    static final String DOCUMENTS = "documents";
    static final String WORDS = "words";
    static final String WORD_COUNTS = "wordCounts";
    static final String CANDIDATES = "candidates";

    /** Number of topics. */
    public int topics() {
        return alpha.length;
    }

    /** {@code E[β_kw] = λ_kw / Σ_w λ_kw}, the expected probability of every word in a topic. A new array. */
    public double[] wordProbabilities(int topic) {
        double[] probabilities = new double[vocabulary.size()];
        double total = 0;
        for (int w = 0; w < probabilities.length; w++) {
            probabilities[w] = wordCounts[w * topics() + topic];
            total += probabilities[w];
        }
        for (int w = 0; w < probabilities.length; w++) {
            probabilities[w] /= total;
        }
        return probabilities;
    }

    /** The most likely words of a topic, most likely first; of equal ones the first in the vocabulary. */
    public List<String> topWords(int topic, int count) {
        return IntStream.range(0, vocabulary.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer word) -> -wordCounts[word * topics() + topic]))
                .limit(count)
                .map(vocabulary.words()::get)
                .toList();
    }

    @Override
    public Fields fields() {
        int topics = topics();
        double[][] byTopic = new double[topics][vocabulary.size()];
        for (int k = 0; k < topics; k++) {
            for (int w = 0; w < byTopic[k].length; w++) {
                byTopic[k][w] = wordCounts[w * topics + k];
            }
        }
        Fields top = new Fields();
        for (int k = 0; k < topics; k++) {
            top.with(Integer.toString(k), topWords(k, TOP_WORDS).toArray(new String[0]));
        }
        Fields fields = new Fields()
                .with(TOP, top)
                .with(ALPHA, alpha)
                .with(DOCUMENTS, documents)
                .with(WORDS, vocabulary.words().toArray(new String[0]))
                .with(WORD_COUNTS, byTopic);
        return candidates.entries().isEmpty() ? fields : fields.with(CANDIDATES, candidates.fields());
    }
}
