package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.AnomalyScore;
import io.onlineem.anomaly.AnomalySettings;
import io.onlineem.anomaly.Channel;
import io.onlineem.anomaly.Detection;
import io.onlineem.anomaly.Detection.LearningFrom;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Incident.Status;
import io.onlineem.anomaly.Reason;
import io.onlineem.anomaly.Threshold;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.observation.Alert;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.ScoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnomalyTopologyTest {

    private static final ModelSpec MIXTURE =
            new ModelSpec("mixture", "gaussian", 2, TopologyRun.FIELDS, Map.of("covariance", "full"));
    private static final ModelSpec HMM = new ModelSpec("hmm", "gaussian", 2, TopologyRun.FIELDS, Map.of());
    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(20).withWarmUp(200).withStarts(2);
    /** Of single records, so that what a channel of many sees does not matter. */
    private static final Detection DETECTION = Detection.DEFAULTS
            .withCalibration(AnomalySettings.DEFAULTS.withChannels(Channel.RECORD))
            .withThreshold(Threshold.tailProbability(1e-3));

    private static final int SECOND = 1000;

    /** Two clusters, far apart, to which the stream keeps for a while. */
    static final class Source {
        private final SplittableRandom random = new SplittableRandom(5);
        private final TopologyRun run;
        private double centre = 5;
        long time;

        Source(TopologyRun run) {
            this.run = run;
        }

        Source usual(int records, String... keys) {
            for (int i = 0; i < records; i++) {
                centre = random.nextInt(10) == 0 ? -centre : centre;
                pipe(keys[i % keys.length], centre + random.nextGaussian(), 2 * random.nextGaussian() - centre);
            }
            return this;
        }

        /** Goes on until no false alarm is near: none is open, and no peak of one is remembered. */
        Source settle(String... keys) {
            int quiet = 0;
            run.posteriors.readValuesToList();
            for (int i = 0; i < 5000 && quiet < 200 * keys.length; i++) {
                usual(1, keys[i % keys.length]);
                quiet = run.posteriors.readValue().anomaly().incident() == null ? quiet + 1 : 0;
            }
            run.alerts.readValuesToList();
            return this;
        }

        Source pipe(String key, double x, double y) {
            run.pipe(key, x, y, time);
            time += SECOND;
            return this;
        }
    }

    private static TopologyRun run(ModelSpec spec, boolean perKey, Watching watching) {
        StreamModel<?> model = StreamModel.of("m", spec, LEARNING).flushedAfter(Duration.ofSeconds(1));
        OnlineEmTopology<?> topology =
                perKey ? OnlineEmTopology.perKey(model, "models") : OnlineEmTopology.shared(model, "models");
        return new TopologyRun(topology.withAnomalies(watching));
    }

    private static List<Alert> alerts(TopologyRun run) {
        return run.alerts.readValuesToList().stream()
                .map(json -> AlertJson.read(json, TopologyRun.FIELDS))
                .toList();
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("a shared mixture", MIXTURE, false),
                Arguments.of("a mixture per key", MIXTURE, true),
                Arguments.of("a shared hmm", HMM, false),
                Arguments.of("an hmm per key", HMM, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void anIncidentIsOneAlertThatIsOpenedAndClosedAndTheRecordsOfItAreMarked(
            String name, ModelSpec spec, boolean perKey) {
        try (TopologyRun run = run(spec, perKey, new Watching(DETECTION, false))) {
            Source source = new Source(run).usual(4000, "k");
            List<ScoredRecord> before = run.posteriors.readValuesToList();
            long start = source.settle("k").time;
            source.pipe("k", 5, 40).usual(3, "k").pipe("k", 5, 38).usual(200, "k");

            assertThat(before.subList(0, 200)).allMatch(scored -> scored.anomaly() == null);
            assertThat(before.subList(200, 4000)).allMatch(scored -> scored.anomaly() != null);
            List<Alert> alerts = alerts(run);
            assertThat(alerts)
                    .extracting(alert -> alert.incident().status())
                    .containsExactly(Status.OPENED, Status.CLOSED);
            Incident incident = alerts.get(1).incident();
            assertThat(incident.start()).isEqualTo(start);
            assertThat(incident.end()).isGreaterThanOrEqualTo(start + 4 * SECOND);
            assertThat(alerts.get(0).stream()).isEqualTo(perKey ? "m/k" : "m/0");
            List<ScoredRecord> after = run.posteriors.readValuesToList();
            Anomaly first = after.get(0).anomaly();
            assertThat(first.incident()).isEqualTo(incident.id());
            assertThat(first.score()).isGreaterThan(0.69);
            assertThat(first.explanation().reasons().get(0).position()).isEqualTo(1);
            assertThat(first.explanation().reasons().get(0).share()).isGreaterThan(0.7);
            assertThat(after.get(4).anomaly().incident()).isEqualTo(incident.id());
            assertThat(after.get(204).anomaly().incident()).isNull();
        }
    }

    static Stream<AnomalySettings> calibrations() {
        return Stream.of(
                AnomalySettings.DEFAULTS.withChannels(Channel.RECORD, Channel.of("minimum-5"), Channel.of("mean-20")),
                AnomalySettings.DEFAULTS
                        .withChannels(Channel.RECORD, Channel.of("level-10"), Channel.REPEATS)
                        .withTails(AnomalySettings.Tails.ROBUST)
                        .withSeason(true));
    }

    @ParameterizedTest
    @MethodSource("calibrations")
    void everyNumberOfAnAlertFollowsFromThePublishedParametersOfItsVersion(AnomalySettings calibration) {
        Detection combined =
                Detection.DEFAULTS.withCalibration(calibration).withThreshold(Threshold.tailProbability(5e-3));
        try (TopologyRun run = run(MIXTURE, true, new Watching(combined, false))) {
            new Source(run).usual(4000, "k").settle("k").pipe("k", 5, 40);
            Alert alert = alerts(run).get(0);
            PublishedModel<?> published = run.models.readValuesToList().stream()
                    .map(json -> (PublishedModel<?>) new ModelJson<>(MIXTURE, MIXTURE.build()).read(json))
                    .filter(model -> model.version() == alert.version())
                    .findFirst()
                    .orElseThrow();

            // the model saw the record without what it owes to the time of day and of the week
            double[] seen = {5, 40};
            alert.explanation().reasons().forEach(reason -> seen[reason.position()] -= reason.season());
            Explanation again = explain(MIXTURE.build(), published.parameters(), Observations.of(seen));
            AnomalyScore score = alert.score();
            assertThat(score.surprise()).isCloseTo(again.surprise(), within(1e-9));
            assertThat(alert.explanation().component()).isEqualTo(again.component());
            assertThat(alert.explanation().typical()).isCloseTo(again.typical(), within(1e-12));
            for (int i = 0; i < again.reasons().size(); i++) {
                Reason expected = again.reasons().get(i);
                Reason reason = alert.explanation().reasons().get(i);
                assertThat(reason.position()).isEqualTo(expected.position());
                assertThat(reason.expected()).isCloseTo(expected.expected() + reason.season(), within(1e-9));
                assertThat(reason.low()).isCloseTo(expected.low() + reason.season(), within(1e-9));
                assertThat(reason.share()).isCloseTo(expected.share(), within(1e-9));
                assertThat(reason.surprise()).isCloseTo(expected.surprise(), within(1e-9));
            }
            double ofChannel = score.channel().probability(score.tail(), score.statistic());
            assertThat(score.channelProbability()).isCloseTo(ofChannel, within(1e-12 * ofChannel));
            double tailProbability = score.combination().probability(score.news());
            assertThat(score.tailProbability()).isCloseTo(tailProbability, within(1e-12 * tailProbability));
            assertThat(score.news()).isCloseTo(-Math.log(ofChannel), within(1e-9));
            assertThat(score.score()).isCloseTo(AnomalyScore.scoreOf(tailProbability), within(1e-12));
            assertThat(alert.incident().peakProbability()).isEqualTo(score.tailProbability());
            assertThat(alert.incident().threshold()).isEqualTo(5e-3);
        }
    }

    @SuppressWarnings("unchecked")
    private static <P extends Parameters> Explanation explain(
            Model<P> model, Parameters parameters, Observations record) {
        return Explanation.of(model, model.eStep((P) parameters), record, 0, new double[0]);
    }

    @Test
    void theKeysOfASharedModelMayBeWatchedByThemselves() {
        try (TopologyRun run = run(MIXTURE, false, new Watching(DETECTION, true))) {
            Source source = new Source(run).usual(8000, "a", "b").settle("a", "b");
            source.pipe("b", 5, 60).usual(10, "a", "b");

            assertThat(run.alerts.readRecordsToList())
                    .extracting(TestRecord::key)
                    .containsExactly("m/b");
            assertThat(run.rejected.isEmpty()).isTrue();
            run.pipe(null, 5, -5, source.time);
            assertThat(run.rejected.readValuesToList()).hasSize(1);
        }
    }

    @Test
    void anIncidentOfAStreamThatFallsSilentIsClosedByTheTimeOfTheOthers() {
        try (TopologyRun run = run(MIXTURE, true, new Watching(DETECTION, false))) {
            Source source = new Source(run).usual(8000, "a", "b").settle("a", "b");
            source.pipe("b", 5, 60);
            run.alerts.readValuesToList();
            source.time += Duration.ofHours(2).toMillis();
            source.usual(1, "a");
            run.wait(Duration.ofSeconds(1));

            assertThat(alerts(run)).anySatisfy(alert -> {
                assertThat(alert.stream()).isEqualTo("m/b");
                assertThat(alert.incident().status()).isEqualTo(Status.CLOSED);
            });
        }
    }

    @Test
    void nothingIsLearnedWhileAnIncidentIsOpenIfThatIsTheChoiceButEverythingIsCounted() {
        Watching skipping = new Watching(DETECTION.withLearning(LearningFrom.SKIP), false);
        try (TopologyRun skips = run(MIXTURE, true, skipping);
                TopologyRun learns = run(MIXTURE, true, new Watching(DETECTION, false))) {
            PublishedModel<?> skipped = afterIncident(skips);
            PublishedModel<?> learned = afterIncident(learns);
            assertThat(largestMean(skipped)).isLessThan(6);
            assertThat(largestMean(learned)).isGreaterThan(largestMean(skipped) + 0.3);
        }
    }

    /** The model after an incident of 40 records. */
    private static PublishedModel<?> afterIncident(TopologyRun run) {
        Source source = new Source(run).usual(3000, "k").settle("k");
        for (int i = 0; i < 40; i++) {
            source.pipe("k", 5, 40);
        }
        run.wait(Duration.ofSeconds(10));
        PublishedModel<?> model = last(run);
        assertThat(model.observations()).isEqualTo(source.time / SECOND);
        return model;
    }

    private static PublishedModel<?> last(TopologyRun run) {
        List<byte[]> models = run.models.readValuesToList();
        return new ModelJson<>(MIXTURE, MIXTURE.build()).read(models.get(models.size() - 1));
    }

    private static double largestMean(PublishedModel<?> model) {
        double[][] means = (double[][]) model.parameters().fields().get("means");
        return Math.max(means[0][1], means[1][1]);
    }
}
