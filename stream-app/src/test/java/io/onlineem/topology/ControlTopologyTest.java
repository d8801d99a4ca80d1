package io.onlineem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Acknowledgement.Outcome;
import io.onlineem.codec.AcknowledgementJson;
import io.onlineem.codec.Command;
import io.onlineem.codec.CommandJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.em.Blocks;
import io.onlineem.em.Learning;
import io.onlineem.em.StepSize;
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands to a shared model. */
class ControlTopologyTest {

    private static final ModelSpec SPEC =
            new ModelSpec("mixture", "gaussian", 2, TopologyRun.FIELDS, Map.of("covariance", "full"));
    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(10).withWarmUp(50).withStarts(3);

    private final SplittableRandom random = new SplittableRandom(1);
    private final TopologyRun run =
            new TopologyRun(OnlineEmTopology.shared(model(), "models").withControl(TopologyRun.CONTROL));
    private final List<PublishedModel<?>> models = new ArrayList<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();

    /** Keys under which there are no parameters any more. */
    private int gone;

    private static StreamModel<?> model() {
        return StreamModel.of("m", SPEC, LEARNING).flushedAfter(Duration.ZERO);
    }

    @AfterEach
    void close() {
        run.close();
    }

    /** So many records of two clusters, and reads what comes of them. */
    private void records(int count) {
        for (int i = 0; i < count; i++) {
            double centre = random.nextInt(3) == 0 ? 5 : -5;
            run.pipe("k", centre + random.nextGaussian(), 2 * random.nextGaussian() - centre);
        }
        read();
    }

    private Acknowledgement send(Command command) {
        return send("m", CommandJson.write(command));
    }

    private Acknowledgement send(String model, byte[] json) {
        int before = acknowledgements.size();
        run.control.pipeInput(model, json);
        read();
        assertThat(acknowledgements).hasSize(before + 1);
        return acknowledgements.get(before);
    }

    private void read() {
        for (TestRecord<String, byte[]> record : run.models.readRecordsToList()) {
            if (record.value() == null) {
                assertThat(record.key()).isEqualTo("m");
                gone++;
            } else if (AcknowledgementJson.isAcknowledgement(record.value())) {
                assertThat(record.key()).isEqualTo("m#control");
                acknowledgements.add(AcknowledgementJson.read(record.value()));
            } else {
                assertThat(record.key()).isEqualTo("m");
                models.add(new ModelJson<>(SPEC, SPEC.build()).read(record.value()));
            }
        }
    }

    private PublishedModel<?> newest() {
        return models.get(models.size() - 1);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] document(PublishedModel<?> model) {
        return documentOf(model, SPEC.build());
    }

    @SuppressWarnings("unchecked")
    private static <P extends io.onlineem.em.Parameters> byte[] documentOf(
            PublishedModel<?> model, io.onlineem.em.Model<P> of) {
        return new ModelJson<>(SPEC, of).write((PublishedModel<P>) model);
    }

    @Test
    void aPauseIsToldSinceItBeganUntilItEnds() {
        run.wait(Duration.ofSeconds(5));
        send(Command.of("1", "pause"));
        run.wait(Duration.ofSeconds(5));
        assertThat(send(Command.of("2", "pause")).pausedSince()).isEqualTo(5000);
        assertThat(send(Command.of("3", "resume")).pausedSince()).isZero();
        assertThat(send(Command.of("4", "pause")).pausedSince()).isEqualTo(10_000);
    }

    @Test
    void recordsOfAPauseAreScoredAndNotLearned() {
        records(100);
        assertThat(newest().observations()).isEqualTo(100);

        run.wait(Duration.ofSeconds(5));
        Acknowledgement paused = send(Command.of("1", "pause"));

        assertThat(paused)
                .isEqualTo(new Acknowledgement(
                        "1", "pause", "m", Outcome.APPLIED, 6, 100, true, 5000, null, 0, null, 0, 0));
        int versions = models.size();
        records(70);
        assertThat(models).hasSize(versions);
        assertThat(run.posteriors.readValuesToList())
                .hasSize(170)
                .filteredOn(scored -> !scored.isWarmingUp())
                .hasSize(120);

        Acknowledgement resumed = send(Command.of("2", "resume"));

        assertThat(resumed)
                .isEqualTo(new Acknowledgement(
                        "2", "resume", "m", Outcome.APPLIED, 6, 100, false, 0, null, 70, null, 0, 1));
        records(10);
        assertThat(newest().observations()).isEqualTo(110);
        assertThat(newest().version()).isEqualTo(7);
    }

