package io.onlineem.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.StepSize;
import io.onlineem.mixture.Reference;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same as scikit-learn, see lda.py. */
class LdaReferenceTest {

    private static final Reference REFERENCE = Reference.read("lda.json");

    /** Where fixed-point iterations end that go on to changes of 1e-12. */
    private static final double CONVERGED = 1e-8;

    /** So much more than scikit-learn's is as good. */
    private static final double PERPLEXITY = 1.05;

    @Test
    void proportionsAndBoundsOfDocumentsAreThoseOfScikitLearn() {
        Reference inference = REFERENCE.nested("inference");
        double[][] counts = inference.matrix("wordCounts");
        List<String> words = numbered(counts[0].length);
        Lda model = Lda.of(counts.length, new Vocabulary(words))
                .withPriors(inference.number("alpha"), inference.number("eta"))
                .withConvergence(1e-13, 100_000);
        EStep eStep = model.eStep(model.read(new Fields().with("wordCounts", counts)));
        double[][] documents = inference.matrix("documents");
        for (int d = 0; d < documents.length; d++) {
            Posterior posterior = eStep.score(documents(words, documents), d, new double[0]);

            assertThat(posterior.probabilities())
                    .containsExactly(inference.matrix("proportions")[d], within(CONVERGED));
            assertThat(posterior.logLikelihood())
                    .isCloseTo(
                            inference.vector("bounds")[d],
                            within(CONVERGED * Math.max(1, Math.abs(posterior.logLikelihood()))));
            assertThat(posterior.outputs().number("perWordBound")
                            * posterior.outputs().number("words"))
                    .isCloseTo(posterior.logLikelihood(), within(1e-12 * Math.abs(posterior.logLikelihood())));
        }
    }

    @Test
    void theBarsAreDrawnAsTheScriptDrawsThem() {
        double[] first = REFERENCE.nested("bars").vector("firstDocument");
        assertThat(Bars.draw(1, 1, 100).record(0))
                .isEqualTo(documents(Bars.WORDS, new double[][] {first}).record(0));
    }

    @Test
    void heldOutPerplexityOfBarsAfterOnePassIsThatOfScikitLearn() {
        Lda model = Lda.of(Bars.TOPICS, new Vocabulary(Bars.WORDS));
        LdaParameters found = learn(model, Learning.DEFAULTS.withStarts(3), Bars.draw(1, 20_000, 100));

        assertThat(perplexity(model, found, Bars.draw(1001, 1000, 100)))
                .isLessThan(PERPLEXITY * REFERENCE.nested("bars").number("perplexity"));
    }

    @Test
    void heldOutPerplexityOfTheLanguageReferenceOfPythonIsThatOfScikitLearnOrLower() {
        Reference corpus = REFERENCE.nested("pythonTopics");
        List<String> words = corpus.names("words");
        Observations documents = documents(words, corpus.matrix("documents"));
        Observations heldOut = documents(words, corpus.matrix("heldOut"));
        Lda model = Lda.of((int) corpus.number("topics"), new Vocabulary(words));
        Learning learning = Learning.DEFAULTS
                .withStepSize(new StepSize.PowerDecay(0.9, 0))
                .withStarts(2)
                .withWarmUp(300)
                .withMiniBatch(64);
        LdaParameters batch = new BatchEm<>(model)
                .fit(documents, 1, 1, new BatchEm.Stopping(100, 1e-2))
                .parameters();

        assertThat(perplexity(model, learn(model, learning, documents), heldOut))
                .isLessThan(PERPLEXITY * corpus.number("onlinePerplexity"));
        assertThat(perplexity(model, batch, heldOut)).isLessThan(PERPLEXITY * corpus.number("batchPerplexity"));
    }

    private static LdaParameters learn(Lda model, Learning learning, Observations data) {
        OnlineLearner<LdaParameters> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        for (int i = 0; i < data.size(); i++) {
            learner.learn(data, i, null);
        }
        learner.flush();
        return learner.state().published();
    }

    /** {@code exp(-Σ bound / Σ words)}. */
    static double perplexity(Lda model, LdaParameters parameters, Observations heldOut) {
        EStep eStep = model.withConvergence(1e-6, 10_000).eStep(parameters);
        double bounds = 0;
        double length = 0;
        for (int d = 0; d < heldOut.size(); d++) {
            Posterior posterior = eStep.score(heldOut, d, new double[0]);
            bounds += posterior.logLikelihood();
            length += posterior.outputs().number("words");
        }
        return Math.exp(-bounds / length);
    }

    /** Documents of places in the vocabulary and counts. */
    private static Observations documents(List<String> words, double[][] byPlace) {
        Observations documents = new Observations();
        Map<Double, String> texts = new TreeMap<>();
        words.forEach(word -> texts.put(Observations.category(word), word));
        for (double[] document : byPlace) {
            double[] coded = document.clone();
            for (int j = 0; j < coded.length; j += 2) {
                coded[j] = Observations.category(words.get((int) coded[j]));
            }
            documents.add(coded);
        }
        documents.addCategories(texts);
        return documents;
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(w -> "word" + w).toList();
    }
}
