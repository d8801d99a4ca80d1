package io.onlineem.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Drift;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.Problem;
import io.onlineem.em.Statistics;
import io.onlineem.em.StepSize;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which words a topic model knows, and what becomes of the others. */
class VocabularyTest {

    private static final Learning LEARNING =
            Learning.DEFAULTS.withStarts(1).withWarmUp(50).withMiniBatch(20);

    /** Words of a document, one after another. */
    private static void add(Observations into, String... words) {
        double[] document = new double[2 * words.length];
        Map<Double, String> texts = new TreeMap<>();
        for (int i = 0; i < words.length; i++) {
            document[2 * i] = Observations.category(words[i]);
            document[2 * i + 1] = 1;
            texts.put(document[2 * i], words[i]);
        }
        into.add(document);
        into.addCategories(texts);
    }

    /** Documents of 20 words of which the i-th of 1,000 occurs in proportion to 1 / i. */
    private static Observations zipf(long seed, int documents, String prefix) {
        SplittableRandom random = new SplittableRandom(seed);
        Observations drawn = new Observations();
        for (int d = 0; d < documents; d++) {
            String[] words = new String[20];
            for (int i = 0; i < words.length; i++) {
                words[i] = prefix + (int) Math.exp(random.nextDouble() * Math.log(1001));
            }
            add(drawn, words);
        }
        return drawn;
    }

    private static ModelState<LdaParameters> learn(Lda model, Learning learning, Observations data) {
        OnlineLearner<LdaParameters> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        for (int i = 0; i < data.size(); i++) {
            learner.learn(data, i, learner.score(data, i));
        }
        learner.flush();
        return learner.state();
    }

    @Test
    void newWordsEnterWhileThereIsRoom() {
        Observations data = new Observations();
        for (int i = 0; i < 50; i++) {
            add(data, "old", "older");
        }
        for (int i = 0; i < 40; i++) {
            add(data, "old", "new");
        }
        LdaParameters learned = learn(Lda.of(2, 10), LEARNING, data).published();

        assertThat(learned.vocabulary().words()).containsExactly("old", "older", "new");
        double[] probabilities = learned.wordProbabilities(0);
        assertThat(probabilities[2] + learned.wordProbabilities(1)[2]).isGreaterThan(0.3);
    }

    @Test
    void theHeaviestWordsOfAStreamAreKept() {
        Observations data = zipf(1, 3000, "w");
        for (int room : new int[] {30, 100}) {
            Learning learning = LEARNING.withStepSize(new StepSize.PowerDecay(1, 0));
            List<String> words = learn(Lda.of(3, room), learning, data)
                    .published()
                    .vocabulary()
                    .words();

            assertThat(words).hasSize(room);
            for (int i = 1; i <= room / 2; i++) {
                assertThat(words).contains("w" + i);
            }
        }
    }

    @Test
    void wordsThatNobodyUsesAnyMoreMakeRoom() {
        Observations data = zipf(1, 1000, "old");
        data.addAll(zipf(2, 4000, "new"));
        LdaParameters learned = learn(Lda.of(3, 60), LEARNING, data).published();

        for (int i = 1; i <= 25; i++) {
            assertThat(learned.vocabulary().words()).contains("new" + i);
        }
        assertThat(Lda.of(3, 60).read(learned.fields()).fields()).isEqualTo(learned.fields());
    }

    @Test
    void averagedParametersHaveTheSameVocabulary() {
        Observations data = zipf(1, 200, "old");
        data.addAll(zipf(2, 1000, "new"));
        ModelState<LdaParameters> state = learn(Lda.of(3, 60), LEARNING.withAveragingAfter(100), data);

        assertThat(state.published()).isNotSameAs(state.parameters());
        assertThat(state.published().vocabulary().words())
                .isEqualTo(state.parameters().vocabulary().words());
    }

