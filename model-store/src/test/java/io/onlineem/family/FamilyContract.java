package io.onlineem.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.BatchEm;
import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import io.onlineem.em.Observations;
import io.onlineem.mixture.Mixture;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * What every observation family promises, beyond what {@code ModelContract} asks of a mixture of it.
 *
 * @param <P> its parameters
 */
abstract class FamilyContract<P extends FamilyParameters> {

    private static final double ROUNDING = 1e-10;
    private static final int COMPONENTS = 2;

    /** The family under test. */
    abstract Family<P> family();

    /** Complete records in its domain, in which there is something to learn. */
    abstract Observations draw(SplittableRandom random, int records);

    /**
     * Whether its statistics are functions of the record alone: not so where they are expectations over a latent variable
     * of the family's own, such as the scale of a Student-t distribution.
     */
    boolean isFullyObserved() {
        return true;
    }

    private Observations data(long seed) {
        return draw(new SplittableRandom(seed), 300);
    }

    /** Two components, some way up the likelihood. */
    private P parameters(long seed) {
        return new BatchEm<>(new Mixture<>(family(), COMPONENTS))
                .climb(
                        data(seed),
                        new Mixture<>(family(), COMPONENTS).start(data(seed), new SplittableRandom(seed)),
                        new BatchEm.Stopping(5, 0))
                .parameters()
                .emissions();
    }

    /** Other parameters in the coordinates of the given ones. */
    private P moved(P parameters, Observations data, double[][] responsibilities) {
        double[] statistics = statistics(family().prepare(parameters), data, responsibilities);
        return family().fit(statistics, 0, data.size(), parameters);
    }

