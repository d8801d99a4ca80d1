package io.onlineem.bench;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.Statistics;
import io.onlineem.topic.Lda;
import io.onlineem.topic.LdaParameters;
import io.onlineem.topic.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Documents of three topics each, the words of a topic by Zipf's law, and the topics that they were drawn from. */
final class TopicsWorkload {

    static final int MINI_BATCH = 256;

    private static final int TOPICS_OF_DOCUMENT = 3;
    private static final double[] NO_MEMORY = {};

    private final Lda model;
    private final LdaParameters parameters;
    private final Observations documents;
    private final List<Observations> batches = new ArrayList<>();

    TopicsWorkload(int topics, int words, int length, int count) {
        List<String> vocabulary = new ArrayList<>();
        for (int w = 0; w < words; w++) {
            vocabulary.add("word" + w);
        }
        double[] codes = vocabulary.stream().mapToDouble(Observations::category).toArray();
        double[][] wordCounts = new double[topics][words];
        for (double[] row : wordCounts) {
            Arrays.fill(row, 1.0 / topics);
        }
        documents = new Observations(count, length);
        SplittableRandom random = new SplittableRandom(1);
        for (int d = 0; d < count; d++) {
            documents.add(draw(random, length, codes, wordCounts));
        }
        for (int from = 0; from < count; from += MINI_BATCH) {
            batches.add(documents.slice(from, Math.min(count, from + MINI_BATCH)));
        }
        model = Lda.of(topics, new Vocabulary(vocabulary));
        parameters = model.read(new Fields().with("documents", (double) count).with("wordCounts", wordCounts));
    }

    private static double[] draw(SplittableRandom random, int length, double[] codes, double[][] wordCounts) {
        int[] topics = new int[TOPICS_OF_DOCUMENT];
        double[] shares = new double[TOPICS_OF_DOCUMENT];
        double total = 0;
        for (int j = 0; j < topics.length; j++) {
            topics[j] = (int) (random.nextDouble() * wordCounts.length);
        }
        for (int j = 0; j < shares.length; j++) {
            shares[j] = -Math.log(1 - random.nextDouble());
            total += shares[j];
        }
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < length; i++) {
            double left = random.nextDouble() * total;
            int j = 0;
            while (j < TOPICS_OF_DOCUMENT - 1 && left >= shares[j]) {
                left -= shares[j++];
            }
            int rank = (int) Math.exp(random.nextDouble() * Math.log(codes.length + 1.0)) - 1;
            int word = (int) ((rank * 7919L + topics[j] * 1237L) % codes.length);
            wordCounts[topics[j]][word]++;
            counts.merge(word, 1, Integer::sum);
        }
        double[] document = new double[2 * counts.size()];
        int at = 0;
        for (var word : counts.entrySet()) {
            document[at++] = codes[word.getKey()];
            document[at++] = word.getValue();
        }
        return document;
    }

    /** Proportions and bounds of all documents, with the topics as they are. */
    double score() {
        EStep eStep = model.eStep(parameters);
        double sum = 0;
        for (int d = 0; d < documents.size(); d++) {
            sum += eStep.score(documents, d, NO_MEMORY).logLikelihood();
        }
        return sum;
    }

    /** One online pass: statistics, blending, new topics and their preparation for every mini-batch. */
    double learn() {
        Learning learning = ModelSpec.learning("lda").withWarmUp(documents.size());
        OnlineEm<LdaParameters> engine = new OnlineEm<>(model, learning);
        ModelState<LdaParameters> state = engine.startFrom(parameters);
        double sum = 0;
        for (Observations batch : batches) {
            Statistics statistics = engine.newStatistics();
            sum += model.eStep(state.parameters()).accumulate(batch, statistics);
            state = engine.blend(state, statistics);
        }
        return sum;
    }
}
