package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.config.InputField;
import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import io.onlineem.family.FamilyParameters;
import io.onlineem.hmm.Decoder;
import io.onlineem.hmm.Hmm;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.PosteriorJson;
import io.onlineem.observation.ScoredRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code decode}: whole sequences, each record in the light of all others. */
@Command(
        name = "decode",
        abbreviateSynopsis = true,
        header = "Say of each record of a file what all records of its sequence say of it.",
        description = {
            "",
            "For models of sequences, with given parameters that do not change. Prints the JSON lines of the smoothed topic, in"
                    + " the order of the file. Hidden Markov models: 'posterior' is that of the state given the whole sequence,"
                    + " 'component' the likeliest state by itself, and 'path' among the outputs the state on the likeliest path"
                    + " (Viterbi); states count from 0. State space models: the outputs hold mean and covariance of the state,"
                    + " and the signal. 'logLikelihood' is that of the record given those before it. The log-likelihood of the"
                    + " file, and the log-probability of the likeliest paths with it, go to stderr.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em fit --type hmm --states 2 --family poisson quakes.csv > fit.json",
            "  online-em decode --start fit.json quakes.csv",
            "  online-em decode -c machines.yaml --start fit.json --key machine readings.jsonl",
            "",
            "Exit codes: 0; 2 for wrong usage or configuration; 1 for a failure, such as a record that is not valid."
        })
final class DecodeCommand implements Callable<Integer> {

    private static final String DEFAULT_NAME = "model";

    /** The version of parameters that nothing was learned after. */
    private static final long VERSION = 1;

    private static final int CHECK_EVERY = 1024;

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
                    "The column or JSON field that names the sequence of a record. Default: the file is one sequence.")
    private String key;

    @Override
    public Integer call() throws IOException {
        modelOptions.refuseLearning();
        ModelOptions.Choice choice = modelOptions.choice(data);
        byte[] start = choice.start()
                .orElseThrow(() -> new UsageException(
                        "there are no parameters; give --start, such as the output of 'fit', or a configuration with"
                                + " model.start"));
        PrintWriter err = spec.commandLine().getErr();
        FileRecords records = new FileRecords();
        ModelSpec modelSpec;
        Model<?> model;
        try (RecordSource source = data.open(modelOptions.maxBytes(choice))) {
            ChosenModel chosen = modelOptions.model(choice, source, key, err);
            modelSpec = chosen.spec();
            model = modelSpec.build();
            if (model.memoryLength() == 0) {
                throw new UsageException(
                        "models of the type " + modelSpec.type() + " have independent records, of which"
                                + " 'score' says all there is to say; expected a model of sequences, such as an hmm");
            }
            List<InputField> fields = chosen.inputs();
            source.select(fields, chosen.weight());
            Intake intake = new Intake(source, fields, modelSpec, model, key);
            InvalidRecords invalid = new InvalidRecords(data, err);
            String sequences = choice.sequenceField(key);
            while (source.next()) {
                try {
                    records.read(sequences == null ? "" : source.text(sequences), intake);
                } catch (InvalidObservationException e) {
                    invalid.add(source, e);
                }
            }
            invalid.report();
        }
        String name = choice.configuration().map(given -> given.model().name()).orElse(DEFAULT_NAME);
        decode(name, modelSpec, model, start, records);
        return 0;
    }

    private <P extends Parameters> void decode(
            String name, ModelSpec modelSpec, Model<P> model, byte[] start, FileRecords records) {
        P parameters = ModelOptions.explain(() -> FitJson.readStart(start, modelSpec, model));
        EStep eStep = model.eStep(parameters);
        List<Iterator<Posterior>> smoothed = new ArrayList<>();
        double logLikelihood = 0;
        for (int s = 0; s < records.names().size(); s++) {
            Observations sequence = records.sequence(s);
            List<Posterior> posteriors = eStep.smooth(sequence);
            for (int i = 0; i < posteriors.size(); i++) {
                logLikelihood += sequence.weight(i) * posteriors.get(i).logLikelihood();
            }
            smoothed.add(posteriors.iterator());
        }
        write(name, modelSpec, records, smoothed);
        int sequences = records.names().size();
        String summary = String.format(
                Locale.ROOT,
                "%d records of %d %s; log-likelihood %.6f",
                records.size(),
                sequences,
                sequences == 1 ? "sequence" : "sequences",
                logLikelihood);
        if (model instanceof Hmm<?> hmm) {
            summary += String.format(
                    Locale.ROOT,
                    "; log-probability of the records and the likeliest %s %.6f",
                    sequences == 1 ? "path" : "paths",
                    decoder(hmm, parameters.fields())
                            .viterbi(records.together())
                            .logProbability());
        }
        spec.commandLine().getErr().println(summary);
        spec.commandLine().getErr().flush();
    }

    private static <P extends FamilyParameters> Decoder decoder(Hmm<P> hmm, Fields parameters) {
        return hmm.decoder(hmm.read(parameters));
    }

    private void write(String name, ModelSpec modelSpec, FileRecords records, List<Iterator<Posterior>> smoothed) {
        PrintWriter out = spec.commandLine().getOut();
        PosteriorJson json = new PosteriorJson(true, modelSpec.features());
        for (int i = 0; i < records.size(); i++) {
            Posterior posterior = smoothed.get(records.sequenceOf(i)).next();
            out.print(new String(json.write(new ScoredRecord(name, VERSION, posterior)), StandardCharsets.UTF_8));
            out.print('\n');
            if (i % CHECK_EVERY == 0 && out.checkError()) {
                throw new CommandException("the results could not all be written to stdout");
            }
        }
        out.flush();
    }
}
