package io.onlineem.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnomalyScorerTest {

    private static final AnomalySettings SETTINGS =
            AnomalySettings.DEFAULTS.withChannels(Channel.RECORD, Channel.of("minimum-5"), Channel.of("mean-20"));

    private static double exponential(SplittableRandom random) {
        return -Math.log(1 - random.nextDouble());
    }

    private static AnomalyScorer after(int records, AnomalySettings settings) {
        AnomalyScorer scorer = new AnomalyScorer(settings);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < records; i++) {
            scorer.score(exponential(random));
        }
        return scorer;
    }

    private static AnomalyScorer copy(AnomalyScorer scorer) {
        return new AnomalyScorer(scorer.settings(), scorer.state());
    }

    @Test
    void aFirstRecordHasNoScore() {
        AnomalyScore score = new AnomalyScorer(SETTINGS).score(1000);

        assertThat(score.score()).isZero();
        assertThat(score.tailProbability()).isOne();
        assertThat(score.confidence()).isZero();
    }

    @Test
    void theScoreStaysModestUntilThereIsEvidence() {
        for (int records : new int[] {40, 100, 300, 1000, 3000}) {
            AnomalyScore score = after(records, SETTINGS).score(1e9);

            assertThat(score.tailProbability()).isGreaterThan(1.0 / (40 * records));
            assertThat(score.score()).isBetween(0.0, AnomalyScore.scoreOf(score.tailProbability()));
        }
        assertThat(after(100, SETTINGS).score(1e9).score()).isLessThan(0.6);
        assertThat(after(100_000, SETTINGS).score(1e9).score()).isGreaterThan(0.85);
    }

    @Test
    void aLargerSurpriseHasASmallerTailProbability() {
        AnomalyScorer scorer = after(5000, SETTINGS.withChannels(Channel.RECORD));
        double previous = 1;
        for (double surprise = 0.1; surprise < 60; surprise *= 1.1) {
            double p = copy(scorer).score(surprise).tailProbability();
            assertThat(p).isLessThan(previous);
            previous = p;
        }
    }

    @Test
    void everyNumberCanBeComputedAgain() {
        AnomalyScorer scorer = after(3000, SETTINGS.withHoldOff(50));
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 3000; i++) {
            AnomalyScore score = scorer.score(4 * exponential(random));
            assertThat(score.tail().probability(score.statistic())).isEqualTo(score.channelProbability());
            assertThat(score.combination().probability(score.news())).isEqualTo(score.tailProbability());
            assertThat(AnomalyScore.scoreOf(score.tailProbability())).isEqualTo(score.score());
        }
    }

    @Test
    void anIncidentHasOneHighScoreAndALargerOneSoonAfterIsNotMasked() {
        AnomalyScorer scorer = after(20_000, SETTINGS.withHoldOff(100).withChannels(Channel.RECORD));

        assertThat(scorer.score(Sighting.of(14), 0).score()).isGreaterThan(0.75);
        assertThat(scorer.score(Sighting.of(13), 0).score()).isLessThan(0.6);
        assertThat(scorer.score(Sighting.of(13), 0).score()).isLessThan(0.6);
        assertThat(scorer.score(Sighting.of(17), 0).score()).isGreaterThan(0.75);
        for (int i = 0; i < 100; i++) {
            scorer.score(1);
        }
        assertThat(scorer.score(Sighting.of(14), 0).score()).isGreaterThan(0.75);
    }

    @Test
    void aRecordWithoutALikelihoodIsNoRecord() {
        AnomalyScorer scorer = after(1000, SETTINGS);
        double before = copy(scorer).score(7).tailProbability();

        assertThat(scorer.score(Double.NaN).score()).isZero();
        assertThat(copy(scorer).score(7).tailProbability()).isEqualTo(before);
        assertThat(scorer.score(Double.POSITIVE_INFINITY).score()).isGreaterThan(0.5);
    }

    @Test
    void scoresAndTailProbabilitiesAreOneScale() {
        assertThat(AnomalyScore.scoreOf(1)).isZero();
        assertThat(AnomalyScore.scoreOf(0.01)).isCloseTo(0.5, within(1e-12));
        assertThat(AnomalyScore.scoreOf(1e-4)).isCloseTo(0.8, within(1e-12));
        assertThat(AnomalyScore.scoreOf(1e-6)).isCloseTo(0.9, within(1e-12));
        assertThat(AnomalyScore.probabilityOf(0.8)).isCloseTo(1e-4, within(1e-15));
        assertThat(AnomalyScore.scoreOf(0)).isLessThan(1);
    }

    @Test
    void settingsSayWhatIsWrong() {
        assertThatThrownBy(() -> SETTINGS.withHalfLife(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("half-life is 3.0; expected 100.0");
        assertThatThrownBy(() -> Channel.of("mode-3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mode-3");
        assertThat(Channel.of("minimum-5")).isEqualTo(new Channel(Channel.Kind.MINIMUM, 5));
        assertThat(Channel.of(Channel.RECORD.label())).isEqualTo(Channel.RECORD);
    }
}
