package io.onlineem.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.onlineem.anomaly.AnomalyScorer;
import io.onlineem.anomaly.Detector;
import io.onlineem.anomaly.Sighting;
import io.onlineem.em.Block;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.Sequence;
import io.onlineem.em.Statistics;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.MixtureParameters;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files under {@code src/test/resources/golden}, one for each layout ever released, are read by this release and, for
 * the newest layouts, written by it byte for byte.
 *
 * <p>{@code mvn -pl model-store test -Dtest=GoldenFilesTest -Dgolden.write=true} writes the files that do not exist yet. A
 * file that exists is never overwritten: delete it first, which is right only before its layout is released.
 */
class GoldenFilesTest {

    private static final String WRITE = "golden.write";

    /** Every golden file. */
    static List<Golden> goldenFiles() {
        return List.of(
                Golden.old("state-v1.bin", bytes -> requireState(bytes, Examples.plainState())),
                Golden.old("state-v2.bin", bytes -> requireState(bytes, Examples.state())),
                new Golden(
                        "state-v2-observations-v3.bin",
                        () -> stateCodec().encode(Examples.state()),
                        bytes -> requireState(bytes, Examples.state())),
                Golden.old("contribution-batch-v1.bin", bytes -> requireBatch(bytes, Examples.statistics())),
                Golden.old("contribution-batch-v2.bin", bytes -> requireBatch(bytes, Examples.sampledStatistics())),
                new Golden(
                        "contribution-batch-v2-observations-v3.bin",
                        () -> contributionCodec().encode(new Contribution.Batch(12, Examples.sampledStatistics())),
                        bytes -> requireBatch(bytes, Examples.sampledStatistics())),
                Golden.old("contribution-sample-v1.bin", GoldenFilesTest::requireSample),
                Golden.old("contribution-sample-v1-observations-v2.bin", GoldenFilesTest::requireSample),
                new Golden(
                        "contribution-sample-v1-observations-v3.bin",
                        () -> contributionCodec().encode(new Contribution.Sample(Examples.observations())),
                        GoldenFilesTest::requireSample),
                Golden.old(
                        "observations-v1.bin",
                        bytes -> requireObservations(ObservationsCodec.decode(bytes), Examples.observations())),
                Golden.old("observations-v2.bin", bytes -> requireCategories(ObservationsCodec.decode(bytes))),
                new Golden(
                        "observations-v3.bin",
                        () -> ObservationsCodec.encode(Examples.sequences()),
                        bytes -> requireObservations(ObservationsCodec.decode(bytes), Examples.sequences())),
                new Golden(
                        "block-v1.bin", () -> BlockCodec.encode(12, Examples.block()), GoldenFilesTest::requireBlock),
                new Golden(
                        "sequence-v1.bin",
                        () -> SequenceCodec.encode(Examples.sequence()),
                        GoldenFilesTest::requireSequence),
                new Golden(
                        "scorer-v1.bin", () -> ScorerCodec.encode(Examples.scorer()), GoldenFilesTest::requireScorer),
                new Golden(
                        "detector-v1.bin",
                        () -> DetectorCodec.encode(Examples.detector()),
                        GoldenFilesTest::requireDetector),
                Golden.old("slot-v1.bin", GoldenFilesTest::requireSlot),
                new Golden(
                        "slot-v2.bin",
                        () -> SlotCodec.encode(7, -2.5, Examples.categories(), 1),
                        GoldenFilesTest::requireSlotOfCategories),
                Golden.old("control-v1.bin", bytes -> assertThat(ControlStateCodec.decode(bytes))
                        .isEqualTo(Examples.plainControl())),
                new Golden(
                        "watch-orders-v1.json",
                        () -> WatchOrdersJson.write("wind/north", Examples.orders()),
                        bytes -> assertThat(WatchOrdersJson.read(bytes)).isEqualTo(Examples.orders())),
                new Golden("control-v2.bin", () -> ControlStateCodec.encode(Examples.control()), bytes -> assertThat(
                                ControlStateCodec.decode(bytes))
                        .isEqualTo(Examples.control())),
                Golden.old("acknowledgement-v1.json", bytes -> assertThat(AcknowledgementJson.read(bytes))
                        .isEqualTo(Examples.acknowledgement(0))),
                new Golden(
                        "acknowledgement-v2.json",
                        () -> AcknowledgementJson.write(Examples.acknowledgement()),
                        bytes -> assertThat(AcknowledgementJson.read(bytes)).isEqualTo(Examples.acknowledgement())),
                new Golden(
                        "model-v1.json",
                        () -> modelJson().write(Examples.plainPublished()),
                        bytes -> requireModel(bytes, Examples.plainPublished())),
                new Golden(
                        "model-events-v1.json",
                        () -> modelJson().write(Examples.published()),
                        bytes -> requireModel(bytes, Examples.published())),
                Golden.old("fit-v1.json", GoldenFilesTest::requireFit),
                new Golden("fit-v2.json", () -> FitJson.write(Examples.fit()), GoldenFilesTest::requireFit));
    }