    @Test
    void recordsOfAPauseAreNotPartOfTheWarmUp() {
        send(Command.of("1", "pause"));
        records(60);
        assertThat(send(Command.of("2", "resume")).skipped()).isEqualTo(60);
        records(49);
        assertThat(models).isEmpty();
        records(1);
        assertThat(newest().observations()).isEqualTo(50);
    }

    @Test
    void aResetModelWarmsUpAnewAndItsVersionsGoOn() {
        records(105);

        Acknowledgement reset = send(Command.of("1", "reset"));

        assertThat(reset)
                .isEqualTo(
                        new Acknowledgement("1", "reset", "m", Outcome.APPLIED, 7, 0, false, 0, null, 0, null, 0, 0));
        assertThat(gone).isEqualTo(1);
        int versions = models.size();
        run.posteriors.readValuesToList();
        // the mini-batch under way is scored with the parameters that were; its statistics mean nothing now
        records(5);
        assertThat(send(Command.of("2", "pause")).skipped()).isEqualTo(10);
        send(Command.of("3", "resume"));
        records(49);
        assertThat(models).hasSize(versions);
        records(1);
        assertThat(newest().version()).isEqualTo(7);
        assertThat(newest().observations()).isEqualTo(50);
        records(10);
        assertThat(newest().version()).isEqualTo(8);
        List<ScoredRecord> posteriors = run.posteriors.readValuesToList();
        assertThat(posteriors.subList(0, 5)).noneMatch(ScoredRecord::isWarmingUp);
        assertThat(posteriors.subList(5, 55)).allMatch(ScoredRecord::isWarmingUp);
        assertThat(posteriors.subList(55, 65)).noneMatch(ScoredRecord::isWarmingUp);
    }

    @Test
    void aLoadedModelIsScoredWithAndLearnedFrom() {
        byte[] parameters = json(
                "{\"weights\":[0.5,0.5],\"means\":[[5,-5],[-5,5]]," + "\"covariances\":[[[1,0],[0,4]],[[1,0],[0,4]]]}");
        records(65);
        run.posteriors.readValuesToList();

        Acknowledgement loaded = send(Command.of("1", "load").with("document", parameters));

        assertThat(loaded)
                .isEqualTo(new Acknowledgement("1", "load", "m", Outcome.APPLIED, 3, 0, false, 0, null, 0, null, 0, 0));
        assertThat(newest().version()).isEqualTo(3);
        assertThat(newest().observations()).isZero();
        records(5);
        assertThat(newest().version())
                .as("statistics of replaced parameters are left out")
                .isEqualTo(3);
        records(10);
        assertThat(newest().version()).isEqualTo(4);
        assertThat(newest().observations()).isEqualTo(10);
        assertThat(run.posteriors.readValuesToList().get(5).version()).isEqualTo(3);
        assertThat(send(Command.of("2", "pause")).skipped()).isEqualTo(10);
    }

    @Test
    void aModelThatWarmsUpTakesParameters() {
        records(20);

        Acknowledgement loaded = send(Command.of("1", "load")
                .with(
                        "document",
                        json("{\"weights\":[0.5,0.5],\"means\":[[5,-5],[-5,5]],"
                                + "\"covariances\":[[[1,0],[0,4]],[[1,0],[0,4]]]}"))
                .with("weight", json("1000")));

        assertThat(loaded.version()).isEqualTo(1);
        assertThat(loaded.skipped()).isEqualTo(20);
        records(10);
        assertThat(newest().version()).isEqualTo(2);
        assertThat(newest().observations()).isEqualTo(10);
    }