    private static double[][] responsibilities(Observations data, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] responsibilities = new double[data.size()][COMPONENTS];
        for (double[] one : responsibilities) {
            one[0] = random.nextDouble();
            one[1] = 1 - one[0];
        }
        return responsibilities;
    }

    /** Mean statistics, record by record. */
    private double[] statistics(Emissions emissions, Observations data, double[][] responsibilities) {
        double[] sums = new double[family().statisticsLength(COMPONENTS)];
        for (int i = 0; i < data.size(); i++) {
            emissions.accumulate(data.values(), data.offset(i), responsibilities[i], sums, 0);
        }
        return DoubleStream.of(sums).map(sum -> sum / data.size()).toArray();
    }

    private double[] logDensities(P parameters, Observations data, int index) {
        double[] densities = new double[COMPONENTS];
        family().prepare(parameters).logDensities(data.values(), data.offset(index), densities);
        return densities;
    }

    private static Offset<Double> relative(double value) {
        return within(ROUNDING * Math.max(1, Math.abs(value)));
    }

    @Test
    void itsRecordsAreInItsDomain() {
        Observations data = data(1);
        assertThat(family().domains()).hasSize(family().width());
        for (int i = 0; i < data.size(); i++) {
            assertThat(data.length(i)).isEqualTo(family().width());
            for (int j = 0; j < data.length(i); j++) {
                assertThat(family().domains().get(j).contains(data.value(i, j))).isTrue();
            }
            assertThat(family().problem(data.values(), data.offset(i))).isNull();
        }
    }

    @Test
    void blocksAndSingleRecordsHaveTheSameDensitiesAndStatistics() {
        Observations data = data(2).slice(0, Lanes.SIZE - 3);
        P parameters = parameters(3);
        Emissions emissions = family().prepare(parameters);
        Lanes block = new Lanes(family().width());
        block.load(data, 0, data.size());
        double[][] ofBlock = new double[COMPONENTS][Lanes.SIZE];
        emissions.logDensities(block, ofBlock);
        double[][] responsibilities = responsibilities(data, 4);
        double[][] lanes = new double[COMPONENTS][Lanes.SIZE];
        for (int i = 0; i < data.size(); i++) {
            double[] alone = logDensities(parameters, data, i);
            for (int k = 0; k < COMPONENTS; k++) {
                assertThat(ofBlock[k][i]).isCloseTo(alone[k], relative(alone[k]));
                lanes[k][i] = responsibilities[i][k];
            }
        }
        double[] sums = new double[family().statisticsLength(COMPONENTS)];
        emissions.accumulate(lanes, sums, 0);
        double[] means = DoubleStream.of(sums).map(sum -> sum / data.size()).toArray();
        double[] alone = statistics(family().prepare(parameters), data, responsibilities);
        for (int s = 0; s < sums.length; s++) {
            assertThat(means[s]).as("statistic %s", s).isCloseTo(alone[s], relative(alone[s]));
        }
    }

    @Test
    void theMStepOfItsOwnStatisticsGivesTheParameters() {
        Observations data = data(5);
        P parameters = parameters(6);
        double[] statistics = family().statistics(parameters, parameters, new double[] {0.3, 0.7});
        P again = family().fit(statistics, 0, 1000, parameters);
        for (int i = 0; i < data.size(); i++) {
            double[] expected = logDensities(parameters, data, i);
            double[] actual = logDensities(again, data, i);
            for (int k = 0; k < COMPONENTS; k++) {
                assertThat(actual[k]).isCloseTo(expected[k], within(1e-7 * Math.max(1, Math.abs(expected[k]))));
            }
        }
    }

    @Test
    void theLikelihoodOfStatisticsIsThatOfTheirRecords() {
        if (!isFullyObserved()) {
            return;
        }
        Observations data = data(7);
        double[][] responsibilities = responsibilities(data, 8);
        P one = parameters(7);
        P other = moved(one, data, responsibilities(data, 9));
        double[] statistics = statistics(family().prepare(one), data, responsibilities);
        double expected = 0;
        for (int i = 0; i < data.size(); i++) {
            double[] ofOne = logDensities(one, data, i);
            double[] ofOther = logDensities(other, data, i);
            for (int k = 0; k < COMPONENTS; k++) {
                expected += responsibilities[i][k] * (ofOne[k] - ofOther[k]) / data.size();
            }
        }
        assertThat(family().logLikelihood(statistics, 0, one) - family().logLikelihood(statistics, 0, other))
                .isCloseTo(expected, relative(expected));
    }

    @Test
    void theMStepMaximisesTheLikelihoodOfTheStatistics() {
        Observations data = data(10);
        P start = parameters(10);
        double[] statistics = statistics(family().prepare(start), data, responsibilities(data, 11));
        P best = family().fit(statistics, 0, data.size(), start);
        double most = family().logLikelihood(statistics, 0, best);
        for (int seed = 0; seed < 20; seed++) {
            P other = moved(best, data.slice(5 * seed, 5 * seed + 150), responsibilities(data, seed));
            assertThat(family().logLikelihood(statistics, 0, other)).isLessThanOrEqualTo(most + ROUNDING);
        }
        assertThat(family().logLikelihood(statistics, 0, start)).isLessThan(most);
    }

    @Test
    void withAPriorTheMStepMaximisesTheSumOfLikelihoodAndPrior() {
        Observations data = data(12);
        PriorFamily<P> family = new PriorFamily<>(family(), new Prior(15, null));
        PriorParameters<P> pooled = family.pooled(data, COMPONENTS);
        double[] statistics = statistics(family.prepare(pooled), data, responsibilities(data, 13));
        PriorParameters<P> best = family.fit(statistics, 0, data.size(), pooled);
        double most = data.size() * family.logLikelihood(statistics, 0, best) + family.logPrior(best);
        for (int seed = 0; seed < 20; seed++) {
            P moved = moved(best.estimate(), data.slice(5 * seed, 5 * seed + 150), responsibilities(data, seed));
            PriorParameters<P> other = new PriorParameters<>(moved, pooled.location());
            assertThat(data.size() * family.logLikelihood(statistics, 0, other) + family.logPrior(other))
                    .isLessThanOrEqualTo(most + 1e-7);
        }
        PriorParameters<P> likeliest =
                new PriorParameters<>(family().fit(statistics, 0, data.size(), pooled.estimate()), pooled.location());
        assertThat(family.logPrior(likeliest)).isLessThan(family.logPrior(best));
    }

    @Test
    void whatIsNotObservedSaysNothing() {
        double[] nothing = new double[family().width()];
        Arrays.fill(nothing, Double.NaN);
        Emissions emissions = family().prepare(parameters(14));
        double[] densities = new double[COMPONENTS];
        emissions.logDensities(nothing, 0, densities);
        assertThat(DoubleStream.of(densities)).allMatch(density -> density == 0);

        double[] sums = new double[family().statisticsLength(COMPONENTS)];
        emissions.accumulate(nothing, 0, new double[] {0.5, 0.5}, sums, 0);
        assertThat(sums).containsOnly(0);

        Imputation imputation = new Imputation();
        emissions.impute(nothing, 0, new double[] {0.5, 0.5}, imputation);
        assertThat(imputation.values())
                .extracting(Imputation.Value::position)
                .containsExactlyElementsOf(
                        IntStream.range(0, family().width()).boxed().toList());
        assertThat(imputation.values()).allMatch(value -> (value.category() != null) == Double.isNaN(value.number()));
    }

    @Test
    void nothingIsImputedInACompleteRecord() {
        Observations data = data(15);
        Imputation imputation = new Imputation();
        family().prepare(parameters(15)).impute(data.values(), 0, new double[] {0.5, 0.5}, imputation);
        assertThat(imputation.values()).isEmpty();
    }

    @Test
    void aComponentAddedToAnotherAddsItsRecords() {
        Observations data = data(16);
        Emissions emissions = family().prepare(parameters(16));
        double[][] responsibilities = responsibilities(data, 17);
        double[] moved = statistics(emissions, data, responsibilities);
        family().addComponent(moved, 0, 0, 1, moved, 0, 1, COMPONENTS);
        family().addComponent(moved, 0, 0, -1, moved, 0, 0, COMPONENTS);
        if (isFullyObserved()) {
            for (double[] one : responsibilities) {
                one[1] += one[0];
                one[0] = 0;
            }
            double[] expected = statistics(emissions, data, responsibilities);
            for (int s = 0; s < moved.length; s++) {
                assertThat(moved[s]).as("statistic %s", s).isCloseTo(expected[s], relative(expected[s]));
            }
        } else {
            P merged = family().fit(moved, 0, data.size(), parameters(16));
            assertThat(family().logLikelihood(moved, 0, merged)).isFinite();
        }
    }

    @Test
    void itHasFreeParametersForEveryComponent() {
        assertThat(family().degreesOfFreedom(2)).isGreaterThan(family().degreesOfFreedom(1));
        assertThat(family().degreesOfFreedom(1)).isPositive();
    }
}
