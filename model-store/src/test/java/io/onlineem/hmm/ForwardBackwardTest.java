package io.onlineem.hmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.family.Covariance;
import io.onlineem.family.Emissions;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filter, smoother and Viterbi against the enumeration of all paths. */
class ForwardBackwardTest {

    private static final int STATES = 3;
    private static final int LENGTH = 6;

    /** Asked for by the acceptance of the model. */
    private static final Offset<Double> EXACT = within(1e-10);

    private static final GaussianFamily FAMILY = new GaussianFamily(2, Covariance.DIAGONAL);

    private static final double[][] DENSE = {{0.7, 0.2, 0.1}, {0.3, 0.4, 0.3}, {0.05, 0.05, 0.9}};
    private static final double[][] ZEROS = {{0.7, 0.3, 0}, {0, 0.4, 0.6}, {1, 0, 0}};
    private static final double[][] ORDERED = {{0.7, 0.2, 0.1}, {0, 0.4, 0.6}, {0, 0, 1}};

    /** One situation: parameters, records, memory, look-ahead. */
    record Case(
            String name,
            HmmParameters<GaussianParameters> parameters,
            Observations records,
            double[] carried,
            int lookAhead) {

        @Override
        public String toString() {
            return name;
        }

        Enumeration enumeration(int length) {
            return new Enumeration(records, length, parameters, carried);
        }

        EStep eStep() {
            return model().eStep(parameters);
        }

        Hmm<GaussianParameters> model() {
            return Hmm.of(FAMILY, STATES);
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        double[][][] transitions = {DENSE, ZEROS, ORDERED};
        String[] names = {"dense", "zeros", "ordered"};
        for (int c = 0; c < transitions.length; c++) {
            for (boolean missing : new boolean[] {false, true}) {
                for (double[] carried : new double[][] {null, {0.2, 0.5, 0.3}, {0, 1, 0}}) {
                    for (int lookAhead : new int[] {0, 1, 4}) {
                        double[] initial = c == 0 ? new double[] {0.5, 0.3, 0.2} : new double[] {0.8, 0.2, 0};
                        cases.add(new Case(
                                names[c] + (missing ? ", missing values" : "")
                                        + (carried == null ? "" : ", carried " + carried[1]) + ", look-ahead "
                                        + lookAhead,
                                parameters(initial, transitions[c], cases.size()),
                                records(cases.size(), missing),
                                carried,
                                lookAhead));
                    }
                }
            }
        }
        return cases;
    }

    private static HmmParameters<GaussianParameters> parameters(double[] initial, double[][] transition, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] means = new double[STATES][2];
        double[][][] covariances = new double[STATES][2][2];
        for (int k = 0; k < STATES; k++) {
            for (int j = 0; j < 2; j++) {
                means[k][j] = 2 * random.nextGaussian();
                covariances[k][j][j] = 0.2 + random.nextDouble();
            }
        }
        return new HmmParameters<>(
                initial, transition, new GaussianParameters(means, covariances, new double[2], new double[] {1, 1}));
    }

