package io.onlineem.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarsTest {

    @ParameterizedTest
    @CsvSource({"1, 50", "2, 50", "3, 50", "4, 100", "5, 100"})
    void onePassOver20000DocumentsFindsEveryBar(long seed, int length) {
        Observations data = Bars.draw(seed, 20_000, length);
        OnlineEm<LdaParameters> engine = new OnlineEm<>(
                Lda.of(Bars.TOPICS, 100), Learning.DEFAULTS.withSeed(seed).withStarts(3));
        OnlineLearner<LdaParameters> learner = new OnlineLearner<>(engine, null);
        for (int i = 0; i < data.size(); i++) {
            learner.learn(data, i, null);
        }

        double[] cosines = Bars.cosines(learner.state().published());
        assertThat(Arrays.stream(cosines).min().orElseThrow()).isGreaterThan(0.95);
    }
}
