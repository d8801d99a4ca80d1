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
import io.onlineem.observation.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Commands to the models of keys. */
class ControlPerKeyTest {

    private static final ModelSpec MIXTURE =
            new ModelSpec("mixture", "gaussian", 2, TopologyRun.FIELDS, Map.of("covariance", "full"));
    private static final ModelSpec CHAIN = new ModelSpec("hmm", "gaussian", 2, TopologyRun.FIELDS, Map.of());
    private static final Learning LEARNING =
            Learning.DEFAULTS.withMiniBatch(10).withWarmUp(50).withStarts(3).withBlocks(new Blocks(4, 2));

    /** A topology under way, and what has come out of its models topic. */
    private static final class Run implements AutoCloseable {

        private final ModelSpec spec;
        private final TopologyRun run;
        private final SplittableRandom random = new SplittableRandom(1);
        private final Map<String, List<PublishedModel<?>>> models = new HashMap<>();
        private final List<Acknowledgement> acknowledgements = new ArrayList<>();
        private final List<String> gone = new ArrayList<>();

        Run(ModelSpec spec, Duration flush) {
            this.spec = spec;
            StreamModel<?> model = StreamModel.of("m", spec, LEARNING).flushedAfter(flush);
            this.run = new TopologyRun(OnlineEmTopology.perKey(model, "models").withControl(TopologyRun.CONTROL));
        }

        void records(String key, int count) {
            for (int i = 0; i < count; i++) {
                double centre = random.nextInt(3) == 0 ? 5 : -5;
                run.pipe(key, centre + random.nextGaussian(), 2 * random.nextGaussian() - centre);
            }
            read();
        }

        void wait(Duration duration) {
            run.wait(duration);
            read();
        }

        Acknowledgement send(String model, Command command) {
            int before = acknowledgements.size();
            run.control.pipeInput(model, CommandJson.write(command));
            read();
            assertThat(acknowledgements).hasSize(before + 1);
            return acknowledgements.get(before);
        }

        private void read() {
            for (TestRecord<String, byte[]> record : run.models.readRecordsToList()) {
                assertThat(new String(
                                record.headers()
                                        .lastHeader(OnlineEmTopology.PARTITION_HEADER)
                                        .value(),
                                StandardCharsets.UTF_8))
                        .isEqualTo("0");
                if (record.value() == null) {
                    gone.add(record.key());
                } else if (AcknowledgementJson.isAcknowledgement(record.value())) {
                    assertThat(record.key()).startsWith("m#control");
                    acknowledgements.add(AcknowledgementJson.read(record.value()));
                } else {
                    models.computeIfAbsent(record.key(), key -> new ArrayList<>())
                            .add(new ModelJson<>(spec, spec.build()).read(record.value()));
                }
            }
        }

        PublishedModel<?> newest(String name) {
            List<PublishedModel<?>> versions = models.get(name);
            return versions.get(versions.size() - 1);
        }