    @Test
    void statisticsOfABatchTellTheNewWordsAndTheirWeights() {
        Lda model = Lda.of(2, 3);
        Observations sample = new Observations();
        add(sample, "a", "b", "c");
        LdaParameters parameters = model.start(sample, new SplittableRandom(1));
        Observations batch = new Observations();
        add(batch, "a", "x", "y");
        add(batch, "x");
        Statistics statistics = model.newStatistics();
        model.eStep(parameters).accumulate(batch, statistics);

        Observations told = statistics.sample();
        assertThat(told.size()).isEqualTo(1);
        assertThat(told.record(0))
                .isEqualTo(new double[] {Observations.category("x"), 2, Observations.category("y"), 1});
        assertThat(told.categories().values()).containsExactlyInAnyOrder("x", "y");
    }

    @Test
    void candidatesOverestimateByTheirErrorAtMost() {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Double> exact = new TreeMap<>();
        Candidates candidates = Candidates.NONE;
        double total = 0;
        for (int step = 0; step < 300; step++) {
            Map<String, Double> met = new TreeMap<>();
            for (int i = 0; i < 10; i++) {
                met.merge("w" + (int) Math.exp(random.nextDouble() * 6), 1.0, Double::sum);
            }
            exact.replaceAll((word, weight) -> 0.99 * weight);
            met.forEach((word, weight) -> exact.merge(word, weight, Double::sum));
            total = 0.99 * total + 10;
            candidates = candidates.after(met, 0.99, 20);
        }
        assertThat(candidates.entries()).hasSize(20);
        for (Candidates.Entry entry : candidates.entries()) {
            assertThat(entry.weight()).isGreaterThanOrEqualTo(exact.get(entry.word()) - 1e-9);
            assertThat(entry.certain()).isLessThanOrEqualTo(exact.get(entry.word()) + 1e-9);
        }
        double heavy = total / 20;
        Candidates found = candidates;
        exact.forEach((word, weight) -> {
            if (weight > heavy) {
                assertThat(found.entries()).anyMatch(entry -> entry.word().equals(word));
            }
        });
    }

    @Test
    void unknownWordsAreCountedAndOtherwiseIgnored() {
        Lda model = Lda.of(2, new Vocabulary(List.of("a", "b")));
        LdaParameters parameters = model.read(new Fields().with("wordCounts", new double[][] {{9, 1}, {1, 9}}));
        Observations documents = new Observations();
        add(documents, "a", "a", "b");
        add(documents, "a", "x", "a", "b", "x", "y");
        Posterior known = model.eStep(parameters).score(documents, 0, new double[0]);
        Posterior mixed = model.eStep(parameters).score(documents, 1, new double[0]);

        assertThat(mixed.probabilities()).isEqualTo(known.probabilities());
        assertThat(mixed.logLikelihood()).isEqualTo(known.logLikelihood());
        assertThat(known.outputs().number("unknownWords")).isEqualTo(0);
        assertThat(mixed.outputs().number("unknownWords")).isEqualTo(3);
        assertThat(mixed.outputs().number("words")).isEqualTo(3);
    }

    @Test
    void anEmptyDocumentSaysNothing() {
        Lda model = Lda.of(2, new Vocabulary(List.of("a", "b"))).withPriors(0.4, 0.1);
        LdaParameters parameters = model.read(new Fields().with("wordCounts", new double[][] {{9, 1}, {1, 9}}));
        Observations documents = new Observations();
        documents.add(new double[0]);
        add(documents, "x");
        for (int d = 0; d < 2; d++) {
            Posterior posterior = model.eStep(parameters).score(documents, d, new double[0]);
            assertThat(posterior.probabilities()).containsExactly(0.5, 0.5);
            assertThat(posterior.logLikelihood()).isCloseTo(0, within(1e-12));
            assertThat(posterior.outputs().number("perWordBound")).isEqualTo(0);
        }
    }

    @Test
    void documentsWithoutAnyWordCanBeLearnedFrom() {
        Observations data = new Observations();
        for (int i = 0; i < 70; i++) {
            data.add(new double[0]);
        }
        for (int i = 0; i < 30; i++) {
            add(data, "late");
        }
        for (Lda model : List.of(Lda.of(3, 10), Lda.of(3, 10).withLearnedAlpha())) {
            LdaParameters learned = learn(model, LEARNING, data).published();
            assertThat(learned.vocabulary().words()).containsExactly("late");
            assertThat(learned.wordCounts()).doesNotContain(Double.NaN);
            assertThat(learned.alpha()).doesNotContain(Double.NaN);
        }
    }

