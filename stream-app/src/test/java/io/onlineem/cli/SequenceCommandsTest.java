package io.onlineem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.hmm.Hmm;
import io.onlineem.hmm.HmmParameters;
import io.onlineem.observation.PosteriorJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Models of sequences on the command line: records of three machines, interleaved. */
class SequenceCommandsTest {

    private static final int RECORDS = 900;

    private static final Hmm<GaussianParameters> MODEL = Hmm.of(new GaussianFamily(1, Covariance.FULL), 2);

    private static final HmmParameters<GaussianParameters> TRUTH = MODEL.read(new Fields()
            .with("initial", new double[] {0.5, 0.5})
            .with("transition", new double[][] {{0.9, 0.1}, {0.3, 0.7}})
            .with("means", new double[][] {{0}, {3}})
            .with("covariances", new double[][][] {{{1}}, {{1}}}));

    /** Nine decimals of JSON. */
    private static final double DECIMALS = 6e-10;

    private static final String START = """
            {"initial": [0.5, 0.5], "transition": [[0.9, 0.1], [0.3, 0.7]], "means": [[0], [3]],
             "covariances": [[[1]], [[1]]]}
            """;

    private static final String[] HMM = {"--type", "hmm", "--states", "2", "--features", "x"};

    @TempDir
    Path directory;

    private final List<String> machines = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();
    private String csv;
    private String start;

    private record Result(int code, String out, String err) {

        double number(String name) {
            Matcher matcher = Pattern.compile("\"" + name + "\":([^,}]+)").matcher(out);
            assertThat(matcher.find()).as(name + " in " + out).isTrue();
            return Double.parseDouble(matcher.group(1));
        }

        List<Posterior> posteriors() {
            assertThat(code).as(err).isZero();
            return out.lines()
                    .map(line -> PosteriorJson.read(line.getBytes(StandardCharsets.UTF_8), List.of("x"))
                            .posterior())
                    .toList();
        }
    }

