package io.onlineem.em;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The detector on drawn log-likelihoods. */
class PageHinkleyTest {

    private static final Drift DRIFT = Drift.DEFAULTS;

    /** Mini-batches of 256 in which the baseline is learned, and as many again. */
    private static final int SETTLED = 4 * PageHinkley.BASELINE;

    private final SplittableRandom random = new SplittableRandom(7);
    private PageHinkley watch = PageHinkley.START;

    /** Log-likelihoods of a bivariate Gaussian under itself: skewed, an exponential tail to the left. */
    private double gaussianLogLikelihood() {
        return -1.84 + Math.log(1 - random.nextDouble());
    }

    private void see(int records, DoubleSupplier logLikelihoods) {
        double sum = 0;
        for (int i = 0; i < records; i++) {
            sum += logLikelihoods.getAsDouble();
        }
        see(records, records, sum);
    }

    private void see(long records, double weight, double sum) {
        Statistics batch = new Statistics(0);
        batch.count(records, weight);
        batch.countScored(weight, sum);
        watch = watch.after(batch, DRIFT);
    }

    private boolean alarm() {
        return watch.fall() >= DRIFT.threshold();
    }

    private void settle() {
        for (int i = 0; i < SETTLED; i++) {
            see(256, this::gaussianLogLikelihood);
        }
        assertThat(watch.fall()).isLessThan(DRIFT.threshold() / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 256})
    void aStationaryStreamGivesNoAlarmInAHundredThousandBlocks(int miniBatch) {
        int blocks = 100_000;
        int records = blocks * Math.max(64, miniBatch);
        double worst = 0;
        for (int i = 0; i < records / miniBatch; i++) {
            see(miniBatch, this::gaussianLogLikelihood);
            worst = Math.max(worst, watch.fall());
        }
        assertThat(watch.blocks()).isEqualTo(blocks);
        assertThat(worst).isPositive().isLessThan(DRIFT.threshold());
        assertThat(watch.mean()).isCloseTo(-2.84, within(0.02));
        assertThat(Math.sqrt(watch.variance())).isCloseTo(1, within(0.15));
    }

    @Test
    void aClearFallIsNoticedWithinThreeMiniBatchesWithTheLikelihoodsBeforeAndAfter() {
        settle();
        for (int i = 0; i < 3; i++) {
            assertThat(alarm()).isFalse();
            see(256, () -> gaussianLogLikelihood() - 2);
        }
        assertThat(alarm()).isTrue();
        assertThat(watch.mean()).isCloseTo(-2.84, within(0.1));
        assertThat(watch.meanSinceFall()).isCloseTo(-4.84, within(0.2));
    }

    @Test
    void aFallOfAFifthOfANatIsNoticedWithinTwentyMiniBatches() {
        settle();
        int seen = 0;
        while (!alarm() && seen < 100) {
            see(256, () -> gaussianLogLikelihood() - 0.2);
            seen++;
        }
        assertThat(seen).isBetween(3, 20);
    }

    @Test
    void aFallIsNoticedInTheSameRecordsWhateverTheMiniBatch() {
        for (int miniBatch : new int[] {1, 8, 64}) {
            watch = PageHinkley.START;
            for (int i = 0; i < SETTLED * 64 / miniBatch; i++) {
                see(miniBatch, this::gaussianLogLikelihood);
            }
            int records = 0;
            while (!alarm() && records < 10_000) {
                see(miniBatch, () -> gaussianLogLikelihood() - 2);
                records += miniBatch;
            }
            assertThat(records).isEqualTo(192);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e3, -1e6, -1e300, Double.NEGATIVE_INFINITY})
    void grossOutliersInOneMiniBatchAndTheNextGiveNoAlarm(double outlier) {
        settle();
        double mean = watch.mean();
        double variance = watch.variance();
        see(256, 256, outlier);
        see(256, 256, outlier);
        assertThat(alarm()).isFalse();
        assertThat(watch.mean()).isCloseTo(mean, within(0.02));
        assertThat(watch.variance()).isBetween(0.9 * variance, 2.5 * variance);
        see(256, this::gaussianLogLikelihood);
        see(256, this::gaussianLogLikelihood);
        for (int i = 0; i < 10; i++) {
            see(256, this::gaussianLogLikelihood);
        }
        assertThat(watch.fall()).isLessThan(1);
    }

    @Test
    void outliersThatBelongToTheStreamAreNoDrift() {
        // one record in a thousand is at ten standard deviations
        for (int i = 0; i < 20_000; i++) {
            see(256, () -> random.nextInt(1000) == 0 ? -50 : gaussianLogLikelihood());
            assertThat(alarm()).as("mini-batch %s", i).isFalse();
        }
    }

    @Test
    void anOutlierWithinTheBaselineDoesNotBlind() {
        see(256, 256, -1e9);
        for (int i = 0; i < PageHinkley.BASELINE; i++) {
            see(256, this::gaussianLogLikelihood);
        }
        assertThat(Math.sqrt(watch.variance())).isBetween(0.4, 2.0);
    }

    @Test
    void aLikelihoodThatRisesIsNoDrift() {
        for (int i = 0; i < 2000; i++) {
            double learned = 5 * Math.exp(-i / 100.0);
            see(256, () -> gaussianLogLikelihood() - learned);
            assertThat(watch.fall()).isLessThan(DRIFT.threshold() / 2);
        }
    }

    @Test
    void miniBatchesOfVeryDifferentWeightsGiveNoAlarm() {
        for (int i = 0; i < 50_000; i++) {
            int size = random.nextInt(10) == 0 ? 1 : random.nextInt(8) == 0 ? 2048 : 256;
            see(size, this::gaussianLogLikelihood);
            assertThat(alarm()).as("mini-batch %s", i).isFalse();
        }
    }

    @Test
    void aConstantLikelihoodIsNotDividedBy() {
        for (int i = 0; i < SETTLED; i++) {
            see(256, () -> -3);
        }
        assertThat(watch.fall()).isZero();
        // a thousandth of a nat is of no interest, however regular the stream has been
        for (int i = 0; i < SETTLED; i++) {
            see(256, () -> -3.001);
        }
        assertThat(watch.fall()).isZero();
        for (int i = 0; i < 3; i++) {
            see(256, () -> -3.5);
        }
        assertThat(alarm()).isTrue();
    }

    @Test
    void aMiniBatchOfWhichNothingWasScoredIsLeftOut() {
        PageHinkley before = watch;
        Statistics batch = new Statistics(0);
        batch.count(256, 256);
        assertThat(watch.after(batch, DRIFT)).isSameAs(before);
    }

    @Test
    void settingsOutOfRangeAreRejected() {
        assertThatThrownBy(() -> new Drift(0, 8))
                .hasMessage("drift tolerance is 0.0; expected a positive, finite number");
        assertThatThrownBy(() -> new Drift(1, Double.NaN)).hasMessageContaining("drift threshold is NaN");
    }
}
