package io.onlineem.cli;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.app.ModelsClient;
import io.onlineem.catalog.Components;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.Acknowledgement;
import io.onlineem.codec.ModelJson;
import io.onlineem.codec.ModelSummary;
import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Configuration;
import io.onlineem.em.Fields;
import io.onlineem.em.Model;
import io.onlineem.em.Parameters;
import io.onlineem.em.StepSize;
import io.onlineem.observation.Timestamps;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Models and what was done to them, for people to read. */
final class ModelText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final String LIST = "%-32s %9s %14s %20s  %s";
    private static final String HISTORY = "%-19s %9s %14s %20s  %s";
    private static final int DIGITS = 6;

    private ModelText() {}

    static String listHeader() {
        return String.format(Locale.ROOT, LIST, "model", "version", "observations", "mean log-likelihood", "learning");
    }

    /**
     * A line of the list.
     *
     * @param summary null while it warms up anew
     * @param control the newest acknowledgement, or null
     */
    static String line(String name, ModelSummary summary, Acknowledgement control) {
        return String.format(
                        Locale.ROOT,
                        LIST,
                        name,
                        summary == null ? "-" : summary.version(),
                        summary == null ? "-" : summary.observations(),
                        summary == null ? "-" : number(summary.meanLogLikelihood()),
                        learning(summary != null, control))
                .stripTrailing();
    }

    private static String learning(boolean started, Acknowledgement control) {
        String state = control != null && control.paused() ? paused(control) : started ? "running" : "warming up";
        String step = control == null || control.stepSize() == null ? "" : ", step size " + step(control.stepSize());
        String skipped =
                control == null || control.skipped() == 0 ? "" : ", " + control.skipped() + " records not learned from";
        return state + step + skipped;
    }

    private static String paused(Acknowledgement control) {
        return control.pausedSince() == 0
                ? "paused"
                : "paused since " + time(Instant.ofEpochMilli(control.pausedSince()));
    }

    static String historyHeader() {
        return String.format(
                Locale.ROOT, HISTORY, "time (UTC)", "version", "observations", "mean log-likelihood", "command");
    }

    static String line(ModelsClient.Past past) {
        Acknowledgement acknowledgement = past.acknowledgement();
        if (acknowledgement == null) {
            ModelSummary summary = ModelJson.summary(past.model());
            return String.format(
                            Locale.ROOT,
                            HISTORY,
                            time(past.time()),
                            summary.version(),
                            summary.observations(),
                            number(summary.meanLogLikelihood()),
                            "")
                    .stripTrailing();
        }
        return String.format(
                Locale.ROOT,
                HISTORY,
                time(past.time()),
                acknowledgement.version(),
                acknowledgement.observations(),
                "",
                command(acknowledgement));
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String command(Acknowledgement acknowledgement) {
        String text = (acknowledgement.verb() == null ? "a command" : acknowledgement.verb()) + " "
                + acknowledgement.outcome().label();
        return acknowledgement.reason() == null ? text : text + ": " + acknowledgement.reason();
    }

    /** What became of a command. */
    static String told(Acknowledgement acknowledgement) {
        String beginning = acknowledgement.outcome() == Acknowledgement.Outcome.DUPLICATE
                ? acknowledgement.verb() + " was applied before, and not again"
                : acknowledgement.verb() + " applied";
        return beginning + " to " + acknowledgement.model() + ": version " + acknowledgement.version() + ", "
                + acknowledgement.observations() + " observations, learning "
                + (acknowledgement.paused() ? "paused" : "running")
                + (acknowledgement.stepSize() == null ? "" : ", step size " + step(acknowledgement.stepSize()))
                + ", " + acknowledgement.skipped() + " records not learned from (command " + acknowledgement.id() + ")";
    }

    private static String step(StepSize step) {
        if (step instanceof StepSize.Constant constant) {
            return "constant " + number(constant.step());
        }
        if (step instanceof StepSize.HalfLife halfLife) {
            return "half-life " + number(halfLife.observations());
        }
        StepSize.PowerDecay decay = (StepSize.PowerDecay) step;
        return (decay.offset() == 0 ? "n" : "(n + " + number(decay.offset()) + ")") + "^-" + number(decay.exponent());
    }

    private static String maintenance(WatchOrders.Maintenance window) {
        return "maintenance " + window.id() + (window.stream() == null ? "" : " of " + window.stream())
                + (window.from() == WatchOrders.AT_ONCE ? "" : " from " + Timestamps.format(window.from())) + " to "
                + Timestamps.format(window.to()) + " UTC\n";
    }

    /** A model in full, but for what has too many numbers to be read. */
    static String show(Configuration configuration, byte[] json, Acknowledgement control, WatchOrders orders) {
        PublishedModel<?> model = read(configuration, json);
        StringBuilder text = new StringBuilder();
        text.append(model.model())
                .append(": a ")
                .append(model.spec().describe())
                .append('\n');
        text.append("version ").append(model.version());
        text.append(", ").append(model.observations()).append(" observations");
        text.append(", step size ").append(number(model.stepSize()));
        text.append(", mean log-likelihood ")
                .append(number(model.meanLogLikelihood()))
                .append('\n');
        text.append("learning ").append(learning(true, control)).append('\n');
        if (orders != null) {
            orders.maintenance().forEach(window -> text.append(maintenance(window)));
        }
        Optional<Components> components = Components.of(model.spec(), model.parameters());
        if (components.isPresent()) {
            Components all = components.get();
            List<Integer> shown = Components.numericFeatures(model.spec());
            text.append(heading(model.spec(), shown));
            for (int k = 0; k < all.weights().length; k++) {
                text.append(String.format(Locale.ROOT, "%9d %12s", k, number(all.weights()[k])));
                for (int feature : shown) {
                    double deviation = all.deviations()[k][feature];
                    String value = number(all.means()[k][feature])
                            + (Double.isNaN(deviation) ? "" : " ± " + number(deviation));
                    text.append(String.format(Locale.ROOT, " %26s", value));
                }
                text.append('\n');
            }
        } else {
            text.append("parameters: ")
                    .append(String.join(", ", model.parameters().fields().names()))
                    .append("; 'online-em models export' writes them\n");
        }
        return text.toString();
    }

    private static String heading(ModelSpec spec, List<Integer> features) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%9s %12s", "component", "weight"));
        for (int feature : features) {
            text.append(String.format(Locale.ROOT, " %26s", spec.features().get(feature)));
        }
        return text.append('\n').toString();
    }

    /** How two versions differ. */
    static String diff(Configuration configuration, byte[] beforeJson, byte[] afterJson) {
        PublishedModel<?> before = read(configuration, beforeJson);
        PublishedModel<?> after = read(configuration, afterJson);
        StringBuilder text = new StringBuilder();
        text.append(after.model()).append(": version ").append(before.version());
        text.append(" to ").append(after.version()).append(", ");
        text.append(before.observations())
                .append(" to ")
                .append(after.observations())
                .append(" observations");
        text.append(", step size ").append(change(before.stepSize(), after.stepSize()));
        text.append(", mean log-likelihood ")
                .append(change(before.meanLogLikelihood(), after.meanLogLikelihood()))
                .append('\n');
        Optional<Components> from = Components.of(before.spec(), before.parameters());
        Optional<Components> to = Components.of(after.spec(), after.parameters());
        if (from.isPresent() && to.isPresent()) {
            text.append(diff(before.spec(), from.get(), to.get()));
        }
        text.append(
                largestChanges(before.parameters().fields(), after.parameters().fields()));
        return text.toString();
    }

    private static String diff(ModelSpec spec, Components from, Components to) {
        List<Integer> shown = Components.numericFeatures(spec);
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < from.weights().length; k++) {
            text.append("component ").append(k);
            text.append(": weight ")
                    .append(change(from.weights()[k], to.weights()[k]))
                    .append('\n');
            for (int feature : shown) {
                text.append("  ").append(spec.features().get(feature));
                text.append(": mean ").append(change(from.means()[k][feature], to.means()[k][feature]));
                if (!Double.isNaN(from.deviations()[k][feature])) {
                    text.append(", deviation ")
                            .append(change(from.deviations()[k][feature], to.deviations()[k][feature]));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String change(double from, double to) {
        String text = number(from) + " → " + number(to);
        double difference = to - from;
        return Double.isFinite(difference) && difference != 0
                ? text + " (" + (difference > 0 ? "+" : "") + number(difference) + ")"
                : text;
    }

    /** For every named value by how much any of its numbers has changed at most. */
    private static String largestChanges(Fields before, Fields after) {
        List<String> lines = new ArrayList<>();
        collect("", before, after, lines);
        return "largest changes: " + (lines.isEmpty() ? "none" : String.join(", ", lines)) + "\n";
    }

    private static void collect(String path, Fields before, Fields after, List<String> lines) {
        for (String name : after.names()) {
            Object from = before.get(name);
            Object to = after.get(name);
            if (from instanceof Fields nestedFrom && to instanceof Fields nestedTo) {
                collect(path + name + ".", nestedFrom, nestedTo, lines);
                continue;
            }
            List<Double> numbersFrom = numbers(from);
            List<Double> numbersTo = numbers(to);
            if (numbersFrom.size() != numbersTo.size()) {
                lines.add(path + name + " of another shape");
                continue;
            }
            double largest = 0;
            for (int i = 0; i < numbersTo.size(); i++) {
                largest = Math.max(largest, Math.abs(numbersTo.get(i) - numbersFrom.get(i)));
            }
            if (largest > 0) {
                lines.add(path + name + " " + number(largest));
            }
        }
    }

    private static List<Double> numbers(Object value) {
        List<Double> numbers = new ArrayList<>();
        addNumbers(value, numbers);
        return numbers;
    }

    private static void addNumbers(Object value, List<Double> into) {
        if (value instanceof Double number) {
            into.add(number);
        } else if (value instanceof double[] vector) {
            for (double number : vector) {
                into.add(number);
            }
        } else if (value instanceof Object[] array) {
            for (Object element : array) {
                addNumbers(element, into);
            }
        }
    }

    /** Six digits, and no more than there are. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        if (value == 0) {
            return "0";
        }
        double magnitude = Math.abs(value);
        if (magnitude >= 1e6 || magnitude < 1e-4) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        int decimals = Math.max(0, DIGITS - 1 - (int) Math.floor(Math.log10(magnitude)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    private static PublishedModel<?> read(Configuration configuration, byte[] json) {
        ModelSpec spec = configuration.model().spec();
        return read(spec, spec.build(), json);
    }

    private static <P extends Parameters> PublishedModel<P> read(ModelSpec spec, Model<P> model, byte[] json) {
        return new ModelJson<>(spec, model).read(json);
    }
}
