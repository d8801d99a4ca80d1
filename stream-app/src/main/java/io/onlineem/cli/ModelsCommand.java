package io.onlineem.cli;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.app.ModelsClient;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.Command;
import io.onlineem.codec.FitJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelSummary;
import io.onlineem.codec.StepSizeJson;
import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.em.StepSize;
import io.onlineem.observation.Timestamps;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models}: what a running application has learned, and commands to it. */
@picocli.CommandLine.Command(
        name = "models",
        header = "Look at the models of an application, and command them while they learn.",
        description = {
            "",
            "Reads the models topic of the configuration, and its history topic (output.models.history.topic). Commands go over its"
                    + " control topic (control.topic); each is applied once, by the task that owns the model, and"
                    + " acknowledged.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em models list -c wind.yaml",
            "  online-em models diff -c wind.yaml 12",
            "  online-em models pause -c wind.yaml",
            "  online-em models rollback -c wind.yaml 12",
            "",
            "Exit codes: 0 if all went well, 1 if a command was refused or not acknowledged, 2 for wrong usage or",
            "configuration."
        })
final class ModelsCommand {

    private static final String CODES =
            "Exit codes: 0 if it was applied, 1 if it was refused or not acknowledged, 2 for wrong usage.";

    @Spec
    private CommandSpec spec;

