package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.AnomalyScorer;
import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Sighting;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScorerCodecTest {

    private static final AnomalySettings SETTINGS = AnomalySettings.DEFAULTS
            .withChannels(Channel.RECORD, Channel.of("minimum-5"), Channel.of("mean-20"))
            .withHoldOff(40)
            .withLevelHalfLife(300)
            .withHalfLife(800)
            .withExcesses(60);

    private static double surprise(SplittableRandom random, int record) {
        double drift = record > 7_000 ? 30 : 0;
        return drift - 2 * Math.log(1 - random.nextDouble()) + (record % 701 == 700 ? 25 : 0);
    }

    @Test
    void aScorerGoesOnBitForBitWhereverItIsWrittenDown() {
        AnomalyScorer whole = new AnomalyScorer(SETTINGS);
        AnomalyScorer interrupted = new AnomalyScorer(SETTINGS);
        SplittableRandom random = new SplittableRandom(3);
        SplittableRandom interruptions = new SplittableRandom(4);
        for (int i = 0; i < 20_000; i++) {
            double surprise = surprise(random, i);
            double weight = i % 7 == 0 ? 0.3 : 1;
            AnomalyScore expected = whole.score(Sighting.of(surprise), weight);
            AnomalyScore score = interrupted.score(Sighting.of(surprise), weight);
            assertThat(score.tailProbability()).isEqualTo(expected.tailProbability());
            assertThat(score.newNormal()).isEqualTo(expected.newNormal());
            if (i < 100 || interruptions.nextInt(100) == 0) {
                interrupted = ScorerCodec.decode(ScorerCodec.encode(interrupted), SETTINGS);
            }
        }
        assertThat(ScorerCodec.encode(interrupted)).isEqualTo(ScorerCodec.encode(whole));
    }

    @Test
    void whatIsWatchedAsBeforeGoesOnUnderOtherSettings() {
        AnomalyScorer scorer = new AnomalyScorer(SETTINGS.withChannels(Channel.RECORD));
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 5000; i++) {
            scorer.score(surprise(random, i));
        }
        AnomalySettings more =
                SETTINGS.withExcesses(50).withChannels(new Channel(Channel.Kind.MINIMUM, 3), Channel.RECORD);
        AnomalyScorer other = ScorerCodec.decode(ScorerCodec.encode(scorer), more);

        AnomalyScore score = other.score(30);

        assertThat(score.channel()).isEqualTo(Channel.RECORD);
        assertThat(score.channelProbability()).isEqualTo(scorer.score(30).channelProbability());
    }

    @Test
    void aTailThatNoStreamCanHaveIsRefused() {
        byte[] bytes = ScorerCodec.encode(Examples.scorer());
        bytes[bytes.length - 8] = 0x7F;

        assertThatThrownBy(() -> ScorerCodec.decode(bytes, Examples.CALIBRATION))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("survival");
    }
}
