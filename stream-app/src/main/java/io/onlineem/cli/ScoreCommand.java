package io.onlineem.cli;

import io.onlineem.anomaly.Anomaly;
import io.onlineem.anomaly.Detection;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.InputField;
import io.onlineem.config.PosteriorContent;
import io.onlineem.config.Preset;
import io.onlineem.config.Scope;
import io.onlineem.config.Transform;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.observation.Alert;
import io.onlineem.observation.AlertJson;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.PosteriorJson;
import io.onlineem.observation.ScoredRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score}: what the topology does to a topic, done to a file. */
@Command(
        name = "score",
        abbreviateSynopsis = true,
        header = "Score a file as the topology scores a topic: each record, then learned from.",
        description = {
            "",
            "Prints the JSON lines of the posteriors topic, in the order of the file: a backtest. The parameters change as soon"
                    + " as a mini-batch is full; on a topic with scope shared they come back a moment later. The mean log-likelihood of the scored records, each scored before it was"
                    + " learned from, goes to stderr.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em score -c wind.yaml wind.csv",
            "  online-em fit -k 3 old.csv > fit.json; online-em score --start fit.json new.csv",
            "  online-em score --type hmm --states 3 --key machine --block-length 50 readings.jsonl",
            "",
            "Exit codes: 0; 2 for wrong usage or configuration; 1 for a failure, such as a record that is not valid."
        })
final class ScoreCommand implements Callable<Integer> {

    private static final String DEFAULT_NAME = "model";
    private static final int CHECK_EVERY = 1024;