    /**
     * A golden file.
     *
     * @param file its name
     * @param newest writes it anew; null for a layout that is read but no longer written
     * @param reads requires that bytes read as what the file was written from
     */
    record Golden(String file, Supplier<byte[]> newest, Consumer<byte[]> reads) {

        static Golden old(String file, Consumer<byte[]> reads) {
            return new Golden(file, null, reads);
        }

        byte[] bytes() throws IOException {
            return Files.readAllBytes(directory().resolve(file));
        }

        @Override
        public String toString() {
            return file;
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    @DisabledIfSystemProperty(named = WRITE, matches = "true")
    void aGoldenFileIsReadAsWhatItWasWrittenFrom(Golden golden) throws IOException {
        golden.reads.accept(golden.bytes());
    }

    static List<Golden> writtenFiles() {
        return goldenFiles().stream().filter(golden -> golden.newest != null).toList();
    }

    @ParameterizedTest
    @MethodSource("writtenFiles")
    @DisabledIfSystemProperty(named = WRITE, matches = "true")
    void aGoldenFileIsWrittenByteForByte(Golden golden) throws IOException {
        assertThat(golden.newest.get())
                .as("%s; a changed layout needs a new version and a new file", golden.file)
                .isEqualTo(golden.bytes());
    }

    @Test
    @DisabledIfSystemProperty(named = WRITE, matches = "true")
    void everyGoldenFileIsReadByATest() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            goldenFiles().stream().map(Golden::file).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("writtenFiles")
    @EnabledIfSystemProperty(named = WRITE, matches = "true")
    void writeMissingGoldenFiles(Golden golden) throws IOException {
        Path file = Path.of(System.getProperty("basedir"), "src/test/resources/golden", golden.file);
        if (Files.notExists(file)) {
            Files.createDirectories(file.getParent());
            Files.write(file, golden.newest.get());
        }
        assertThat(file).exists();
    }

    private static Path directory() {
        URL url = Objects.requireNonNull(GoldenFilesTest.class.getResource("/golden"), "folder golden");
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireDetector(byte[] bytes) {
        Detector detector = DetectorCodec.decode(bytes, Examples.DETECTION, "pump/7");
        Detector expected = Examples.detector();
        assertThat(detector.state()).isEqualTo(expected.state());
        for (int i = 0; i < 100; i++) {
            Observations came = Observations.of(new double[] {i % 30, i % 2});
            Observations left = new Observations();
            Observations leftOfSame = new Observations();
            detector.takeSeason(4000 + 1000L * i, came, left);
            expected.takeSeason(4000 + 1000L * i, came, leftOfSame);
            Detector.Finding finding =
                    detector.observe(new Sighting(i % 30, Double.NaN, came, left), 4000 + 1000L * i, false);
            Detector.Finding same =
                    expected.observe(new Sighting(i % 30, Double.NaN, came, leftOfSame), 4000 + 1000L * i, false);
            assertThat(finding.events()).isEqualTo(same.events());
            assertThat(finding.score().tailProbability()).isEqualTo(same.score().tailProbability());
        }
        assertThat(detector.state()).isEqualTo(expected.state());
    }

    private static void requireScorer(byte[] bytes) {
        AnomalyScorer scorer = ScorerCodec.decode(bytes, Examples.CALIBRATION);
        AnomalyScorer expected = Examples.scorer();
        for (double surprise = 0; surprise < 30; surprise += 0.5) {
            assertThat(scorer.score(surprise).tailProbability())
                    .isEqualTo(expected.score(surprise).tailProbability());
        }
    }

    private static StateCodec<MixtureParameters<GaussianParameters>> stateCodec() {
        return new StateCodec<>(Examples.SPEC, Examples.model());
    }

    private static ContributionCodec contributionCodec() {
        return new ContributionCodec(Examples.model().statisticsLength());
    }

    private static ModelJson<MixtureParameters<GaussianParameters>> modelJson() {
        return new ModelJson<>(Examples.SPEC, Examples.model());
    }

    private static void requireState(byte[] bytes, ModelState<MixtureParameters<GaussianParameters>> expected) {
        ModelState<MixtureParameters<GaussianParameters>> state = stateCodec().decode(bytes);
        assertThat(state)
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .ignoringFields("care.recent")
                .isEqualTo(expected);
        if (expected.care() != null) {
            requireObservations(state.care().recent(), expected.care().recent());
        }
        assertThat(Examples.bits(state.parameters())).isEqualTo(Examples.bits(expected.parameters()));
        assertThat(Examples.bits(state.published())).isEqualTo(Examples.bits(expected.published()));
    }

    private static void requireBatch(byte[] bytes, Statistics expected) {
        Contribution contribution = contributionCodec().decode(bytes);
        assertThat(contribution)
                .usingRecursiveComparison()
                .ignoringFields("statistics.sample")
                .isEqualTo(new Contribution.Batch(12, expected));
        Observations sample = ((Contribution.Batch) contribution).statistics().sample();
        if (expected.sample() == null) {
            assertThat(sample).isNull();
        } else {
            requireObservations(sample, expected.sample());
        }
    }

    private static void requireSample(byte[] bytes) {
        assertThat(contributionCodec().decode(bytes))
                .isInstanceOfSatisfying(
                        Contribution.Sample.class,
                        sample -> requireObservations(sample.records(), Examples.observations()));
    }

    private static void requireObservations(Observations found, Observations expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.record(i)).isEqualTo(expected.record(i));
            assertThat(found.weight(i)).isEqualTo(expected.weight(i));
            assertThat(found.startsSequence(i)).isEqualTo(expected.startsSequence(i));
        }
        assertThat(found.memory()).isEqualTo(expected.memory());
        assertThat(found.lookAhead()).isEqualTo(expected.lookAhead());
    }

