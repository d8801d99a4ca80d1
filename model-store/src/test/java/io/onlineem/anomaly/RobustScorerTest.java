package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Blocks;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.StepSize;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.mixture.LaggedMixture;
import io.onlineem.mixture.Mixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What watches values beside surprises, with robust tails, and what it is made of. */
class RobustScorerTest {

    private static final long MINUTES = 300_000;

    private static final AnomalySettings METRIC = AnomalySettings.DEFAULTS
            .withChannels(Channel.RECORD, Channel.of("level-10"), Channel.REPEATS)
            .withTails(AnomalySettings.Tails.ROBUST)
            .withHalfLife(3500)
            .withWarmUp(100)
            .withNewNormal(0)
            .withSeason(true);

    private static final AnomalySettings ARRAY = METRIC.withSeason(false)
            .withChannels(Channel.of("mean-15"), Channel.of("alone-15"), Channel.REPEATS)
            .withNewNormal(1000);

    private static final Learning LEARNING =
            Learning.DEFAULTS.withWarmUp(100).withMiniBatch(50).withBlocks(new Blocks(1, 0));

    /** A model that learns from a series, and a detector that watches it: what applications do. */
    private static final class Watched<P extends Parameters> {
        private final OnlineLearner<P> learner;
        private final Observations came = new Observations();
        private final Detection detection;
        private final RecordWatch watch;
        private Detector detector;

        Watched(OnlineEm<P> engine, Detection detection) {
            this.detection = detection;
            learner = new OnlineLearner<>(engine, null);
            detector = new Detector(detection, "s");
            watch = new RecordWatch(detection.calibration(), engine.model());
        }

        /** What is found; null during the warm-up. */
        Detector.Finding next(long time, double[] record) {
            came.clear();
            came.add(record);
            Observations seen = watch.begin(detector, time, came);
            Posterior posterior = learner.score(seen, 0);
            Detector.Finding finding = watch.judge(detector, learner.scoring(), posterior, time, false);
            learner.learn(seen, 0, posterior);
            return finding;
        }

        /** The detector is written down and read again. */
        void interrupt() {
            AnomalyScorer scorer =
                    new AnomalyScorer(detection.calibration(), detector.scorer().state());
            detector = new Detector(detection, "s", scorer, detector.seasons(), detector.state());
        }
    }

    private static Watched<?> metric() {
        LaggedMixture<?> model = new LaggedMixture<>(new Mixture<>(new GaussianFamily(3, Covariance.FULL, 1e-8), 3), 2);
        return new Watched<>(
                new OnlineEm<>(model, LEARNING.withStarts(2).withStepSize(new StepSize.HalfLife(2000))),
                Detection.DEFAULTS.withCalibration(METRIC));
    }

