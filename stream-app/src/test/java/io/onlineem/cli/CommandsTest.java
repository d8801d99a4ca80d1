package io.onlineem.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.onlineem.config.Setting;
import io.onlineem.observation.PosteriorJson;
import io.onlineem.observation.ScoredRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {

    /** R 4.2.2, mclust 6.0.0: log-likelihood at the EM fixed point, known to 15 digits; the tolerance is 6 of them. */
    private static final double FAITHFUL_TWO_FULL = -1130.26396018475;

    private static final double SIX_DIGITS = 1e-6 * 1130;

    @TempDir
    Path directory;

    private String faithful;
    private String tone;

    /** What a command has done. */
    /** Flow of the Nile, 1871 to 1970, 10⁸ m³ a year (Durbin and Koopman 2012). */
    private static final String NILE =
            "1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 "
                    + "1100 1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 "
                    + "831 726 456 824 702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759 781 865 "
                    + "845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890 744 749 838 1050 "
                    + "918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740";

    /** Yearly major earthquakes, 1900 to 2006 (Zucchini and MacDonald 2009). */
    private static final int[] EARTHQUAKES = {
        13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23, 18, 17, 19, 20,
        22, 19, 13, 26, 13, 14, 22, 24, 21, 22, 26, 21, 23, 24, 27, 41, 31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19,
        15, 34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15,
        8, 15, 6, 11, 8, 7, 18, 16, 13, 12, 13, 20, 15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11
    };

    private record Result(int code, String out, String err) {

        double number(String name) {
            return Double.parseDouble(text(name));
        }

        double onlyMean() {
            return Double.parseDouble(text("means").replaceAll("[\\[\\]]", ""));
        }

        String text(String name) {
            Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^,\"}]+)").matcher(out);
            assertThat(matcher.find()).as(name + " in " + out).isTrue();
            return matcher.group(1);
        }
    }

    @BeforeEach
    void copyData() throws IOException {
        faithful = copy("faithful.csv");
        tone = copy("tone.csv");
    }

    private String copy(String name) throws IOException {
        try (InputStream in = CommandsTest.class.getResourceAsStream("/data/" + name)) {
            return Files.write(directory.resolve(name), in.readAllBytes()).toString();
        }
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

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    private String fitToFile(String... arguments) throws IOException {
        Result fit = run(arguments);
        assertThat(fit.code()).as(fit.err()).isZero();
        return file("fit.json", fit.out());
    }

    private static String jsonLines(String csv) {
        StringBuilder lines = new StringBuilder();
        csv.lines().skip(1).forEach(line -> {
            String[] values = line.split(",", -1);
            lines.append("{\"when\":{\"waiting\":").append(values[1]);
            lines.append("},\"eruptions\":").append(values[0]).append("}\n");
        });
        return lines.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fit", "score", "decode", "validate"})
    void everyCommandHasHelpWithExamplesAndExitCodes(String command) {
        Result result = run(command, "--help");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("Usage: online-em " + command, "Example", "Exit codes: 0")
                .doesNotContain("\u001b");
    }

    @Test
    void topicsOfTextsAreFittedAndScored() throws IOException {
        StringBuilder lines = new StringBuilder("id,message\n");
        for (int i = 0; i < 200; i++) {
            lines.append(i)
                    .append(i % 2 == 0 ? ",\"disk, volume: the disk is full\"" : ",user session of the login user");
            lines.append('\n');
        }
        String messages = file("messages.csv", lines.toString());
        String vocabulary = file("words.txt", "disk\nvolume\nfull\nuser\nsession\nlogin\n");
        Result fit = run("fit", "--type", "lda", "--topics", "2", "--option", "language=english", messages);
        Result given =
                run("fit", "--type", "lda", "-k", "2", "--field", "message", "--vocabulary", vocabulary, messages);
        String start = file("fit.json", fit.out());
        Result score = run("score", "--start", start, messages);

        assertThat(fit.code()).as(fit.err()).isZero();
        assertThat(fit.err()).contains("features: message").containsPattern("topic [01]: disk (full|volume) ");
        assertThat(fit.out())
                .contains("\"topWords\":{\"0\":[", "\"features\":[\"message\"]", "\"language\":\"english\"");
        assertThat(given.code()).as(given.err()).isZero();
        assertThat(given.out()).contains("\"words\":[\"disk\",\"volume\",\"full\",\"user\",\"session\",\"login\"]");
        assertThat(score.code()).as(score.err()).isZero();
        assertThat(score.out().lines().findFirst().orElseThrow())
                .contains("\"outputs\":{\"words\":4,\"unknownWords\":0,");
    }

    @Test
    void helpAndVersionAreResults() {
        assertThat(run("--help").out()).contains("Commands:", "fit", "score", "validate");
        assertThat(run("--version").out()).startsWith("online-em ").doesNotContain("${");
    }

    @Test
    void helpTellsTheDefaultsOfTheConfiguration() {
        String help = run("score", "--help").out().replaceAll("\\s+", " ");

        assertThat(help)
                .contains(
                        "at most 1. Default: " + otherwise("learning.stepSize.exponent"),
                        "Offset of the step size. Default: " + otherwise("learning.stepSize.offset"),
                        "Records learned from at once. Default: " + otherwise("learning.miniBatch"),
                        "first parameters are found. Default: " + otherwise("learning.warmUp"),
                        "parameters are first changed. Default: " + otherwise("learning.firstMStep"),
                        "best is kept. Default: " + otherwise("learning.starts"),
                        "same result. Default: " + otherwise("learning.seed"),
                        "The kind of model. Default: " + otherwise("model.type"),
                        "Distribution of a component. Default: " + otherwise("model.family"),
                        "diagonal or spherical. Default: " + otherwise("model.covariance"));
    }

    private static String otherwise(String path) {
        return Setting.ALL.stream()
                .filter(setting -> setting.path().equals(path))
                .findFirst()
                .orElseThrow()
                .otherwise();
    }

    static List<List<String>> wrongUsage() {
        return List.of(
                List.of("online-em: there is no command", ""),
                List.of("Did you mean: online-em fit?", "fitt"),
                List.of("Unknown option: '--componets'", "fit -k 2 FILE --componets"),
                List.of("Missing required parameter: 'FILE'", "fit -k 2"),
                List.of("the number of components is missing; give --components, or -c", "fit FILE"),
                List.of("Invalid value for option '--components': 'two'; expected a whole number", "fit -k two FILE"),
                List.of("'--seed': '1.5'; expected a whole number", "fit -k 2 --seed 1.5 FILE"),
                List.of("'--tolerance': 'low'; expected a number", "fit -k 2 --tolerance low FILE"),
                List.of("number of components is 0; expected at least 1", "fit -k 0 FILE"),
                List.of(
                        "model type is 'mixtur'; expected one of [hmm, incomplete-multinomial, lda, linear-gaussian,"
                                + " mixture]",
                        "fit -k 2 --type mixtur FILE"),
                List.of("the option probabilities is missing", "fit --type incomplete-multinomial FILE"),
                List.of("--family has no use for models", "fit --type incomplete-multinomial --family x FILE"),
                List.of(
                        "option 'colour' is not known to models",
                        "fit --type incomplete-multinomial --option colour=1 FILE"),
                List.of(
                        "number of components is 3; expected 2",
                        "fit -k 3 --type incomplete-multinomial"
                                + " --option probabilities=p --option cells=eruptions=p;waiting=(1-p) FILE"),
                List.of("family is 'cauchy'; expected one of [", "fit -k 2 --family cauchy FILE"),
                List.of("covariance is 'round'; expected one of full, tied", "fit -k 2 --covariance round FILE"),
                List.of("covariance floor is 7.0; expected", "fit -k 2 --option covarianceFloor=7 FILE"),
                List.of("--method is 'fast'; expected batch or online", "fit -k 2 --method fast FILE"),
                List.of("--exponent is for --method online; leave it out", "fit -k 2 --exponent 0.8 FILE"),
                List.of("--tolerance is for --method batch", "fit -k 2 --method online --tolerance 1 FILE"),
                List.of("--passes is 0; expected at least 1", "fit -k 2 --method online --passes 0 FILE"),
                List.of("tolerance is -1.0; expected at least 0", "fit -k 2 --tolerance -1 FILE"),
                List.of("step size exponent is 0.3; expected more than 0.5", "score -k 2 --exponent 0.3 FILE"),
                List.of("more than one kind of step size is given", "score -k 2 --constant 0.1 --half-life 9 FILE"),
                List.of("mini-batch is 0; expected at least 1", "score -k 2 --mini-batch 0 FILE"),
                List.of("number of starts is 0; expected at least 1", "fit -k 2 --restarts 0 FILE"),
                List.of("--content is 'some'; expected full or most-likely", "score -k 2 --content some FILE"),
                List.of("there is no file nothing.csv", "fit -k 2 nothing.csv"),
                List.of("--start: there is no file nothing.json", "fit -k 2 --start nothing.json FILE"),
                List.of("does not tell its format; give --format csv or --format jsonl", "fit -k 2 -"),
                List.of("--format is 'xml'; expected csv or jsonl", "fit -k 2 --format xml FILE"),
                List.of("--separator is ';;'; expected one character, or tab", "fit -k 2 --separator ;; FILE"),
                List.of("--separator is for CSV files", "fit -k 2 --format jsonl --separator ; FILE"),
                List.of("which fields make an observation; give --features", "fit -k 2 --format jsonl FILE"),
                List.of(
                        "there is no column 'wait'; expected one of eruptions, waiting",
                        "fit -k 2 --features wait FILE"),
                List.of("'--components': '3..2'; expected a whole number, or a range such as 1..8", "fit -k 3..2 FILE"),
                List.of("--components is 1..2; expected one number", "score -k 1..2 FILE"),
                List.of("--criterion is 'best'; expected bic, aic or icl", "fit -k 1..2 --criterion best FILE"),
                List.of("--criterion is for a range of numbers", "fit -k 2 --criterion bic FILE"),
                List.of(
                        "models of the type incomplete-multinomial have as many as follow from their options",
                        "fit -k 1..2 --type incomplete-multinomial --option probabilities=p"
                                + " --option cells=eruptions=p;waiting=(1-p) FILE"),
                List.of("--field is 'waiting'; expected NAME=FAMILY[,OPTION", "fit -k 1 --field waiting FILE"),
                List.of("expected OPTION=VALUE in place of '24'", "fit -k 1 --field waiting=von-mises,24 FILE"),
                List.of(
                        "option 'peroid' is not known to the family von-mises; expected one of [period]",
                        "fit -k 1 --field waiting=von-mises,peroid=24 FILE"),
                List.of(
                        "--field names 'waiting' twice",
                        "fit -k 1 --field waiting=gaussian --field waiting=gaussian FILE"),
                List.of("--features names 'waiting' twice", "fit -k 1 --features waiting,waiting FILE"),
                List.of("there is no column 'wait'; expected one of", "fit -k 1 --weight wait FILE"),
                List.of("there is no column 'hours'", "fit -k 1 --family poisson --option exposure=hours FILE"),
                List.of("--missing names 'wait'; expected one of eruptions, waiting", "fit -k 1 --missing wait FILE"),
                List.of("--transform names 'wait'; expected one of", "fit -k 1 --transform wait=sqrt FILE"),
                List.of(
                        "--transform of 'waiting' is 'log'; expected one of none, log1p, sqrt, difference",
                        "fit -k 1 --transform waiting=log FILE"),
                List.of(
                        "--prior-strength is 0.0; expected a number of records above 0",
                        "fit -k 1 --prior-strength 0 FILE"),
                List.of("prior strength of the weights is -1.0; expected", "fit -k 1 --weight-prior -1 FILE"),
                List.of(
                        "--weight-prior has no use for models of the type incomplete-multinomial",
                        "fit --type incomplete-multinomial --weight-prior 1 FILE"),
                List.of(
                        "--field is 'message=text'; expected the name of a field alone",
                        "fit --type lda -k 2 --field message=text FILE"),
                List.of(
                        "--vocabulary has no use for models of the type mixture",
                        "fit -k 2 --vocabulary words.txt FILE"),
                List.of(
                        "language is 'latin'; expected one of danish,",
                        "fit --type lda -k 2 --option language=latin FILE"),
                List.of("alpha is 0.0; expected a number from 0.002", "fit --type lda -k 2 --option alpha=0 FILE"),
                List.of(
                        "--field has no use for models of the type incomplete-multinomial",
                        "fit --type incomplete-multinomial --field x=gaussian FILE"),
                List.of(
                        "models of the type incomplete-multinomial take no missing values; leave out --missing",
                        "fit --type incomplete-multinomial --option probabilities=p"
                                + " --option cells=eruptions=p;waiting=(1-p) --missing all FILE"),
                List.of("--drift is for --method online; leave it out", "fit -k 2 --drift FILE"),
                List.of("Missing required option: '--config=CONFIG'", "validate"));
    }

    @ParameterizedTest
    @MethodSource("wrongUsage")
    void wrongUsageIsExplainedAndExitsWith2(List<String> messageAndArguments) {
        String arguments = messageAndArguments.get(1);
        Result result = run(
                arguments.isEmpty()
                        ? new String[0]
                        : arguments.replace("FILE", faithful).split(" "));

        assertThat(result.err()).contains(messageAndArguments.get(0)).contains("--help'.");
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(2);
    }

    @Test
    void aStackTraceIsShownOnlyIfAskedFor() throws IOException {
        String bad = file("bad.csv", "x\nnope\n");

        assertThat(run("fit", "-k", "1", "--features", "x", bad).err()).doesNotContain("\tat ");
        assertThat(run("fit", "-k", "1", "--features", "x", "--debug", bad).err())
                .contains("\tat ");
    }

    @Test
    void fitReachesTheReferenceLikelihood() {
        Result result = run("fit", "--components", "2", "--covariance", "full", faithful);

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEqualTo("features: eruptions,waiting" + System.lineSeparator());
        assertThat(result.number("observations")).isEqualTo(272);
        assertThat(result.number("logLikelihood")).isCloseTo(FAITHFUL_TWO_FULL, within(SIX_DIGITS));
        assertThat(result.number("bic")).isCloseTo(2322.19174309875, within(2 * SIX_DIGITS));
        assertThat(result.number("aic")).isCloseTo(2 * 11 - 2 * FAITHFUL_TWO_FULL, within(2 * SIX_DIGITS));
        assertThat(result.text("converged")).isEqualTo("true");
        assertThat(result.out().lines()).hasSize(1);
    }

    @Test
    void fitReadsJsonLinesAlike() throws IOException {
        String lines = file("faithful.jsonl", jsonLines(Files.readString(Path.of(faithful))));

        Result result = run("fit", "-k", "2", "--features", "eruptions,when.waiting", lines);

        assertThat(result.err()).isEmpty();
        assertThat(result.number("logLikelihood"))
                .isEqualTo(run("fit", "-k", "2", faithful).number("logLikelihood"));
    }

    @Test
    void fitReadsStandardInput() throws IOException {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of(faithful))));
        try {
            assertThat(run("fit", "-k", "1", "--format", "csv", "-").number("observations"))
                    .isEqualTo(272);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void fitTakesTheModelFromAConfigurationAndOptionsComeFirst() throws IOException {
        String config = file("config.yaml", """
                application: app
                input: {topic: in, fields: [eruptions, waiting]}
                model: {components: 2, covariance: tied}
                """);

        Result tied = run("fit", "-c", config, faithful);
        Result full = run("fit", "-c", config, "--covariance", "full", faithful);

        assertThat(tied.out()).contains("\"covariance\":\"tied\"");
        assertThat(tied.number("logLikelihood")).isCloseTo(-1140.18675943708, within(SIX_DIGITS));
        assertThat(full.number("logLikelihood")).isCloseTo(FAITHFUL_TWO_FULL, within(SIX_DIGITS));
    }

    @Test
    void fitReachesTheReferenceOfCountsWithFrequencies() throws IOException {
        // death notices (Hasselblad 1969); maximum by R optim
        String deaths =
                file("deaths.csv", "count,frequency\n0,162\n1,267\n2,271\n3,185\n4,111\n5,61\n6,27\n7,8\n8,3\n9,1\n");

        Result result = run("fit", "-k", "2", "--family", "poisson", "--weight", "frequency", deaths);

        assertThat(result.err()).isEqualTo("features: count" + System.lineSeparator());
        assertThat(result.number("logLikelihood")).isCloseTo(-1989.94585988296, within(1e-6 * 1990));
        assertThat(result.number("observations")).isEqualTo(10);
        assertThat(result.number("weight")).isEqualTo(1096);
        assertThat(result.number("bic")).isCloseTo(3 * Math.log(1096) + 2 * 1989.94585988296, within(1e-6 * 4000));
        // which component comes first is chance
        assertThat(result.out())
                .containsPattern("\"weights\":\\[0\\.6401.*\"rates\":\\[2\\.6633[0-9]*,1\\.2560"
                        + "|\"weights\":\\[0\\.3598.*\"rates\":\\[1\\.2560[0-9]*,2\\.6633");
    }

    @Test
    void fitOfALevelIsThatOfThePublishedExample() throws IOException {
        String nile = file("nile.csv", "volume\n" + NILE.replace(' ', '\n') + "\n");
        String[] level = {"fit", "--type", "linear-gaussian", "--preset", "local-level"};
        Result fit = run(with(level, nile));

        assertThat(fit.number("logLikelihood")).isCloseTo(-632.5456, within(5e-4));
        assertThat(fit.out()).contains("\"processNoise\":[[1469.", "\"observationNoise\":[[1509", "\"converged\":true");
        assertThat(run(with(level, "--option", "transition=1.2", nile)).err())
                .contains("has an eigenvalue of magnitude 1.2; expected at most 1");
        assertThat(run(with(level, "--option", "period=12", nile)).err())
                .contains("the option period is for the preset damped-oscillation");
        assertThat(run("fit", "--type", "linear-gaussian", "--preset", "level", nile)
                        .err())
                .contains("preset is 'level'; expected one of local-level, local-linear-trend");
    }

    @Test
    void fitReachesTheReferenceOfAHiddenMarkovModel() throws IOException {
        String earthquakes = file(
                "earthquakes.csv",
                "count\n"
                        + IntStream.of(EARTHQUAKES).mapToObj(Integer::toString).collect(joining("\n")));
        String[] hmm = {"fit", "--type", "hmm", "--family", "poisson", "--states", "2", "--initial"};

        Result stationary = run(with(hmm, "stationary", earthquakes));
        Result free = run(with(hmm, "free", earthquakes));

        // maximum by R optim
        assertThat(stationary.number("logLikelihood")).isCloseTo(-342.318266788071, within(1e-6 * 342));
        assertThat(stationary.out()).contains("0.9340", "0.0659", "0.1285", "0.8714", "15.472", "26.125", "0.6608");
        assertThat(free.number("logLikelihood")).isGreaterThan(stationary.number("logLikelihood"));
        assertThat(run(with(hmm, "free", "--option", "transitions=11;01", earthquakes))
                        .out())
                .contains("\"transitions\":\"11;01\"", "[0.0,1.0]");
        assertThat(run(with(hmm, "never", earthquakes)).err())
                .contains("initial is 'never'; expected one of free, stationary, fixed");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void theRecordsOfAKeyAreASequenceWhereverTheyStandInTheFile() throws IOException {
        StringBuilder apart = new StringBuilder("key,x\n");
        StringBuilder mixed = new StringBuilder("key,x\n");
        for (int i = 0; i < 60; i++) {
            apart.append(i < 30 ? "a" : "b")
                    .append(',')
                    .append(i % 30 / 10 * 5 + i % 3)
                    .append('\n');
            mixed.append(i % 2 == 0 ? "a" : "b")
                    .append(',')
                    .append(i / 2 / 10 * 5 + i / 2 % 3)
                    .append('\n');
        }
        String one = file("apart.csv", apart.toString());
        String[] hmm = {"fit", "--type", "hmm", "--states", "2", "--features", "x"};

        double logLikelihood = run(with(hmm, "--key", "key", one)).number("logLikelihood");

        assertThat(run(with(hmm, "--key", "key", file("mixed.csv", mixed.toString())))
                        .number("logLikelihood"))
                .isCloseTo(logLikelihood, within(1e-6));
        assertThat(run(with(hmm, one)).number("logLikelihood")).isNotCloseTo(logLikelihood, within(1e-3));
    }

    @Test
    void aRecordOfWeightThreeIsThreeRecords() throws IOException {
        String weighted = file("weighted.csv", "x,copies\n1,3\n2,1\n7,2\n");
        String copied = file("copied.csv", "x\n1\n1\n1\n2\n7\n7\n");

        Result one = run("fit", "-k", "1", "--weight", "copies", weighted);
        Result other = run("fit", "-k", "1", copied);

        assertThat(one.number("logLikelihood")).isCloseTo(other.number("logLikelihood"), within(1e-12));
        assertThat(one.number("bic")).isCloseTo(other.number("bic"), within(1e-12));
        assertThat(run("fit", "-k", "1", "--weight", "x", "--features", "copies,x", weighted)
                        .err())
                .contains("--weight is 'x', which is a field of the observation too");
    }

    private String visits() throws IOException {
        return file("visits.csv", """
                amount,hour,n,who,paid
                10,1.5,3,a,true
                20,2,4,b,false
                NA,23,0,a,true
                30,22.5,,b,TRUE
                15,12,7,a,false
                44,13,2,a,1
                """);
    }

    @Test
    void everyFieldMayHaveAFamily() throws IOException {
        String visits = visits();

        Result result = run(("fit -k 1 --field amount=gaussian,covarianceFloor=1e-6 --field hour=von-mises,period=24"
                        + " --field n=poisson --field paid=bernoulli --missing amount,n --transform amount=log1p "
                        + visits)
                .split(" "));
        Result scored = run("score", "--start", file("fit.json", result.out()), "--missing", "all", visits);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("\"features\":[\"log1p(amount)\",\"hour\",\"n\",\"paid\"]")
                .contains("\"probabilities\":[0.66666666", "\"covarianceFloor\":\"1.0E-6\"")
                // the mean of the logarithms of 11, 21, 31, 16 and 45
                .contains("\"means\":[[3.09113122540");
        double total = records(scored, "log1p(amount)", "hour", "n", "paid").stream()
                .mapToDouble(record -> record.posterior().logLikelihood())
                .sum();
        // nine decimals of six numbers
        assertThat(total).isCloseTo(result.number("logLikelihood"), within(1e-8));
        assertThat(scored.out()).contains("\"missing\":{\"n\":3.").contains("\"missing\":{\"log1p(amount)\":3.09");
    }

    @Test
    void columnsAreChosenAsTheFamilySuggests() throws IOException {
        String visits = visits();

        assertThat(run("fit", "-k", "1", visits).err().lines()).first().isEqualTo("features: amount,hour,n");
        assertThat(run("fit", "-k", "1", "--family", "bernoulli", visits).err().lines())
                .first()
                .isEqualTo("features: amount,hour,n,paid");
        assertThat(run("fit", "-k", "1", "--missing", "all", "--weight", "hour", visits)
                        .err()
                        .lines())
                .first()
                .isEqualTo("features: amount,n");
        assertThat(run(("fit -k 1 --family poisson --option exposure=hour --skip-invalid " + visits).split(" "))
                        .out())
                .contains("\"features\":[\"amount\",\"n\",\"hour\"]");
    }

    @Test
    void cellsAreNamedByATextColumn() throws IOException {
        String[] options = {
            "fit",
            "--type",
            "incomplete-multinomial",
            "--option",
            "probabilities=p",
            "--option",
            "cells=AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2",
            file("single.csv", "genotype\nAA\nAa\nAa\naa\n")
        };

        Result result = run(options);

        assertThat(result.err()).startsWith("features: genotype");
        assertThat(result.number("p")).isCloseTo(0.5, within(1e-12));
        options[options.length - 1] = file("wrong.csv", "genotype\nAA\nXY\n");
        assertThat(run(options).err())
                .contains("wrong.csv, line 3: the field 'genotype' is 'XY'; expected one of the cells AA, Aa, aa");
    }

    @Test
    void differencesAreTakenAlongTheFileOrAKey() throws IOException {
        String data = file("data.csv", "who,x\na,1\nb,10\na,2\nb,14\na,2\n");

        Result whole = run("fit", "-k", "1", "--transform", "x=difference", data);
        Result byKey = run("fit", "-k", "1", "--transform", "x=difference", "--key", "who", data);

        assertThat(whole.out()).contains("\"features\":[\"difference(x)\"]");
        assertThat(whole.onlyMean()).isCloseTo(0.25, within(1e-12));
        assertThat(byKey.onlyMean()).isCloseTo(5.0 / 3, within(1e-12));
        assertThat(run("fit", "-k", "1", "--key", "who", data).err())
                .contains("--key has no use without a field with the transform difference");
    }

    @Test
    void scoreTakesDifferencesOfASharedModelAlongAKey() throws IOException {
        String data = file("data.csv", "who,x\na,1\nb,10\na,2\nb,14\na,2\n");
        String config = file("config.yaml", """
                application: app
                input: {topic: in, fields: {x: {transform: difference}}}
                model: {name: m, components: 1, start: {weights: [1], means: [[0]], covariances: [[[1]]]}}
                """);

        Result result = run("score", "-c", config, "--key", "who", data);

        List<ScoredRecord> records = records(result, "difference(x)");
        assertThat(records).extracting(ScoredRecord::model).containsOnly("m");
        double norm = -0.5 * Math.log(2 * Math.PI);
        double[] expected = {0, 0, norm - 0.5, norm - 8, norm};
        for (int i = 0; i < expected.length; i++) {
            assertThat(records.get(i).posterior().logLikelihood()).isCloseTo(expected[i], within(1e-9));
        }
    }

    @Test
    void fitTakesFieldsWeightsAndMissingValuesFromAConfiguration() throws IOException {
        String data = file("data.csv", "x,n,w\n1,3,2\n,4,1\n5,0,1\n");
        String config = file("config.yaml", """
                application: app
                input: {topic: in, weight: w, missing: allowed, fields: {x: gaussian, n: poisson}}
                model: {components: 1}
                """);

        Result result = run("fit", "-c", config, data);
        Result changed = run("fit", "-c", config, "--field", "n=exponential", "--prior-strength", "2", data);

        assertThat(result.number("weight")).isEqualTo(4);
        assertThat(result.out()).contains("\"means\":[[2.33333333", "\"rates\":[2.5]");
        assertThat(changed.out()).contains("\"family\":\"exponential\"", "\"prior\":{\"strength\":2.0}");
    }

    @Test
    void optionsOnTopOfAConfigurationKeepFieldsOfOneFamilyTogether() throws IOException {
        String data = file("data.csv", "x,y,z\n1,2,3\n2,3,4\n3,3,3\n");
        String config = file("config.yaml", """
                application: app
                input: {topic: in, fields: {x: gaussian, y: poisson}}
                model: {components: 1}
                """);

        assertThat(run("fit", "-c", config, "--features", "x,z", data).text("family"))
                .isEqualTo("gaussian");
        assertThat(run("fit", "-c", config, "--family", "poisson", data).text("family"))
                .isEqualTo("poisson");
    }

    @Test
    void columnsMayHaveAnyName() throws IOException {
        String data = file("data.csv", "a..b,sqrt(c)\n1,4\n2,9\n4,3\n");

        String start = fitToFile("fit", "-k", "1", data);

        assertThat(run("score", "--start", start, data).code()).isZero();
        assertThat(run("fit", "-k", "1", "--features", "a..b", file("data.jsonl", "{\"a\":1}"))
                        .err())
                .contains("the field's name is 'a..b'; expected names, joined by single dots if nested");
    }

    @Test
    void priorsAreRecordsSeenBefore() throws IOException {
        String data = file("data.csv", "n\n1\n2\n3\n2\n");
        String config = file("config.yaml", """
                application: app
                input: {topic: in, fields: {n: {family: poisson, prior: {strength: 4, location: {rates: 5}}}}}
                model: {components: 1}
                """);

        Result result =
                run("fit", "-k", "1", "--family", "poisson", "--prior-strength", "4", "--weight-prior", "2", data);

        assertThat(result.out()).contains("\"rates\":[2.0]", "\"weightStrength\":\"2.0\"");
        assertThat(run("fit", "-c", config, data).out())
                .as("four records of mean 2, and four of mean 5")
                .contains("\"rates\":[3.5]");
    }

    @Test
    void fitChoosesTheNumberOfComponents() {
        Result result = run("fit", "-k", "1..4", "--criterion", "bic", faithful);
        Result likelihood = run("fit", "-k", "1..4", "--criterion", "aic", faithful);

        assertThat(result.code()).isZero();
        assertThat(result.number("components")).isEqualTo(2);
        assertThat(result.text("criterion")).isEqualTo("bic");
        assertThat(result.out().split("\"degreesOfFreedom\":"))
                .as("the chosen one and four tried")
                .hasSize(6);
        assertThat(result.err().lines().toList())
                .hasSize(7)
                .anySatisfy(line -> assertThat(line).matches("\\* +2 +-1130\\.2640 +11 +2322\\.19.* yes +no"))
                .last()
                .isEqualTo("* chosen: the lowest BIC");
        assertThat(likelihood.number("components")).isEqualTo(4);
    }

    @Test
    void doubtAboutWhereRecordsBelongCountsAgainstAModel() {
        Result two = run("fit", "-k", "2", faithful);
        Result one = run("fit", "-k", "1", faithful);

        // scikit-learn 1.9.1: BIC plus twice the entropy of predict_proba
        assertThat(two.number("icl")).isCloseTo(2323.581219330309, within(2 * SIX_DIGITS));
        assertThat(one.number("icl")).isEqualTo(one.number("bic"));
    }

    @Test
    void aDegenerateFitIsNotChosenUnlessAllAre() throws IOException {
        StringBuilder values = new StringBuilder("x\n");
        for (int i = 0; i < 40; i++) {
            values.append(i < 8 ? 5.0 : i * 0.37 % 3).append('\n');
        }
        String data = file("data.csv", values.toString());

        Result chosen = run("fit", "-k", "1..2", data);
        Result all = run("fit", "-k", "2..3", data);

        assertThat(chosen.out()).contains("\"degenerate\":true}]");
        assertThat(chosen.number("components")).isEqualTo(1);
        assertThat(all.err()).contains("* chosen: the lowest BIC, though degenerate, as all are");
    }

    @Test
    void theAdaptiveModeAndComponentCareAreOptionsOfOnlineLearning() {
        String learning = " -k 2 --warm-up 50 --mini-batch 16 --drift --component-care " + faithful;

        assertThat(run(("fit --method online" + learning).split(" ")).code()).isZero();
        assertThat(run(("score" + learning).split(" ")).code()).isZero();
    }

    @Test
    void fitReachesTheReferenceOfAMixtureOfRegressions() {
        Result result = run("fit", "-k", "2", "--family", "linear-regression", "--option", "response=y", tone);
        Result byField = run("fit", "-k", "2", "--field", "y=linear-regression,covariates=x", tone);

        assertThat(result.err()).isEqualTo("features: x,y" + System.lineSeparator());
        // mixtools 2.0.0
        assertThat(result.number("logLikelihood")).isCloseTo(141.198402299684, within(1e-6 * 141));
        assertThat(byField.number("logLikelihood")).isCloseTo(141.198402299684, within(1e-6 * 141));
        assertThat(result.out()).contains("1.9163", "0.04254", "-0.01927", "0.99229");
    }

    @Test
    void categoriesAreNamedOrLearned() throws IOException {
        String data = file("data.csv", "country,n\nDE,1\nFR,2\nNA,3\nDE,1\n,2\nIT,9\n");
        String[] named = {"fit", "-k", "1", "--field", "country=categorical,categories=DE,FR,NA", data};
        String[] learned = {"fit", "-k", "1", "--field", "country=categorical,categories=1", "--skip-invalid", data};

        assertThat(run(named).err())
                .contains(
                        "data.csv, line 6: the column 'country' is empty; expected a category: a text, a number or a flag");
        assertThat(run("fit", "-k", "1", "--field", named[4], "--missing", "country", data)
                        .err())
                .contains("data.csv, line 7: the field 'country' is 'IT'; expected one of DE, FR, NA");
        assertThat(run(learned).out())
                .contains("\"categories\":[\"DE\",\"other\"],\"probabilities\":[[0.4,0.6]]")
                .contains("\"observations\":5");
        assertThat(run("fit", "-k", "1", "--family", "categorical", "--skip-invalid", data)
                        .err())
                .startsWith("features: country,n");
    }

    @Test
    void fitReachesTheReferencesOfTheGeneticExamples() {
        Result linkage = run("fit", "-c", "../examples/linkage.yaml", "../examples/linkage.csv");
        Result abo = run("fit", "-c", "../examples/abo.yaml", "../examples/abo.csv");

        assertThat(linkage.code()).as(linkage.err()).isZero();
        assertThat(linkage.number("p")).isCloseTo(0.626821497871, within(1e-6));
        assertThat(linkage.number("components")).isEqualTo(5);
        assertThat(abo.number("logLikelihood")).isCloseTo(-511.571469716211, within(SIX_DIGITS));
        assertThat(abo.out()).contains("\"probabilities\":{\"A\":0.21359", "\"B\":0.05014", "\"O\":0.73626");
    }

    @Test
    void aModelWithoutFamiliesIsMadeOfOptions() throws IOException {
        String counts = file("counts.csv", "aa,Aa,AA\n3,10,7\n");
        String[] options = {
            "fit",
            "--type",
            "incomplete-multinomial",
            "--option",
            "probabilities=p",
            "--option",
            "cells=AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2",
            counts
        };
        String start = fitToFile(options);
        Result again = run("fit", "--start", start, counts);
        Result prior = run("fit", "--start", start, "--option", "priorStrength=40", counts);

        assertThat(again.number("p")).isCloseTo(0.6, within(1e-12));
        assertThat(again.out()).contains("\"features\":[\"aa\",\"Aa\",\"AA\"]");
        assertThat(prior.number("p")).isCloseTo(0.55, within(1e-12));
    }

    @Test
    void aFitStartedFromItsOwnResultIsAtItsEnd() throws IOException {
        String start = fitToFile("fit", "-k", "2", faithful);

        Result again = run("fit", "--start", start, faithful);

        assertThat(again.number("logLikelihood")).isCloseTo(FAITHFUL_TWO_FULL, within(SIX_DIGITS));
        assertThat(again.number("iterations")).isLessThanOrEqualTo(5);
        assertThat(run("fit", "--start", start, "--restarts", "3", faithful).err())
                .contains("--restarts has no use with parameters to start from");
    }

    @Test
    void aStartOfAnotherModelIsRefused() throws IOException {
        String start = fitToFile("fit", "-k", "2", faithful);

        Result result = run("fit", "-k", "3", "--start", start, faithful);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'components' is 2; the model here has 3");
    }

    @Test
    void fitSaysThatItHasNotConverged() {
        Result result = run("fit", "-k", "2", "--passes", "1", "--restarts", "1", faithful);

        assertThat(result.code()).isZero();
        assertThat(result.number("iterations")).isEqualTo(1);
        assertThat(result.text("converged")).isEqualTo("false");
        assertThat(result.err()).contains("not converged after 1 iterations; give more --passes");
    }

    @Test
    void onlineFitOfManyPassesComesNearTheBatchFit() {
        Result result = run(
                ("fit -k 2 --method online --passes 30 --warm-up 50 --mini-batch 16 --exponent 0.7 --average-after 2000 "
                                + faithful)
                        .split(" "));

        assertThat(result.code()).isZero();
        assertThat(result.text("method")).isEqualTo("online");
        assertThat(result.number("observations")).isEqualTo(272);
        // 8,160 records in all, of which 50 warm up; the last mini-batch is not full
        assertThat(result.number("iterations")).isEqualTo(507);
        assertThat(result.number("logLikelihood"))
                .as("one thousandth below the maximum at most")
                .isBetween(FAITHFUL_TWO_FULL * 1.001, FAITHFUL_TWO_FULL);
    }

    @Test
    void onlineFitSaysThatTheWarmUpIsEverything() {
        Result result = run("fit", "-k", "2", "--method", "online", faithful);

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("the warm-up is all of the 272 records");
        assertThat(result.number("logLikelihood")).isCloseTo(FAITHFUL_TWO_FULL, within(0.1));
    }

    @Test
    void theSameSeedGivesTheSameFit() {
        String[] arguments = {"fit", "-k", "3", "--restarts", "2", "--seed", "-5", faithful};

        assertThat(run(arguments).out()).isEqualTo(run(arguments).out());
    }

    @Test
    void aFitOfNothingIsAFailure() throws IOException {
        String empty = file("empty.csv", "");
        String header = file("header.csv", "x,y\n");
        String lines = file("empty.jsonl", "\n\n");

        assertThat(run("fit", "-k", "1", empty)).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("empty.csv: the file is empty; expected a line of column names");
        });
        assertThat(run("fit", "-k", "1", "--features", "x", header)).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("header.csv holds no valid record; expected at least one");
        });
        assertThat(run("fit", "-k", "1", "--features", "x", lines)).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("empty.jsonl holds no valid record; expected at least one");
        });
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    1,abc    | the column 'y' is 'abc'; expected a number
                    1,NaN    | the column 'y' is 'NaN'; expected a number
                    1,1e101  | the column 'y' is '1e101'; expected a finite number of magnitude at most 1.0E100
                    1,-1e999 | the column 'y' is '-1e999'; expected a finite number of magnitude at most 1.0E100
                    1,0x10   | the column 'y' is '0x10'; expected a number
                    1,       | the column 'y' is empty; expected a number
                    1        | the column 'y' is missing: the record has 1 values; expected 2
                    """)
    void aRecordThatIsNotValidIsAFailureOrLeftOut(String record, String message) throws IOException {
        String data = file("data.csv", "x,y\n1,2\n2,1\n" + record.strip() + "\n3,5\n");

        Result strict = run("fit", "-k", "1", data);
        Result lenient = run("fit", "-k", "1", "--skip-invalid", data);

        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.out()).isEmpty();
        assertThat(strict.err())
                .contains("data.csv, line 4: " + message.strip() + "; ")
                .contains(", or give --skip-invalid to leave such records out");
        assertThat(lenient.code()).isZero();
        assertThat(lenient.number("observations")).isEqualTo(3);
        assertThat(lenient.err()).contains("1 record was not valid and left out");
    }

    @Test
    void jsonRecordsAreReadAsThoseOfATopic() throws IOException {
        String data = file("data.jsonl", "{\"x\":1}\n\n{\"x\":\"2\"}\n");

        Result result = run("fit", "-k", "1", "--features", "x", data);

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("data.jsonl, line 3: the field 'x' is the text '2'; expected a number");
    }

    @Test
    void aRecordThatLacksAValueIsARecordForMissing() throws IOException {
        String data = file("data.csv", "x,y\n1,2\n2,NA\n");

        assertThat(run("fit", "-k", "1", data).err())
                .contains("line 3: the column 'y' is 'NA'; expected a number; give --missing if it may lack a value, or"
                        + " give --skip-invalid");
    }

    @Test
    void csvMayHaveAByteOrderMarkQuotesAnotherSeparatorAndUnnamedColumns() throws IOException {
        String data = file("data.csv", "\uFEFF\"x\";;\"y z\"\r\n1;a;\"2\"\r\n 3 ;b;4\r\n5;c;9\r\n");

        Result result = run("fit", "-k", "1", "--separator", ";", data);

        assertThat(result.err()).startsWith("features: x,y z");
        assertThat(result.number("observations")).isEqualTo(3);
    }

    private static List<ScoredRecord> records(Result result, String... features) {
        return result.out()
                .lines()
                .map(line -> PosteriorJson.read(line.getBytes(StandardCharsets.UTF_8), List.of(features)))
                .toList();
    }

    @Test
    void scoreStartsFromAFit() throws IOException {
        String start = fitToFile("fit", "-k", "2", faithful);

        Result result = run("score", "--start", start, "--mini-batch", "100", faithful);

        List<ScoredRecord> records = records(result);
        assertThat(result.code()).isZero();
        assertThat(records).hasSize(272).noneMatch(ScoredRecord::isWarmingUp);
        assertThat(records.get(99).version()).isEqualTo(1);
        assertThat(records.get(100).version()).isEqualTo(2);
        assertThat(records.get(271).version()).isEqualTo(3);
        assertThat(result.err()).contains("272 records, of which 0 warmed up; mean log-likelihood");
    }

    @Test
    void aModelThatNeverLearnsScoresEveryRecordWithTheFit() throws IOException {
        String start = fitToFile("fit", "-k", "2", faithful);

        Result result = run("score", "--start", start, "--mini-batch", "100000", faithful);

        double total = records(result).stream()
                .mapToDouble(record -> record.posterior().logLikelihood())
                .sum();
        // nine decimals of 272 numbers
        assertThat(total).isCloseTo(FAITHFUL_TWO_FULL, within(SIX_DIGITS));
    }

    @Test
    void scoreWarmsUpFirst() {
        Result result = run("score", "-k", "2", "--warm-up", "200", "--content", "most-likely", faithful);

        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(272);
        assertThat(lines.subList(0, 200)).containsOnly("{\"model\":\"model\",\"version\":0,\"status\":\"warming-up\"}");
        assertThat(lines.get(200))
                .startsWith("{\"model\":\"model\",\"version\":1,\"status\":\"scored\",\"component\":")
                .contains("\"probability\":");
    }

    @Test
    void scoreSaysThatNothingWasScored() {
        assertThat(run("score", "-k", "2", faithful).err())
                .contains("272 records, of which 272 warmed up; none was scored: give a smaller --warm-up, or --start");
    }

    @Test
    void scoreLearnsAModelForEachKey() throws IOException {
        String data = file("keys.csv", "who,x\na,1\nb,10\na,2\nb,11\na,1.5\nb,10.5\n");
        String config = file("config.yaml", """
                application: app
                input: {topic: in, fields: [x]}
                model: {name: m, components: 1, scope: per-key}
                learning: {warmUp: 2}
                """);

        Result result = run("score", "-c", config, "--key", "who", data);

        List<ScoredRecord> records = records(result);
        assertThat(records).extracting(ScoredRecord::model).containsExactly("m/a", "m/b", "m/a", "m/b", "m/a", "m/b");
        assertThat(records).extracting(ScoredRecord::version).containsExactly(0L, 0L, 0L, 0L, 1L, 1L);
        assertThat(run("score", "-c", config, data).err()).contains("give --key, the field that holds the key");
    }

    @Test
    void scoreReadsKeysOutOfJson() throws IOException {
        String data = file("keys.jsonl", "{\"who\":{\"id\":7},\"x\":1}\n{\"who\":{},\"x\":1}\n");

        Result result =
                run("score", "-k", "1", "--features", "x", "--key", "who.id", "--warm-up", "1", "--skip-invalid", data);

        assertThat(records(result)).extracting(ScoredRecord::model).containsExactly("model/7");
        assertThat(result.err()).contains("1 record was not valid and left out");
    }

    @Test
    void scoreStopsAtARecordThatIsNotValidOrLeavesItOut() throws IOException {
        String data = file("data.csv", "x\n1\nbad\n2\n");

        Result strict = run("score", "-k", "1", data);
        Result lenient = run("score", "-k", "1", "--skip-invalid", data);

        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.out().lines()).hasSize(1);
        assertThat(strict.err()).contains("data.csv, line 3: the column 'x' is 'bad'; expected a number");
        assertThat(lenient.code()).isZero();
        assertThat(lenient.out().lines()).hasSize(2);
    }

    @Test
    void validateSaysWhatWouldRun() throws IOException {
        String config = file("config.yaml", """
                application: app
                kafka: {sasl.jaas.config: s3cret}
                input: {topic: in, fields: [x]}
                model: {components: 2}
                """);

        Result result = run("validate", "-c", config);

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("reads in at localhost:9092", "a mixture of 2 gaussian", "app-posteriors", "[hidden]")
                .doesNotContain("s3cret");
    }

    @Test
    void validateTellsAllErrors() throws IOException {
        String config =
                file("config.yaml", "application: app\ninput: {topic: in, feilds: [x]}\nmodel: {components: x}\n");

        Result result = run("validate", "-c", config);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith(config + ":"))
                .anySatisfy(line ->
                        assertThat(line).contains("2:20: input.feilds is not a setting; did you mean input.fields?"));
    }

    @Test
    void aConfigurationThatIsMissingIsWrongUsageOfEveryCommand() {
        for (String command : List.of("fit", "score", "validate")) {
            List<String> arguments = command.equals("validate")
                    ? List.of(command, "-c", "nothing.yaml")
                    : List.of(command, "-c", "nothing.yaml", faithful);
            Result result = run(arguments.toArray(new String[0]));

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("nothing.yaml: there is no such file");
        }
    }
}