    @Test
    void countsThatAreNoneAreProblemsAtTheirPositions() {
        Lda model = Lda.of(2, 10);
        double word = Observations.category("a");
        Observations records =
                Observations.of(new double[] {word, 1}, new double[] {word, 0.5}, new double[] {word, 0});
        for (double count : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 2e15}) {
            records.add(new double[] {word, 2, word, count});
        }
        records.add(new double[] {word, 1, word});
        for (int i = 0; i < 3; i++) {
            assertThat(model.problem(records, i)).isNull();
        }
        for (int i = 3; i < 7; i++) {
            assertThat(model.problem(records, i)).extracting(Problem::position).isEqualTo(3);
        }
        assertThat(model.problem(records, 7).expected()).isEqualTo("pairs of a word and how often it occurs");
    }

    @Test
    void proportionsThatAreLearnedComeNearTheTruth() {
        SplittableRandom random = new SplittableRandom(3);
        Observations data = new Observations();
        // documents of one topic each, the first three times as often
        for (int d = 0; d < 2000; d++) {
            String prefix = random.nextDouble() < 0.75 ? "a" : "b";
            String[] words = new String[30];
            for (int i = 0; i < words.length; i++) {
                words[i] = prefix + random.nextInt(8);
            }
            add(data, words);
        }
        LdaParameters learned =
                learn(Lda.of(2, 100).withLearnedAlpha(), LEARNING, data).published();
        double larger = Math.max(learned.alpha()[0], learned.alpha()[1]);
        double smaller = Math.min(learned.alpha()[0], learned.alpha()[1]);

        assertThat(larger / (larger + smaller)).isCloseTo(0.75, within(0.05));
    }

    @Test
    void topicsThatChangeAreNoticedAndLearnedAnew() {
        SplittableRandom random = new SplittableRandom(3);
        Observations data = new Observations();
        for (int d = 0; d < 4000; d++) {
            // the two topics have twenty words each; later they exchange five
            int exchanged = d < 2500 ? 0 : 5;
            int of = random.nextInt(2);
            String[] drawn = new String[20];
            for (int i = 0; i < drawn.length; i++) {
                int word = random.nextInt(20);
                drawn[i] = "w" + (20 * (word < exchanged ? 1 - of : of) + word);
            }
            add(data, drawn);
        }
        ModelState<LdaParameters> state = learn(Lda.of(2, 100), LEARNING.withDrift(Drift.DEFAULTS), data);
        List<String> words = state.published().vocabulary().words();
        int place = words.indexOf("w10");
        int topic = state.published().wordProbabilities(0)[place]
                        > state.published().wordProbabilities(1)[place]
                ? 0
                : 1;
        double[] probabilities = state.published().wordProbabilities(topic);

        assertThat(state.events()).extracting(ModelState.Event::type).contains(ModelState.Event.Type.DRIFT);
        assertThat(state.clock()).isLessThan(state.weight());
        for (int word = 20; word < 25; word++) {
            assertThat(probabilities[words.indexOf("w" + word)]).isCloseTo(1.0 / 20, within(0.02));
            assertThat(probabilities[words.indexOf("w" + (word - 20))]).isLessThan(0.01);
        }
    }

    @Test
    void vocabulariesAndPriorsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new Vocabulary(List.of("a", "a"))).hasMessageContaining("'a' more than once");
        assertThatThrownBy(() -> Lda.of(0, 10)).hasMessageContaining("number of topics is 0");
        assertThatThrownBy(() -> Lda.of(2, 0)).hasMessageContaining("size of the vocabulary is 0");
        assertThatThrownBy(() -> Lda.of(2, 10).withPriors(0, 1)).hasMessageContaining("alpha is 0.0");
        assertThatThrownBy(() -> Lda.of(2, 10).withPriors(1, Double.NaN)).hasMessageContaining("eta is NaN");
    }
}