    private static List<Detector.Finding> judge(Watched<?> watched, double[]... records) {
        List<Detector.Finding> findings = new ArrayList<>();
        for (int i = 0; i < records.length; i++) {
            findings.add(watched.next(i * MINUTES, records[i]));
        }
        return findings;
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
        List<Detector.Finding> findings = judge(metric(), autoregression(1, 40_000));
        double[] shares = new double[3];
        for (Detector.Finding finding : findings) {
            for (int i = 0; finding != null && i < 3; i++) {
                shares[i] += finding.score().tailProbability() <= Math.pow(10, -i - 1) ? 1.0 / findings.size() : 0;
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
        List<Detector.Finding> findings = judge(metric(), rows);

        assertThat(findings.get(2000).score().score()).isGreaterThan(0.8);
        assertThat(findings.get(2000).incident()).isNotNull();
        assertThat(findings.get(2000).isNews()).isTrue();
        assertThat(findings.get(2000).score().channel()).isEqualTo(Channel.RECORD);
        assertThat(findings.get(3505).score().score()).isGreaterThan(0.8);
        assertThat(findings.get(3505).score().channel()).isEqualTo(Channel.REPEATS);
        assertThat(findings.get(5000).score().score()).isGreaterThan(0.8);
        assertThat(findings.get(1900).incident()).isNull();
    }

    @Test
    void recordsBeforeThereIsAModelAndRecordsWithoutAValueScoreZero() {
        double[][] rows = autoregression(3, 600);
        rows[50][0] = Double.NaN;
        rows[500][0] = Double.NaN;
        List<Detector.Finding> findings = judge(metric(), rows);

        assertThat(findings.get(0)).isNull();
        assertThat(findings.get(50)).isNull();
        assertThat(findings.get(500).score().score()).isZero();
        assertThat(findings.get(501).score().confidence()).isPositive();
        assertThat(findings.get(501).score().tailProbability()).isPositive();
    }

    @Test
    void aDetectorGoesOnBitForBitWhereverItIsWrittenDown() {
        double[][] rows = autoregression(8, 3000);
        for (int i = 1500; i < 1540; i++) {
            rows[i][0] += 12;
        }
        Watched<?> whole = metric();
        Watched<?> interrupted = metric();
        for (int i = 0; i < rows.length; i++) {
            Detector.Finding expected = whole.next(i * MINUTES, rows[i]);
            Detector.Finding finding = interrupted.next(i * MINUTES, rows[i]);
            if (expected != null) {
                assertThat(finding.score().tailProbability())
                        .isEqualTo(expected.score().tailProbability());
                assertThat(finding.score().channel()).isEqualTo(expected.score().channel());
            }
            if (i < 250 || i % 97 == 0) {
                interrupted.interrupt();
            }
        }
    }

    @Test
    void everyNumberOfARobustScoreCanBeComputedAgain() {
        Watched<?> watched = metric();
        double[][] rows = autoregression(9, 2000);
        rows[1000][0] += 30;
        for (double[] row : rows) {
            Detector.Finding finding = watched.next(0, row);
            if (finding == null) {
                continue;
            }
            AnomalyScore score = finding.score();
            assertThat(score.channel().probability(score.tail(), score.statistic()))
                    .isEqualTo(score.channelProbability());
            assertThat(score.combination().probability(score.news())).isEqualTo(score.tailProbability());
        }
    }

    @Test
    void aScoreStaysModestUntilThereIsEvidence() {
        double[][] rows = autoregression(10, 400);
        rows[399][0] += 1000;
        List<Detector.Finding> findings = judge(metric(), rows);

        assertThat(findings.get(399).score().score()).isBetween(0.5, 0.8);
        assertThat(findings.get(399).score().confidence()).isLessThan(0.75);
    }

    @Test
    void aConstantSeriesIsNoAnomalyHoweverLongItLasts() {
        double[][] rows = new double[3000][1];
        for (double[] row : rows) {
            row[0] = 7;
        }

        assertThat(judge(metric(), rows))
                .allMatch(finding -> finding == null || finding.score().score() < 0.6);
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
        LaggedMixture<?> model = new LaggedMixture<>(new Mixture<>(new GaussianFamily(6, Covariance.FULL, 1e-6), 1), 1);
        Detection detection = Detection.DEFAULTS
                .withCalibration(ARRAY)
                .withThreshold(Threshold.tailProbability(0.02))
                .withQuiet(5, Duration.ZERO)
                .withLearning(Detection.LearningFrom.SKIP);
        List<Detector.Finding> findings = judge(
                new Watched<>(new OnlineEm<>(model, LEARNING.withWarmUp(250).withStarts(1)), detection), rows);

        assertThat(flagged(findings, 0, 400)).isZero();
        assertThat(flagged(findings, 505, 560)).isEqualTo(55);
        assertThat(findings.get(530).score().channel()).isEqualTo(Channel.REPEATS);
        assertThat(flagged(findings, 710, 850)).isGreaterThan(110);
        assertThat(flagged(findings, 600, 700)).isLessThan(20);
        assertThat(findings.get(530).incident()).startsWith("s#");
    }

    private static long flagged(List<Detector.Finding> findings, int from, int to) {
        return findings.subList(from, to).stream()
                .filter(finding -> finding != null && finding.incident() != null)
                .count();
    }

    @Test
    void anExponentialTailIsLearnedAndAnomaliesDoNotWidenIt() {
        SplittableRandom random = new SplittableRandom(5);
        ExcessTail tail = new ExcessTail(100, 5000);
        for (int i = 0; i < 20_000; i++) {
            tail.learn(-Math.log(1 - random.nextDouble()), 1);
        }
        double before = -Math.log10(tail.probability(15));
        for (int i = 0; i < 10; i++) {
            tail.learn(1000, 1);
        }

        // P(X > 15) = e^-15
        assertThat(before).isCloseTo(15 / Math.log(10), within(0.8));
        assertThat(-Math.log10(tail.probability(15))).isGreaterThan(0.8 * before);
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
        Recurrence recurrence = new Recurrence(5000);
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