    @picocli.CommandLine.Command(
            name = "list",
            abbreviateSynopsis = true,
            header = "List the models: version, observations, likelihood, whether they learn.",
            sortOptions = false,
            footer = {"", "Example:", "  online-em models list -c wind.yaml"})
    int list(
            @Mixin ModelsOptions options,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "Most models to list. Default: ${DEFAULT-VALUE}.")
                    int limit) {
        ModelsClient.Newest newest = options.withClient(ModelsClient::newest);
        Map<String, Acknowledgement> acknowledgements = newest.acknowledgements();
        TreeSet<String> names = new TreeSet<>(newest.models().keySet());
        names.addAll(acknowledgements.keySet());
        PrintWriter out = out();
        out.println(ModelText.listHeader());
        names.stream().limit(limit).forEach(name -> {
            byte[] json = newest.models().get(name);
            ModelSummary summary = json == null ? null : ModelJson.summary(json);
            out.println(ModelText.line(name, summary, acknowledgements.get(name)));
        });
        out.flush();
        if (names.size() > limit) {
            err("there are " + names.size() + " models; --limit " + names.size() + " lists them all");
        }
        return 0;
    }

    @picocli.CommandLine.Command(
            name = "show",
            abbreviateSynopsis = true,
            header = "Show a model: what it is, how it stands, its components.",
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  online-em models show -c wind.yaml",
                "  online-em models show -c machines.yaml --key pump-7 12"
            })
    int show(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Parameters(
                            paramLabel = "VERSION",
                            arity = "0..1",
                            description = "A version of the history topic. Default: the newest.")
                    Long version) {
        Configuration configuration = options.configuration();
        String model = of.model(configuration);
        options.withClient(client -> {
            ModelsClient.Newest newest = client.newest();
            byte[] json = version(client, newest, model, version);
            out().print(ModelText.show(
                    configuration,
                    json,
                    newest.acknowledgements().get(model),
                    newest.orders().get(model)));
            return null;
        });
        out().flush();
        return 0;
    }

    @picocli.CommandLine.Command(
            name = "diff",
            abbreviateSynopsis = true,
            header = "Show how two versions of a model differ, component by component.",
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  online-em models diff -c wind.yaml 12          version 12 and the newest",
                "  online-em models diff -c wind.yaml 12 20"
            })
    int diff(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Parameters(paramLabel = "FROM", description = "A version of the history topic.") Long from,
            @Parameters(paramLabel = "TO", arity = "0..1", description = "Another one. Default: the newest.") Long to) {
        Configuration configuration = options.configuration();
        String model = of.model(configuration);
        options.withClient(client -> {
            ModelsClient.Newest newest = client.newest();
            byte[] before = version(client, newest, model, from);
            byte[] after = version(client, newest, model, to);
            out().print(ModelText.diff(configuration, before, after));
            return null;
        });
        out().flush();
        return 0;
    }

    @picocli.CommandLine.Command(
            name = "export",
            abbreviateSynopsis = true,
            header = "Write a version of a model as JSON: for 'load', 'score --start' and model.start.",
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  online-em models export -c wind.yaml > wind.json",
                "  online-em models export -c wind.yaml 12 --output wind-12.json"
            })
    int export(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Parameters(
                            paramLabel = "VERSION",
                            arity = "0..1",
                            description = "A version of the history topic. Default: the newest.")
                    Long version,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "Where to write it. Default: stdout.")
                    Path file)
            throws IOException {
        String model = of.model(options.configuration());
        byte[] json = options.withClient(client -> version(client, client.newest(), model, version));
        String text = new String(json, StandardCharsets.UTF_8) + "\n";
        if (file == null) {
            out().print(text);
            out().flush();
        } else {
            Files.writeString(file, text);
        }
        return 0;
    }

    @picocli.CommandLine.Command(
            name = "history",
            abbreviateSynopsis = true,
            header = "List the versions of a model that are kept, and the commands between them.",
            sortOptions = false,
            footer = {"", "Example:", "  online-em models history -c wind.yaml --last 20"})
    int history(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Option(
                            names = "--last",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "How many records, the newest. Default: ${DEFAULT-VALUE}.")
                    int last) {
        String model = of.model(options.configuration());
        List<ModelsClient.Past> past = options.withClient(client -> client.history(model));
        PrintWriter out = out();
        out.println(ModelText.historyHeader());
        past.subList(Math.max(0, past.size() - last), past.size())
                .forEach(record -> out.println(ModelText.line(record)));
        out.flush();
        return 0;
    }

    @picocli.CommandLine.Command(
            name = "pause",
            abbreviateSynopsis = true,
            header = "Pause learning: records are scored, and not learned from.",
            sortOptions = false,
            footer = {"", "Example:", "  online-em models pause -c wind.yaml", "", CODES})
    int pause(@Mixin ModelsOptions options, @Mixin ModelsOptions.OfKey of, @Mixin ModelsOptions.Sending sending) {
        return send(options, of, sending, "pause", command -> command);
    }

    @picocli.CommandLine.Command(
            name = "resume",
            abbreviateSynopsis = true,
            header = "Go on learning after a pause.",
            sortOptions = false,
            footer = {"", "Example:", "  online-em models resume -c wind.yaml", "", CODES})
    int resume(@Mixin ModelsOptions options, @Mixin ModelsOptions.OfKey of, @Mixin ModelsOptions.Sending sending) {
        return send(options, of, sending, "resume", command -> command);
    }

    @picocli.CommandLine.Command(
            name = "reset",
            abbreviateSynopsis = true,
            header = "Forget what was learned: the model warms up anew, or starts from model.start.",
            sortOptions = false,
            footer = {"", "Example:", "  online-em models reset -c wind.yaml", "", CODES})
    int reset(@Mixin ModelsOptions options, @Mixin ModelsOptions.OfKey of, @Mixin ModelsOptions.Sending sending) {
        return send(options, of, sending, "reset", command -> command);
    }

    @picocli.CommandLine.Command(
            name = "step-size",
            abbreviateSynopsis = true,
            header = "Set the step size, until it is set again: how much a new observation weighs.",
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  online-em models step-size -c wind.yaml --exponent 0.6 --offset 100",
                "  online-em models step-size -c wind.yaml --half-life 5000",
                "  online-em models step-size -c wind.yaml --configured",
                "",
                CODES
            })
    int stepSize(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Option(
                            names = "--exponent",
                            paramLabel = "X",
                            description = "(n + offset)^-X of observation n; more than 0.5, at most 1.")
                    Double exponent,
            @Option(names = "--offset", paramLabel = "N", description = "With --exponent. Default: 0.") Double offset,
            @Option(
                            names = "--constant",
                            paramLabel = "X",
                            description = "The same step for ever; more than 0, at most 1.")
                    Double constant,
            @Option(
                            names = "--half-life",
                            paramLabel = "N",
                            description = "Observations after which what was learned weighs half.")
                    Double halfLife,
            @Option(names = "--configured", description = "Back to that of the configuration.") boolean configured,
            @Mixin ModelsOptions.Sending sending) {
        int kinds = (exponent == null ? 0 : 1)
                + (constant == null ? 0 : 1)
                + (halfLife == null ? 0 : 1)
                + (configured ? 1 : 0);
        if (kinds != 1 || (offset != null && exponent == null)) {
            throw new UsageException("expected one of --exponent (with --offset, if not 0), --constant, --half-life and"
                    + " --configured");
        }
        byte[] json = configured
                ? "\"configured\"".getBytes(StandardCharsets.UTF_8)
                : StepSizeJson.write(step(exponent, offset, constant, halfLife));
        return send(options, of, sending, "step-size", command -> command.with("stepSize", json));
    }

    private static StepSize step(Double exponent, Double offset, Double constant, Double halfLife) {
        return ModelOptions.explain(() -> exponent != null
                ? new StepSize.PowerDecay(exponent, offset == null ? 0 : offset)
                : constant != null ? new StepSize.Constant(constant) : new StepSize.HalfLife(halfLife));
    }

    @picocli.CommandLine.Command(
            name = "load",
            abbreviateSynopsis = true,
            header = "Put parameters in place of those that were learned.",
            description = {
                "",
                "The file is what 'export' or 'fit' wrote, a record of the models topic, or bare parameters. The model goes on"
                        + " learning from them.",
                ""
            },
            sortOptions = false,
            footer = {"", "Example:", "  online-em models load -c wind.yaml wind-12.json", "", CODES})
    int load(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Parameters(paramLabel = "FILE", description = "The parameters, JSON.") Path file,
            @Option(
                            names = "--weight",
                            paramLabel = "N",
                            description =
                                    "How many observations the parameters stand for, against what is learned. Default:"
                                            + " learning.warmUp of the configuration.")
                    Double weight,
            @Mixin ModelsOptions.Sending sending)
            throws IOException {
        if (weight != null && !(weight >= 1 && weight <= 1e15)) {
            throw new UsageException("--weight is " + weight + "; expected at least 1");
        }
        byte[] document = readDocument(file);
        var model = options.configuration().model();
        ModelOptions.explain(
                () -> FitJson.readStart(document, model.spec(), model.spec().build()));
        return send(options, of, sending, "load", command -> {
            Command loading = command.with("document", document);
            return weight == null
                    ? loading
                    : loading.with("weight", weight.toString().getBytes(StandardCharsets.UTF_8));
        });
    }

    private static byte[] readDocument(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no file " + file + "; expected one that 'export' or 'fit' wrote", e);
        } catch (IOException e) {
            throw new CommandException("the file " + file + " cannot be read: " + e, e);
        }
    }

    @picocli.CommandLine.Command(
            name = "rollback",
            abbreviateSynopsis = true,
            header = "Go back to an earlier version: its parameters, its count of observations, its step size.",
            description = {
                "",
                "Needs the history topic. What was learned since is forgotten; versions go on counting.",
                ""
            },
            sortOptions = false,
            footer = {"", "Example:", "  online-em models rollback -c wind.yaml 12", "", CODES})
    int rollback(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Parameters(paramLabel = "VERSION", description = "A version of the history topic.") Long version,
            @Mixin ModelsOptions.Sending sending) {
        String model = of.model(options.configuration());
        String id = sending.id();
        Acknowledgement acknowledgement = options.withClient(client -> {
            ModelsClient.Newest newest = client.newest();
            byte[] document = version(client, newest, model, version);
            Command command = Command.of(id, "rollback")
                    .with("version", version.toString().getBytes(StandardCharsets.UTF_8))
                    .with("document", document);
            return sending.send(client, model, command, newest.partitions().get(model));
        });
        return tell(acknowledgement);
    }

    @picocli.CommandLine.Command(
            name = "maintenance",
            abbreviateSynopsis = true,
            header = "Announce a time in which nothing is an alarm, or end one.",
            description = {
                "",
                "Records of that time are scored and learned from as always. Times are those of the records:"
                        + " 2026-11-21T14:00:00Z, with another zone, without one in UTC, or milliseconds since 1970. 'show'"
                        + " tells what is announced. Needs anomaly.enabled.",
                ""
            },
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  online-em models maintenance -c wind.yaml --to 2026-11-21T15:30Z          from the next record on",
                "  online-em models maintenance -c wind.yaml --from 2026-12-24 --to 2026-12-27 --id christmas",
                "  online-em models maintenance -c wind.yaml --to 2026-11-21T15:30Z --stream wind/north",
                "  online-em models maintenance -c wind.yaml --end christmas",
                "",
                CODES
            })
    int maintenance(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            description = "First time of it. Default: the next record, whatever its time.")
                    String from,
            @Option(names = "--to", paramLabel = "TIME", description = "First time after it.") String to,
            @Option(
                            names = "--stream",
                            paramLabel = "STREAM",
                            description = "The stream that it is of, as alerts tell it. Default: all of the model.")
                    String stream,
            @Option(
                            names = "--end",
                            paramLabel = "ID",
                            arity = "0..1",
                            fallbackValue = "",
                            description =
                                    "End early what was announced, or not begin it: the command of that id, or all that"
                                            + " were announced, with --stream those of that stream.")
                    String end,
            @Mixin ModelsOptions.Sending sending) {
        if (end == null ? to == null : from != null || to != null) {
            throw new UsageException("expected --to, with --from if it does not begin with the next record, or --end");
        }
        String model = of.model(options.configuration(), stream);
        return send(options, model, sending, end == null ? "maintenance" : "end-maintenance", command -> {
            Command complete = stream == null ? command : command.with("stream", stream);
            if (end != null) {
                return end.isEmpty() ? complete : complete.with("announced", end);
            }
            complete = from == null ? complete : complete.with("from", time("--from", from));
            return complete.with("to", time("--to", to));
        });
    }

    private static byte[] time(String option, String text) {
        if (text.matches("-?[0-9]{1,18}")) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        long time = Timestamps.parse(text)
                .orElseThrow(() -> new UsageException(option + " is '" + text
                        + "'; expected a time such as 2026-11-21T14:00:00Z, or milliseconds since 1970"));
        return Long.toString(time).getBytes(StandardCharsets.UTF_8);
    }

    @picocli.CommandLine.Command(
            name = "fine",
            abbreviateSynopsis = true,
            header = "Say that an incident was fine: its stream has to be more unusual than that, for a while.",
            description = {
                "",
                "The threshold of the stream becomes so low that the incident would not have been one; half of that wears"
                        + " off in 20,000 records. Needs anomaly.enabled.",
                ""
            },
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  online-em models fine -c wind.yaml --incident wind/0#12",
                "  online-em models fine -c pumps.yaml --incident pumps/7#12",
                "",
                CODES
            })
    int fine(
            @Mixin ModelsOptions options,
            @Mixin ModelsOptions.OfKey of,
            @Option(
                            names = "--incident",
                            paramLabel = "ID",
                            required = true,
                            description = "The id of the incident, as alerts tell it.")
                    String incident,
            @Mixin ModelsOptions.Sending sending) {
        String stream = WatchOrders.Feedback.of(1, incident)
                .map(WatchOrders.Feedback::stream)
                .orElse(null);
        String model = of.model(options.configuration(), stream);
        return send(options, model, sending, "fine", command -> command.with("incident", incident));
    }

    private int send(
            ModelsOptions options,
            ModelsOptions.OfKey of,
            ModelsOptions.Sending sending,
            String verb,
            UnaryOperator<Command> arguments) {
        return send(options, of.model(options.configuration()), sending, verb, arguments);
    }

    private int send(
            ModelsOptions options,
            String model,
            ModelsOptions.Sending sending,
            String verb,
            UnaryOperator<Command> arguments) {
        Configuration configuration = options.configuration();
        Command command = arguments.apply(Command.of(sending.id(), verb));
        Acknowledgement acknowledgement = options.withClient(client -> {
            // in the scope shared all commands go to the same place
            boolean perKey = configuration.model().scope() == Scope.PER_KEY;
            Integer partition = perKey ? client.newest().partitions().get(model) : null;
            return sending.send(client, model, command, partition);
        });
        return tell(acknowledgement);
    }

    private int tell(Acknowledgement acknowledgement) {
        out().println(ModelText.told(acknowledgement));
        out().flush();
        return 0;
    }

    /** The JSON of a version; of the newest for null. */
    private static byte[] version(ModelsClient client, ModelsClient.Newest newest, String model, Long version) {
        byte[] now = newest.models().get(model);
        if (version == null) {
            if (now == null) {
                throw new CommandException(
                        "there is no model '" + model
                                + "' in the models topic; it may be warming up: 'online-em models list' lists those that are there");
            }
            return now;
        }
        if (now != null && ModelJson.version(now) == version) {
            return now;
        }
        List<ModelsClient.Past> versions = client.history(model).stream()
                .filter(past -> past.model() != null)
                .toList();
        return versions.stream()
                .filter(past -> past.version() == version)
                .reduce((first, second) -> second)
                .map(ModelsClient.Past::model)
                .orElseThrow(() -> new CommandException("version " + version + " of the model '" + model
                        + "' is not in the history topic; expected "
                        + (versions.isEmpty()
                                ? "one that was published since the topic was made: it has none of this model"
                                : "one from " + versions.get(0).version() + " to "
                                        + versions.get(versions.size() - 1).version())));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void err(String text) {
        spec.commandLine().getErr().println("online-em models: " + text);
        spec.commandLine().getErr().flush();
    }
}