        @Override
        public void close() {
            run.close();
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aPauseConcernsTheModelOfItsKeyAloneAndIsExactToTheRecord() {
        try (Run run = new Run(MIXTURE, Duration.ZERO)) {
            run.records("a", 55);
            run.records("b", 55);

            run.wait(Duration.ofSeconds(5));
            Acknowledgement paused = run.send("m/a", Command.of("1", "pause"));

            assertThat(paused)
                    .isEqualTo(new Acknowledgement(
                            "1", "pause", "m/a", Outcome.APPLIED, 1, 50, true, 5000, null, 0, null, 0, 0));
            run.records("a", 33);
            run.records("b", 33);
            assertThat(run.newest("m/a").observations()).isEqualTo(50);
            assertThat(run.newest("m/b").observations()).isEqualTo(80);
            assertThat(run.run.posteriors.readValuesToList()).hasSize(176);

            assertThat(run.send("m/a", Command.of("2", "resume")).skipped()).isEqualTo(33);
            run.records("a", 4);
            assertThat(run.newest("m/a").observations()).isEqualTo(50);
            run.records("a", 1);
            assertThat(run.newest("m/a").observations())
                    .as("five from before the pause, five from after it")
                    .isEqualTo(60);
            assertThat(run.newest("m/a").version()).isEqualTo(2);
        }
    }

    @Test
    void aPausedModelDoesNotChangeWithTimeAndAResumedOneDoes() {
        try (Run run = new Run(MIXTURE, Duration.ofSeconds(1))) {
            run.records("a", 55);
            run.send("m/a", Command.of("1", "pause"));
            run.wait(Duration.ofSeconds(5));
            assertThat(run.newest("m/a").observations()).isEqualTo(50);
            run.send("m/a", Command.of("2", "resume"));
            run.wait(Duration.ofSeconds(5));
            assertThat(run.newest("m/a").observations()).isEqualTo(55);
        }
    }

    @Test
    void aResetModelWarmsUpAnewAndItsVersionsGoOn() {
        try (Run run = new Run(MIXTURE, Duration.ZERO)) {
            run.records("a", 97);

            Acknowledgement reset = run.send("m/a", Command.of("1", "reset"));

            assertThat(reset)
                    .isEqualTo(new Acknowledgement(
                            "1", "reset", "m/a", Outcome.APPLIED, 6, 0, false, 0, null, 7, null, 0, 0));
            assertThat(run.gone).containsExactly("m/a");
            run.run.posteriors.readValuesToList();
            run.records("a", 60);
            assertThat(run.newest("m/a").version()).isEqualTo(7);
            assertThat(run.newest("m/a").observations()).isEqualTo(60);
            List<ScoredRecord> posteriors = run.run.posteriors.readValuesToList();
            assertThat(posteriors.subList(0, 50)).allMatch(ScoredRecord::isWarmingUp);
            assertThat(posteriors.subList(50, 60)).noneMatch(ScoredRecord::isWarmingUp);
        }
    }

    /** Records are numbered from those counted on: what was in a slot before the count went back must not be taken for one. */
    @Test
    void aModelWhoseCountWentBackIsMadeAnewFromItsOwnRecordsOnly() {
        try (Run run = new Run(MIXTURE, Duration.ZERO)) {
            run.records("a", 99);
            run.send("m/a", Command.of("1", "reset"));
            run.records("a", 93);
            // makes the learner anew from the stores
            run.send("m/a", Command.of("2", "pause"));
            run.send("m/a", Command.of("3", "resume"));
            run.records("a", 6);
            assertThat(run.newest("m/a").observations()).isEqualTo(90);
            run.records("a", 1);
            assertThat(run.newest("m/a").observations()).isEqualTo(100);
        }
    }

    @Test
    void parametersAreLoadedAndVersionsGoneBackTo() {
        try (Run run = new Run(MIXTURE, Duration.ZERO)) {
            run.records("a", 83);
            byte[] second = json(text(run.models.get("m/a").get(1)));
            Acknowledgement loaded = run.send(
                    "m/a",
                    Command.of("1", "load")
                            .with(
                                    "document",
                                    json("{\"weights\":[0.5,0.5],\"means\":[[5,-5],[-5,5]],"
                                            + "\"covariances\":[[[1,0],[0,4]],[[1,0],[0,4]]]}")));
            assertThat(loaded.version()).isEqualTo(5);
            assertThat(loaded.skipped()).isEqualTo(3);
            run.records("a", 10);
            assertThat(run.newest("m/a").version()).isEqualTo(6);
            assertThat(run.newest("m/a").observations()).isEqualTo(10);

            Acknowledgement back = run.send(
                    "m/a",
                    Command.of("2", "rollback").with("version", json("2")).with("document", second));
            assertThat(back.outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(back.observations()).isEqualTo(60);
            assertThat(run.newest("m/a").version()).isEqualTo(7);
            assertThat(run.newest("m/a").parameters())
                    .usingRecursiveComparison()
                    .isEqualTo(run.models.get("m/a").get(1).parameters());

            run.records("b", 50);
            Acknowledgement other = run.send(
                    "m/b",
                    Command.of("3", "rollback").with("version", json("2")).with("document", second));
            assertThat(other.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(other.reason()).contains("of the model 'm/a'; expected version 2 of 'm/b'");
        }
    }

    private static String text(PublishedModel<?> model) {
        return new String(write(model, MIXTURE.build()), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static <P extends io.onlineem.em.Parameters> byte[] write(
            PublishedModel<?> model, io.onlineem.em.Model<P> of) {
        return new ModelJson<>(MIXTURE, of).write((PublishedModel<P>) model);
    }

    @Test
    void aCommandThatComesTwiceIsAppliedOnce() {
        try (Run run = new Run(MIXTURE, Duration.ZERO)) {
            run.records("a", 60);
            run.records("b", 60);
            run.send("m/a", Command.of("one", "reset"));
            assertThat(run.send("m/a", Command.of("one", "reset")).outcome()).isEqualTo(Outcome.DUPLICATE);
            assertThat(run.send("m/b", Command.of("one", "reset")).outcome())
                    .as("of another model")
                    .isEqualTo(Outcome.APPLIED);
            assertThat(run.gone).containsExactly("m/a", "m/b");
        }
    }

    @Test
    void aCommandToNoModelIsRefused() {
        try (Run run = new Run(MIXTURE, Duration.ZERO)) {
            run.records("a", 60);
            assertThat(run.send("m", Command.of("1", "pause")).reason())
                    .contains("expected 'm/' and the key of a model");
            assertThat(run.send("m/z", Command.of("2", "pause")).reason())
                    .contains("no record of the key 'z' has come to partition 0");
            assertThat(run.send(null, Command.of("3", "pause")).outcome()).isEqualTo(Outcome.REFUSED);
            run.records("a", 10);
            assertThat(run.newest("m/a").observations()).isEqualTo(70);
        }
    }

    @Test
    void recordsOfSequencesAreEachLearnedOrSkippedOnceWhateverIsCommanded() {
        try (Run run = new Run(CHAIN, Duration.ZERO)) {
            run.records("a", 81);
            run.send("m/a", Command.of("1", "pause"));
            run.records("a", 20);
            Acknowledgement resumed = run.send("m/a", Command.of("2", "resume"));
            // what is pending in the sequence at a pause is part of a block that completes in it
            assertThat(resumed.skipped()).isBetween(18L, 22L);
            long learned = run.newest("m/a").observations();
            Acknowledgement reset = run.send("m/a", Command.of("3", "reset"));
            long underWay = reset.skipped() - resumed.skipped();
            assertThat(underWay).isBetween(0L, 10L);
            run.records("a", 200);
            long counted = run.newest("m/a").observations();
            // a mini-batch under way, and a block with its look-ahead
            assertThat(301 - learned - reset.skipped() - counted).isBetween(0L, 16L);
            assertThat(run.run.posteriors.readValuesToList()).hasSize(301);
        }
    }
}
