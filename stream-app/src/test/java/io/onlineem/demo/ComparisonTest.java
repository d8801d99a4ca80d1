package io.onlineem.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void oneOnlinePassPredictsTheWindAtLeastAsWellAsABatchFitExplainsIt(int components) {
        Configuration configuration = DemoConfiguration.of(
                new DemoOptions(components, Scope.PER_KEY, DemoOptions.UNLIMITED, 1, Optional.empty(), false),
                "127.0.0.1:9092",
                Path.of(""));

        Comparison comparison = compare(
                configuration.model().spec().build(),
                configuration.learning(),
                WindData.load().speeds());

        assertThat(comparison.days()).isEqualTo(6574 - 500);
        assertThat(comparison.online()).isGreaterThanOrEqualTo(comparison.batch());
        // it is the order of the days that makes the difference
        assertThat(comparison.shuffled()).isLessThan(comparison.batch());
    }

    private static <P extends Parameters> Comparison compare(Model<P> model, Learning learning, Observations days) {
        OnlineLearner<P> learner = new OnlineLearner<>(new OnlineEm<>(model, learning), null);
        double sum = 0;
        int warmingUp = 0;
        for (int day = 0; day < days.size(); day++) {
            Posterior posterior = learner.score(days, day);
            if (posterior == null) {
                warmingUp++;
            } else {
                sum += posterior.logLikelihood();
            }
            learner.learn(days, day, posterior);
        }
        return Comparison.of(model, learning, null, days, warmingUp, sum / (days.size() - warmingUp));
    }

    @Test
    void shufflesEveryDayToOnePlace() {
        int[] order = Comparison.permutation(1000, 1);

        assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
        Arrays.sort(order);
        assertThat(order).isEqualTo(IntStream.range(0, 1000).toArray());
    }
}
