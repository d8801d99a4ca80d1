package io.onlineem.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.ModelContract;
import io.onlineem.em.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;

/** Topic models keep the contract of models. */
class LdaTest {

    /** Enough for the gains of EM to be those of exact E-steps. */
    private static final double TIGHT = 1e-8;

    private static final int MANY = 10_000;

    @Nested
    class OfAGivenVocabulary extends Contract {
        @Override
        protected Model<LdaParameters> model(int width, int components) {
            return Lda.of(components, new Vocabulary(words(width)))
                    .withPriors(1, 0.5)
                    .withConvergence(TIGHT, MANY);
        }
    }

    @Nested
    class OfAVocabularyThatIsLearned extends Contract {
        @Override
        protected Model<LdaParameters> model(int width, int components) {
            return Lda.of(components, width + 2).withPriors(1.5, 0.01).withConvergence(TIGHT, MANY);
        }
    }

    @Nested
    class OfLearnedProportions extends Contract {
        @Override
        protected Model<LdaParameters> model(int width, int components) {
            return Lda.of(components, new Vocabulary(words(width)))
                    .withLearnedAlpha()
                    .withConvergence(TIGHT, MANY);
        }

        /** What is learned is below 1, where short documents jump from one maximum of their bound to another. */
        @Override
        protected double largestFall() {
            return 1e-3;
        }
    }

    private static List<String> words(int count) {
        List<String> words = new ArrayList<>();
        for (int w = 0; w < count; w++) {
            words.add("word" + w);
        }
        return words;
    }

    abstract static class Contract extends ModelContract<LdaParameters> {

        /** A word for each of the numbers, which occurs the more often the larger that is. */
        @Override
        protected double[] adapt(double[] numbers) {
            double[] document = new double[2 * numbers.length];
            for (int j = 0; j < numbers.length; j++) {
                document[2 * j] = Observations.category("word" + j);
                document[2 * j + 1] = Math.min(1e12, Math.rint(Math.abs(2 * numbers[j])));
            }
            return document;
        }

        @Override
        protected Map<Double, String> texts() {
            Map<Double, String> texts = new TreeMap<>();
            words(64).forEach(word -> texts.put(Observations.category(word), word));
            return texts;
        }

        @Override
        protected double observationsOf(LdaParameters parameters) {
            return parameters.documents();
        }

        @Override
        protected void assertValid(LdaParameters parameters) {
            for (double alpha : parameters.alpha()) {
                assertThat(alpha).isBetween(Lda.SMALLEST_CONCENTRATION, Lda.LARGEST_CONCENTRATION);
            }
            assertThat(parameters.wordCounts())
                    .hasSize(parameters.topics() * parameters.vocabulary().size());
            for (double count : parameters.wordCounts()) {
                assertThat(count).isPositive().isFinite();
            }
            assertThat(parameters.documents()).isPositive().isFinite();
        }

        @Override
        protected Iterable<Fields> invalidFields(Fields valid) {
            return List.of(
                    copy(valid).with("wordCounts", new double[][] {{1, 2}}),
                    copy(valid).with("wordCounts", new double[][] {{1, 2}, {1, -1}}),
                    copy(valid).with("wordCounts", new double[][] {{1, 2}, {1, Double.NaN}}),
                    copy(valid).with("words", new String[] {"word0", "word0"}),
                    copy(valid).with("words", new String[] {"word0", ""}),
                    copy(valid).with("words", new String[] {"a", "b", "c", "d", "e"}),
                    copy(valid).with("alpha", new double[] {1}),
                    copy(valid).with("alpha", new double[] {1, 0}),
                    copy(valid).with("documents", 0.0),
                    copy(valid)
                            .with(
                                    "candidates",
                                    new Fields()
                                            .with("words", new String[] {"x"})
                                            .with("weights", new double[] {1})
                                            .with("errors", new double[] {2})));
        }

        private static Fields copy(Fields fields) {
            return new Fields().withAll(fields);
        }
    }
}