    private static Observations records(long seed, boolean missing) {
        SplittableRandom random = new SplittableRandom(-seed);
        Observations records = new Observations();
        for (int t = 0; t < LENGTH; t++) {
            double[] record = {2 * random.nextGaussian(), 2 * random.nextGaussian()};
            if (missing && t % 2 == 1) {
                record[random.nextInt(2)] = Double.NaN;
            }
            if (missing && t == 2) {
                record = new double[] {Double.NaN, Double.NaN};
            }
            records.add(record);
        }
        return records;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void recordsAreFilteredAsByEnumerationOfAllPaths(Case given) {
        EStep eStep = given.eStep();
        double[] memory =
                given.carried() == null ? new double[STATES] : given.carried().clone();
        double before = 0;
        for (int t = 0; t < LENGTH; t++) {
            Enumeration expected = given.enumeration(t + 1);
            Posterior posterior = eStep.score(given.records(), t, memory);

            assertThat(posterior.logLikelihood()).isCloseTo(expected.logLikelihood - before, EXACT);
            assertThat(posterior.probabilities()).containsExactly(expected.posteriors[t], EXACT);
            assertThat(memory).containsExactly(expected.posteriors[t], EXACT);
            assertThat(posterior.outputs().vector("next", STATES))
                    .containsExactly(predicted(expected.posteriors[t], given.parameters()), EXACT);
            before = expected.logLikelihood;
        }
    }

    private static double[] predicted(double[] filtered, HmmParameters<?> parameters) {
        double[] next = new double[STATES];
        for (int i = 0; i < STATES; i++) {
            for (int j = 0; j < STATES; j++) {
                next[j] += filtered[i] * parameters.transition()[i][j];
            }
        }
        return next;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void statisticsOfABlockAreThoseOfTheEnumerationOfAllPaths(Case given) {
        Hmm<GaussianParameters> model = given.model();
        Observations block = given.records().slice(0, LENGTH);
        block.setLookAhead(given.lookAhead());
        if (given.carried() != null) {
            block.setMemory(given.carried());
        }
        Statistics statistics = model.newStatistics();
        double[] memoryAfter = new double[STATES];
        double logLikelihood = given.eStep().accumulate(block, statistics, memoryAfter);

        int counted = LENGTH - given.lookAhead();
        Enumeration filtered = given.enumeration(counted);
        assertThat(logLikelihood).isCloseTo(filtered.logLikelihood, EXACT);
        assertThat(memoryAfter).containsExactly(filtered.posteriors[counted - 1], EXACT);
        assertThat(statistics.observations()).isEqualTo(counted);
        assertThat(statistics.sums()).containsExactly(expectedSums(given, counted), EXACT);
    }

    private static double[] expectedSums(Case given, int counted) {
        Enumeration smoothed = given.enumeration(LENGTH);
        double[] sums = new double[given.model().statisticsLength()];
        Emissions emissions = FAMILY.prepare(given.parameters().emissions());
        for (int t = 0; t < counted; t++) {
            for (int i = 0; i < STATES; i++) {
                sums[i] += t == 0 && given.carried() == null ? smoothed.posteriors[0][i] : 0;
                for (int j = 0; j < STATES; j++) {
                    sums[STATES + i * STATES + j] += smoothed.pairs[t][i][j];
                }
            }
            emissions.accumulate(
                    given.records().values(),
                    given.records().offset(t),
                    smoothed.posteriors[t],
                    sums,
                    STATES + STATES * STATES);
        }
        return sums;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBlockIsSmoothedAsByEnumerationOfAllPathsThroughItAndItsLookAhead(Case given) {
        Observations block = given.records().slice(0, LENGTH);
        block.setLookAhead(given.lookAhead());
        if (given.carried() != null) {
            block.setMemory(given.carried());
        }
        List<Posterior> smoothed = given.eStep().smooth(block);

        Enumeration expected = given.enumeration(LENGTH);
        assertThat(smoothed).hasSize(LENGTH - given.lookAhead());
        double before = 0;
        for (int t = 0; t < smoothed.size(); t++) {
            double filtered = given.enumeration(t + 1).logLikelihood;
            Posterior posterior = smoothed.get(t);
            assertThat(posterior.probabilities()).containsExactly(expected.posteriors[t], EXACT);
            assertThat(posterior.logLikelihood()).isCloseTo(filtered - before, EXACT);
            assertThat(posterior.outputs().number("path")).isEqualTo(expected.bestPath[t]);
            assertThat(posterior.missing()).hasSize(missing(block.record(t)));
            before = filtered;
        }
    }

    private static int missing(double[] record) {
        return (int) Arrays.stream(record).filter(Double::isNaN).count();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBestPathIsThatOfTheEnumeration(Case given) {
        Enumeration expected = given.enumeration(LENGTH);
        Observations sequence = given.records().slice(0, LENGTH);
        if (given.carried() != null) {
            sequence.setMemory(given.carried());
        }
        Decoder decoder = given.model().decoder(given.parameters());
        Decoder.Path path = decoder.viterbi(sequence);

        assertThat(path.states()).containsExactly(expected.bestPath);
        assertThat(path.logProbability()).isCloseTo(expected.bestLogProbability, EXACT);
        double[][] smoothed = decoder.smooth(sequence);
        for (int t = 0; t < LENGTH; t++) {
            assertThat(smoothed[t]).containsExactly(expected.posteriors[t], EXACT);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withAFixedLagTheBestPathIsThatOfTheRecordsSoFar(Case given) {
        Decoder decoder = given.model().decoder(given.parameters());
        Observations records = given.records();
        for (int lag = 0; lag <= LENGTH; lag++) {
            FixedLagDecoder fixedLag = decoder.fixedLag(lag);
            for (int round = 0; round < 2; round++) {
                for (int t = 0; t < LENGTH; t++) {
                    int[] path = decoder.viterbi(records.slice(0, t + 1)).states();
                    assertThat(fixedLag.add(records, t)).isEqualTo(t < lag ? -1 : path[t - lag]);
                }
                int[] whole = decoder.viterbi(records).states();
                int owed = Math.min(lag, LENGTH);
                assertThat(fixedLag.end()).containsExactly(Arrays.copyOfRange(whole, LENGTH - owed, LENGTH));
            }
        }
    }

    @Test
    void everySequenceHasItsOwnPathAndPosteriors() {
        HmmParameters<GaussianParameters> parameters = parameters(new double[] {0.5, 0.3, 0.2}, DENSE, 4);
        Decoder decoder = Hmm.of(FAMILY, STATES).decoder(parameters);
        Observations one = records(1, false);
        Observations two = records(2, true);
        Observations both = new Observations();
        both.addAll(one);
        both.beginSequence();
        both.addAll(two);
        Decoder.Path path = decoder.viterbi(both);

        assertThat(path.logProbability())
                .isCloseTo(
                        decoder.viterbi(one).logProbability()
                                + decoder.viterbi(two).logProbability(),
                        EXACT);
        assertThat(Arrays.copyOfRange(path.states(), LENGTH, 2 * LENGTH))
                .containsExactly(decoder.viterbi(two).states());
        assertThat(decoder.smooth(both)[LENGTH]).containsExactly(decoder.smooth(two)[0]);
        EStep eStep = Hmm.of(FAMILY, STATES).eStep(parameters);
        List<Posterior> each = new ArrayList<>(eStep.smooth(one));
        each.addAll(eStep.smooth(two));
        assertThat(eStep.smooth(both)).isEqualTo(each);
    }

    /** A state 800 nats behind after one record, beyond the range of a double, explains all others. */
    @Test
    void aStateThatSeemsImpossibleMayStillBeTheOnlyOnePossible() {
        HmmParameters<GaussianParameters> parameters = new HmmParameters<>(
                new double[] {0.5, 0.5},
                new double[][] {{0.5, 0.5}, {0, 1}},
                new GaussianParameters(
                        new double[][] {{0, 0}, {40, 0}},
                        new double[][][] {{{1, 0}, {0, 1}}, {{1, 0}, {0, 1}}},
                        new double[2],
                        new double[] {1, 1}));
        Hmm<GaussianParameters> model = Hmm.of(FAMILY, 2);
        Observations records = Observations.of(new double[][] {{41, 0}, {0, 0}, {0, 0}, {0, 0}});
        Enumeration expected = new Enumeration(records, 4, parameters, null);
        Statistics statistics = model.newStatistics();

        assertThat(model.eStep(parameters).accumulate(records, statistics))
                .isCloseTo(expected.logLikelihood, within(1e-9));
        assertThat(statistics.sums()[0]).isCloseTo(1, EXACT);
        assertThat(expected.logLikelihood).isLessThan(-800);
    }
}