    private static void requireBlock(byte[] bytes) {
        Block block = BlockCodec.decode(bytes);
        assertThat(BlockCodec.number(bytes)).isEqualTo(12);
        assertThat(block.sequence()).isEqualTo(Examples.block().sequence());
        assertThat(block.logLikelihoods()).isEqualTo(Examples.block().logLikelihoods());
        assertThat(block.times()).isEqualTo(Examples.block().times());
        requireObservations(block.records(), Examples.block().records());
    }

    private static void requireSequence(byte[] bytes) {
        Sequence sequence = SequenceCodec.decode(bytes, "pump 7", Examples.BLOCKS, 2);
        assertThat(SequenceCodec.newest(bytes)).isEqualTo(Examples.sequence().newest());
        assertThat(SequenceCodec.encode(sequence)).isEqualTo(SequenceCodec.encode(Examples.sequence()));
        Sequence.State found = sequence.state();
        Sequence.State expected = Examples.sequence().state();
        assertThat(found.memory()).isEqualTo(expected.memory());
        assertThat(found.begins()).isEqualTo(expected.begins());
        assertThat(found.length()).isEqualTo(expected.length());
        assertThat(found.carried()).usingRecursiveComparison().isEqualTo(expected.carried());
        assertThat(found.times()).startsWith(expected.times());
        requireObservations(found.pending(), expected.pending());
    }

    private static void requireCategories(Observations found) {
        Observations expected = Examples.categories();
        assertThat(found.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.record(i)).isEqualTo(expected.record(i));
            assertThat(found.weight(i)).isEqualTo(expected.weight(i));
            assertThat(found.categoriesOf(i)).isEqualTo(expected.categoriesOf(i));
        }
        assertThat(found.categories()).isEqualTo(expected.categories());
    }

    private static void requireSlotOfCategories(byte[] bytes) {
        Observations records = new Observations();
        SlotCodec.appendTo(records, bytes);
        assertThat(SlotCodec.sequence(bytes)).isEqualTo(7);
        assertThat(SlotCodec.logLikelihood(bytes)).isEqualTo(-2.5);
        assertThat(records.record(0)).isEqualTo(Examples.categories().record(1));
        assertThat(records.weight(0)).isEqualTo(0.5);
        assertThat(records.categories()).isEqualTo(Examples.categories().categoriesOf(1));
    }

    private static void requireSlot(byte[] bytes) {
        Observations records = new Observations();
        SlotCodec.appendTo(records, bytes);
        assertThat(SlotCodec.sequence(bytes)).isEqualTo(4_000_000_000L);
        assertThat(SlotCodec.logLikelihood(bytes)).isEqualTo(-7.625);
        assertThat(records.record(0)).isEqualTo(Examples.observations().record(0));
        assertThat(records.weight(0)).isEqualTo(1);
    }

    private static void requireModel(byte[] bytes, PublishedModel<MixtureParameters<GaussianParameters>> expected) {
        PublishedModel<MixtureParameters<GaussianParameters>> model =
                modelJson().read(bytes);
        assertThat(model).usingRecursiveComparison().isEqualTo(expected);
        assertThat(Examples.bits(model.parameters())).isEqualTo(Examples.bits(expected.parameters()));
        assertThat(Examples.bits(model.learning())).isEqualTo(Examples.bits(expected.learning()));
    }

    private static void requireFit(byte[] bytes) {
        assertThat(FitJson.readSpec(bytes)).contains(Examples.SPEC);
        assertThat(Examples.bits(FitJson.readStart(bytes, Examples.SPEC, Examples.model())))
                .isEqualTo(Examples.bits(Examples.parameters()));
    }
}
