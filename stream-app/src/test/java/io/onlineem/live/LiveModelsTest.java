package io.onlineem.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Explanation;
import io.onlineem.anomaly.Incident;
import io.onlineem.anomaly.Reason;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.family.FamilySpec;
import io.onlineem.family.GaussianParameters;
import io.onlineem.live.LiveModels.About;
import io.onlineem.live.LiveModels.Sources;
import io.onlineem.metrics.MicrometerModelMetrics.Totals;
import io.onlineem.mixture.MixtureParameters;
import io.onlineem.observation.Alert;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.topology.RecordSampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LiveModelsTest {

    private static final ModelSpec MIXTURE = new ModelSpec("mixture", "gaussian", 2, List.of("x", "y"), Map.of());
    private static final ModelSpec CHAIN = new ModelSpec("hmm", "gaussian", 2, List.of("x", "y"), Map.of());
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<LiveModels> open = new ArrayList<>();
    private final Observations observation = Observations.of(new double[] {1, 2});
    private long scored;
    private double logLikelihood;
    private OptionalLong pausedSince = OptionalLong.empty();

    @AfterEach
    void close() {
        open.forEach(LiveModels::close);
    }

    private LiveModels models(ModelSpec spec, boolean perKey) {
        LiveModels models = new LiveModels(
                new About("app", "topic", "m", perKey, spec, 100, true),
                new Sources(
                        () -> new Totals(scored, 0, 0, logLikelihood, scored),
                        () -> 5,
                        () -> "RUNNING",
                        id -> Optional.empty(),
                        id -> pausedSince));
        open.add(models);
        return models;
    }

    private static PublishedModel<?> published(String id, long version) {
        double[][] covariance = {{4, 1}, {1, 1}};
        MixtureParameters<GaussianParameters> parameters = new MixtureParameters<>(
                new double[] {0.25, 0.75},
                new GaussianParameters(
                        new double[][] {{1, 2}, {11, version}},
                        new double[][][] {covariance, covariance},
                        new double[2],
                        new double[] {1, 1}));
        return new PublishedModel<>(id, MIXTURE, version, 100 * version, 0.1, -2.5, parameters, parameters, List.of());
    }

    static Portrait portrait(long version) {
        return Portrait.of(published("m", version), version);
    }

    private static ScoredRecord record(String model, double logLikelihood) {
        return new ScoredRecord(model, 3, new Posterior(new double[] {0.9, 0.1}, logLikelihood));
    }

    private static JsonNode json(byte[] bytes) throws Exception {
        return MAPPER.readTree(bytes);
    }

    private static JsonNode snapshot(LiveModels models) throws Exception {
        return json(models.snapshot("", "").orElseThrow());
    }

    /** Shows records to a sampler as a task does; returns how many it wanted. */
    private int offer(RecordSampler sampler, String model, String sequence, int records, double level) {
        int wanted = 0;
        for (int i = 0; i < records; i++) {
            ScoredRecord one = record(model, level);
            scored++;
            logLikelihood += level;
            if (sampler.wants(sequence, one)) {
                wanted++;
                sampler.keep(sequence == null ? "key" : sequence, 1000 + i, observation, one);
            }
        }
        return wanted;
    }

    @Test
    void aSharedModelIsThereBeforeItHasLearnedAnything() throws Exception {
        JsonNode now = snapshot(models(MIXTURE, false));
        assertThat(now.get("model").asText()).isEqualTo("m");
        assertThat(now.get("topic").asText()).isEqualTo("topic");
        assertThat(now.get("versions")).isEmpty();
        assertThat(now.has("portrait")).isFalse();
        assertThat(now.get("features").get(1).get("name").asText()).isEqualTo("y");
    }

    @Test
    void aModelThatNobodyKnowsIsNotThere() throws Exception {
        LiveModels models = models(MIXTURE, false);
        assertThat(models.has("other")).isFalse();
        assertThat(models.snapshot("other", "")).isEmpty();
        assertThat(models.version("other", 1)).isEmpty();
        assertThat(models.news("other", 0, Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void soManyRecordsAreKeptASecondHoweverManyThereAre() {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        offer(sampler, "m", null, 100_000, -1);
        models.tick();

        int wanted = offer(sampler, "m", null, 100_000, -1);

        // these, and no less likely ones, since all are equally likely
        assertThat(wanted).isBetween(LiveModels.SAMPLES_PER_TICK - 1, LiveModels.SAMPLES_PER_TICK);
        models.tick();
        assertThat(offer(sampler, "m", null, 10, -1)).isLessThanOrEqualTo(1);
    }

    @Test
    void allRecordsAreKeptWhereTheyAreFew() throws Exception {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        offer(sampler, "m", null, 7, -1);
        models.tick();
        offer(sampler, "m", null, 7, -1);

        JsonNode records = snapshot(models).get("records");
        assertThat(records).hasSize(14);
        assertThat(records.get(0).get("values")).hasToString("[1,2]");
        assertThat(records.get(0).get("scored").get("component").asInt()).isZero();
        assertThat(records.get(0).get("key").asText()).isEqualTo("key");
    }

    @Test
    void theLeastLikelyRecordsAreKeptWithWhatIsUnexpectedOfThem() throws Exception {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        models.learned(published("m", 9));
        models.tick();
        offer(sampler, "m", null, 1000, -1);
        observation.clear();
        observation.add(new double[] {1 + 7 * 2, 2 - 3});
        offer(sampler, "m", null, 1, -50);
        models.tick();

        JsonNode unlikely = snapshot(models).get("unlikely");
        assertThat(unlikely).hasSize(LiveModel.UNLIKELY);
        JsonNode reasons = unlikely.get(0).get("reasons");
        assertThat(unlikely.get(0).get("scored").get("logLikelihood").asDouble())
                .isEqualTo(-50);
        assertThat(reasons).hasSize(2);
        assertThat(reasons.get(0).get("field").asText()).isEqualTo("x");
        assertThat(reasons.get(0).get("deviations").asDouble()).isCloseTo(7, within(1e-6));
        assertThat(reasons.get(0).get("expected").asDouble()).isEqualTo(1);
        assertThat(reasons.get(1).get("deviations").asDouble()).isCloseTo(-3, within(1e-6));
    }

    @Test
    void unlikelyRecordsOfLongAgoMakeRoomForThoseOfNow() throws Exception {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        offer(sampler, "m", null, 100, -100);
        for (int i = 0; i < 100; i++) {
            models.tick();
        }
        offer(sampler, "m", null, 100, -2);
        JsonNode unlikely = snapshot(models).get("unlikely");
        assertThat(unlikely).isNotEmpty();
        assertThat(unlikely)
                .allMatch(one -> one.get("scored").get("logLikelihood").asDouble() == -2);
    }

    @Test
    void recordsOfIncidentsAreKeptWithTheirScoreHoweverLikelyTheyAre() throws Exception {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        offer(sampler, "m", null, 1000, -5);
        Anomaly anomaly = new Anomaly(0.9, 1e-4, 1, "m-7", null);
        Posterior posterior = new Posterior(new double[] {1, 0}, -1);
        ScoredRecord ordinary = new ScoredRecord("m", 3, posterior, new Anomaly(0.2, 0.4, 1, null, null));
        assertThat(sampler.wants(null, ordinary)).isFalse();
        ScoredRecord within = new ScoredRecord("m", 3, posterior, new Anomaly(0.2, 0.4, 1, "m-7", null));
        assertThat(sampler.wants(null, within)).isFalse();
        ScoredRecord alarming = new ScoredRecord("m", 3, posterior, anomaly);
        assertThat(sampler.wants(null, alarming)).isTrue();
        sampler.keep("key", 1, observation, alarming);

        JsonNode anomalies = snapshot(models).get("anomalies");
        assertThat(anomalies).hasSize(1);
        assertThat(anomalies.get(0).get("scored").get("anomaly").get("incident").asText())
                .isEqualTo("m-7");
    }

    @Test
    void theMostUnusualRecordOfASecondIsPartOfItsMoment() throws Exception {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        Posterior posterior = new Posterior(new double[] {1, 0}, -1);
        for (double tailProbability : new double[] {0.5, 1e-4, 0.01}) {
            var unused = sampler.wants(
                    null, new ScoredRecord("m", 3, posterior, new Anomaly(0.1, tailProbability, 1, null, null)));
        }
        models.tick();
        models.tick();
        JsonNode recent = snapshot(models).get("recent");
        assertThat(recent.get(0).get(7).asDouble()).isCloseTo(0.8, within(1e-6));
        assertThat(recent.get(0).get(8).asDouble()).isEqualTo(1e-4);
        assertThat(recent.get(1).get(7).isNull()).isTrue();
        assertThat(recent.get(1).get(8).isNull()).isTrue();
    }

    private static Alert alert(String stream, int number, Incident.Status status, Explanation explanation) {
        return new Alert(
                "m",
                stream,
                3,
                new Incident(stream + "#" + number, status, 1000, 2000, 12, 4, 1500, 0.9, 1e-6, 1e-4),
                null,
                explanation);
    }

    @Test
    void anIncidentIsOneWithTheReasonsOfItsWorstRecordWhateverBecomesOfIt() throws Exception {
        LiveModels models = models(MIXTURE, false);
        Explanation explanation = new Explanation(
                12,
                1,
                0.75,
                List.of(new Reason(1, 9, null, 2, 0.5, null, 10, 1, 0), new Reason(0, 1, null, 1, 0.5, null, 2, 0, 0)));
        models.told(alert("m/a", 1, Incident.Status.OPENED, explanation));
        models.told(alert("m/b", 1, Incident.Status.OPENED, null));
        long moment = snapshot(models).get("moment").asLong();
        models.told(alert("m/a", 1, Incident.Status.CLOSED, null));

        JsonNode incidents = snapshot(models).get("incidents");
        assertThat(incidents).hasSize(2);
        JsonNode first = incidents.get(0).get("alert");
        assertThat(first.get("incident").asText()).isEqualTo("m/a#1");
        assertThat(first.get("status").asText()).isEqualTo("closed");
        assertThat(first.get("explanation").get("summary").asText()).startsWith("y is 9, expected 2");
        assertThat(incidents.get(1).get("alert").get("status").asText()).isEqualTo("opened");
        JsonNode news = json(
                models.news("m", moment, Duration.ofMillis(1)).orElseThrow().json());
        assertThat(news.get("incidents")).hasSize(1);
        assertThat(news.get("incidents").get(0).get("alert").get("incident").asText())
                .isEqualTo("m/a#1");
    }

    @Test
    void theNewestIncidentsAreKeptThoseOfAModelOfAKeyWithIt() throws Exception {
        LiveModels models = models(MIXTURE, true);
        models.learned(published("m/a", 1));
        models.learned(published("m/b", 1));
        for (int i = 1; i <= LiveModel.INCIDENTS + 5; i++) {
            models.told(alert("m/a", i, Incident.Status.OPENED, null));
        }
        JsonNode incidents = json(models.snapshot("m/a", "").orElseThrow()).get("incidents");
        assertThat(incidents).hasSize(LiveModel.INCIDENTS);
        assertThat(incidents.get(0).get("alert").get("incident").asText()).isEqualTo("m/a#6");
        assertThat(json(models.snapshot("m/b", "").orElseThrow()).has("incidents"))
                .isFalse();
    }

    @Test
    void aPauseIsToldWithItsTime() throws Exception {
        LiveModels models = models(MIXTURE, false);
        models.learned(published("m", 1));
        models.tick();
        assertThat(snapshot(models).get("learning").asText()).isEqualTo("running");
        pausedSince = OptionalLong.of(1_700_000_000_000L);
        models.tick();
        assertThat(snapshot(models).get("learning").asText()).isEqualTo("paused");
        assertThat(snapshot(models).get("pausedSince").asLong()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void aVersionIsDrawnWithItsComponentsAndStaysThere() throws Exception {
        LiveModels models = models(MIXTURE, false);
        for (long version = 1; version <= 3; version++) {
            models.learned(published("m", version));
            models.tick();
        }
        JsonNode now = snapshot(models);
        assertThat(now.get("versions")).hasSize(3);
        assertThat(now.get("portrait").get("version").asLong()).isEqualTo(3);

        JsonNode first = json(models.version("m", 1).orElseThrow());
        JsonNode component = first.get("components").get(1);
        assertThat(component.get("weight").asDouble()).isEqualTo(0.75);
        assertThat(component.get("means")).hasToString("[11,1]");
        assertThat(component.get("deviations")).hasToString("[2,1]");
        assertThat(first.get("correlated").get(0).get("correlations").get(1)).hasToString("[0.5]");
        assertThat(models.version("m", 4)).isEmpty();
    }

    @Test
    void newsAreWhatHasComeSince() throws Exception {
        LiveModels models = models(MIXTURE, false);
        RecordSampler sampler = models.sampler();
        models.learned(published("m", 1));
        offer(sampler, "m", null, 5, -1);
        models.tick();
        long moment = snapshot(models).get("moment").asLong();

        JsonNode nothing = json(
                models.news("m", moment, Duration.ofMillis(1)).orElseThrow().json());
        assertThat(nothing.has("records")).isFalse();
        assertThat(nothing.has("portrait")).isFalse();
        assertThat(nothing.has("unlikely")).isFalse();

        offer(sampler, "m", null, 3, -9);
        models.learned(published("m", 2));
        models.tick();
        JsonNode news = json(
                models.news("m", moment, Duration.ofMillis(1)).orElseThrow().json());
        assertThat(news.get("records")).hasSize(3);
        assertThat(news.get("portrait").get("version").asLong()).isEqualTo(2);
        assertThat(news.get("unlikely")).hasSize(8);
        assertThat(news.get("moment").asLong()).isGreaterThan(moment);
        assertThat(news.get("recent")).hasSize(1);
        assertThat(news.get("recent").get(0).get(4).asDouble()).isEqualTo(-9);
        assertThat(news.get("recent").get(0).get(5).asDouble()).isEqualTo(5);
    }

    @Test
    void ofModelsByKeySoManyAreWatchedAndOneThatIsLookedAtIsAmongThem() throws Exception {
        LiveModels models = new LiveModels(
                new About("app", "topic", "m", true, MIXTURE, 100, false),
                new Sources(
                        () -> new Totals(0, 0, 0, 0, 0),
                        () -> Double.NaN,
                        () -> "RUNNING",
                        id -> id.equals("m/999") ? Optional.of(published(id, 4)) : Optional.empty(),
                        id -> OptionalLong.empty()));
        open.add(models);
        for (int key = 0; key < 100; key++) {
            models.learned(published("m/" + key, 1));
        }
        assertThat(snapshot(models).get("models")).hasSize(LiveModels.MOST_MODELS);
        assertThat(snapshot(models).get("model").asText()).isEqualTo("m/0");

        JsonNode other = json(models.snapshot("m/999", "").orElseThrow());
        assertThat(other.get("portrait").get("version").asLong()).isEqualTo(4);
        assertThat(StreamSupport.stream(other.get("models").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList())
                .hasSize(LiveModels.MOST_MODELS)
                .contains("m/999");
    }

    @Test
    void theRecordsOfOneSequenceAreKeptOneAfterAnother() throws Exception {
        LiveModels models = models(CHAIN, false);
        RecordSampler sampler = models.sampler();
        offer(sampler, "m", "a", 1, -1);
        models.tick();
        for (int i = 0; i < 50; i++) {
            offer(sampler, "m", "a", 1, -1);
            offer(sampler, "m", "b", 3, -1);
        }
        JsonNode now = snapshot(models);
        assertThat(now.get("sequence").asText()).isEqualTo("a");
        assertThat(now.get("sequences")).hasToString("[\"a\",\"b\"]");
        assertThat(now.get("followed"))
                .hasSize(50)
                .allMatch(one -> one.get("key").asText().equals("a"));

        json(models.snapshot("m", "b").orElseThrow());
        offer(sampler, "m", "b", LiveModels.FOLLOWED_PER_TICK + 7, -1);
        models.tick();
        offer(sampler, "m", "b", 2, -1);
        List<JsonNode> followed = StreamSupport.stream(
                        snapshot(models).get("followed").spliterator(), false)
                .toList();
        assertThat(followed).allMatch(one -> one.get("key").asText().equals("b"));
        // not more a second, and where some were left out the next one says so
        assertThat(followed.subList(0, followed.size() - 2)).noneMatch(one -> one.has("gap"));
        assertThat(followed.get(followed.size() - 2).get("gap").asBoolean()).isTrue();
        assertThat(followed.get(followed.size() - 1).has("gap")).isFalse();
    }

    @Test
    void aTimeOfDayIsAsFarFromAnotherAsTheShorterWayRound() throws Exception {
        ModelSpec spec = ModelSpec.of(
                "mixture", 1, List.of(new FamilySpec("von-mises", List.of("hour"), Map.of("period", "24"))), Map.of());
        var parameters = spec.build()
                .read(new Fields()
                        .with("weights", new double[] {1})
                        .with("means", new double[] {23})
                        .with("concentrations", new double[] {4}));
        Portrait portrait =
                Portrait.of(new PublishedModel<>("m", spec, 1, 1, 1, -1, parameters, parameters, List.of()), 0);
        Sample sample = Sample.of(
                1,
                "key",
                0,
                Observations.of(new double[] {4}),
                false,
                false,
                new ScoredRecord("m", 1, new Posterior(new double[] {1}, -9)));

        Portrait.Reason reason = portrait.reasons(sample, 3).get(0);

        // five hours after 23:00, not nineteen before
        assertThat(reason.deviations()).isBetween(2.0, 3.0);
    }
}
