package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.codec.FitResult;
import io.onlineem.config.InputField;
import io.onlineem.config.Transform;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Learning;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.em.Sequence;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.topic.LdaParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fit}: EM on a file. */
@Command(
        name = "fit",
        abbreviateSynopsis = true,
        header = "Fit a model to a file, without Kafka.",
        description = {
            "",
            "Prints one JSON object: what the model is, observations, logLikelihood (total, natural logarithm), aic, bic"
                    + " and icl (lower is better), iterations, converged, degenerate, parameters. It can be given to 'score' and"
                    + " 'run' as the start.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em fit --components 3 wind.csv",
            "  online-em fit -k 3 --features temperature,wind.speed --covariance tied readings.jsonl",
            "  online-em fit -k 1..8 --criterion icl wind.csv",
            "  online-em fit -k 2 --family poisson --weight frequency deaths.csv",
            "  online-em fit -k 3 --field amount=log-normal --field hour=von-mises,period=24 payments.csv",
            "  online-em fit -k 2 --family linear-regression --option response=y tone.csv",
            "  online-em fit --type hmm --states 2 --family poisson --initial stationary earthquakes.csv",
            "  online-em fit --type hmm --states 3 --key machine --method online --warm-up 500 readings.jsonl",
            "  online-em fit --type lda --topics 10 --field message --option language=english messages.jsonl",
            "  online-em fit -k 3 --method online --exponent 0.8 --mini-batch 16 wind.csv",
            "  online-em fit -c wind.yaml wind.csv > fit.json",
            "",
            "Exit codes: 0; 2 for wrong usage or configuration; 1 for a failure, such as a record that is not valid."
        })
final class FitCommand implements Callable<Integer> {

