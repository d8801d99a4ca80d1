package io.onlineem.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.GeneralizedPareto;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Reason;
import io.onlineem.anomaly.Tail;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertJsonTest {

    private static final List<String> FEATURES = List.of("value");

    private static Alert alert(Channel channel) {
        Tail tail = new Tail(
                new double[] {2}, new double[] {0.05}, 2, 0.05, new GeneralizedPareto(0.5, 0), 0, Double.MIN_NORMAL);
        double p = channel.probability(tail, 5);
        return new Alert(
                "m",
                "m/a",
                7,
                new Incident("m/a#1", Incident.Status.OPENED, 1000, 1000, 1, 1, 1000, 0.9, p, 0.01),
                new AnomalyScore(0.9, p, 0.95, channel, 3, 5, p, tail, -Math.log(p), null, false),
                new Explanation(3, 0, 0.5, List.of(new Reason(0, 61, null, 61.5, 1, null, 3, 1, 20.25))));
    }

    private static String json(Alert alert) {
        return new String(AlertJson.write(alert, FEATURES), StandardCharsets.UTF_8);
    }

    @Test
    void theSummaryTellsWhatWasSeenBesideTheRecord() {
        assertThat(json(alert(Channel.REPEATS))).contains("\"summary\":\"the same value again and again: value is 61,");
        assertThat(json(alert(Channel.of("level-10"))))
                .contains("\"summary\":\"another level than usual: value is 61,");
        assertThat(json(alert(Channel.RECORD))).contains("\"summary\":\"value is 61, expected 61.5");
    }

    @Test
    void anAlertIsReadAsItWasWritten() {
        Alert alert = alert(Channel.REPEATS);
        Alert read = AlertJson.read(AlertJson.write(alert, FEATURES), FEATURES);

        assertThat(read.incident()).isEqualTo(alert.incident());
        assertThat(read.explanation()).isEqualTo(alert.explanation());
        assertThat(read.score().channel()).isEqualTo(Channel.REPEATS);
        assertThat(read.score().channel().probability(read.score().tail(), 5))
                .isEqualTo(alert.score().channelProbability());
    }

    @Test
    void somethingElseIsRefused() {
        assertThatThrownBy(() -> AlertJson.read("{\"incident\":1}".getBytes(StandardCharsets.UTF_8), FEATURES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an alert");
    }
}