    /** What is watched together is all that one partition has. */
    private static final String ONLY_PARTITION = "0";

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--key",
            paramLabel = "NAME",
            description =
                    "The column or JSON field that holds the record key: learn one model for each. Required if the"
                            + " configuration has scope per-key. If it has scope shared and differences, they are taken"
                            + " along the records of a key, for one model. Models of sequences: it names the sequence of a"
                            + " record, and there is one model of all unless the scope is per-key.")
    private String key;

    @Option(
            names = "--content",
            paramLabel = "CONTENT",
            description =
                    "full: all posterior probabilities. most-likely: the most likely component only. Default: of the"
                            + " configuration, or full.")
    private String content;

    @Option(
            names = "--alerts",
            paramLabel = "FILE",
            description = "With anomaly.enabled: where to write the JSON lines of the alerts topic, what becomes of"
                    + " incidents. Default: they are not written.")
    private Path alerts;

    @Mixin
    private LearningOptions learningOptions;

    /** Whether every key has a model; otherwise it only says along which records differences are taken. */
    private boolean modelOfKey;

    /** The field that names the sequence of a record; null if there is one sequence, or none. */
    private String sequenceField;

    /** The field by which the records of a shared model are watched apart; null if they are watched together. */
    private String watchedField;

    @Override
    public Integer call() throws IOException {
        ModelOptions.Choice choice = modelOptions.choice(data);
        boolean perKey = choice.configuration()
                .map(given -> given.model().scope() == Scope.PER_KEY)
                .orElse(false);
        boolean oneSeries =
                choice.configuration().flatMap(Configuration::preset).isPresent();
        if (perKey && key == null && !oneSeries) {
            throw new UsageException("the configuration has scope per-key; give --key, the field that holds the key");
        }
        if (choice.start().isPresent() && (modelOptions.hasRestarts() || learningOptions.hasWarmUp())) {
            throw new UsageException((modelOptions.hasRestarts() ? "--restarts" : "--warm-up")
                    + " has no use with parameters to start from; leave it out");
        }
        boolean full = isFull(choice);
        Learning learning = learningOptions.applyTo(modelOptions.learning(choice));
        PrintWriter err = spec.commandLine().getErr();
        try (RecordSource source = data.open(modelOptions.maxBytes(choice))) {
            ChosenModel chosen = modelOptions.model(choice, source, key, err);
            ModelSpec modelSpec = chosen.spec();
            Model<?> model = modelSpec.build();
            boolean sequential = model.memoryLength() > 0;
            if (!sequential && learningOptions.hasBlocks()) {
                throw new UsageException(learningOptions.blocksUseless(modelSpec.type()));
            }
            List<InputField> fields = chosen.inputs();
            source.select(fields, chosen.weight());
            boolean differences = fields.stream().anyMatch(field -> field.transform() == Transform.DIFFERENCE);
            Optional<Configuration.Anomalies> anomalies = choice.configuration().flatMap(Configuration::anomalies);
            boolean watchedByKey =
                    anomalies.map(Configuration.Anomalies::perKey).orElse(false);
            modelOfKey = key != null
                    && (perKey
                            || (!sequential && (choice.configuration().isEmpty() || !(differences || watchedByKey))));
            sequenceField = sequential ? choice.sequenceField(key) : null;
            watchedField = watchedByKey ? (sequential ? sequenceField : key) : null;
            choice.configuration()
                    .filter(given -> sequential && !given.sequences().gap().isZero())
                    .ifPresent(given -> err.println("sequence.gap is not heeded in files"));
            Optional<Preset> preset = choice.configuration().flatMap(Configuration::preset);
            Optional<String> timestamp =
                    choice.configuration().flatMap(given -> given.input().timestamp());
            timestamp.ifPresent(source::require);
            Optional.ofNullable(key).ifPresent(source::require);
            Optional.ofNullable(sequenceField).ifPresent(source::require);
            if (preset.isPresent()) {
                refuseWhatTablesLack(choice);
            }
            if (alerts != null && (anomalies.isEmpty() || preset.isPresent())) {
                throw new UsageException(
                        anomalies.isEmpty()
                                ? "--alerts has no use, since anomaly.enabled is not true; leave it out"
                                : "--alerts is not for presets, whose table tells of incidents; leave it out");
            }
            if (preset.isPresent()) {
                new PresetScoring(
                                choice.configuration()
                                        .flatMap(Configuration::anomalies)
                                        .map(Configuration.Anomalies::detection)
                                        .orElse(Detection.DEFAULTS),
                                ModelOptions.explain(() -> new OnlineEm<>(model, learning)),
                                modelSpec.features(),
                                timestamp,
                                key)
                        .run(
                                source,
                                new Intake(source, fields, modelSpec, model, key),
                                spec.commandLine().getOut(),
                                err);
                return 0;
            }
            if (watchedByKey && !modelOfKey && watchedField == null) {
                throw new UsageException("anomaly.scope is key; give --key, the field that holds the key");
            }
            PosteriorJson json = new PosteriorJson(full, modelSpec.features());
            Intake intake = new Intake(source, fields, modelSpec, model, key);
            try (PrintWriter told = alerts == null ? null : openAlerts()) {
                score(intake, source, modelSpec, model, choice, learning, json, told);
                if (told != null && told.checkError()) {
                    throw new CommandException("the alerts could not all be written to " + alerts);
                }
            }
        }
        return 0;
    }

    private void refuseWhatTablesLack(ModelOptions.Choice choice) {
        Map<String, Boolean> useless = new LinkedHashMap<>();
        useless.put("--content", content != null);
        useless.put("--skip-invalid", data.skipInvalid());
        useless.put("--start", choice.start().isPresent());
        useless.forEach((option, given) -> {
            if (given) {
                throw new UsageException(option + " has no use with a preset, which prints one line of a table for each"
                        + " record and learns from the first one on; leave it out");
            }
        });
    }

    private PrintWriter openAlerts() {
        try {
            return new PrintWriter(Files.newBufferedWriter(alerts));
        } catch (IOException e) {
            throw new CommandException("--alerts " + alerts + " cannot be written: " + e, e);
        }
    }

    private boolean isFull(ModelOptions.Choice choice) {
        if (content == null) {
            return choice.configuration()
                            .map(Configuration::output)
                            .map(Configuration.Output::content)
                            .orElse(PosteriorContent.FULL)
                    != PosteriorContent.MOST_LIKELY;
        }
        if (content.equals(PosteriorContent.FULL.label()) || content.equals(PosteriorContent.MOST_LIKELY.label())) {
            return content.equals(PosteriorContent.FULL.label());
        }
        throw new UsageException("--content is '" + content + "'; expected full or most-likely");
    }

    private <P extends Parameters> void score(
            Intake intake,
            RecordSource source,
            ModelSpec modelSpec,
            Model<P> model,
            ModelOptions.Choice choice,
            Learning learning,
            PosteriorJson json,
            PrintWriter told)
            throws IOException {
        OnlineEm<P> engine = ModelOptions.explain(() -> new OnlineEm<>(model, learning));
        P start = ModelOptions.explain(() -> choice.start()
                .map(bytes -> FitJson.readStart(bytes, modelSpec, model))
                .orElse(null));
        String name = choice.configuration().map(given -> given.model().name()).orElse(DEFAULT_NAME);
        Map<String, OnlineLearner<P>> learners = new HashMap<>();
        Map<String, Sequence> sequences = new HashMap<>();
        boolean sequential = model.memoryLength() > 0;
        Observations observation = new Observations(1, modelSpec.features().size());
        PrintWriter out = spec.commandLine().getOut();
        InvalidRecords invalid = new InvalidRecords(data, spec.commandLine().getErr());
        Summary summary = new Summary();
        RecordTimes times = new RecordTimes(
                source, choice.configuration().flatMap(given -> given.input().timestamp()));
        FileWatch watch = choice.configuration()
                .flatMap(Configuration::anomalies)
                .map(given -> new FileWatch(
                        given.detection(), model, name, alert -> write(alert, modelSpec.features(), told)))
                .orElse(null);
        while (source.next()) {
            observation.clear();
            String modelName;
            String sequenceName;
            String watched;
            long time = watch == null ? 0 : times.next();
            try {
                modelName = !modelOfKey ? name : name + "/" + source.text(key);
                sequenceName = sequenceField == null ? "" : source.text(sequenceField);
                watched = modelOfKey
                        ? modelName
                        : name + "/" + (watchedField == null ? ONLY_PARTITION : source.text(watchedField));
                intake.read(observation);
            } catch (InvalidObservationException e) {
                out.flush();
                invalid.add(source, e);
                continue;
            }
            OnlineLearner<P> learner = learners.computeIfAbsent(
                    modelName, ignored -> new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start)));
            Sequence sequence = sequential ? sequences.computeIfAbsent(sequenceName, learner::newSequence) : null;
            Observations seen = watch == null ? observation : watch.begin(watched, time, observation);
            if (watch != null && sequence != null) {
                sequence.copyMemory(watch.before());
            }
            Posterior posterior = sequential ? learner.score(sequence, seen, 0) : learner.score(seen, 0);
            summary.add(posterior, seen.weight(0));
            long version = learner.state() == null ? 0 : learner.state().version();
            Anomaly anomaly = watch == null ? null : watch.observe(version, learner.scoring(), posterior);
            out.print(new String(
                    json.write(new ScoredRecord(modelName, version, posterior, anomaly)), StandardCharsets.UTF_8));
            out.print('\n');
            if (sequential) {
                learner.learn(sequence, seen, 0, posterior, 0);
            } else {
                learner.learn(seen, 0, posterior);
            }
            if (summary.records % CHECK_EVERY == 0 && out.checkError()) {
                throw new CommandException("the results could not all be written to stdout");
            }
        }
        out.flush();
        invalid.report();
        PrintWriter err = spec.commandLine().getErr();
        if (watch != null) {
            watch.end();
            times.report(err);
        }
        err.println(summary + (watch == null ? "" : "; " + watch));
        err.flush();
    }

    private static void write(Alert alert, List<String> features, PrintWriter told) {
        if (told != null) {
            told.print(new String(AlertJson.write(alert, features), StandardCharsets.UTF_8));
            told.print('\n');
        }
    }

    /** What a backtest is judged by. */
    private static final class Summary {
        private long records;
        private long scored;
        private double scoredWeight;
        private double logLikelihood;

        void add(Posterior posterior, double weight) {
            records++;
            if (posterior != null) {
                scored++;
                scoredWeight += weight;
                logLikelihood += weight * posterior.logLikelihood();
            }
        }

        @Override
        public String toString() {
            String text = records + " records, of which " + (records - scored) + " warmed up";
            return scored == 0
                    ? text + "; none was scored: give a smaller --warm-up, or --start"
                    : text
                            + String.format(
                                    Locale.ROOT,
                                    "; mean log-likelihood of a record before it was learned from: %.6f",
                                    logLikelihood / scoredWeight);
        }
    }
}