    @Test
    void aModelGoesBackToAPublishedVersion() {
        records(100);
        PublishedModel<?> third = models.get(2);
        records(200);
        assertThat(newest().version()).isEqualTo(26);

        Acknowledgement back =
                send(Command.of("1", "rollback").with("version", json("3")).with("document", document(third)));

        assertThat(back.outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(back.version()).isEqualTo(27);
        assertThat(back.observations()).isEqualTo(third.observations());
        assertThat(newest().version()).isEqualTo(27);
        assertThat(newest().parameters()).usingRecursiveComparison().isEqualTo(third.parameters());
        assertThat(newest().stepSize()).isEqualTo(third.stepSize());
        records(10);
        assertThat(newest().observations()).isEqualTo(third.observations() + 10);
        assertThat(newest().stepSize())
                .as("the step goes on from where it was")
                .isCloseTo(models.get(3).stepSize(), org.assertj.core.api.Assertions.within(1e-12));
    }

    @Test
    void aStepSizeIsSetAndGivenBack() {
        records(100);
        assertThat(send(Command.of("1", "step-size").with("stepSize", json("{\"constant\": 0.25}")))
                        .stepSize())
                .isEqualTo(new StepSize.Constant(0.25));
        records(10);
        assertThat(newest().stepSize()).isEqualTo(0.25);
        assertThat(send(Command.of("2", "step-size").with("stepSize", json("\"configured\"")))
                        .stepSize())
                .isNull();
        records(10);
        assertThat(newest().stepSize()).isEqualTo(LEARNING.stepSize().at(120));
    }

    @Test
    void aCommandThatComesTwiceIsAppliedOnce() {
        records(100);
        Acknowledgement first = send(Command.of("one", "reset"));
        records(60);
        Acknowledgement second = send(Command.of("one", "reset"));

        assertThat(first.outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(second.outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(second.version()).isEqualTo(first.version());
        assertThat(second.observations()).isEqualTo(60);
        assertThat(gone).isEqualTo(1);
    }

    @Test
    void whatWasRefusedMayComeAgain() {
        assertThat(send(Command.of("one", "rest")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(send(Command.of("one", "reset")).outcome()).isEqualTo(Outcome.APPLIED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "m     |                                                          | no value",
                "m     | `pause`                                                  | not valid JSON",
                "m     | `[]`                                                     | expected a JSON object",
                "m     | `{\"command\":\"pause\"}`                                | 'id' is missing",
                "m     | `{\"id\":\"a b\",\"command\":\"pause\"}`                 | visible ASCII",
                "m     | `{\"id\":\"a\"}`                                         | 'command' is missing",
                "m     | `{\"id\":\"a\",\"command\":\"stop\"}`                    | expected one of end-maintenance, fine, load, maintenance, pause",
                "m     | `{\"id\":\"a\",\"command\":\"pause\",\"until\":1}`       | 'until' is no property",
                "n     | `{\"id\":\"a\",\"command\":\"pause\"}`                   | expected the name of the model, 'm'",
                "      | `{\"id\":\"a\",\"command\":\"pause\"}`                   | the key is missing",
                "m     | `{\"id\":\"a\",\"command\":\"step-size\"}`               | 'stepSize' is missing",
                "m     | `{\"id\":\"a\",\"command\":\"step-size\",\"stepSize\":2}`                 | expected an object with exponent",
                "m     | `{\"id\":\"a\",\"command\":\"step-size\",\"stepSize\":{\"exponent\":2}}`  | at most 1",
                "m     | `{\"id\":\"a\",\"command\":\"step-size\",\"stepSize\":{\"constant\":\"1\"}}` | expected a number",
                "m     | `{\"id\":\"a\",\"command\":\"step-size\",\"stepSize\":{\"rate\":1}}`      | 'rate'",
                "m     | `{\"id\":\"a\",\"command\":\"step-size\",\"stepSize\":{\"halfLife\":1,\"constant\":1}}` | more than one",
                "m     | `{\"id\":\"a\",\"command\":\"load\"}`                    | 'document' is missing",
                "m     | `{\"id\":\"a\",\"command\":\"load\",\"document\":7}`     | expected a JSON object",
                "m     | `{\"id\":\"a\",\"command\":\"load\",\"document\":{\"weights\":[1]}}`      | 'weights'",
                "m     | `{\"id\":\"a\",\"command\":\"load\",\"document\":{\"weights\":[0.5,0.5],\"means\":[[1,1],[2,2]],\"covariances\":[[[0,0],[0,0]],[[1,0],[0,1]]]}}` | positive definite",
                "m     | `{\"id\":\"a\",\"command\":\"load\",\"document\":{\"weights\":[0.5,0.5],\"means\":[[1,1e300],[2,2]],\"covariances\":[[[1,0],[0,1]],[[1,0],[0,1]]]}}` | expected",
                "m     | `{\"id\":\"a\",\"command\":\"load\",\"document\":{},\"weight\":0}`        | at least 1",
                "m     | `{\"id\":\"a\",\"command\":\"rollback\",\"version\":1}`  | 'document' is missing",
                "m     | `{\"id\":\"a\",\"command\":\"rollback\",\"document\":{}}`| 'version' is missing",
                "m     | `{\"id\":\"a\",\"command\":\"rollback\",\"version\":1,\"document\":{\"parameters\":{}}}` | 'type' is missing",
            })
    void anInvalidCommandIsRefusedWithItsReasonAndChangesNothing(String model, String json, String reason) {
        records(100);

        Acknowledgement refused = send(model, json == null ? null : json(json));

        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.reason()).contains(reason);
        assertThat(refused.version()).isEqualTo(6);
        assertThat(refused.id()).isEqualTo(json != null && json.contains("\"id\":\"a\"") ? "a" : null);
        int versions = models.size();
        records(50);
        assertThat(models).hasSize(versions + 5);
        assertThat(newest().observations()).isEqualTo(150);
    }

    @Test
    void aVersionThatWasNeverPublishedOrIsOfAnotherModelIsRefused() {
        records(100);
        PublishedModel<?> third = models.get(2);
        Acknowledgement other =
                send(Command.of("1", "rollback").with("version", json("4")).with("document", document(third)));
        assertThat(other.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(other.reason()).contains("is version 3 of the model 'm'; expected version 4 of 'm'");

        String future = new String(document(third), StandardCharsets.UTF_8).replace("\"version\":3", "\"version\":99");
        Acknowledgement unknown =
                send(Command.of("2", "rollback").with("version", json("99")).with("document", json(future)));
        assertThat(unknown.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(unknown.reason()).contains("'version' is 99; expected one that was published: the newest is 6");

        String otherSpec = new String(document(third), StandardCharsets.UTF_8).replace("\"x\"", "\"z\"");
        assertThat(send(Command.of("3", "load").with("document", json(otherSpec)))
                        .reason())
                .contains("'features' is [z, y]");
    }

    @Test
    void recordsOfSequencesAreEachLearnedOrSkippedOnceWhateverIsCommanded() {
        ModelSpec chain = new ModelSpec("hmm", "gaussian", 2, TopologyRun.FIELDS, Map.of());
        StreamModel<?> model = StreamModel.of("m", chain, LEARNING.withBlocks(new Blocks(4, 2)))
                .flushedAfter(Duration.ZERO);
        try (TopologyRun chains =
                new TopologyRun(OnlineEmTopology.shared(model, "models").withControl(TopologyRun.CONTROL))) {
            long learned = 0;
            long skipped = 0;
            String[] commands = {"pause", "resume", "reset", "pause", "resume"};
            int[] flow = {101, 30, 77, 13, 29, 200};
            List<Long> observations = new ArrayList<>();
            int sent = 0;
            for (int step = 0; step < flow.length; step++) {
                for (int i = 0; i < flow[step]; i++) {
                    double centre = random.nextInt(3) == 0 ? 5 : -5;
                    chains.pipe("k" + i % 3, centre + random.nextGaussian(), 2 * random.nextGaussian() - centre);
                }
                sent += flow[step];
                observations.addAll(countsOf(chains, chain));
                if (step < commands.length) {
                    if (commands[step].equals("reset")) {
                        learned += observations.get(observations.size() - 1);
                        observations.clear();
                    }
                    byte[] command = CommandJson.write(Command.of("c" + step, commands[step]));
                    chains.control.pipeInput("m", command);
                    List<TestRecord<String, byte[]>> told = chains.models.readRecordsToList();
                    skipped = AcknowledgementJson.read(told.get(told.size() - 1).value())
                            .skipped();
                }
            }
            learned += observations.get(observations.size() - 1);
            chains.control.pipeInput("m", CommandJson.write(Command.of("last", "resume")));
            List<TestRecord<String, byte[]>> told = chains.models.readRecordsToList();
            skipped = Math.max(
                    skipped,
                    AcknowledgementJson.read(told.get(told.size() - 1).value()).skipped());
            assertThat(chains.posteriors.readValuesToList()).hasSize(sent);
            // a mini-batch under way, and a block with its look-ahead of each sequence
            assertThat(sent - learned - skipped).isBetween(0L, 9L + 3 * 5);
            assertThat(skipped).isGreaterThan(30);
        }
    }

    private static List<Long> countsOf(TopologyRun run, ModelSpec spec) {
        ModelJson<?> json = new ModelJson<>(spec, spec.build());
        List<Long> counts = new ArrayList<>();
        run.models
                .readValuesToList()
                .forEach(value -> counts.add(json.read(value).observations()));
        return counts;
    }
}
