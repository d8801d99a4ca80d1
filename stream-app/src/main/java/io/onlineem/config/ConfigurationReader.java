package io.onlineem.config;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.config.Configuration.History;
import io.onlineem.config.Configuration.Http;
import io.onlineem.config.Configuration.Input;
import io.onlineem.config.Configuration.ModelSettings;
import io.onlineem.config.Configuration.Output;
import io.onlineem.config.Configuration.Sequencing;
import io.onlineem.config.ConfigurationException.Problem;
import io.onlineem.em.Blocks;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Domain;
import io.onlineem.em.Drift;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.StepSize;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.StreamsConfig;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a configuration file, and finds everything that is wrong with it at once. */
public final class ConfigurationReader {

    /** Bytes of statistics and parameters that fit in a record of the topics that the application creates, words included. */
    private static final int LARGEST_STATE = 14 << 20;

    private static final String FIELDS = "input.fields";

    /** What commands that work on files have no use for. */
    private static final String STAND_INS = """
            application: records
            input: {topic: records}
            """;

    private static final String EXPONENT = "learning.stepSize.exponent";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|h)");

    private static final Map<String, String> KAFKA_DEFAULTS = Map.of(
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
            "localhost:9092",
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2);

    private final YamlTree tree;
    private final Path directory;
    private final Map<String, String> environment;
    private final Optional<Preset> preset;

    private ConfigurationReader(
            YamlTree tree, Path directory, Map<String, String> environment, Optional<Preset> preset) {
        this.tree = tree;
        this.directory = directory;
        this.environment = environment;
        this.preset = preset;
    }

    /**
     * Reads a file.
     *
     * @param environment environment variables, as of {@link System#getenv()}
     * @throws ConfigurationException if the file cannot be read or anything in it is wrong; tells all of it
     */
    public static Configuration read(Path file, Map<String, String> environment) {
        return read(file.toString(), text(file), file.toAbsolutePath().getParent(), environment);
    }

    /**
     * Reads a configuration for a command that works on a file of records: it needs no application, no topic, and no fields where
     * the file tells which there are.
     *
     * @param columns the names of the columns of numbers in the file; asked for if no fields are given, may refuse
     */
    public static Configuration readForRecords(
            Path file, Map<String, String> environment, Supplier<List<String>> columns) {
        YamlTree tree = YamlTree.read(file.toString(), text(file));
        tree.addDefaults(YamlTree.read("", STAND_INS));
        return read(tree, file.toAbsolutePath().getParent(), environment, columns);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw unreadable(file, "the file is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw unreadable(file, Files.isDirectory(file) ? "this is a directory; expected a file" : e.toString());
        }
    }

    /**
     * Reads a text.
     *
     * @param source what error messages call the text
     * @param directory what paths in it are relative to
     * @throws ConfigurationException if anything in it is wrong; tells all of it
     */
    public static Configuration read(String source, String text, Path directory, Map<String, String> environment) {
        return read(YamlTree.read(source, text), directory, environment, List::of);
    }

    private static Configuration read(
            YamlTree tree, Path directory, Map<String, String> environment, Supplier<List<String>> columns) {
        if (tree.isUnreadable()) {
            tree.check();
        }
        Optional<Preset> preset = preset(tree);
        if (tree.has(Setting.PRESET)) {
            // without the preset that was meant, much else seems to be missing
            tree.check();
        }
        preset.ifPresent(given -> {
            tree.addDefaults(YamlTree.read("", given.settings()));
            if (!tree.has(FIELDS)) {
                addFields(tree, columns.get());
            }
        });
        Optional<Configuration> configuration =
                new ConfigurationReader(tree, directory, environment, preset).configuration();
        tree.check();
        return configuration.orElseThrow();
    }

    private static Optional<Preset> preset(YamlTree tree) {
        Node node = tree.value(Setting.PRESET);
        Optional<Preset> preset =
                Optional.ofNullable(node).flatMap(YamlTree::text).flatMap(Preset::of);
        if (node != null && preset.isEmpty()) {
            tree.problemWith(
                    Setting.PRESET,
                    " is " + YamlTree.show(node) + "; expected "
                            + Setting.at(Setting.PRESET).expected());
        }
        return preset;
    }

    private static void addFields(YamlTree tree, List<String> columns) {
        String fields = columns.stream()
                .map(name -> "'" + name.replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "input: {fields: [", "]}"));
        tree.addDefaults(YamlTree.read("", columns.isEmpty() ? "input: {}" : fields));
    }

    private static ConfigurationException unreadable(Path file, String why) {
        return new ConfigurationException(file.toString(), List.of(new Problem(0, 0, why)));
    }

    private Optional<Configuration> configuration() {
        String application = name(Setting.APPLICATION);
        Map<String, String> kafka = kafka(application);
        String inputTopic = topic("input.topic");
        Optional<String> timestamp = Optional.of(Setting.TIMESTAMP)
                .filter(tree::has)
                .flatMap(path -> value(path, text -> Optional.of(text).filter(given -> !given.isBlank())));
        Optional<Integer> inputMaxBytes = integer("input.maxBytes", 1, Integer.MAX_VALUE);
        String name = name("model.name");
        Scope scope = choice("model.scope", Scope.values(), Scope::label);
        Optional<ModelReader.Learned> learned = new ModelReader(tree, this).read();
        Optional<byte[]> start = start(learned.map(ModelReader.Learned::spec));
        Optional<Learning> learning = learning().map(given -> learned.map(model -> withDefaultsOf(model.spec(), given))
                .orElse(given));
        if (learned.isPresent() && learning.isPresent()) {
            Model<?> model = learned.get().spec().build();
            checked("learning.componentCare", () -> new OnlineEm<>(model, learning.get()));
            if (ModelSpec.readsDocuments(learned.get().spec().type())) {
                checked("model", () -> requireStored(model, learning.get()));
            }
        }
        Optional<Duration> flushInterval = value("learning.flushInterval", ConfigurationReader::parseDuration);
        Optional<Sequencing> sequences = sequences(scope, learned.map(ModelReader.Learned::spec));
        Optional<AnomalyReader.Watched> watched = new AnomalyReader(tree, this).read();
        if (learned.isPresent()
                && watched.isPresent()
                && watched.get().detection().calibration().season()) {
            requireReal(learned.get().spec());
        }
        Map<String, String> topics = topics(inputTopic, watched.isPresent());
        Optional<Output> output = output(topics);
        Optional<Http> http = new HttpReader(tree, this, directory, environment).read();
        // what is missing now has been reported
        if (learned.isEmpty()
                || learning.isEmpty()
                || output.isEmpty()
                || sequences.isEmpty()
                || flushInterval.isEmpty()
                || inputMaxBytes.isEmpty()
                || !tree.problems().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Configuration(
                application,
                kafka,
                new Input(inputTopic, learned.get().fields(), learned.get().weight(), timestamp, inputMaxBytes.get()),
                sequences.get(),
                new ModelSettings(name, scope, learned.get().spec(), start),
                learning.get(),
                flushInterval.get(),
                output.get(),
                watched.map(
                        how -> new Configuration.Anomalies(how.detection(), how.perKey(), topics.get(Setting.ALERTS))),
                Optional.ofNullable(topics.get(Setting.CONTROL)),
                http,
                preset));
    }

    /** A season is taken from values, and what is left may be any number. */
    private void requireReal(ModelSpec spec) {
        List<Domain> domains = spec.build().domains();
        for (int i = 0; i < spec.features().size(); i++) {
            if (i >= domains.size() || domains.get(i) != Domain.REAL) {
                tree.problemWith(
                        Setting.ANOMALY_SEASON,
                        " has no use for the field " + spec.features().get(i)
                                + "; expected fields that may be any number, as of the families gaussian and student-t");
                return;
            }
        }
    }

    private Map<String, String> kafka(String application) {
        Map<String, String> properties = new HashMap<>(KAFKA_DEFAULTS);
        Map<String, String> variables = KafkaProperties.variables(environment);
        Set<String> overridden = new HashSet<>();
        variables.keySet().forEach(variable -> overridden.add(KafkaProperties.property(variable)));
        tree.kafka().forEach((property, node) -> {
            if (!overridden.contains(property)) {
                kafkaValue(property, node).ifPresent(value -> properties.put(property, value));
            }
        });
        variables.forEach((variable, value) -> {
            String property = KafkaProperties.property(variable);
            properties.put(property, value);
            kafkaProblem(property, value)
                    .ifPresent(problem -> tree.problem(
                            null, "environment variable " + variable + ": kafka." + property + " " + problem));
        });
        properties.put(KafkaProperties.APPLICATION_ID, application);
        return properties;
    }

    private Optional<String> kafkaValue(String property, Node node) {
        Optional<String> value =
                YamlTree.text(node).or(() -> YamlTree.texts(node).map(texts -> String.join(",", texts)));
        Optional<String> problem = value.isPresent()
                ? kafkaProblem(property, value.get())
                : Optional.of("is " + YamlTree.kind(node)
                        + "; expected a value, under the property's full name, such as " + "security.protocol: SSL");
        problem.ifPresent(text -> tree.problem(YamlTree.mark(node), "kafka." + property + " " + text));
        return value;
    }

    private static Optional<String> kafkaProblem(String property, String value) {
        if (property.equals(KafkaProperties.APPLICATION_ID)) {
            return Optional.of("is set by the setting application; remove it here");
        }
        return KafkaProperties.problem(property, value);
    }

    private Optional<byte[]> start(Optional<ModelSpec> spec) {
        Node node = tree.value("model.start");
        if (node == null) {
            return Optional.empty();
        }
        Optional<byte[]> json = checked("model.start", () -> StartJson.read(node, directory));
        if (json.isPresent() && spec.isPresent()) {
            checked(
                    "model.start",
                    () -> FitJson.readStart(json.get(), spec.get(), spec.get().build()));
        }
        return json;
    }

    private Optional<Learning> learning() {
        Optional<StepSize> stepSize = stepSize();
        Optional<Integer> miniBatch = integer("learning.miniBatch", 1, Integer.MAX_VALUE);
        Optional<Integer> warmUp = integer("learning.warmUp", 1, Integer.MAX_VALUE);
        Optional<Integer> starts = integer("learning.starts", 1, Integer.MAX_VALUE);
        Optional<Long> firstMStep = whole("learning.firstMStep", 0, Long.MAX_VALUE);
        Optional<Long> averageAfter = value(
                "learning.averageAfter",
                text -> text.equals(Setting.OFF)
                        ? Optional.of(Learning.NEVER)
                        : parseWhole(text).filter(value -> value >= 0));
        Optional<Long> seed = whole("learning.seed", Long.MIN_VALUE, Long.MAX_VALUE);
        Optional<Integer> blockLength = integer("learning.blocks.length", 1, Integer.MAX_VALUE);
        Optional<Integer> lookAhead = integer("learning.blocks.lookAhead", 0, Integer.MAX_VALUE);
        Optional<Optional<Drift>> drift = drift();
        Optional<Optional<ComponentCare>> componentCare = componentCare();
        boolean complete = stepSize.isPresent()
                && miniBatch.isPresent()
                && warmUp.isPresent()
                && starts.isPresent()
                && firstMStep.isPresent()
                && averageAfter.isPresent()
                && seed.isPresent()
                && blockLength.isPresent()
                && lookAhead.isPresent()
                && drift.isPresent()
                && componentCare.isPresent();
        return complete
                ? checked(
                        "learning",
                        () -> new Learning(
                                stepSize.get(),
                                miniBatch.get(),
                                warmUp.get(),
                                starts.get(),
                                firstMStep.get(),
                                averageAfter.get(),
                                seed.get(),
                                new Blocks(blockLength.get(), lookAhead.get()),
                                drift.get().orElse(null),
                                componentCare.get().orElse(null)))
                : Optional.empty();
    }

    /** A state is one record of a change log: statistics and parameters, twice with averaging. */
    private static int requireStored(Model<?> model, Learning learning) {
        int copies = learning.averageAfter() == Learning.NEVER ? 2 : 4;
        int most = LARGEST_STATE / copies / Double.BYTES;
        if (model.statisticsLength() > most) {
            throw new IllegalArgumentException("topics times words are " + model.statisticsLength()
                    + "; expected at most " + most + ", since a larger state is not stored; lower vocabularySize or"
                    + " components" + (copies > 2 ? ", or learn without averaging" : ""));
        }
        return most;
    }

    /** What is not given is as models of the type learn. */
    private Learning withDefaultsOf(ModelSpec spec, Learning given) {
        Learning defaults = ModelSpec.learning(spec.type());
        Learning learning = tree.has("learning.starts") ? given : given.withStarts(defaults.starts());
        boolean decays = !tree.has(EXPONENT) && given.stepSize() instanceof StepSize.PowerDecay;
        return decays && defaults.stepSize() instanceof StepSize.PowerDecay decay
                ? learning.withStepSize(
                        new StepSize.PowerDecay(decay.exponent(), ((StepSize.PowerDecay) given.stepSize()).offset()))
                : learning;
    }

    /** The drift detector, or none; empty if it is not valid. */
    private Optional<Optional<Drift>> drift() {
        Optional<Boolean> enabled = enabled("learning.drift");
        Optional<Double> tolerance = positive("learning.drift.tolerance");
        Optional<Double> threshold = positive("learning.drift.threshold");
        return enabled.isEmpty() || tolerance.isEmpty() || threshold.isEmpty()
                ? Optional.empty()
                : Optional.of(enabled.filter(on -> on).map(on -> new Drift(tolerance.get(), threshold.get())));
    }

    /** The component care, or none; empty if it is not valid. */
    private Optional<Optional<ComponentCare>> componentCare() {
        Optional<Boolean> enabled = enabled("learning.componentCare");
        Optional<Double> margin = positive("learning.componentCare.margin");
        Optional<Long> distance = whole("learning.componentCare.distance", 1, Long.MAX_VALUE);
        return enabled.isEmpty() || margin.isEmpty() || distance.isEmpty()
                ? Optional.empty()
                : Optional.of(enabled.filter(on -> on).map(on -> new ComponentCare(margin.get(), distance.get())));
    }

    /** Whether an optional part is on; a problem if it is off and something else is said of it. */
    Optional<Boolean> enabled(String section) {
        Optional<Boolean> enabled = flag(section + ".enabled");
        if (enabled.isPresent() && !enabled.get()) {
            for (String key : Setting.keysUnder(section)) {
                if (!key.equals("enabled") && tree.isGiven(section + "." + key)) {
                    tree.problem(
                            tree.place(section + "." + key),
                            section + "." + key + " has no use, since " + section
                                    + ".enabled is not true; set that, or remove this");
                }
            }
        }
        return enabled;
    }

    private Optional<Double> positive(String path) {
        return value(path, text -> parseNumber(text).filter(number -> number > 0));
    }

    private Optional<StepSize> stepSize() {
        String exponentPath = EXPONENT;
        String offsetPath = "learning.stepSize.offset";
        String constantPath = "learning.stepSize.constant";
        String halfLifePath = "learning.stepSize.halfLife";
        boolean decay = tree.has(exponentPath) || tree.has(offsetPath);
        boolean constant = tree.has(constantPath);
        boolean halfLife = tree.has(halfLifePath);
        if ((constant && (halfLife || decay)) || (halfLife && decay)) {
            tree.problemWith(
                    "learning.stepSize",
                    " gives more than one kind of step size; expected exponent and offset, or constant, or halfLife");
            return Optional.empty();
        }
        if (constant) {
            return number(constantPath).flatMap(step -> checked(constantPath, () -> new StepSize.Constant(step)));
        }
        if (halfLife) {
            return number(halfLifePath).flatMap(count -> checked(halfLifePath, () -> new StepSize.HalfLife(count)));
        }
        Optional<StepSize.PowerDecay> exponent =
                number(exponentPath).flatMap(value -> checked(exponentPath, () -> new StepSize.PowerDecay(value, 0)));
        Optional<StepSize.PowerDecay> offset =
                number(offsetPath).flatMap(value -> checked(offsetPath, () -> new StepSize.PowerDecay(1, value)));
        return exponent.isEmpty() || offset.isEmpty()
                ? Optional.empty()
                : Optional.of(new StepSize.PowerDecay(
                        exponent.get().exponent(), offset.get().offset()));
    }

    /** What a sequence is; a problem if that is told and the model knows none. */
    private Optional<Sequencing> sequences(Scope scope, Optional<ModelSpec> spec) {
        if (spec.isPresent() && spec.get().build().memoryLength() == 0) {
            for (String key : Setting.keysUnder(Setting.SEQUENCE)) {
                refuse(Setting.SEQUENCE + "." + key, spec.get());
            }
            for (String key : Setting.keysUnder(Setting.BLOCKS)) {
                refuse(Setting.BLOCKS + "." + key, spec.get());
            }
            refuse(Setting.SMOOTHED, spec.get());
        }
        String fieldPath = Setting.SEQUENCE + ".field";
        if (scope == Scope.PER_KEY && tree.has(fieldPath)) {
            tree.problem(
                    tree.place(fieldPath),
                    fieldPath
                            + " has no use in the scope per-key, where the key names the model and its sequence; remove it");
        }
        Optional<String> field = Optional.of(fieldPath)
                .filter(tree::has)
                .flatMap(path -> value(path, text -> Optional.of(text).filter(given -> !given.isBlank())));
        Optional<Duration> gap = value(Setting.SEQUENCE + ".gap", ConfigurationReader::parseDuration);
        Optional<Duration> expireAfter = value(Setting.SEQUENCE + ".expireAfter", ConfigurationReader::parseDuration);
        return gap.isEmpty() || expireAfter.isEmpty()
                ? Optional.empty()
                : Optional.of(new Sequencing(field, gap.get(), expireAfter.get()));
    }

    private void refuse(String path, ModelSpec spec) {
        if (tree.has(path)) {
            tree.problem(
                    tree.place(path),
                    path + " has no use, since models of the type " + spec.type()
                            + " are of independent records; expected a type of sequences, or the setting removed");
        }
    }

    /** All topics, by their settings; those that are optional only if they are given. A problem if two are one. */
    private Map<String, String> topics(String inputTopic, boolean watched) {
        Map<String, String> topics = new LinkedHashMap<>();
        topics.put("input.topic", inputTopic);
        topics.put("output.posteriors.topic", topic("output.posteriors.topic"));
        putIfGiven(topics, Setting.SMOOTHED);
        topics.put("output.models.topic", topic("output.models.topic"));
        putIfGiven(topics, Setting.HISTORY);
        topics.put("output.deadLetters.topic", topic("output.deadLetters.topic"));
        if (watched) {
            topics.put(Setting.ALERTS, topic(Setting.ALERTS));
        } else if (tree.has(Setting.ALERTS)) {
            tree.problem(
                    tree.place(Setting.ALERTS),
                    Setting.ALERTS + " has no use, since anomaly.enabled is not true; set that, or remove this");
        }
        putIfGiven(topics, Setting.CONTROL);
        Map<String, String> uses = new HashMap<>();
        topics.forEach((path, topic) -> {
            String other = topic == null ? null : uses.putIfAbsent(topic, path);
            if (other != null) {
                tree.problemWith(path, " is '" + topic + "', which is " + other + " too; expected a topic of its own");
            }
        });
        return topics;
    }

    private void putIfGiven(Map<String, String> topics, String path) {
        if (tree.has(path)) {
            topics.put(path, topic(path));
        }
    }

    private Optional<Output> output(Map<String, String> topics) {
        PosteriorContent content =
                choice("output.posteriors.content", PosteriorContent.values(), PosteriorContent::label);
        Optional<Integer> deadLettersMaxBytes = integer("output.deadLetters.maxBytes", 1, Integer.MAX_VALUE);
        Optional<Boolean> createTopics = flag("output.createTopics");
        Optional<Integer> partitions = integer("output.partitions", 0, Integer.MAX_VALUE);
        Optional<Short> replicationFactor = value("output.replicationFactor", text -> parseWhole(text)
                .filter(value -> value == -1 || (value >= 1 && value <= Short.MAX_VALUE))
                .map(Long::shortValue));
        if (tree.has(Setting.HISTORY_RETENTION) && !tree.has(Setting.HISTORY)) {
            tree.problem(
                    tree.place(Setting.HISTORY_RETENTION),
                    Setting.HISTORY_RETENTION + " has no use without " + Setting.HISTORY
                            + "; set that, or remove this");
        }
        Optional<Duration> retention = value(Setting.HISTORY_RETENTION, ConfigurationReader::parseDuration);
        Optional<History> history = Optional.ofNullable(topics.get(Setting.HISTORY))
                .flatMap(topic -> retention.map(duration -> new History(topic, duration)));
        return retention.isEmpty()
                        || deadLettersMaxBytes.isEmpty()
                        || createTopics.isEmpty()
                        || partitions.isEmpty()
                        || replicationFactor.isEmpty()
                ? Optional.empty()
                : Optional.of(new Output(
                        topics.get("output.posteriors.topic"),
                        content,
                        Optional.ofNullable(topics.get(Setting.SMOOTHED)),
                        topics.get("output.models.topic"),
                        history,
                        topics.get("output.deadLetters.topic"),
                        deadLettersMaxBytes.get(),
                        createTopics.get(),
                        partitions.get(),
                        replicationFactor.get()));
    }

    /** A name, or null if it is not valid. */
    private String name(String path) {
        return matching(path, NAME);
    }

    /** The name of a topic, or null if it is not valid. */
    private String topic(String path) {
        return matching(path, TOPIC);
    }

    private String matching(String path, Pattern pattern) {
        return value(path, text -> Optional.of(text)
                        .filter(name -> pattern.matcher(name).matches() && !name.equals(".") && !name.equals("..")))
                .orElse(null);
    }

    /** The value that is labelled so, or null if none is. */
    <T> T choice(String path, T[] values, Function<T, String> label) {
        return value(path, text -> {
                    for (T value : values) {
                        if (label.apply(value).equals(text)) {
                            return Optional.of(value);
                        }
                    }
                    return Optional.empty();
                })
                .orElse(null);
    }

    Optional<Boolean> flag(String path) {
        return value(
                path,
                text -> text.equals("true")
                        ? Optional.of(true)
                        : text.equals("false") ? Optional.of(false) : Optional.empty());
    }

    /** Any text. */
    Optional<String> text(String path) {
        return value(path, Optional::of);
    }

    Optional<Duration> duration(String path) {
        return value(path, ConfigurationReader::parseDuration);
    }

    /** One of some texts. */
    Optional<String> oneOf(String path, List<String> texts) {
        return value(path, text -> Optional.of(text).filter(texts::contains));
    }

    Optional<Double> number(String path) {
        return value(path, ConfigurationReader::parseNumber);
    }

    static Optional<Double> parseNumber(String text) {
        return Optional.of(text)
                .filter(given -> NUMBER.matcher(given).matches())
                .map(Double::valueOf)
                .filter(Double::isFinite);
    }

    Optional<Integer> integer(String path, int least, int most) {
        return whole(path, least, most).map(Long::intValue);
    }

    private Optional<Long> whole(String path, long least, long most) {
        return value(path, text -> parseWhole(text).filter(value -> value >= least && value <= most));
    }

    private static Optional<Long> parseWhole(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> parseDuration(String text) {
        if (text.equals(Setting.OFF)) {
            return Optional.of(Duration.ZERO);
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                };
        return Optional.of(duration).filter(given -> !given.isZero());
    }

    /** The value of a setting, or its default; empty, and a problem, if it is missing or not valid. */
    private <T> Optional<T> value(String path, Function<String, Optional<T>> parse) {
        Setting setting = Setting.at(path);
        Node node = tree.value(path);
        if (node == null) {
            if (setting.otherwise() == null) {
                missing(setting);
                return Optional.empty();
            }
            return otherwise(setting).flatMap(parse);
        }
        Optional<T> value = YamlTree.text(node).flatMap(parse);
        if (value.isEmpty()) {
            unexpected(setting, node);
        }
        return value;
    }

    private Optional<String> otherwise(Setting setting) {
        String placeholder = "<" + Setting.APPLICATION + ">";
        if (!setting.otherwise().contains(placeholder)) {
            return Optional.of(setting.otherwise());
        }
        Node application = tree.value(Setting.APPLICATION);
        return application == null
                ? Optional.empty()
                : YamlTree.text(application).map(name -> setting.otherwise().replace(placeholder, name));
    }

    void missing(Setting setting) {
        tree.problemWith(setting.path(), " is missing; expected " + setting.expected());
    }

    void unexpected(Setting setting, Node node) {
        tree.problemWith(
                setting.path(),
                " is " + (Secrets.isSecret(setting.path()) ? "not valid" : YamlTree.show(node)) + "; expected "
                        + setting.expected() + (YamlTree.isNull(node) ? ", or the key left out" : ""));
    }

    /** What the supplier gives, or empty and a problem if it refuses. */
    <T> Optional<T> checked(String path, Supplier<T> supplier) {
        try {
            return Optional.of(supplier.get());
        } catch (IllegalArgumentException e) {
            tree.problemWith(path, ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
