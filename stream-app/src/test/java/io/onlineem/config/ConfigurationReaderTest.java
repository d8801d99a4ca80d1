package io.onlineem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.onlineem.anomaly.Threshold;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.em.Blocks;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Domain;
import io.onlineem.em.Drift;
import io.onlineem.em.Learning;
import io.onlineem.em.StepSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {

    private static final String MINIMAL = """
            application: app
            input:
              topic: in
              fields: [x, y]
            model:
              components: 2
            """;

    private static final String CELLS = """
            application: app
            input:
              topic: in
              fields: [genotype]
            model:
              type: incomplete-multinomial
              probabilities: p
              cells: AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2
            """;

    private static final String START =
            "{weights: [0.5, 0.5], means: [[0, 0], [5, 5]]," + " covariances: [[[1, 0], [0, 1]], [[1, 0], [0, 1]]]}";

    private static final String START_JSON =
            "{\"weights\":[0.5,0.5],\"means\":[[0,0],[5,5]]," + "\"covariances\":[[[1,0],[0,1]],[[1,0],[0,1]]]}";

    @TempDir
    Path directory;

    private Configuration read(String yaml) {
        return read(yaml, Map.of());
    }

    private Configuration read(String yaml, Map<String, String> environment) {
        return ConfigurationReader.read("test.yaml", yaml, directory, environment);
    }

    private List<String> errors(String yaml) {
        return errors(yaml, Map.of());
    }

    private List<String> errors(String yaml, Map<String, String> environment) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> read(yaml, environment));
        assertThat(e).as("an error").isNotNull();
        return e.getMessage().lines().toList();
    }

    @Test
    void fillsInDefaults() {
        Configuration configuration = read(MINIMAL);

        assertThat(configuration.application()).isEqualTo("app");
        assertThat(configuration.kafka())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "application.id", "app",
                        "bootstrap.servers", "localhost:9092",
                        "processing.guarantee", "exactly_once_v2"));
        assertThat(configuration.input())
                .isEqualTo(new Configuration.Input(
                        "in", InputField.numbers(List.of("x", "y")), Optional.empty(), Optional.empty(), 1048576));
        assertThat(configuration.model().name()).isEqualTo("app");
        assertThat(configuration.model().scope()).isEqualTo(Scope.SHARED);
        assertThat(configuration.model().spec().describe())
                .isEqualTo("mixture of 2 gaussian {covariance=full, covarianceFloor=1.0E-10} in [x, y]");
        assertThat(configuration.model().start()).isEmpty();
        assertThat(configuration.learning()).isEqualTo(Learning.DEFAULTS);
        assertThat(configuration.flushInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(configuration.output())
                .isEqualTo(new Configuration.Output(
                        "app-posteriors",
                        PosteriorContent.FULL,
                        Optional.empty(),
                        "app-models",
                        Optional.empty(),
                        "app-dead-letters",
                        8388608,
                        true,
                        0,
                        (short) -1));
        assertThat(configuration.controlTopic()).isEmpty();
        assertThat(configuration.http()).contains(new Configuration.Http("127.0.0.1", 8080));
    }

    @Test
    void readsEverySetting() {
        Configuration configuration = read("""
                application: app
                kafka:
                  bootstrap.servers: [a:9092, b:9092]
                  processing.guarantee: at_least_once
                  num.stream.threads: 4
                  my.plugin.setting: anything
                input: {topic: in, fields: [x, deep.y], maxBytes: 1000}
                model:
                  name: winds
                  scope: per-key
                  type: mixture
                  family: gaussian
                  components: "3"
                  covariance: tied
                  covarianceFloor: 1.0e-4
                learning:
                  stepSize: {exponent: 0.8, offset: 10}
                  miniBatch: 1e2
                  flushInterval: 250ms
                  warmUp: 50
                  starts: 2
                  firstMStep: 20
                  averageAfter: 400
                  seed: -7
                  drift: {enabled: true, tolerance: 2, threshold: 12}
                  componentCare: {enabled: true, margin: 0.1, distance: 500}
                output:
                  posteriors: {topic: p, content: most-likely}
                  models: {topic: m, history: {topic: h, retention: 48h}}
                  deadLetters: {topic: d, maxBytes: 77}
                  createTopics: false
                  partitions: 6
                  replicationFactor: 3
                control: {topic: c}
                http:
                  host: 0.0.0.0
                  port: 0
                  token: 0123456789abcdef
                  tls: {keystore: keys/app.p12, keystorePassword: s3cret}
                """);

        assertThat(configuration.kafka())
                .containsEntry("bootstrap.servers", "a:9092,b:9092")
                .containsEntry("processing.guarantee", "at_least_once")
                .containsEntry("num.stream.threads", "4")
                .containsEntry("my.plugin.setting", "anything");
        assertThat(configuration.input())
                .isEqualTo(new Configuration.Input(
                        "in", InputField.numbers(List.of("x", "deep.y")), Optional.empty(), Optional.empty(), 1000));
        assertThat(configuration.model().name()).isEqualTo("winds");
        assertThat(configuration.model().scope()).isEqualTo(Scope.PER_KEY);
        assertThat(configuration.model().spec().describe())
                .isEqualTo("mixture of 3 gaussian {covariance=tied, covarianceFloor=1.0E-4} in [x, deep.y]");
        assertThat(configuration.learning())
                .isEqualTo(new Learning(new StepSize.PowerDecay(0.8, 10), 100, 50, 2, 20, 400, -7)
                        .withDrift(new Drift(2, 12))
                        .withComponentCare(new ComponentCare(0.1, 500)));
        assertThat(configuration.flushInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(configuration.output())
                .isEqualTo(new Configuration.Output(
                        "p",
                        PosteriorContent.MOST_LIKELY,
                        Optional.empty(),
                        "m",
                        Optional.of(new Configuration.History("h", Duration.ofDays(2))),
                        "d",
                        77,
                        false,
                        6,
                        (short) 3));
        assertThat(configuration.controlTopic()).contains("c");
        assertThat(configuration.http())
                .contains(new Configuration.Http(
                        "0.0.0.0",
                        0,
                        Optional.of(new Configuration.Tls(directory.resolve("keys/app.p12"), "s3cret")),
                        Optional.of("0123456789abcdef")));
        assertThat(configuration.toString()).doesNotContain("s3cret", "0123456789abcdef");
    }

    @Test
    void aRetentionWithoutAHistoryIsAProblem() {
        assertThatThrownBy(() -> read("""
                application: app
                input: {topic: in, fields: [x]}
                model: {components: 2}
                output: {models: {history: {retention: 1h}}}
                """))
                .hasMessageContaining("output.models.history.retention has no use without output.models.history.topic");
    }

    @Test
    void aControlTopicIsATopicOfItsOwn() {
        assertThatThrownBy(() -> read("""
                application: app
                input: {topic: in, fields: [x]}
                model: {components: 2}
                control: {topic: in}
                """))
                .hasMessageContaining("control.topic")
                .hasMessageContaining("expected a topic of its own");
    }

    @Test
    void readsAModelOfSequences() {
        Configuration configuration = read("""
                application: app
                input: {topic: in, fields: [x]}
                sequence: {field: machine, gap: 5m, expireAfter: off}
                model:
                  type: hmm
                  components: 2
                  initial: stationary
                  transitions: full
                  prior: {transitions: 1, sticky: 20}
                learning:
                  blocks: {length: 8, lookAhead: 4}
                output:
                  smoothed: {topic: s}
                """);

        assertThat(configuration.sequences())
                .isEqualTo(new Configuration.Sequencing(Optional.of("machine"), Duration.ofMinutes(5), Duration.ZERO));
        assertThat(configuration.model().spec().chosenOptions())
                .isEqualTo(Map.of("initial", "stationary", "transitionStrength", "1.0", "stickyStrength", "20.0"));
        assertThat(configuration.learning().blocks()).isEqualTo(new Blocks(8, 4));
        assertThat(configuration.output().smoothedTopic()).contains("s");
    }

    @Test
    void readsTheProbabilitiesOfTheFirstState() {
        String model = "model: {type: hmm, components: 2, initial: %s}\n";
        String input = "application: app\ninput: {topic: in, fields: [x]}\n";

        assertThat(read(input + String.format(model, "[0.25, 0.75]"))
                        .model()
                        .spec()
                        .chosenOptions())
                .isEqualTo(Map.of("initial", "0.25,0.75"));
        assertThat(errors(input + String.format(model, "[0.25, 0.5]")))
                .singleElement()
                .asString()
                .contains("fixed initial probabilities");
    }

    @Test
    void refusesWhatIsOfSequencesOnlyInAModelOfIndependentRecords() {
        assertThat(errors(MINIMAL
                        + "sequence: {gap: 1s}\nlearning: {blocks: {length: 3}}\noutput: {smoothed: {topic: s}}\n"))
                .allMatch(line ->
                        line.contains("has no use, since models of the type mixture are of independent records"))
                .hasSize(3);
    }

    @Test
    void refusesToCareForTheStatesOfSequences() {
        assertThat(errors("""
                application: app
                input: {topic: in, fields: [x]}
                model: {type: hmm, components: 2}
                learning: {componentCare: {enabled: true}}
                """))
                .containsExactly(
                        "test.yaml:4:12: learning.componentCare: component care is on, but Hmm has no statistics of"
                                + " single components; expected a mixture, or no component care");
    }

    @Test
    void refusesAFieldThatNamesSequencesWhereTheKeyDoes() {
        assertThat(errors("""
                application: app
                input: {topic: in, fields: [x]}
                sequence: {field: machine}
                model: {type: hmm, components: 2, scope: per-key}
                """))
                .containsExactly(
                        "test.yaml:3:19: sequence.field has no use in the scope per-key, where the key names the"
                                + " model and its sequence; remove it");
    }

    @Test
    void turnsOffWhatIsOff() {
        Configuration configuration =
                read(MINIMAL + "learning: {flushInterval: off, averageAfter: off}\nhttp: {enabled: false}\noutput:\n");

        assertThat(configuration.flushInterval()).isZero();
        assertThat(configuration.learning().averageAfter()).isEqualTo(Learning.NEVER);
        assertThat(configuration.http()).isEmpty();
    }

    @Test
    void turnsOnTheAdaptiveModeAndComponentCare() {
        Configuration configuration =
                read(MINIMAL + "learning: {drift: {enabled: true}, componentCare: {enabled: true}}");

        assertThat(configuration.learning())
                .isEqualTo(Learning.DEFAULTS.withDrift(Drift.DEFAULTS).withComponentCare(ComponentCare.DEFAULTS));
    }

    @Test
    void optionsMayNameFieldsThatAreReadBesides() {
        Configuration configuration = read("""
                application: app
                input:
                  topic: in
                  missing: allowed
                  fields:
                    requests: {family: poisson, exposure: seconds}
                    failures: {family: poisson, exposure: seconds}
                    errors: {family: binomial, trials: calls}
                    paid: {family: binomial, trials: 10, missing: refused}
                    y: {family: linear-regression, covariates: [a, b.c], transform: sqrt}
                model: {components: 2}
                """);

        assertThat(configuration.model().spec().factors())
                .extracting(factor -> factor.family() + factor.features())
                .containsExactly(
                        "poisson[requests, failures, seconds]",
                        "binomial[errors, calls]",
                        "binomial[paid]",
                        "linear-regression[sqrt(y), a, b.c]");
        assertThat(configuration.model().spec().factors().get(3).options()).containsEntry("response", "sqrt(y)");
        assertThat(configuration.input().fields())
                .contains(
                        new InputField("seconds", Domain.POSITIVE, true, Transform.NONE),
                        new InputField("calls", Domain.COUNT, true, Transform.NONE),
                        new InputField("paid", Domain.COUNT, false, Transform.NONE),
                        new InputField("b.c", Domain.REAL, true, Transform.NONE));
    }

    @Test
    void aFieldThatAnOptionNamesMayBeAmongThoseThatAreListed() {
        String list = MINIMAL.replace("[x, y]", "[x, y, z]");

        assertThat(read(list + "  family: poisson\n  exposure: y")
                        .model()
                        .spec()
                        .features())
                .containsExactly("x", "y", "z");
        ModelSpec regression = read(MINIMAL.replace("[x, y]", "{x: , y: {transform: log1p}}")
                        + "  family: linear-regression\n  response: y")
                .model()
                .spec();
        assertThat(regression.features()).containsExactly("x", "log1p(y)");
        assertThat(regression.factors().get(0).options()).containsEntry("response", "log1p(y)");
    }

    @Test
    void readsEveryKindOfStepSize() {
        assertThat(read(MINIMAL + "learning: {stepSize: {constant: 0.01}}")
                        .learning()
                        .stepSize())
                .isEqualTo(new StepSize.Constant(0.01));
        assertThat(read(MINIMAL + "learning: {stepSize: {halfLife: 5000}}")
                        .learning()
                        .stepSize())
                .isEqualTo(new StepSize.HalfLife(5000));
        assertThat(read(MINIMAL + "learning: {stepSize: {offset: 3}}")
                        .learning()
                        .stepSize())
                .isEqualTo(new StepSize.PowerDecay(0.7, 3));
    }

    @Test
    void takesStartParametersFromTheFileItself() {
        Configuration configuration = read(MINIMAL + "  start: " + START);

        var model = configuration.model().spec().build();
        assertThat(FitJson.readStart(configuration.model().start().orElseThrow(), model)
                        .fields()
                        .vector("weights", 2))
                .containsExactly(0.5, 0.5);
    }

    @Test
    void takesStartParametersFromAnotherFileBesideIt() throws IOException {
        Files.writeString(directory.resolve("start.json"), "{\"parameters\":" + START_JSON + "}");

        Configuration configuration = read(MINIMAL + "  start: start.json");

        assertThat(configuration.model().start().orElseThrow())
                .isEqualTo(("{\"parameters\":" + START_JSON + "}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesStartParametersOfAnotherModel() throws IOException {
        Files.writeString(directory.resolve("start.json"), START_JSON);

        assertThat(errors(MINIMAL.replace("components: 2", "components: 3") + "  start: start.json"))
                .containsExactly(
                        "test.yaml:7:10: model.start: start parameters: parameters field 'weights' is an array of"
                                + " 2 numbers; expected an array of 3 numbers");
        assertThat(errors(MINIMAL + "  start: other.json"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:7:10: model.start: there is no file ")
                .endsWith("other.json; expected a JSON file with parameters, such as the output of fit");
        assertThat(errors(MINIMAL + "  start: &loop {weights: [*loop]}"))
                .containsExactly(
                        "test.yaml:7:10: model.start: the parameters are nested more than 8 deep; expected names"
                                + " and arrays of numbers");
    }

    @Test
    void aModelWithoutFamiliesIsMadeOfTheOptionsOfItsType() {
        ModelSpec spec = read(CELLS + "  prior: {strength: 2}").model().spec();

        assertThat(spec.components()).isEqualTo(3);
        assertThat(spec.factors()).isEmpty();
        assertThat(spec.chosenOptions())
                .isEqualTo(Map.of(
                        "probabilities",
                        "p",
                        "cells",
                        "AA = p^2; Aa = 2 p (1-p); aa = (1-p)^2",
                        "priorStrength",
                        "2.0"));
    }

    @Test
    void readsAFamilyOrSettingsForEachField() {
        Configuration configuration = read("""
                application: app
                input:
                  topic: in
                  weight: copies
                  missing: allowed
                  fields:
                    amount: gaussian
                    temperature: {transform: log1p, missing: refused}
                    pressure: {family: gaussian, covariance: diagonal}
                    load.average:
                    counter: {transform: difference, missing: refused, covariance: diagonal}
                model: {components: 2, covarianceFloor: 1e-4}
                """);

        assertThat(configuration.model().spec().factors())
                .extracting(factor -> factor.describe())
                .containsExactly(
                        "gaussian {covariance=full, covarianceFloor=1.0E-4} in [amount, log1p(temperature), load.average]",
                        "gaussian {covariance=diagonal, covarianceFloor=1.0E-4} in [pressure, difference(counter)]");
        assertThat(configuration.input().fields())
                .containsExactly(
                        new InputField("amount", Domain.REAL, true, Transform.NONE),
                        new InputField("temperature", Domain.REAL, false, Transform.LOG1P),
                        new InputField("load.average", Domain.REAL, true, Transform.NONE),
                        new InputField("pressure", Domain.REAL, true, Transform.NONE),
                        new InputField("counter", Domain.REAL, false, Transform.DIFFERENCE));
        assertThat(configuration.input().features())
                .isEqualTo(configuration.model().spec().features());
        assertThat(configuration.input().weight()).contains("copies");
        assertThat(configuration.input().mayBeMissing()).isTrue();
    }

    @Test
    void aListOfFieldsMayHaveMissingValuesToo() {
        assertThat(read(MINIMAL.replace("input:", "input:\n  missing: allowed"))
                        .input()
                        .fields())
                .containsExactly(
                        new InputField("x", Domain.REAL, true, Transform.NONE),
                        new InputField("y", Domain.REAL, true, Transform.NONE));
        assertThat(read(MINIMAL).input().mayBeMissing()).isFalse();
    }

    @Test
    void readsPriorsOfAllFieldsAndOfOne() {
        ModelSpec spec = read(MINIMAL.replace(
                                "[x, y]",
                                "{x: , y: {prior: {strength: 4, location: {means: [3], covariances: [[2]]}}},"
                                        + " z: {prior: {strength: 10}}, w: {prior: {strength: 3}}}")
                        + "  prior: {strength: 10, weights: 5}")
                .model()
                .spec();

        assertThat(spec.chosenOptions()).isEqualTo(Map.of("weightStrength", "5.0"));
        assertThat(spec.factors())
                .extracting(factor -> factor.features() + " " + factor.prior().orElseThrow())
                .containsExactly(
                        "[x, z] a prior of 10.0 observations",
                        "[y] a prior of 4.0 observations like {means=[[3.0]], covariances=[[[2.0]]]}",
                        "[w] a prior of 3.0 observations");
    }

    @Test
    void topicsOfATextNeedOnlyTheirNumber() {
        String minimal = MINIMAL.replace("[x, y]", "[message]") + "  type: lda\n";
        Configuration configuration = read(minimal);
        Configuration chosen = read(minimal + "  vocabulary: [disk, user]\n  language: english\n  learnAlpha: true\n"
                + "  eta: 0.1\nlearning: {starts: 2, stepSize: {exponent: 0.7}}");

        assertThat(configuration.input().fields())
                .containsExactly(new InputField("message", Domain.WORDS, false, Transform.NONE, "standard"));
        assertThat(configuration.model().spec().chosenOptions()).isEmpty();
        assertThat(configuration.learning()).isEqualTo(ModelSpec.learning("lda"));
        assertThat(chosen.model().spec().chosenOptions())
                .isEqualTo(
                        Map.of("vocabulary", "disk,user", "language", "english", "learnAlpha", "true", "eta", "0.1"));
        assertThat(chosen.learning()).isEqualTo(Learning.DEFAULTS.withStarts(2));
        assertThat(errors(minimal + "  vocabularySize: 500000").get(0))
                .contains("topics times words are 1000002; expected at most 917504");
        assertThat(errors(minimal + "  covariance: full"))
                .containsExactly("test.yaml:8:15: model.covariance is not for models of the type lda; remove it");
        assertThat(errors(minimal + "  language: latin").get(0)).contains("language is 'latin'; expected one of");
        assertThat(errors(minimal.replace("[message]", "{message: {transform: sqrt}}"))
                        .get(0))
                .contains("the transform of message is sqrt; expected none");
    }

    @Test
    void cellsMayBeAMappingAndProbabilitiesAList() {
        String cells = CELLS.substring(0, CELLS.indexOf("  probabilities"));

        ModelSpec spec = read(cells + "  probabilities: [A, B, O]\n"
                        + "  cells: {A: A^2 + 2 A O, B: B^2 + 2 B O, AB: 2 A B, O: O^2}")
                .model()
                .spec();

        assertThat(spec.options())
                .containsEntry("probabilities", "A,B,O")
                .containsEntry("cells", "A = A^2 + 2 A O; B = B^2 + 2 B O; AB = 2 A B; O = O^2");
    }

    @Test
    void aFieldOfTextsIsRead() {
        assertThat(read(CELLS).input().fields())
                .containsExactly(new InputField("genotype", Domain.CATEGORY, false, Transform.NONE));
        assertThat(read(CELLS.replace("[genotype]", "{genotype: }")).input().fields())
                .containsExactly(new InputField("genotype", Domain.CATEGORY, false, Transform.NONE));
    }

    private static String fields(String mapping) {
        return MINIMAL.replace("[x, y]", mapping);
    }

    static List<List<String>> wrong() {
        return List.of(
                List.of("", "test.yaml: the file is empty; expected at least application, input and model"),
                List.of(
                        "just text",
                        "test.yaml:1:1: the file holds plain text; expected settings of the form 'key: value', such as"
                                + " 'application: wind-model'"),
                List.of(
                        MINIMAL.replace("input:", "inptu:"),
                        "test.yaml:2:1: inptu is not a setting; did you mean input?\n"
                                + "test.yaml: input.topic is missing; expected a topic name: 1 to 249 letters, digits, '.',"
                                + " '_' and '-'\n"
                                + "test.yaml: input.fields is missing; expected a list of JSON field names, such as"
                                + " [temperature, wind.speed], or a mapping from names to families or settings"),
                List.of(
                        MINIMAL + "miniBatch: 5",
                        "test.yaml:7:1: miniBatch is not a setting; did you mean learning.miniBatch?"),
                List.of(
                        MINIMAL + "learning:\n  minibatch: 5",
                        "test.yaml:8:3: learning.minibatch is not a setting; did you mean learning.miniBatch?"),
                List.of(
                        "preset: univariate-metrics",
                        "test.yaml:1:9: preset is 'univariate-metrics'; expected one of univariate-metric, sensor-array"),
                List.of(
                        "preset: univariate-metric\n" + MINIMAL + "anomaly: {enabled: false}",
                        "test.yaml:8:20: anomaly.enabled is 'false' beside a preset, which watches for anomalies; remove one of"
                                + " them"),
                List.of(
                        MINIMAL + "anomaly: {enabled: true, streams: 9, score: 0.9}",
                        "test.yaml:7:35: anomaly.streams has no use beside anomaly.score, which is of every stream by itself;"
                                + " remove it"),
                List.of(
                        MINIMAL + "anomaly: {enabled: true, falseDiscoveries: 10}",
                        "test.yaml:7:44: anomaly.falseDiscoveries: threshold is 10.0 by false discoveries; expected a"
                                + " number above 0 and below 1"),
                List.of(
                        MINIMAL + "anomaly: {enabled: true, tailProbability: 0.01, falseDiscoveries: 0.1}",
                        "test.yaml:7:67: anomaly.falseDiscoveries states a threshold beside anomaly.tailProbability; expected one"
                                + " of them"),
                List.of(
                        MINIMAL + "colour: red",
                        "test.yaml:7:1: colour is not a setting; expected one of preset, application, kafka, input, sequence,"
                                + " model, learning, anomaly, output, control, http"),
                List.of(
                        MINIMAL + "learning.seed: 5",
                        "test.yaml:7:1: learning.seed is not a setting; nest the keys, one below the other, in place of"
                                + " dots"),
                List.of(
                        MINIMAL + "application: again",
                        "test.yaml:7:1: application is given twice in the same place; remove one of them"),
                List.of(
                        MINIMAL + "kafka:\n  acks: all\n  acks: all",
                        "test.yaml:9:3: kafka.acks is given twice in the same place; remove one of them"),
                List.of(
                        MINIMAL.replace("components: 2", "components: three"),
                        "test.yaml:6:15: model.components is 'three'; expected a whole number of at least 1"),
                List.of(
                        MINIMAL.replace("components: 2", "components: 2.5"),
                        "test.yaml:6:15: model.components is '2.5'; expected a whole number of at least 1"),
                List.of(
                        MINIMAL.replace("components: 2", "components: 1e999999999"),
                        "test.yaml:6:15: model.components is '1e999999999'; expected a whole number of at least 1"),
                List.of(
                        MINIMAL.replace("components: 2", "components: 0"),
                        "test.yaml:6:15: model.components is '0'; expected a whole number of at least 1"),
                List.of(
                        MINIMAL.replace("components: 2", "components:"),
                        "test.yaml:6:14: model.components is empty; expected a whole number of at least 1, or the key left"
                                + " out"),
                List.of(
                        MINIMAL.replace("components: 2", "components: [2]"),
                        "test.yaml:6:15: model.components is a list; expected a whole number of at least 1"),
                List.of(
                        MINIMAL.replace("components: 2", "name: m"),
                        "test.yaml:5:1: model.components is missing; expected a whole number of at least 1"),
                List.of(
                        MINIMAL.replace("application: app", "application: my app"),
                        "test.yaml:1:14: application is 'my app'; expected 1 to 100 letters, digits, '.', '_' and '-'"),
                List.of(
                        MINIMAL.replace("[x, y]", "x"),
                        "test.yaml:4:11: input.fields is 'x'; expected a list of JSON field names, such as [temperature,"
                                + " wind.speed], or a mapping from names to families or settings"),
                List.of(
                        MINIMAL.replace("[x, y]", "[]"),
                        "test.yaml:4:11: input.fields is an empty list; expected a list of JSON field names, such as"
                                + " [temperature, wind.speed], or a mapping from names to families or settings"),
                List.of(
                        MINIMAL.replace("[x, y]", "[x, x]"),
                        "test.yaml:4:11: input.fields names 'x' twice; expected each field once"),
                List.of(
                        MINIMAL.replace("[x, y]", "[x, y..z]"),
                        "test.yaml:4:11: input.fields holds 'y..z'; expected names, joined by single dots if nested"),
                List.of(
                        CELLS + "  family: gaussian\n  covariance: full",
                        "test.yaml:9:11: model.family is not for models of the type incomplete-multinomial; remove it\n"
                                + "test.yaml:10:15: model.covariance is not for models of the type incomplete-multinomial;"
                                + " remove it"),
                List.of(
                        MINIMAL + "  cells: x = p",
                        "test.yaml:7:10: model.cells is not for models of the type mixture; remove it"),
                List.of(
                        CELLS.replace("2 p (1-p)", "p (1-r)"),
                        "test.yaml:5:1: model: cells, character 21, at 'r); aa = (1-p)^2': r is not one of the"
                                + " probabilities; expected one of [p, 1-p]; a product of two is written A*O or A O"),
                List.of(
                        CELLS + "  components: 5",
                        "test.yaml:5:1: model: number of components is 5; expected 3, the latent cells, or none given"),
                List.of(
                        CELLS.replace("probabilities: p", "probabilities: [[p]]"),
                        "test.yaml:7:18: model.probabilities is a list; expected names, in groups that sum to one, such as p"
                                + " or A,B,O"),
                List.of(
                        fields("{n: {family: poisson, exposure: x}, x: gaussian}"),
                        "test.yaml:4:43: input.fields.n.exposure names 'x', which is a field of its own too; expected"
                                + " another field"),
                List.of(
                        fields("{n: {family: poisson, exposure: t}, m: {family: binomial, trials: t}}"),
                        "test.yaml:4:77: input.fields.m.trials names 't', which is named by input.fields.n.exposure too;"
                                + " expected another field"),
                List.of(
                        fields("{n: {family: poisson, exposure: a..b}, m: {family: binomial}}"),
                        "test.yaml:4:43: input.fields.n.exposure holds 'a..b'; expected names, joined by single dots if"
                                + " nested\ntest.yaml:4:50: input.fields.m: trials is ''; expected a whole number of at least 1,"
                                + " the same for all records, or the field that holds it, one of [m]"),
                List.of(
                        fields("{h: {family: von-mises, period: 0}, x: gaussian}") + "  trials: 5",
                        "test.yaml:4:43: input.fields.h.period: period is 0.0; expected a positive number, such as 24 for"
                                + " hours or 360 for degrees\ntest.yaml:7:11: model.trials is not an option of the families gaussian, von-mises; remove"
                                + " it"),
                List.of(
                        MINIMAL + "learning: {drift: {enabled: true, tolerance: 0}, componentCare: {distance: 5}}",
                        "test.yaml:7:46: learning.drift.tolerance is '0'; expected a number above 0\n"
                                + "test.yaml:7:76: learning.componentCare.distance has no use, since"
                                + " learning.componentCare.enabled is not true; set that, or remove this"),
                List.of(
                        fields("{}"),
                        "test.yaml:4:11: input.fields is an empty mapping; expected a list of JSON field names, such as"
                                + " [temperature, wind.speed], or a mapping from names to families or settings"),
                List.of(
                        fields("{x: gaussian, x: gaussian}"),
                        "test.yaml:4:25: input.fields.x is given twice in the same place; remove one of them"),
                List.of(
                        fields("{x..y: gaussian}"),
                        "test.yaml:4:12: input.fields holds 'x..y'; expected names, joined by single dots if nested"),
                List.of(
                        fields("{x: {family: cauchy, transform: log, missing: maybe}}"),
                        "test.yaml:4:24: input.fields.x.family is 'cauchy'; expected "
                                + Setting.at("model.family").expected()
                                + "\ntest.yaml:4:43: input.fields.x.transform is 'log'; expected one of none, log1p, sqrt,"
                                + " difference\ntest.yaml:4:57: input.fields.x.missing is 'maybe'; expected allowed or refused"),
                List.of(
                        fields("{x: [gaussian]}"),
                        "test.yaml:4:15: input.fields.x is a list; expected a family, or settings of the field"),
                List.of(
                        fields("{x: {covarance: full, covariates: [y], colour: red}}"),
                        "test.yaml:4:16: input.fields.x.covarance is not a setting; did you mean input.fields.x.covariance?\n"
                                + "test.yaml:4:33: input.fields.x.covariates is not an option of the family gaussian; remove"
                                + " it\ntest.yaml:4:50: input.fields.x.colour is not a setting; expected one of covariance,"
                                + " covarianceFloor, family, missing, prior, transform"),
                List.of(
                        fields("{x: {covariance: round, covarianceFloor: 2}, y: {covariance: {a: [b]}}}"),
                        "test.yaml:4:28: input.fields.x.covariance: covariance is 'round'; expected one of full, tied,"
                                + " diagonal, spherical\ntest.yaml:4:52: input.fields.x.covarianceFloor: covariance floor is"
                                + " 2.0; expected more than 0 and less than 1 (a share of the variance)\n"
                                + "test.yaml:4:72: input.fields.y.covariance is a mapping of keys to values; expected one of"
                                + " full, tied, diagonal, spherical"),
                List.of(
                        fields("{x: gaussian}") + "  family: gaussian",
                        "test.yaml:7:11: model.family has no use, since every field names its family; remove it"),
                List.of(
                        MINIMAL.replace("input:", "input:\n  weight: x"),
                        "test.yaml:3:11: input.weight names 'x', which is a field of its own too; expected another field"),
                List.of(
                        MINIMAL.replace("input:", "input:\n  weight: [w]"),
                        "test.yaml:3:11: input.weight is a list; expected a JSON field name"),
                List.of(
                        MINIMAL.replace("input:", "input:\n  missing: yes"),
                        "test.yaml:3:12: input.missing is 'yes'; expected allowed or refused"),
                List.of(
                        CELLS.replace("input:", "input:\n  missing: allowed"),
                        "test.yaml:3:12: input.missing is allowed; expected refused, since models of the type"
                                + " incomplete-multinomial take no missing values"),
                List.of(
                        CELLS.replace(
                                "[genotype]", "{genotype: {missing: allowed, transform: sqrt, covariance: full}}"),
                        "test.yaml:4:58: input.fields.genotype.covariance is not a setting; expected one of missing,"
                                + " transform"),
                List.of(
                        CELLS.replace("[genotype]", "{genotype: {missing: allowed, transform: sqrt}}"),
                        "test.yaml:4:32: input.fields.genotype.missing is allowed; expected refused, since models of the"
                                + " type incomplete-multinomial take no missing values\n"
                                + "test.yaml:4:52: input.fields.genotype.transform: the transform of genotype is sqrt;"
                                + " expected none, since the field holds a category"),
                List.of(
                        CELLS.replace("[genotype]", "{genotype: gaussian}") + "  prior: {weights: 3}",
                        "test.yaml:4:22: input.fields.genotype is not for models of the type incomplete-multinomial; remove"
                                + " it\ntest.yaml:9:20: model.prior.weights is not for models of the type"
                                + " incomplete-multinomial; remove it"),
                List.of(
                        MINIMAL + "  prior: {strength: 0, weights: many, location: 5}",
                        "test.yaml:7:21: model.prior.strength is '0'; expected a number above 0\n"
                                + "test.yaml:7:33: model.prior.weights is 'many'; expected a number above 0\n"
                                + "test.yaml:7:39: model.prior.location is not a setting; did you mean"
                                + " input.fields.<field>.prior.location?"),
                List.of(
                        fields(
                                "{x: {prior: {location: {means: [3]}}}, y: {prior: 5}, z: {prior: {strength: 2, location: 7}}}"),
                        "test.yaml:4:34: input.fields.x.prior.location is given without a strength; expected"
                                + " input.fields.x.prior.strength, or model.prior.strength\n"
                                + "test.yaml:4:61: input.fields.y.prior is '5'; expected settings of its own: strength,"
                                + " location\ntest.yaml:4:100: input.fields.z.prior.location is '7'; expected parameters of"
                                + " one component, such as {rates: [3]}"),
                List.of(
                        fields("{x: {prior: {strength: none, location: {means: [3]}}}}"),
                        "test.yaml:4:34: input.fields.x.prior.strength is 'none'; expected a number above 0"),
                List.of(
                        fields("{x: {prior: {strength: 1, location: {mean: 3}}}}"),
                        "test.yaml:4:47: input.fields.x.prior.location: the location of the prior: parameters lack the field"
                                + " 'means'; expected a 1 × 1 array of numbers; present: [mean] (or as much for one"
                                + " component)"),
                List.of(
                        MINIMAL + "  covariance: round",
                        "test.yaml:7:15: model.covariance: covariance is 'round'; expected one of full, tied, diagonal,"
                                + " spherical"),
                List.of(
                        MINIMAL + "  covarianceFloor: 2",
                        "test.yaml:7:20: model.covarianceFloor: covariance floor is 2.0; expected more than 0 and less than"
                                + " 1 (a share of the variance)"),
                List.of(
                        MINIMAL + "  scope: global",
                        "test.yaml:7:10: model.scope is 'global'; expected one of shared, per-key"),
                List.of(
                        MINIMAL + "learning:\n  stepSize:\n    exponent: 0.4",
                        "test.yaml:9:15: learning.stepSize.exponent: step size exponent is 0.4; expected more than 0.5 and"
                                + " at most 1, or the estimate does not converge"),
                List.of(
                        MINIMAL + "learning:\n  stepSize: 0.7",
                        "test.yaml:8:13: learning.stepSize is plain text; expected settings of its own: exponent, offset,"
                                + " constant, halfLife"),
                List.of(
                        MINIMAL + "learning:\n  stepSize: {constant: 0.1, halfLife: 5}",
                        "test.yaml:8:3: learning.stepSize gives more than one kind of step size; expected exponent and"
                                + " offset, or constant, or halfLife"),
                List.of(
                        MINIMAL + "learning: {flushInterval: 1}",
                        "test.yaml:7:27: learning.flushInterval is '1'; expected a duration such as 500ms, 1s or 5m, or"
                                + " off"),
                List.of(
                        MINIMAL + "output: {createTopics: yes}",
                        "test.yaml:7:24: output.createTopics is 'yes'; expected true or false"),
                List.of(
                        MINIMAL + "output: {replicationFactor: 0}",
                        "test.yaml:7:29: output.replicationFactor is '0'; expected a whole number of at least 1, or -1"),
                List.of(
                        MINIMAL + "output: {models: {topic: in}}",
                        "test.yaml:7:26: output.models.topic is 'in', which is input.topic too; expected a topic of its"
                                + " own"),
                List.of(
                        MINIMAL + "http: {port: 70000}",
                        "test.yaml:7:14: http.port is '70000'; expected a whole number from 0 to 65535"),
                List.of(
                        MINIMAL + "kafka: {application.id: other}",
                        "test.yaml:7:25: kafka.application.id is set by the setting application; remove it here"),
                List.of(
                        MINIMAL + "kafka: {bootstap.servers: x}",
                        "test.yaml:7:27: kafka.bootstap.servers is not a Kafka property; did you mean"
                                + " bootstrap.servers?"),
                List.of(
                        MINIMAL + "kafka: {main.consumer.max.pol.records: 5}",
                        "test.yaml:7:40: kafka.main.consumer.max.pol.records is not a Kafka property; did you mean"
                                + " main.consumer.max.poll.records?"),
                List.of(
                        MINIMAL + "kafka:\n  sasl:\n    mechanism: PLAIN",
                        "test.yaml:9:5: kafka.sasl is a mapping of keys to values; expected a value, under the property's"
                                + " full name, such as security.protocol: SSL"),
                List.of(
                        MINIMAL + "kafka: {processing.guarantee: once}",
                        "test.yaml:7:31: kafka.processing.guarantee is 'once'; Invalid value once for configuration"
                                + " processing.guarantee: String must be one of: at_least_once, exactly_once_v2"),
                List.of(
                        MINIMAL + "kafka: {num.stream.threads: many}",
                        "test.yaml:7:29: kafka.num.stream.threads is 'many'; Invalid value many for configuration"
                                + " num.stream.threads: Not a number of type INT"),
                List.of(
                        MINIMAL + "learning: {seed: [}",
                        "test.yaml:7:19: not valid YAML: expected the node content, but found '}'; check the"
                                + " indentation, and put values with special characters in quotes"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhereAndWhatIsWrong(List<String> yamlAndMessage) {
        assertThat(errors(yamlAndMessage.get(0)))
                .containsExactly(yamlAndMessage.get(1).split("\n"));
    }

    @Test
    void tellsEverythingThatIsWrongInTheOrderOfTheFile() {
        assertThat(errors("""
                        input: {topic: a b}
                        model: {components: x, colour: red}
                        learning: {seed: 1.5}
                        """))
                .extracting(line -> line.substring(0, line.indexOf(' ', line.indexOf(' ') + 1)))
                .containsExactly(
                        "test.yaml:1:1: input.fields",
                        "test.yaml:1:16: input.topic",
                        "test.yaml:2:21: model.components",
                        "test.yaml:2:24: model.colour",
                        "test.yaml:3:18: learning.seed",
                        "test.yaml: application");
    }

    @Test
    void setsKafkaPropertiesFromTheEnvironment() {
        Configuration configuration = read(
                MINIMAL + "kafka: {bootstrap.servers: a:1, num.stream.threads: many}",
                Map.of(
                        "ONLINE_EM_KAFKA_BOOTSTRAP_SERVERS", "b:2",
                        "ONLINE_EM_KAFKA_NUM_STREAM_THREADS", "3",
                        "ONLINE_EM_KAFKA_SASL_JAAS_CONFIG", "hush",
                        "ONLINE_EM_JAVA_OPTS", "-Xmx1g",
                        "HOME", "/"));

        assertThat(configuration.kafka())
                .containsEntry("bootstrap.servers", "b:2")
                .containsEntry("num.stream.threads", "3")
                .containsEntry("sasl.jaas.config", "hush")
                .hasSize(5);
    }

    @Test
    void theEnvironmentTellsWhereToListen() {
        assertThat(read(MINIMAL, Map.of("ONLINE_EM_HTTP_HOST", "127.0.0.2")).http())
                .contains(new Configuration.Http("127.0.0.2", 8080));
        assertThat(read(MINIMAL + "http: {enabled: false}", Map.of("ONLINE_EM_HTTP_HOST", "0.0.0.0"))
                        .http())
                .isEmpty();
    }

    @Test
    void theEnvironmentTellsWhatTlsNeedsAndSecretsMayBeInFiles() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\nsecond line\n");
        Files.writeString(directory.resolve("password"), "s3cret");
        Configuration configuration = read(
                MINIMAL + "http: {token: overridden, tls: {keystorePassword: 'file:password'}}",
                Map.of(
                        "ONLINE_EM_HTTP_HOST", "::",
                        "ONLINE_EM_HTTP_TOKEN", "file:" + token,
                        "ONLINE_EM_HTTP_TLS_KEYSTORE", "/keys/app.p12"));
        assertThat(configuration.http())
                .contains(new Configuration.Http(
                        "::",
                        8080,
                        Optional.of(new Configuration.Tls(Path.of("/keys/app.p12"), "s3cret")),
                        Optional.of("0123456789abcdef")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "localhost", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void onLoopbackHttpNeedsNeitherTlsNorAToken(String host) {
        assertThat(read(MINIMAL + "http: {host: '" + host + "'}")
                        .http()
                        .orElseThrow()
                        .tls())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0", "192.168.1.7", "::", "2001:db8::1", "example.org", "localhost.example.org"})
    void beyondLoopbackHttpNeedsBoth(String host) {
        String remedy = "; expected http.tls.keystore and http.token to be set too, or 127.0.0.1";
        String where = "test.yaml:7:14: http.host is '" + host + "', from where others reach it, ";
        assertThat(errors(MINIMAL + "http: {host: '" + host + "'}")).containsExactly(where + "without TLS" + remedy);
        assertThat(errors(MINIMAL + "http: {host: '" + host + "', token: 0123456789abcdef}"))
                .containsExactly(where + "without TLS" + remedy);
        assertThat(errors(MINIMAL + "http: {host: '" + host + "', tls: {keystore: k, keystorePassword: p}}"))
                .containsExactly(where + "without a token" + remedy);
        assertThat(errors(MINIMAL, Map.of("ONLINE_EM_HTTP_HOST", host)))
                .containsExactly("test.yaml: environment variable ONLINE_EM_HTTP_HOST: http.host is '" + host
                        + "', from where others reach it, without TLS" + remedy);
    }

    @Test
    void secretsOfHttpThatAreWrongAreNotShown() {
        assertThat(errors(MINIMAL + "http: {token: hunter2}"))
                .containsExactly("test.yaml:7:15: http.token has 7 characters, some of them perhaps not visible ASCII;"
                        + " expected a text of at least 16 visible ASCII characters, or file:PATH");
        assertThat(errors(MINIMAL + "http: {token: [hunter2, hunter3, hunter4]}"))
                .containsExactly("test.yaml:7:15: http.token is not valid; expected a text of at least 16 visible ASCII"
                        + " characters, or file:PATH");
        assertThat(errors(MINIMAL + "http: {token: 'file:nowhere'}").get(0))
                .startsWith("test.yaml:7:15: http.token is in the file " + directory.resolve("nowhere")
                        + ", which cannot be read: ");
        assertThat(errors(MINIMAL, Map.of("ONLINE_EM_HTTP_TOKEN", " ")))
                .containsExactly("test.yaml: environment variable ONLINE_EM_HTTP_TOKEN: http.token is blank; expected a"
                        + " text of at least 16 visible ASCII characters, or file:PATH, or the variable not set");
    }

    @Test
    void aKeystoreAndItsPasswordAreGivenTogether() {
        assertThat(errors(MINIMAL + "http: {tls: {keystore: k}}"))
                .containsExactly("test.yaml:7:8: http.tls.keystorePassword is missing; expected a text, or file:PATH");
        assertThat(errors(MINIMAL + "http: {tls: {keystorePassword: hunter2}}"))
                .containsExactly("test.yaml:7:32: http.tls.keystorePassword has no use without http.tls.keystore; set"
                        + " that, or remove this");
    }

    @Test
    void namesTheEnvironmentVariableThatIsWrong() {
        assertThat(errors(MINIMAL, Map.of("ONLINE_EM_KAFKA_BOOTSTRAP_SERVER", "b:2")))
                .containsExactly("test.yaml: environment variable ONLINE_EM_KAFKA_BOOTSTRAP_SERVER:"
                        + " kafka.bootstrap.server is not a Kafka property; did you mean bootstrap.servers?");
    }

    @Test
    void neverShowsSecrets() {
        Configuration configuration = read(MINIMAL + """
                        kafka:
                          sasl.jaas.config: s3cret
                          ssl.key.password: s3cret
                          producer.ssl.truststore.password: s3cret
                          ssl.keystore.key: s3cret
                          ssl.keystore.certificate.chain: s3cret
                          my.plugin.api.key: s3cret
                          my.plugin.token: s3cret
                        """);

        assertThat(configuration.kafka()).containsEntry("sasl.jaas.config", "s3cret");
        assertThat(configuration.toString()).doesNotContain("s3cret").contains("sasl.jaas.config=[hidden]");
    }

    @Test
    void neverShowsSecretsInErrors() {
        assertThat(errors(MINIMAL + "kafka:\n  ssl.key.password: *s3cret"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:8:")
                .doesNotContain("s3cret");
        assertThat(errors(MINIMAL + "kafka:\n  sasl.login.refresh.window.token: %s3cret"))
                .singleElement()
                .asString()
                .doesNotContain("s3cret");
        assertThat(errors("sasl.jaas.config=s3cret\npassword=s3cret"))
                .singleElement()
                .asString()
                .doesNotContain("s3cret");
        assertThat(errors(MINIMAL + "kafka: ssl.key.password=s3cret"))
                .singleElement()
                .asString()
                .doesNotContain("s3cret");
    }

    @Test
    void leavesReferencesToConfigurationProvidersToKafka() {
        assertThat(read(MINIMAL + "kafka: {num.stream.threads: '${env:THREADS}'}")
                        .kafka())
                .containsEntry("num.stream.threads", "${env:THREADS}");
    }

    @Test
    void saysThatAFileCannotBeRead() throws IOException {
        Path missing = directory.resolve("missing.yaml");
        Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4, '\n'});

        assertThat(catchThrowableOfType(
                        ConfigurationException.class, () -> ConfigurationReader.read(missing, Map.of())))
                .hasMessage(missing + ": there is no such file");
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> ConfigurationReader.read(latin, Map.of())))
                .hasMessage(latin + ": the file is not UTF-8 text; save it as UTF-8");
        assertThat(catchThrowableOfType(
                        ConfigurationException.class, () -> ConfigurationReader.read(directory, Map.of())))
                .hasMessage(directory + ": this is a directory; expected a file");
    }

    @Test
    void readsTheExample() {
        Configuration wind = ConfigurationReader.read(Path.of("..", "examples", "wind.yaml"), Map.of());

        assertThat(wind.model().spec().features()).hasSize(12);
    }

    @Test
    void aThresholdIsAShareOfFalseIncidentsIfThatIsStated() {
        Configuration configuration = ConfigurationReader.read(
                "test", MINIMAL + "anomaly: {enabled: true, falseDiscoveries: 0.1}", Path.of(""), Map.of());
        assertThat(configuration.anomalies().orElseThrow().detection().threshold())
                .isEqualTo(Threshold.falseDiscoveries(0.1));
    }
}