    @BeforeEach
    void writeFiles() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        Map<String, Integer> states = new LinkedHashMap<>();
        StringBuilder lines = new StringBuilder("machine,x\n");
        for (int i = 0; i < RECORDS; i++) {
            String machine = "m" + random.nextInt(3);
            double[] row = states.containsKey(machine) ? TRUTH.transition()[states.get(machine)] : TRUTH.initial();
            int state = random.nextDouble() < row[0] ? 0 : 1;
            states.put(machine, state);
            double value = Math.rint(1e6 * (3 * state + random.nextGaussian())) / 1e6;
            machines.add(machine);
            values.add(value);
            lines.append(machine)
                    .append(',')
                    .append(String.format(Locale.ROOT, "%.6f", value))
                    .append('\n');
        }
        csv = file("readings.csv", lines.toString());
        start = file("start.json", START);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    private static Result run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(arguments);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        return new Result(code, out.toString(), err.toString());
    }

    private static Result hmm(String command, String... more) {
        return run(
                Stream.of(new String[] {command}, HMM, more).flatMap(Stream::of).toArray(String[]::new));
    }

    /** The records of each machine. */
    private Map<String, Observations> sequences() {
        Map<String, Observations> sequences = new LinkedHashMap<>();
        for (int i = 0; i < RECORDS; i++) {
            sequences
                    .computeIfAbsent(machines.get(i), name -> new Observations())
                    .add(new double[] {values.get(i)});
        }
        return sequences;
    }

    @Test
    void aFitOnlineTakesTheSequencesOfAllKeysInTheOrderOfTheFile() throws IOException {
        String[] online = {"--key", "machine", "--method", "online", "--warm-up", "200", "--mini-batch", "32", csv};
        Result fit = hmm("fit", online);
        double batch = hmm("fit", "--key", "machine", csv).number("logLikelihood");

        assertThat(fit.code()).as(fit.err()).isZero();
        assertThat(fit.number("observations")).isEqualTo(RECORDS);
        assertThat(fit.number("logLikelihood")).isBetween(batch - 0.01 * RECORDS, batch);
        assertThat(hmm("fit", online).out()).isEqualTo(fit.out());
        assertThat(hmm(
                                "fit",
                                Stream.concat(Stream.of("--block-length", "5"), Stream.of(online))
                                        .toArray(String[]::new))
                        .number("logLikelihood"))
                .isNotEqualTo(fit.number("logLikelihood"))
                .isBetween(batch - 0.01 * RECORDS, batch);
        // one after another the same records come in another order
        StringBuilder sorted = new StringBuilder("machine,x\n");
        sequences().forEach((machine, records) -> {
            for (int i = 0; i < records.size(); i++) {
                sorted.append(machine).append(',').append(records.value(i, 0)).append('\n');
            }
        });
        online[online.length - 1] = file("sorted.csv", sorted.toString());
        assertThat(hmm("fit", online).number("logLikelihood")).isNotEqualTo(fit.number("logLikelihood"));
    }

    @Test
    void morePassesOnlineComeNearerToTheBatchFit() {
        String[] options = {"--key", "machine", "--method", "online", "--start", start, "--mini-batch", "32"};
        double batch = hmm("fit", "--key", "machine", "--start", start, csv).number("logLikelihood");
        double one = run(with("fit", options, "--passes", "1", csv)).number("logLikelihood");
        double twenty = run(with("fit", options, "--passes", "20", csv)).number("logLikelihood");

        assertThat(batch - twenty).isBetween(0.0, 0.5 * (batch - one));
    }

    private static String[] with(String command, String[] options, String... more) {
        return Stream.of(new String[] {command}, HMM, options, more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }

    @Test
    void scoreFiltersEachKeyAsASequenceOfItsOwn() {
        Result result = hmm("score", "--key", "machine", "--start", start, "--first-m-step", "1000000", csv);
        Map<String, double[]> memories = new LinkedHashMap<>();
        var eStep = MODEL.eStep(TRUTH);
        List<Posterior> scored = result.posteriors();

        assertThat(scored).hasSize(RECORDS);
        double sum = 0;
        for (int i = 0; i < RECORDS; i++) {
            double[] memory = memories.computeIfAbsent(machines.get(i), name -> new double[2]);
            Posterior expected = eStep.score(Observations.of(new double[] {values.get(i)}), 0, memory);
            assertSame(scored.get(i), expected);
            assertThat(scored.get(i).outputs().vector("next", 2))
                    .containsExactly(expected.outputs().vector("next", 2), within(DECIMALS));
            sum += expected.logLikelihood();
        }
        assertThat(result.err()).contains(String.format(Locale.ROOT, "%.6f", sum / RECORDS));
        assertThat(result.out()).contains("{\"model\":\"model\",");
    }

    private static void assertSame(Posterior found, Posterior expected) {
        assertThat(found.logLikelihood()).isCloseTo(expected.logLikelihood(), within(DECIMALS));
        assertThat(found.probabilities()).containsExactly(expected.probabilities(), within(DECIMALS));
    }

    @Test
    void scoreLearnsOneModelOfAllSequencesOrOneOfEach() throws IOException {
        String input = "application: app\ninput: {topic: in, fields: [x]}\n";
        String model = "model: {name: m, type: hmm, components: 2, scope: %s}\nlearning: {warmUp: 100}\n";
        String shared = file("shared.yaml", input + String.format(model, "shared"));
        String perKey = file("per-key.yaml", input + String.format(model, "per-key"));

        Result one = run("score", "-c", shared, "--key", "machine", csv);
        Result each = run("score", "-c", perKey, "--key", "machine", csv);

        assertThat(one.out().lines().filter(line -> line.contains("warming-up")))
                .hasSize(100);
        assertThat(one.out()).doesNotContain("m/m0");
        assertThat(each.out().lines().filter(line -> line.contains("warming-up")))
                .hasSize(300);
        assertThat(each.out()).contains("{\"model\":\"m/m0\",", "\"next\":[");
        String named = file("named.yaml", "sequence: {field: machine}\n" + Files.readString(Path.of(shared)));
        assertThat(run("score", "-c", named, csv).out()).isEqualTo(one.out());
        String gap = file("gap.yaml", "sequence: {gap: 1m}\n" + Files.readString(Path.of(shared)));
        assertThat(run("score", "-c", gap, "--key", "machine", csv).err()).contains("sequence.gap is not heeded");
    }

    @Test
    void decodeSmoothsWholeSequencesAndTellsTheLikeliestPaths() {
        Result decoded = hmm("decode", "--start", start, "--key", "machine", csv);
        List<Posterior> posteriors = decoded.posteriors();
        Map<String, List<Posterior>> expected = new LinkedHashMap<>();
        double logLikelihood = 0;
        double logProbability = 0;
        for (Map.Entry<String, Observations> sequence : sequences().entrySet()) {
            expected.put(sequence.getKey(), new ArrayList<>(MODEL.eStep(TRUTH).smooth(sequence.getValue())));
            logLikelihood += MODEL.eStep(TRUTH).accumulate(sequence.getValue(), MODEL.newStatistics());
            logProbability += MODEL.decoder(TRUTH).viterbi(sequence.getValue()).logProbability();
        }

        assertThat(posteriors).hasSize(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            Posterior of = expected.get(machines.get(i)).remove(0);
            assertSame(posteriors.get(i), of);
            assertThat(posteriors.get(i).outputs().number("path"))
                    .isEqualTo(of.outputs().number("path"));
        }
        assertThat(decoded.err())
                .contains(String.format(
                        Locale.ROOT,
                        "900 records of 3 sequences; log-likelihood %.6f; log-probability of the records and the likeliest"
                                + " paths %.6f",
                        logLikelihood,
                        logProbability));
        assertThat(hmm("decode", "--start", start, csv).err())
                .contains("900 records of 1 sequence; ", "likeliest path ");
    }

    @Test
    void decodeTakesTheModelFromTheFit() throws IOException {
        String fit = file(
                "fit.json",
                hmm("fit", "--key", "machine", "--initial", "stationary", csv).out());
        Result decoded = run("decode", "--start", fit, "--key", "machine", csv);
        double logLikelihood =
                hmm("fit", "--key", "machine", "--initial", "stationary", csv).number("logLikelihood");

        assertThat(decoded.code()).as(decoded.err()).isZero();
        assertThat(decoded.err()).contains(String.format(Locale.ROOT, "log-likelihood %.6f;", logLikelihood));
    }

    @Test
    void decodeHasUseForGivenParametersOfSequencesOnly() throws IOException {
        assertThat(hmm("decode", csv).err()).contains("there are no parameters; give --start");
        String mixture = file(
                "mixture.json", run("fit", "-k", "2", "--features", "x", csv).out());
        assertThat(run("decode", "--start", mixture, csv).err())
                .contains("models of the type mixture have independent records, of which 'score' says all");
        for (String option : List.of("--restarts", "--seed", "--prior-strength", "--weight-prior")) {
            Result refused = hmm("decode", "--start", start, option, "3", csv);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains(option + " has no use where nothing is learned; leave it out");
        }
    }

    @Test
    void theStructureOfTheChainIsGivenByOptions() {
        Result ordered = hmm("fit", "--transitions", "left-to-right", "--initial", "1,0", csv);
        assertThat(ordered.out())
                .contains(
                        "\"transitions\":\"left-to-right\"",
                        "\"initial\":\"1.0,0.0\"",
                        "\"initial\":[1.0,0.0]",
                        "[0.0,1.0]]");
        assertThat(hmm("fit", "--transitions", "01;11", csv).out()).contains("\"transition\":[[0.0,1.0],");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--transitions|ring|transitions are 'ring'; expected full, left-to-right or 2 rows of 2 digits",
                "--initial|0.5,0.6|fixed initial probabilities",
                "--initial|0.2,0.3,0.5|the fixed initial distribution has 3 probabilities; expected 2",
                "--initial|start|initial is 'start'; expected one of free, stationary, fixed, or the probability of each",
                "--block-length|0|length of blocks is 0; expected at least 1",
                "--look-ahead|-1|look-ahead is -1; expected at least 0"
            })
    void whatMakesNoModelIsRefused(String option, String value, String message) {
        Result refused = hmm("score", option, value, csv);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains(message);
    }

    @Test
    void statesAreNotMovedByTheCareOfComponents() {
        for (Result refused : List.of(
                hmm("score", "--component-care", csv), hmm("fit", "--method", "online", "--component-care", csv))) {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("component care is on, but Hmm has no statistics of single components");
        }
    }

    @ParameterizedTest
    @CsvSource({"--transitions,full", "--initial,free", "--block-length,3", "--look-ahead,3"})
    void whatIsOfSequencesHasNoUseForMixtures(String option, String value) {
        Result refused = run("score", "-k", "2", "--features", "x", option, value, csv);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains(option + " has no use for models of the type mixture");
        assertThat(run("fit", "-k", "2", "--features", "x", "--method", "online", "--warm-up", "90", option, value, csv)
                        .err())
                .contains(option + " has no use for models of the type mixture");
    }

    @Test
    void theMissingReadingsOfASequenceArePredictedThrough() throws IOException {
        String lost = file("lost.csv", "x\n0.1\n\n0.2\nNA\n3.1\n2.9\nNA\n0.3\n");
        List<Posterior> posteriors =
                hmm("decode", "--start", start, "--missing", "x", lost).posteriors();

        assertThat(posteriors).hasSize(7);
        assertThat(posteriors.get(2).logLikelihood()).isZero();
        assertThat(posteriors.get(2).missing()).hasSize(1);
        assertThat(posteriors.get(4).mostLikely()).isEqualTo(1);
    }

    /** Random walks seen through noise, interleaved. */
    private String levels() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        double[] levels = {10, -4};
        StringBuilder lines = new StringBuilder("machine,x\n");
        for (int i = 0; i < 600; i++) {
            int machine = random.nextInt(2);
            levels[machine] += 0.5 * random.nextGaussian();
            lines.append('m')
                    .append(machine)
                    .append(',')
                    .append(levels[machine] + random.nextGaussian())
                    .append('\n');
        }
        return file("levels.csv", lines.toString());
    }

    @Test
    void stateSpaceModelsAreFittedScoredAndDecodedBySequenceToo() throws IOException {
        String levels = levels();
        String[] options = {
            "--type", "linear-gaussian", "--preset", "local-level", "--features", "x", "--key", "machine"
        };
        Result batch = run(append("fit", options, levels));
        Result online =
                run(append("fit", options, "--method", "online", "--warm-up", "100", "--mini-batch", "32", levels));
        String fit = file("fit.json", batch.out());
        Result scored = run("score", "--start", fit, "--key", "machine", levels);
        Result decoded = run("decode", "--start", fit, "--key", "machine", levels);

        double logLikelihood = batch.number("logLikelihood");
        assertThat(online.number("logLikelihood")).isBetween(logLikelihood - 12, logLikelihood);
        assertThat(decoded.err())
                .contains(String.format(Locale.ROOT, "600 records of 2 sequences; log-likelihood %.6f", logLikelihood));
        List<Posterior> filtered = scored.posteriors();
        List<Posterior> smoothed = decoded.posteriors();
        assertThat(filtered).hasSize(600);
        assertThat(smoothed).hasSize(600);
        for (int i = 100; i < 500; i++) {
            assertThat(smoothed.get(i).outputs().matrix("covariance", 1, 1)[0][0])
                    .isLessThan(filtered.get(i).outputs().matrix("covariance", 1, 1)[0][0]);
        }
    }

    private static String[] append(String command, String[] options, String... more) {
        return Stream.of(new String[] {command}, options, more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }
}