    private static final String BATCH = "batch";
    private static final String ONLINE = "online";

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = BATCH,
            description =
                    "batch: passes over all records until the likelihood has converged. online: as a stream, in the order"
                            + " of the file. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = "--passes",
            paramLabel = "N",
            description = "Method batch: most iterations, default 10000. Method online: passes, default 1.")
    private Integer passes;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description =
                    "Method batch: log-likelihood per record that may be left to gain. Default: 1e-12; type lda: 0.01.")
    private Double tolerance;

    @Option(
            names = "--criterion",
            paramLabel = "CRITERION",
            description =
                    "What a number of components out of a range is chosen by: bic, aic or icl. All fits are told on stderr."
                            + " Default: bic.")
    private String criterion;

    @Option(
            names = "--key",
            paramLabel = "NAME",
            description =
                    "The column or JSON field that holds the record key: it names the sequence of a record, for models of"
                            + " sequences, and differences are taken along the records of a key. Default: the file is one"
                            + " sequence.")
    private String key;

    @Mixin
    private LearningOptions learningOptions;

    @Override
    public Integer call() throws IOException {
        boolean online = method.equals(ONLINE);
        if (!online && !method.equals(BATCH)) {
            throw new UsageException("--method is '" + method + "'; expected batch or online");
        }
        criterion();
        ModelOptions.Choice choice = modelOptions.choice(data);
        refuseUseless(online, choice.start().isPresent());
        BatchEm.Stopping stopping = stopping();
        Learning learning = learningOptions.applyTo(modelOptions.learning(choice));

        FileRecords records = new FileRecords();
        ChosenModel chosen = load(choice, records);
        Observations observations = records.together();
        List<FitResult<?>> tried = new ArrayList<>();
        for (int k = chosen.components().from(); k <= chosen.components().to(); k++) {
            ModelSpec modelSpec = chosen.spec(k);
            tried.add(fit(modelSpec, modelSpec.build(), choice, records, observations, learning, stopping));
        }
        write(chosen, tried);
        return 0;
    }

    private void write(ChosenModel chosen, List<FitResult<?>> tried) {
        FitResult<?> result = tried.get(0);
        byte[] json;
        if (chosen.components().isSingle()) {
            json = FitJson.write(result);
        } else {
            Selection selection = new Selection(criterion(), tried);
            result = selection.best();
            spec.commandLine().getErr().println(selection.table());
            json = FitJson.write(result, selection.criterion().label(), tried);
        }
        warn(result);
        if (result.fit().parameters() instanceof LdaParameters topics) {
            tellTopics(topics);
        }
        spec.commandLine().getOut().println(new String(json, StandardCharsets.UTF_8));
        spec.commandLine().getOut().flush();
    }

    private void tellTopics(LdaParameters parameters) {
        PrintWriter err = spec.commandLine().getErr();
        for (int k = 0; k < parameters.topics(); k++) {
            err.println("topic " + k + ": " + String.join(" ", parameters.topWords(k, LdaParameters.TOP_WORDS)));
        }
        err.flush();
    }

    private Criterion criterion() {
        if (criterion == null) {
            return Criterion.BIC;
        }
        for (Criterion each : Criterion.values()) {
            if (each.label().equals(criterion)) {
                return each;
            }
        }
        throw new UsageException("--criterion is '" + criterion + "'; expected bic, aic or icl");
    }

    private void refuseUseless(boolean online, boolean started) {
        List<String> given = learningOptions.given();
        if (!online && !given.isEmpty()) {
            throw new UsageException(given.get(0) + " is for --method online; leave it out, or change the method");
        }
        if (online && tolerance != null) {
            throw new UsageException("--tolerance is for --method batch; leave it out, or change the method");
        }
        if (started && modelOptions.hasRestarts()) {
            throw new UsageException("--restarts has no use with parameters to start from; leave it out");
        }
        if (started && learningOptions.hasWarmUp()) {
            throw new UsageException("--warm-up has no use with parameters to start from; leave it out");
        }
        if (online && passes != null && passes < 1) {
            throw new UsageException("--passes is " + passes + "; expected at least 1");
        }
    }

    private BatchEm.Stopping stopping() {
        BatchEm.Stopping defaults = BatchEm.Stopping.DEFAULTS;
        try {
            return new BatchEm.Stopping(
                    passes == null ? defaults.maxIterations() : passes,
                    tolerance == null ? defaults.tolerance() : tolerance);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** Reads all records, and returns the model that they are for. */
    private ChosenModel load(ModelOptions.Choice choice, FileRecords into) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        ChosenModel chosen;
        try (RecordSource source = data.open(modelOptions.maxBytes(choice))) {
            chosen = modelOptions.model(choice, source, key, err);
            requireUse(chosen, choice);
            List<InputField> fields = chosen.inputs();
            source.select(fields, chosen.weight());
            ModelSpec modelSpec = chosen.spec(chosen.components().from());
            Intake intake = new Intake(source, fields, modelSpec, modelSpec.build(), key);
            InvalidRecords invalid = new InvalidRecords(data, err);
            String sequences = modelSpec.build().memoryLength() > 0 ? choice.sequenceField(key) : null;
            while (source.next()) {
                try {
                    into.read(sequences == null ? "" : source.text(sequences), intake);
                } catch (InvalidObservationException e) {
                    invalid.add(source, e);
                }
            }
            invalid.report();
        }
        if (into.size() == 0) {
            throw new CommandException(data.name() + " holds no valid record; expected at least one");
        }
        return chosen;
    }

    private void requireUse(ChosenModel chosen, ModelOptions.Choice choice) {
        ComponentRange components = chosen.components();
        if (components.isSingle() && criterion != null) {
            throw new UsageException("--criterion is for a range of numbers of components; give one, such as"
                    + " --components 1..8, or leave it out");
        }
        if (!components.isSingle() && !ModelSpec.hasComponents(chosen.type())) {
            throw new UsageException("--components is " + components + "; models of the type " + chosen.type()
                    + " have as many as follow from their options: leave it out");
        }
        if (!components.isSingle() && choice.start().isPresent()) {
            throw new UsageException("--components is " + components
                    + ", and parameters to start from have one number; leave one of both out");
        }
        boolean sequential = chosen.spec(components.from()).build().memoryLength() > 0;
        if (!sequential && learningOptions.hasBlocks()) {
            throw new UsageException(learningOptions.blocksUseless(chosen.type()));
        }
        if (key != null
                && !sequential
                && chosen.inputs().stream().noneMatch(field -> field.transform() == Transform.DIFFERENCE)) {
            throw new UsageException("--key has no use without a field with the transform difference; leave it out");
        }
    }

    private <P extends Parameters> FitResult<P> fit(
            ModelSpec modelSpec,
            Model<P> model,
            ModelOptions.Choice choice,
            FileRecords records,
            Observations observations,
            Learning learning,
            BatchEm.Stopping stopping) {
        P start = ModelOptions.explain(() -> choice.start()
                .map(json -> FitJson.readStart(json, modelSpec, model))
                .orElse(null));
        BatchEm.Stopping until = tolerance == null && ModelSpec.readsDocuments(modelSpec.type())
                ? new BatchEm.Stopping(stopping.maxIterations(), model.startTolerance())
                : stopping;
        BatchEm<P> batch = new BatchEm<>(model);
        BatchEm.Fit<P> fit;
        if (method.equals(ONLINE)) {
            fit = online(model, start, records, observations, learning);
        } else if (start != null) {
            fit = batch.climb(observations, start, until);
        } else {
            fit = batch.fit(observations, learning.starts(), learning.seed(), until);
        }
        return new FitResult<>(
                modelSpec,
                model.degreesOfFreedom(fit.parameters()),
                method,
                learning.seed(),
                fit,
                batch.entropy(observations, fit.parameters()));
    }

    private <P extends Parameters> BatchEm.Fit<P> online(
            Model<P> model, P start, FileRecords records, Observations observations, Learning learning) {
        Learning possible = learning;
        if (start == null && learning.warmUp() > observations.size()) {
            spec.commandLine()
                    .getErr()
                    .println("the warm-up is all of the " + observations.size() + " records: there is nothing left to"
                            + " learn online in the first pass; give a smaller --warm-up");
            possible = learning.withWarmUp(observations.size());
        }
        Learning started = possible;
        OnlineEm<P> engine = ModelOptions.explain(() -> new OnlineEm<>(model, started));
        OnlineLearner<P> learner = new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start));
        int iterations = 0;
        int count = passes == null ? 1 : passes;
        List<Sequence> sequences =
                records.names().stream().map(learner::newSequence).toList();
        int[] positions = records.positions();
        for (int pass = 0; pass < count; pass++) {
            for (int i = 0; i < positions.length; i++) {
                ModelState<P> before = learner.state();
                Sequence sequence = sequences.get(records.sequenceOf(i));
                Posterior posterior = learner.score(sequence, observations, positions[i]);
                if (learner.learn(sequence, observations, positions[i], posterior, 0)) {
                    iterations += maximised(before, learner.state());
                }
            }
            for (Sequence sequence : sequences) {
                ModelState<P> before = learner.state();
                if (learner.end(sequence)) {
                    iterations += maximised(before, learner.state());
                }
            }
        }
        ModelState<P> before = learner.state();
        if (learner.flush()) {
            iterations += maximised(before, learner.state());
        }
        P parameters = learner.state().published();
        double logLikelihood = model.eStep(parameters).accumulate(observations, model.newStatistics());
        return new BatchEm.Fit<>(
                parameters,
                logLikelihood,
                model.logPrior(parameters),
                observations.totalWeight(),
                observations.size(),
                iterations,
                false,
                model.isDegenerate(parameters, observations.totalWeight()));
    }

    private static int maximised(ModelState<?> before, ModelState<?> after) {
        return before != null && before.parameters() != after.parameters() ? 1 : 0;
    }

    private void warn(FitResult<?> result) {
        PrintWriter err = spec.commandLine().getErr();
        if (method.equals(BATCH) && !result.fit().converged()) {
            err.println("not converged after " + result.fit().iterations()
                    + " iterations; give more --passes or a larger --tolerance");
        }
        if (result.fit().degenerate()) {
            err.println(
                    "a component has collapsed onto a few records, where the likelihood has no bound; fewer components,"
                            + " or another covariance, may say more");
        }
        err.flush();
    }
}
