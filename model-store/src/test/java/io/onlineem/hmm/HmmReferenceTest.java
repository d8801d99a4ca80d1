package io.onlineem.hmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Observations;
import io.onlineem.family.Covariance;
import io.onlineem.family.Family;
import io.onlineem.family.FamilyParameters;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.Reference;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fits that other people's software finds, found again. */
class HmmReferenceTest {

    private static final long[] SEEDS = {1, 2, 2026};
    private static final int STARTS = 8;

    /** Six significant digits. */
    private static final double LOG_LIKELIHOOD = 5e-7;

    /** Four significant digits. */
    private static final double PARAMETER = 5e-5;

    static List<Reference> earthquakes() {
        return Stream.concat(
                        Reference.read("hmm-poisson-earthquakes.json").each("fits").stream(),
                        Reference.read("hmm-fits.json").each("earthquakes").stream())
                .toList();
    }

    static List<Reference> faithful() {
        return Reference.read("hmm-fits.json").each("faithful");
    }

    @ParameterizedTest
    @MethodSource("earthquakes")
    void batchEmReachesTheMaximumThatDirectMaximisationFinds(Reference expected) {
        Observations data = new Observations();
        for (double count : Reference.read("hmm-poisson-earthquakes.json").vector("data")) {
            data.add(new double[] {count});
        }
        boolean free = "free".equals(expected.values().get("start"));
        int states = (int) expected.number("K");
        Family<?> poisson = new FamilySpec("poisson", List.of("count"), Map.of()).build();
        Hmm<?> model = Hmm.of(poisson, states).withInitial(free ? Initial.FREE : Initial.STATIONARY);
        for (long seed : SEEDS) {
            assertReached(model, data, seed, expected, "rates");
        }
    }

    private static <P extends FamilyParameters> void assertReached(
            Hmm<P> model, Observations data, long seed, Reference expected, String sortedBy) {
        BatchEm.Fit<HmmParameters<P>> fit = new BatchEm<>(model).fit(data, STARTS, seed, BatchEm.Stopping.DEFAULTS);
        double logLikelihood = expected.number("loglik");

        assertThat(fit.logLikelihood()).isCloseTo(logLikelihood, within(LOG_LIKELIHOOD * Math.abs(logLikelihood)));
        assertThat(fit.converged()).isTrue();
        double[] rates = fit.parameters().fields().vector(sortedBy, model.components());
        int[] order = order(rates);
        double[] expectedRates = expected.vector(sortedBy);
        for (int k = 0; k < order.length; k++) {
            assertThat(rates[order[k]]).isCloseTo(expectedRates[k], within(PARAMETER * expectedRates[k]));
        }
        assertSameChain(fit.parameters(), order, expected);
    }

    private static void assertSameChain(HmmParameters<?> found, int[] order, Reference expected) {
        for (int i = 0; i < order.length; i++) {
            assertThat(found.initial()[order[i]]).isCloseTo(expected.vector("initial")[i], within(PARAMETER));
            for (int j = 0; j < order.length; j++) {
                assertThat(found.transition()[order[i]][order[j]])
                        .isCloseTo(expected.matrix("transition")[i][j], within(PARAMETER));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("faithful")
    void batchEmIsNoWorseThanTheBestOfManyFitsOfHmmlearn(Reference expected) {
        Observations data = new Observations();
        double[][] rows = Reference.read("gmm-faithful.json").matrix("data");
        int next = 0;
        for (double length : expected.vector("lengths")) {
            data.beginSequence();
            for (int i = 0; i < length; i++) {
                data.add(rows[next++]);
            }
        }
        Hmm<GaussianParameters> model = Hmm.of(new GaussianFamily(2, Covariance.FULL), (int) expected.number("K"));
        for (long seed : SEEDS) {
            BatchEm.Fit<HmmParameters<GaussianParameters>> fit =
                    new BatchEm<>(model).fit(data, STARTS, seed, BatchEm.Stopping.DEFAULTS);
            double logLikelihood = expected.number("loglik");
            assertThat(fit.logLikelihood()).isGreaterThan(logLikelihood - LOG_LIKELIHOOD * Math.abs(logLikelihood));
            assertThat(fit.degenerate()).isFalse();
            if (expected.number("K") == 2) {
                assertThat(fit.logLikelihood())
                        .isCloseTo(logLikelihood, within(LOG_LIKELIHOOD * Math.abs(logLikelihood)));
                assertSameChain(
                        fit.parameters(),
                        order(column(fit.parameters().emissions().means())),
                        expected);
            }
        }
    }

    private static double[] column(double[][] matrix) {
        return Arrays.stream(matrix).mapToDouble(row -> row[0]).toArray();
    }

    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> values[k]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
