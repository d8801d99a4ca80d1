package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Blocks;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.StepSize;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.mixture.LaggedMixture;
import io.onlineem.mixture.Mixture;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Detectors of series, and what they are made of. */
class SeriesDetectorTest {

    private static final long MINUTES = 300_000;

    private static MetricDetector<?> metric() {
        Learning learning = Learning.DEFAULTS
                .withWarmUp(100)
                .withStarts(2)
                .withMiniBatch(50)
                .withBlocks(new Blocks(1, 0))
                .withStepSize(new StepSize.HalfLife(2000));
        LaggedMixture<?> model = new LaggedMixture<>(new Mixture<>(new GaussianFamily(3, Covariance.FULL, 1e-8), 3), 2);
        return new MetricDetector<>(new OnlineEm<>(model, learning), Detection.DEFAULTS, "s");
    }

    private static List<Verdict> judge(SeriesDetector detector, double[]... records) {
        List<Verdict> verdicts = new ArrayList<>();
        Observations one = new Observations(1, records[0].length);
        for (int i = 0; i < records.length; i++) {
            one.clear();
            one.add(records[i]);
            verdicts.add(detector.detect(OptionalLong.of(i * MINUTES), one));
        }
        return verdicts;
    }

    private static double[][] autoregression(long seed, int records) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[records][1];
        double state = 0;
        for (int i = 0; i < records; i++) {
            state = 0.8 * state + random.nextGaussian();
            rows[i][0] = 100 + state;
        }
        return rows;
    }

    @Test
    void tailProbabilitiesOfAStationarySeriesAreOfTheRightSize() {
        List<Verdict> verdicts = judge(metric(), autoregression(1, 40_000));
        double[] shares = new double[3];
        for (Verdict verdict : verdicts) {
            for (int i = 0; i < 3; i++) {
                shares[i] += verdict.anomaly().tailProbability() <= Math.pow(10, -i - 1) ? 1.0 / verdicts.size() : 0;
            }
        }

        // approximate: within a factor of 4 of what they say, and conservative where there is much to learn from
        assertThat(shares[0]).isBetween(0.1 / 4, 0.1 * 1.5);
        assertThat(shares[1]).isBetween(0.01 / 4, 0.01 * 1.5);
        assertThat(shares[2]).isLessThan(0.001 * 1.5);
    }

    @Test
    void aSpikeAFlatLineAndAnotherLevelAreIncidents() {
        double[][] rows = autoregression(2, 6000);
        rows[2000][0] += 15;
        for (int i = 3500; i < 3540; i++) {
            rows[i][0] = rows[3499][0];
        }
        for (int i = 5000; i < 5060; i++) {
            rows[i][0] += 12;
        }
        List<Verdict> verdicts = judge(metric(), rows);

        assertThat(verdicts.get(2000).anomaly().score()).isGreaterThan(0.8);
        assertThat(verdicts.get(2000).anomaly().incident()).isNotNull();
        assertThat(verdicts.get(2000).changePoint()).isTrue();
        assertThat(verdicts.get(2000).reason()).contains("not expected");
        assertThat(verdicts.get(3505).anomaly().score()).isGreaterThan(0.8);
        assertThat(verdicts.get(3505).reason()).contains("same value");
        assertThat(verdicts.get(5000).anomaly().score()).isGreaterThan(0.8);
        assertThat(verdicts.get(1900).anomaly().incident()).isNull();
    }

    @Test
    void recordsBeforeThereIsAModelAndRecordsWithoutAValueScoreZero() {
        double[][] rows = autoregression(3, 600);
        rows[50][0] = Double.NaN;
        rows[500][0] = Double.NaN;
        List<Verdict> verdicts = judge(metric(), rows);

        assertThat(verdicts.get(0).anomaly()).isEqualTo(new Anomaly(0, 1, 0, null, null));
        assertThat(verdicts.get(0).reason()).contains("warming up");
        assertThat(verdicts.get(50).reason()).isEqualTo("no value");
        assertThat(verdicts.get(500).anomaly().score()).isZero();
        assertThat(verdicts.get(500).anomaly().confidence()).isPositive();
        assertThat(verdicts.get(501).anomaly().tailProbability()).isPositive();
    }

    @Test
    void aConstantSeriesIsNoAnomalyHoweverLongItLasts() {
        double[][] rows = new double[3000][1];
        for (double[] row : rows) {
            row[0] = 7;
        }

        assertThat(judge(metric(), rows)).allMatch(verdict -> verdict.anomaly().score() < 0.6);
    }

    @Test
    void aMetricHasOneNumber() {
        LaggedMixture<?> model = new LaggedMixture<>(new Mixture<>(new GaussianFamily(4, Covariance.FULL), 1), 1);

        assertThatThrownBy(
                        () -> new MetricDetector<>(new OnlineEm<>(model, Learning.DEFAULTS), Detection.DEFAULTS, "s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model is of 2 numbers; expected one, the value of the series");
    }

    @Test
    void anArrayIsAnomalousForAsLongAsItsChannelsAre() {
        SplittableRandom random = new SplittableRandom(4);
        double[][] rows = new double[1000][3];
        for (int i = 0; i < rows.length; i++) {
            double common = random.nextGaussian();
            rows[i][0] = common + 0.3 * random.nextGaussian();
            // comes apart from the first channel; each by itself is as usual
            rows[i][1] = (i >= 700 && i < 850 ? random.nextGaussian() : common) + 0.3 * random.nextGaussian();
            rows[i][2] = i < 500 || i >= 560 ? 20 + random.nextGaussian() : rows[499][2];
        }
        Learning learning = Learning.DEFAULTS
                .withWarmUp(400)
                .withStarts(1)
                .withMiniBatch(50)
                .withBlocks(new Blocks(1, 0));
        LaggedMixture<?> model = new LaggedMixture<>(new Mixture<>(new GaussianFamily(6, Covariance.FULL, 1e-6), 1), 1);
        List<Verdict> verdicts = judge(new ArrayDetector<>(new OnlineEm<>(model, learning), "rig"), rows);

        assertThat(flagged(verdicts, 0, 400)).isZero();
        assertThat(flagged(verdicts, 505, 560)).isEqualTo(55);
        assertThat(verdicts.get(530).reason()).isEqualTo("channel 3: the same value again and again");
        assertThat(flagged(verdicts, 710, 850)).isGreaterThan(130);
        assertThat(flagged(verdicts, 600, 700)).isLessThan(20);
        assertThat(verdicts.get(530).anomaly().incident()).startsWith("rig#");
    }

    private static long flagged(List<Verdict> verdicts, int from, int to) {
        return verdicts.subList(from, to).stream()
                .filter(verdict -> verdict.anomaly().incident() != null)
                .count();
    }

    @Test
    void anExponentialTailIsLearnedAndAnomaliesDoNotWidenIt() {
        SplittableRandom random = new SplittableRandom(5);
        ExcessTail tail = new ExcessTail(0.05, 100, 5000);
        for (int i = 0; i < 20_000; i++) {
            tail.learn(-Math.log(1 - random.nextDouble()));
        }
        double before = tail.powers(15);
        for (int i = 0; i < 10; i++) {
            tail.learn(1000);
        }

        // P(X > 15) = e^-15
        assertThat(before).isCloseTo(15 / Math.log(10), within(0.8));
        assertThat(tail.powers(15)).isGreaterThan(0.8 * before);
    }

    @Test
    void repeatsAreNewsWhereValuesDoNotRepeatAndNoneWhereTheyDo() {
        RepeatedValues continuous = new RepeatedValues();
        RepeatedValues steps = new RepeatedValues();
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < 2000; i++) {
            continuous.next(random.nextDouble());
            int step = i / 50;
            steps.next(step);
        }
        continuous.next(0.5);
        continuous.next(0.5);

        assertThat(continuous.next(0.5)).isGreaterThan(3);
        assertThat(steps.next(39)).isLessThan(1.5);
    }

    @Test
    void whatHappensAgainAndAgainIsNoLongerRare() {
        Recurrence recurrence = new Recurrence(20, 5000);
        double first = 0;
        double last = 0;
        for (int i = 0; i < 2000; i++) {
            double left = recurrence.next(i % 100 == 99 ? 6 : 0);
            first = i == 99 ? left : first;
            last = i % 100 == 99 ? left : last;
        }

        assertThat(first).isEqualTo(6);
        assertThat(last).isLessThan(3);
    }

    @Test
    void aSeasonIsTakenFromValuesWhereThereIsOne() {
        SplittableRandom random = new SplittableRandom(7);
        SeasonalProfile season = new SeasonalProfile();
        SeasonalProfile none = new SeasonalProfile();
        double left = 0;
        double taken = 0;
        int days = 60;
        for (int i = 0; i < days * 24; i++) {
            long time = 12 * MINUTES * i;
            double daily = 10 * Math.sin(2 * Math.PI * i / 24);
            double noise = random.nextGaussian();
            double owed = season.next(time, 50 + daily + noise);
            double ofNoise = none.next(time, 50 + noise);
            if (i >= days * 12) {
                left += (daily - owed) * (daily - owed);
                taken += ofNoise * ofNoise;
            }
        }
        double count = days * 12;

        // of a variance of 50
        assertThat(left / count).isLessThan(3);
        assertThat(taken / count).isLessThan(0.1);
    }
}
