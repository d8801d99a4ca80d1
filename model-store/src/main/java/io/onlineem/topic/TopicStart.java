package io.onlineem.topic;

import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Topics to climb from: every one half like a document and half like all of them. The documents are drawn as in k-means++
 * (Arthur and Vassilvitskii 2007), each with a probability that grows with its distance from those before, here the squared
 * Hellinger distance {@code 1 - Σ_w √(p_w q_w)} of the shares of words, from at most {@value #MOST_DOCUMENTS} documents.
 */
final class TopicStart {

    private static final int MOST_DOCUMENTS = 1000;

    private final Vocabulary vocabulary;
    private final Observations sample;
    private final RandomGenerator random;

    /** The documents from which some are drawn. */
    private final int[] drawable;

    TopicStart(Vocabulary vocabulary, Observations sample, RandomGenerator random) {
        this.vocabulary = vocabulary;
        this.sample = sample;
        this.random = random;
        int[] all = new int[sample.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        int size = Math.min(MOST_DOCUMENTS, all.length);
        for (int i = 0; i < size; i++) {
            int other = i + random.nextInt(all.length - i);
            int swapped = all[i];
            all[i] = all[other];
            all[other] = swapped;
        }
        drawable = Arrays.copyOf(all, size);
    }

    LdaParameters parameters(int topics, double alpha, double eta) {
        int words = vocabulary.size();
        double[] total = new double[words];
        for (int i = 0; i < sample.size(); i++) {
            add(i, sample.weight(i), total);
        }
        double[] lambda = new double[words * topics];
        double[] distances = new double[drawable.length];
        Arrays.fill(distances, 1);
        double sum = Arrays.stream(total).sum();
        for (int k = 0; k < topics; k++) {
            double[] like = new double[words];
            int drawn = draw(distances);
            add(drawn, 1, like);
            double length = Arrays.stream(like).sum();
            for (int w = 0; w < words; w++) {
                double ofAll = total[w] / topics;
                double ofDocument = length == 0 ? ofAll : like[w] / length * sum / topics;
                lambda[w * topics + k] = eta + 0.5 * (ofAll + ofDocument);
            }
            approach(distances, like, length);
        }
        double[] alphas = new double[topics];
        Arrays.fill(alphas, alpha);
        return new LdaParameters(vocabulary, alphas, lambda, sample.totalWeight(), Candidates.NONE);
    }

    private void add(int document, double weight, double[] counts) {
        for (int j = 0; j + 1 < sample.length(document); j += 2) {
            int word = vocabulary.of(sample.value(document, j));
            if (word != Vocabulary.UNKNOWN) {
                counts[word] += weight * sample.value(document, j + 1);
            }
        }
    }

    /** A document, with a probability in proportion to its weight and distance. */
    private int draw(double[] distances) {
        double all = 0;
        for (int i = 0; i < distances.length; i++) {
            all += sample.weight(drawable[i]) * distances[i];
        }
        double left = random.nextDouble() * all;
        int last = random.nextInt(distances.length);
        for (int i = 0; i < distances.length; i++) {
            double share = sample.weight(drawable[i]) * distances[i];
            if (share > 0) {
                last = i;
                left -= share;
                if (left < 0) {
                    break;
                }
            }
        }
        return drawable[last];
    }

    /** The distances from the nearest of the documents drawn, this one included. */
    private void approach(double[] distances, double[] like, double length) {
        if (length == 0) {
            return;
        }
        for (int i = 0; i < distances.length; i++) {
            int document = drawable[i];
            double ofDocument = 0;
            double common = 0;
            for (int j = 0; j + 1 < sample.length(document); j += 2) {
                int word = vocabulary.of(sample.value(document, j));
                if (word != Vocabulary.UNKNOWN) {
                    double count = sample.value(document, j + 1);
                    ofDocument += count;
                    common += Math.sqrt(count * like[word]);
                }
            }
            // a document without a word is like any
            double distance = ofDocument == 0 ? 0 : 1 - common / Math.sqrt(ofDocument * length);
            distances[i] = Math.min(distances[i], Math.max(0, distance));
        }
    }
}
