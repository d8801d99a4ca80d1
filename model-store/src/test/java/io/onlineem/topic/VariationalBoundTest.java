package io.onlineem.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogGamma;
import org.junit.jupiter.api.Test;

/** The bound beside integrals and searches over two topics. */
class VariationalBoundTest {

    private static final List<String> WORDS = List.of("a", "b", "c", "d");
    private static final double ALPHA = 1.2;
    private static final Lda MODEL =
            Lda.of(2, new Vocabulary(WORDS)).withPriors(ALPHA, 0.1).withConvergence(1e-12, 10_000);

    @Test
    void noOtherVariationalParametersGiveAHigherBound() {
        SplittableRandom random = new SplittableRandom(1);
        for (int repetition = 0; repetition < 20; repetition++) {
            double[][] lambda = draw(random);
            double[] counts = counts(random);
            Posterior posterior = score(lambda, counts);
            double total = 2 * ALPHA + counts[0] + counts[1] + counts[2] + counts[3];
            double highest = Double.NEGATIVE_INFINITY;
            for (double share = 0.0005; share < 1; share += 0.0005) {
                for (double scale = 0.9; scale < 1.11; scale += 0.05) {
                    highest = Math.max(
                            highest, bound(lambda, counts, scale * total * share, scale * total * (1 - share)));
                }
            }
            assertThat(posterior.logLikelihood()).isGreaterThanOrEqualTo(highest - 1e-9);
            assertThat(posterior.logLikelihood())
                    .isCloseTo(
                            bound(
                                    lambda,
                                    counts,
                                    total * posterior.probabilities()[0],
                                    total * posterior.probabilities()[1]),
                            within(1e-9));
        }
    }

    @Test
    void theBoundIsBelowTheIntegralOverTheProportionsAndNearIt() {
        SplittableRandom random = new SplittableRandom(2);
        for (int repetition = 0; repetition < 20; repetition++) {
            double[][] lambda = draw(random);
            double[] counts = counts(random);
            double bound = score(lambda, counts).logLikelihood();
            double integral = logIntegral(lambda, counts);

            assertThat(bound).isLessThanOrEqualTo(integral + 1e-9);
            assertThat(bound).isGreaterThan(integral - 1);
        }
    }

    @Test
    void ofOneTopicTheBoundIsExact() {
        double[][] lambda = {{3, 1, 0.5, 2}};
        double[] counts = {2, 0, 1, 4};
        Lda model = Lda.of(1, new Vocabulary(WORDS)).withPriors(1, 0.1);
        double expected = 0;
        for (int w = 0; w < counts.length; w++) {
            expected += counts[w] * (Digamma.value(lambda[0][w]) - Digamma.value(6.5));
        }
        EStep eStep = model.eStep(model.read(new Fields().with("wordCounts", lambda)));

        assertThat(eStep.score(document(counts), 0, new double[0]).logLikelihood())
                .isCloseTo(expected, within(1e-10));
    }

    @Test
    void theExponentialOfTheDigammaFunctionIsExactToTwelveDigits() {
        double[] x = new double[2000];
        for (int i = 0; i < x.length; i++) {
            x[i] = 0.01 * Math.pow(10, i * 0.005);
        }
        double[] y = new double[x.length];
        new ExpDigamma(x.length).apply(x, y, x.length);
        for (int i = 0; i < x.length; i++) {
            double expected = Math.exp(Digamma.value(x[i]));
            assertThat(y[i]).isCloseTo(expected, within(1e-12 * expected * (1 + Math.abs(Digamma.value(x[i])))));
        }
    }

    private static Posterior score(double[][] lambda, double[] counts) {
        return MODEL.eStep(MODEL.read(new Fields().with("wordCounts", lambda)))
                .score(document(counts), 0, new double[0]);
    }

    private static Observations document(double[] counts) {
        double[] document = new double[2 * counts.length];
        for (int w = 0; w < counts.length; w++) {
            document[2 * w] = Observations.category(WORDS.get(w));
            document[2 * w + 1] = counts[w];
        }
        return Observations.of(document);
    }

    private static double[][] draw(SplittableRandom random) {
        double[][] lambda = new double[2][WORDS.size()];
        for (double[] row : lambda) {
            for (int w = 0; w < row.length; w++) {
                row[w] = 0.2 + 10 * Math.pow(random.nextDouble(), 3);
            }
        }
        return lambda;
    }

    private static double[] counts(SplittableRandom random) {
        double[] counts = new double[WORDS.size()];
        for (int w = 0; w < counts.length; w++) {
            counts[w] = random.nextInt(4);
        }
        return counts;
    }

    private static double logWord(double[][] lambda, int topic, int word) {
        double total = 0;
        for (double count : lambda[topic]) {
            total += count;
        }
        return Digamma.value(lambda[topic][word]) - Digamma.value(total);
    }

    /** E[log p(w, z, θ)] + H(q), with φ as it is best, term by term. */
    private static double bound(double[][] lambda, double[] counts, double gamma, double otherGamma) {
        double ofSum = Digamma.value(gamma + otherGamma);
        double[] logTheta = {Digamma.value(gamma) - ofSum, Digamma.value(otherGamma) - ofSum};
        double bound = logDirichlet(ALPHA, ALPHA) - logDirichlet(gamma, otherGamma);
        bound += (ALPHA - gamma) * logTheta[0] + (ALPHA - otherGamma) * logTheta[1];
        for (int w = 0; w < counts.length; w++) {
            double[] scores = {logTheta[0] + logWord(lambda, 0, w), logTheta[1] + logWord(lambda, 1, w)};
            double[] phi = {1 / (1 + Math.exp(scores[1] - scores[0])), 1 / (1 + Math.exp(scores[0] - scores[1]))};
            for (int k = 0; k < 2; k++) {
                bound += phi[k] == 0 ? 0 : counts[w] * phi[k] * (scores[k] - Math.log(phi[k]));
            }
        }
        return bound;
    }

    private static double logDirichlet(double one, double other) {
        return LogGamma.value(one + other) - LogGamma.value(one) - LogGamma.value(other);
    }

    /** log ∫ Dir(θ; α) Π_w (Σ_k θ_k exp E[log β_kw])^n_w dθ, by the midpoint rule. */
    private static double logIntegral(double[][] lambda, double[] counts) {
        int parts = 20_000;
        double integral = 0;
        for (int i = 0; i < parts; i++) {
            double theta = (i + 0.5) / parts;
            double log = logDirichlet(ALPHA, ALPHA) + (ALPHA - 1) * (Math.log(theta) + Math.log1p(-theta));
            for (int w = 0; w < counts.length; w++) {
                log += counts[w]
                        * Math.log(theta * Math.exp(logWord(lambda, 0, w))
                                + (1 - theta) * Math.exp(logWord(lambda, 1, w)));
            }
            integral += Math.exp(log) / parts;
        }
        return Math.log(integral);
    }
}
