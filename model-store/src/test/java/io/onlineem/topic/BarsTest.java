package io.onlineem.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void onePassOver20000DocumentsFindsEveryBar(long seed) {
        for (int length : new int[] {50, 100})
            for (int starts = 1; starts < 4; starts += 2) {

                long t = System.nanoTime();
                Observations data = Bars.draw(seed, 20_000, length);
                Lda model = Lda.of(Bars.TOPICS, 100);
                OnlineLearner<LdaParameters> learner = new OnlineLearner<>(
                        new OnlineEm<>(model, Learning.DEFAULTS.withSeed(seed).withStarts(starts)), null);
                for (int i = 0; i < data.size(); i++) {
                    learner.learn(data, i, null);
                    if (i == 999)
                        System.out.println(length + " " + starts + " warm " + (System.nanoTime() - t) / 1e9 + " "
                                + Arrays.stream(Bars.cosines(learner.state().published()))
                                        .min());
                }
                System.out.println((System.nanoTime() - t) / 1e9 + " "
                        + Arrays.stream(Bars.cosines(learner.state().published()))
                                .min());
                assertThat(Arrays.stream(Bars.cosines(learner.state().published()))
                                .min()
                                .orElseThrow())
                        .isGreaterThan(0.95);
            }
    }
}
