package io.onlineem.cli;

import io.onlineem.config.Configuration;
import io.onlineem.config.InputField;
import io.onlineem.config.Scope;
import io.onlineem.config.Secrets;
import io.onlineem.em.Blocks;
import io.onlineem.em.Learning;
import io.onlineem.em.StepSize;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code validate}: checks a configuration, and says what it would run. */
@Command(
        name = "validate",
        customSynopsis = "@|bold online-em validate|@ [OPTIONS] -c CONFIG",
        header = "Check a configuration file, and say what it would run.",
        description = {
            "",
            "Connects to nothing. If anything is wrong, all of it is told, each with its line and column, the value, what was"
                    + " expected and the remedy.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  online-em validate -c wind.yaml",
            "",
            "Exit codes: 0 if the configuration can be used, 2 if not."
        })
final class ValidateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOption config;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Configuration configuration = config.read();
        out.println(describe(configuration));
        out.flush();
        return 0;
    }

    static String describe(Configuration configuration) {
        Configuration.Output output = configuration.output();
        boolean shared = configuration.model().scope() == Scope.SHARED;
        StringBuilder text = new StringBuilder();
        configuration.preset().ifPresent(preset -> text.append("The preset ")
                .append(preset.label())
                .append(" stands for these settings, unless others are given:\n\n")
                .append(preset.settings().indent(2))
                .append('\n'));
        text.append("The application ").append(configuration.application());
        text.append(" reads ").append(configuration.input().topic());
        text.append(" at ").append(configuration.kafka().get("bootstrap.servers"));
        text.append(" and learns the model ").append(configuration.model().name());
        text.append(shared ? ", shared by all partitions: a " : ", one for each record key: a ");
        text.append(configuration.model().spec().describe()).append(". ");
        text.append(describe(configuration.input()));
        if (configuration.model().spec().build().memoryLength() > 0) {
            text.append(
                    describe(configuration.sequences(), configuration.learning().blocks()));
        }
        text.append(
                configuration.model().start().isPresent()
                        ? "It starts from the given parameters"
                        : "It starts from " + configuration.learning().starts() + " random starts on the first "
                                + configuration.learning().warmUp() + " records");
        text.append(" and learns from ")
                .append(configuration.learning().miniBatch())
                .append(" records at once");
        Duration flush = configuration.flushInterval();
        text.append(flush.isZero() ? "" : ", or from fewer after " + seconds(flush));
        text.append(", with ").append(describe(configuration.learning().stepSize()));
        text.append(
                configuration.learning().averageAfter() == Learning.NEVER
                        ? ""
                        : ", averaged after " + configuration.learning().averageAfter() + " records");
        text.append(configuration.learning().drift() == null ? "" : ", faster when the stream changes");
        text.append(
                configuration.learning().componentCare() == null ? "" : ", and moves components that explain nothing");
        text.append(". It writes posteriors (").append(output.content().label()).append(") to ");
        text.append(output.posteriorsTopic());
        output.smoothedTopic()
                .ifPresent(topic -> text.append(", smoothed ones to ").append(topic));
        configuration.anomalies().ifPresent(anomalies -> text.append(", alerts to ")
                .append(anomalies.alertsTopic()));
        text.append(", models to ").append(output.modelsTopic());
        output.history().ifPresent(history -> text.append(", all versions of them to ")
                .append(history.topic())
                .append(history.retention().isZero() ? "" : " for " + seconds(history.retention())));
        text.append(", dead letters to ").append(output.deadLettersTopic());
        text.append(output.createTopics() ? "; topics that are missing are created. " : "; all topics must exist. ");
        configuration.controlTopic().ifPresent(topic -> text.append("Commands come from ")
                .append(topic)
                .append(". "));
        text.append(configuration
                .http()
                .map(http -> "Metrics, health and models are served at "
                        + (http.tls().isPresent() ? "https" : "http") + "://" + http.host() + ":" + http.port()
                        + (http.token().isPresent() ? ", to those with the token. " : ". "))
                .orElse("Nothing is served over HTTP. "));
        Map<String, String> properties = new TreeMap<>(Secrets.redact(configuration.kafka()));
        properties
                .keySet()
                .removeIf(property -> property.equals("application.id") || property.equals("bootstrap.servers"));
        text.append("Kafka properties: ").append(properties).append('.');
        return text.toString();
    }

    private static String describe(Configuration.Input input) {
        List<String> missing = input.fields().stream()
                .filter(InputField::missingAllowed)
                .map(InputField::path)
                .toList();
        return (missing.isEmpty() ? "" : String.join(", ", missing) + " may be missing. ")
                + input.weight()
                        .map(weight -> "A record weighs what " + weight + " says. ")
                        .orElse("");
    }

    private static String describe(Configuration.Sequencing sequences, Blocks blocks) {
        return "The records of a "
                + sequences.field().map(field -> "value of " + field).orElse("key")
                + " are a sequence"
                + (sequences.gap().isZero() ? "" : ", which begins anew after a gap of " + seconds(sequences.gap()))
                + (sequences.expireAfter().isZero()
                        ? ""
                        : sequences.gap().isZero()
                                ? ", which ends after " + seconds(sequences.expireAfter()) + " of silence"
                                : " and ends after " + seconds(sequences.expireAfter()) + " of silence")
                + "; it is learned from in blocks of " + blocks.length() + " with a look-ahead of " + blocks.lookAhead()
                + ". ";
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static String describe(StepSize stepSize) {
        if (stepSize instanceof StepSize.Constant constant) {
            return "the constant step size " + constant.step();
        }
        if (stepSize instanceof StepSize.HalfLife halfLife) {
            return "a half-life of " + halfLife.observations() + " records";
        }
        StepSize.PowerDecay decay = (StepSize.PowerDecay) stepSize;
        String base = decay.offset() == 0 ? "n" : "(n + " + decay.offset() + ")";
        return "step size " + base + "^-" + decay.exponent();
    }
}
