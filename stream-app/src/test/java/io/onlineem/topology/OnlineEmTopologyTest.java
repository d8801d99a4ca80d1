package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Learning;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineEmTopologyTest {

    private static final ModelSpec SPEC =
            new ModelSpec("mixture", "gaussian", 2, TopologyRun.FIELDS, Map.of("covariance", "full"));
    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(10).withWarmUp(50).withStarts(3);

    private static StreamModel<?> model() {
        return StreamModel.of("m", SPEC, LEARNING).flushedAfter(Duration.ZERO);
    }

    /** Two clusters, far apart. */
    private static double[][] draw(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            double centre = random.nextInt(3) == 0 ? 5 : -5;
            rows[i] = new double[] {centre + random.nextGaussian(), 2 * random.nextGaussian() - centre};
        }
        return rows;
    }

    private static PublishedModel<?> last(TopologyRun run) {
        List<byte[]> models = run.models.readValuesToList();
        return new ModelJson<>(SPEC, SPEC.build()).read(models.get(models.size() - 1));
    }

    @Test
    void everyValidRecordYieldsOnePosteriorAndIsCountedOnceInTheSharedModel() {
        try (TopologyRun run = TopologyRun.shared(model())) {
            for (double[] row : draw(500, 1)) {
                run.pipe("k", row[0], row[1]);
            }
            List<ScoredRecord> posteriors = run.posteriors.readValuesToList();
            assertThat(posteriors).hasSize(500);
            assertThat(posteriors.subList(0, 50)).allMatch(ScoredRecord::isWarmingUp);
            assertThat(posteriors.subList(50, 500)).noneMatch(ScoredRecord::isWarmingUp);
            PublishedModel<?> model = last(run);
            assertThat(model.observations()).isEqualTo(500);
            assertThat(model.version()).isEqualTo(1 + 45);
            assertThat(run.rejected.isEmpty()).isTrue();
        }
    }

    @Test
    void perKeyModelsAreExactlyThoseOfALearnerThatSeesTheRecordsOfTheKeyAlone() {
        double[][] a = draw(333, 2);
        double[][] b = draw(333, 3);
        try (TopologyRun run = TopologyRun.perKey(model())) {
            for (int i = 0; i < a.length; i++) {
                run.pipe("a", a[i][0], a[i][1]);
                run.pipe("b", b[i][0], b[i][1]);
            }
            List<ScoredRecord> ofA = new ArrayList<>();
            run.posteriors.readRecordsToList().forEach(scored -> {
                if (scored.key().equals("a")) {
                    ofA.add(scored.value());
                }
            });
            assertThat(ofA).isEqualTo(scoreAlone("m/a", a, new OnlineEm<>(SPEC.build(), LEARNING)));
        }
    }

    private static <P extends Parameters> List<ScoredRecord> scoreAlone(
            String name, double[][] rows, OnlineEm<P> engine) {
        OnlineLearner<P> learner = new OnlineLearner<>(engine, null);
        Observations records = Observations.of(rows);
        List<ScoredRecord> scored = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            Posterior posterior = learner.score(records, i);
            ModelState<P> state = learner.state();
            scored.add(new ScoredRecord(name, state == null ? 0 : state.version(), posterior));
            learner.learn(records, i, posterior);
        }
        return scored;
    }

    @Test
    void timestampsOfASharedModelAreInTheOrderOfItsVersionsWhateverThoseOfTheRecords() {
        try (TopologyRun run = TopologyRun.shared(model())) {
            for (double[] row : draw(200, 8)) {
                String json = "{\"x\":" + row[0] + ",\"y\":" + row[1] + "}";
                long timestamp = (long) (1000 + 100 * row[1]);
                run.observations.pipeInput("k", json.getBytes(StandardCharsets.UTF_8), timestamp);
            }
            List<Long> timestamps = run.models.readRecordsToList().stream()
                    .map(TestRecord::timestamp)
                    .toList();
            assertThat(timestamps).hasSize(16).isSorted();
        }
    }

    @Test
    void aMiniBatchThatIsNotFullIsLearnedFromAfterTheFlushInterval() {
        StreamModel<?> flushed = model().flushedAfter(Duration.ofSeconds(1));
        for (TopologyRun each : List.of(TopologyRun.shared(flushed), TopologyRun.perKey(flushed))) {
            try (TopologyRun run = each) {
                double[][] rows = draw(58, 4);
                for (int i = 0; i < 57; i++) {
                    run.pipe("k", rows[i][0], rows[i][1]);
                }
                assertThat(last(run).observations()).isEqualTo(50);
                run.wait(Duration.ofSeconds(3));
                assertThat(last(run).observations()).isEqualTo(57);
                run.pipe("k", rows[57][0], rows[57][1]);
                run.wait(Duration.ofSeconds(3));
                assertThat(last(run).observations()).isEqualTo(58);
                run.wait(Duration.ofSeconds(3));
                assertThat(run.models.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void keyTimestampAndHeadersOfARecordAreThoseOfItsPosterior() {
        try (TopologyRun run = TopologyRun.shared(model())) {
            TestRecord<String, byte[]> record =
                    new TestRecord<>("k", "{\"x\":1,\"y\":2}".getBytes(StandardCharsets.UTF_8), null, 1234L);
            record.headers().add("trace", new byte[] {7});
            run.observations.pipeInput(record);
            TestRecord<String, ScoredRecord> posterior = run.posteriors.readRecord();
            assertThat(posterior.key()).isEqualTo("k");
            assertThat(posterior.timestamp()).isEqualTo(1234);
            assertThat(posterior.headers().lastHeader("trace").value()).containsExactly(7);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ABSENT_VALUE  |",
                "NOT_JSON      | hello",
                "NOT_JSON      | `[1,2]`",
                "NOT_JSON      | `{\"x\":1,\"y\":2`",
                "NOT_JSON      | `{\"x\":1,\"y\":2} {}`",
                "NOT_JSON      | ``",
                "MISSING_FIELD | `{\"x\":1}`",
                "MISSING_FIELD | `{\"x\":1,\"y\":null}`",
                "NOT_A_NUMBER  | `{\"x\":1,\"y\":\"2\"}`",
                "NOT_A_NUMBER  | `{\"x\":1,\"y\":true}`",
                "NOT_A_NUMBER  | `{\"x\":1,\"y\":[2]}`",
                "NOT_A_NUMBER  | `{\"x\":1,\"y\":{\"z\":2}}`",
                "NOT_FINITE    | `{\"x\":1,\"y\":NaN}`",
                "NOT_FINITE    | `{\"x\":1,\"y\":-Infinity}`",
                "NOT_FINITE    | `{\"x\":1,\"y\":1e999}`",
                "NOT_FINITE    | `{\"x\":1,\"y\":1e101}`",
            })
    void anInvalidRecordIsRejectedWithItsReasonAndSourceAndChangesNothingElse(Reason reason, String json) {
        for (TopologyRun each : List.of(TopologyRun.shared(model()), TopologyRun.perKey(model()))) {
            try (TopologyRun run = each) {
                double[][] rows = draw(99, 5);
                for (int i = 0; i < rows.length; i++) {
                    if (i == 77) {
                        run.pipe("k", json);
                    }
                    run.pipe("k", rows[i][0], rows[i][1]);
                }
                List<TestRecord<String, byte[]>> rejected = run.rejected.readRecordsToList();
                assertThat(rejected).hasSize(1);
                TestRecord<String, byte[]> letter = rejected.get(0);
                assertThat(letter.value()).isEqualTo(json == null ? null : json.getBytes(StandardCharsets.UTF_8));
                assertThat(header(letter, RejectionHeaders.REASON)).isEqualTo(reason.label());
                assertThat(header(letter, RejectionHeaders.TOPIC)).isEqualTo("observations");
                assertThat(header(letter, RejectionHeaders.PARTITION)).isEqualTo("0");
                assertThat(header(letter, RejectionHeaders.OFFSET)).isEqualTo("77");
                assertThat(header(letter, RejectionHeaders.MESSAGE)).contains("expected");
                assertThat(run.posteriors.getQueueSize()).isEqualTo(99);
                assertThat(last(run).observations()).isEqualTo(90);
            }
        }
    }

    @Test
    void aRecordLargerThanAllowedIsRejected() {
        try (TopologyRun run = TopologyRun.shared(model())) {
            run.pipe("k", "{\"x\":1,\"y\":2,\"z\":\"" + "z".repeat(1000) + "\"}");
            assertThat(header(run.rejected.readRecord(), RejectionHeaders.REASON))
                    .isEqualTo(Reason.TOO_LARGE.label());
        }
    }

    @Test
    void aRecordWhoseKeyAndHeadersAreLargerThanItsPosteriorMayBeIsRejected() {
        for (TopologyRun each : List.of(TopologyRun.shared(model()), TopologyRun.perKey(model()))) {
            try (TopologyRun run = each) {
                run.pipe("k".repeat(300_000), 1, 2);
                assertThat(header(run.rejected.readRecord(), RejectionHeaders.REASON))
                        .isEqualTo(Reason.TOO_LARGE.label());
                assertThat(run.posteriors.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void aRecordWithoutKeyIsRejectedWhereKeysHaveModels() {
        try (TopologyRun run = TopologyRun.perKey(model())) {
            run.pipe(null, 1, 2);
            assertThat(header(run.rejected.readRecord(), RejectionHeaders.REASON))
                    .isEqualTo(Reason.ABSENT_KEY.label());
            assertThat(run.posteriors.isEmpty()).isTrue();
        }
    }

    @Test
    void aModelStartedFromParametersScoresTheFirstRecord() {
        byte[] parameters = ("{\"weights\":[0.4,0.6],\"means\":[[5,-5],[-5,5]],"
                        + "\"covariances\":[[[1,0],[0,4]],[[1,0],[0,4]]]}")
                .getBytes(StandardCharsets.UTF_8);
        StreamModel<?> started = model().startedFrom(parameters);
        for (TopologyRun each : List.of(TopologyRun.shared(started), TopologyRun.perKey(started))) {
            try (TopologyRun run = each) {
                for (double[] row : draw(100, 6)) {
                    run.pipe("k", row[0], row[1]);
                }
                List<ScoredRecord> posteriors = run.posteriors.readValuesToList();
                assertThat(posteriors.get(0).version()).isEqualTo(1);
                assertThat(posteriors.get(0).posterior().probabilities()).hasSize(2);
                assertThat(posteriors.get(99).version()).isEqualTo(10);
                assertThat(last(run).observations()).isEqualTo(100);
            }
        }
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
