package io.onlineem.topology;

import io.onlineem.anomaly.WatchOrders;
import io.onlineem.codec.Command;
import io.onlineem.codec.ControlState;
import io.onlineem.codec.FitJson;
import io.onlineem.codec.PublishedModel;
import io.onlineem.codec.StepSizeJson;
import io.onlineem.em.Model;
import io.onlineem.em.ModelState;
import io.onlineem.em.Parameters;
import io.onlineem.em.StepSize;
import io.onlineem.observation.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The kinds of commands, by name. A new one is one entry here.
 *
 * @param <P> the parameters of the model
 */
final class Verbs<P extends Parameters> {

    static final String PAUSE = "pause";
    static final String RESUME = "resume";
    static final String RESET = "reset";
    static final String STEP_SIZE = "step-size";
    static final String LOAD = "load";
    static final String ROLLBACK = "rollback";

    static final String MAINTENANCE = "maintenance";
    static final String END_MAINTENANCE = "end-maintenance";
    static final String FINE = "fine";

    static final String STEP_SIZE_ARGUMENT = "stepSize";
    static final String CONFIGURED = "configured";
    static final String DOCUMENT = "document";
    static final String WEIGHT = "weight";
    static final String VERSION = "version";
    static final String FROM = "from";
    static final String TO = "to";
    static final String STREAM = "stream";
    static final String ANNOUNCED = "announced";
    static final String INCIDENT = "incident";

    private final Map<String, Verb<P>> byName = new TreeMap<>();

    Verbs() {
        add(PAUSE, Set.of(), (command, before) -> before.with(before.control().withPaused(true)));
        add(RESUME, Set.of(), (command, before) -> before.with(before.control().withPaused(false)));
        add(
                RESET,
                Set.of(),
                (command, before) -> before.replacedBy(before.streamModel().initialState(before.engine())));
        add(STEP_SIZE, Set.of(STEP_SIZE_ARGUMENT), this::setStepSize);
        add(LOAD, Set.of(DOCUMENT, WEIGHT), this::load);
        add(ROLLBACK, Set.of(VERSION, DOCUMENT), this::rollBack);
        add(MAINTENANCE, Set.of(FROM, TO, STREAM), this::maintain);
        add(END_MAINTENANCE, Set.of(ANNOUNCED, STREAM), this::endMaintenance);
        add(FINE, Set.of(INCIDENT), this::fine);
    }

    private void add(String name, Set<String> arguments, BiFunction<Command, Controlled<P>, Controlled<P>> action) {
        byName.put(name, new Verb<>() {
            @Override
            public Set<String> arguments() {
                return arguments;
            }

            @Override
            public Controlled<P> apply(Command command, Controlled<P> before) {
                return action.apply(command, before);
            }
        });
    }

    /**
     * The verb of that name.
     *
     * @throws IllegalArgumentException if there is none; names them all
     */
    Verb<P> of(String name) {
        Verb<P> verb = byName.get(name);
        if (verb == null) {
            throw new IllegalArgumentException(
                    "'command' is \"" + name + "\"; expected one of " + String.join(", ", byName.keySet()));
        }
        return verb;
    }

    private Controlled<P> setStepSize(Command command, Controlled<P> before) {
        byte[] json = required(
                command, STEP_SIZE_ARGUMENT, "an object such as {\"exponent\": 0.7}, or \"" + CONFIGURED + "\"");
        boolean configured = new String(json, StandardCharsets.UTF_8).equals("\"" + CONFIGURED + "\"");
        StepSize step = configured ? null : StepSizeJson.read(json, STEP_SIZE_ARGUMENT);
        return before.with(before.control().withStepSize(step));
    }

    private Controlled<P> load(Command command, Controlled<P> before) {
        byte[] document = document(command);
        double weight = command.number(WEIGHT)
                .orElse((double) before.streamModel().learning().warmUp());
        if (!(weight >= 1)) {
            throw new IllegalArgumentException("'" + WEIGHT + "' is " + weight
                    + "; expected at least 1, the observations that the parameters stand for; leave it out for those of"
                    + " learning.warmUp");
        }
        StreamModel<P> streamModel = before.streamModel();
        P parameters = FitJson.readStart(document, streamModel.spec(), streamModel.model());
        return before.replacedBy(usable(before, before.engine().startFrom(parameters, weight)));
    }

    /** Refuses what can be read and cannot be gone on from: it would stop the stream when records come. */
    private static <P extends Parameters> ModelState<P> usable(Controlled<P> before, ModelState<P> state) {
        Model<P> model = before.streamModel().model();
        model.eStep(state.published());
        model.eStep(state.parameters());
        for (double number : state.statistics()) {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("'" + DOCUMENT + "' gives statistics that are not finite; expected"
                        + " parameters within the range of a double: give others");
            }
        }
        return state;
    }

    private Controlled<P> rollBack(Command command, Controlled<P> before) {
        byte[] document = document(command);
        long version = command.integer(VERSION).orElseThrow(() -> missing(VERSION, "the version to go back to"));
        PublishedModel<P> published = before.streamModel().modelJson().read(document);
        if (published.version() != version || !published.model().equals(before.name())) {
            throw new IllegalArgumentException(
                    "'" + DOCUMENT + "' is version " + published.version() + " of the model '"
                            + published.model() + "'; expected version " + version + " of '" + before.name()
                            + "': send the record of that version, or load the parameters instead");
        }
        if (before.state() == null || version > before.state().version()) {
            throw new IllegalArgumentException("'" + VERSION + "' is " + version + "; expected "
                    + (before.state() == null
                            ? "a model that does not warm up: load the parameters instead"
                            : "one that was published: the newest is "
                                    + before.state().version()));
        }
        ModelState<P> state = before.engine()
                .goOnFrom(published.learning(), published.parameters(), published.observations(), published.stepSize());
        return before.replacedBy(usable(before, state));
    }

    private Controlled<P> maintain(Command command, Controlled<P> before) {
        Watched watched = before.watched();
        watched.require();
        String stream =
                command.text(STREAM).map(name -> watched.stream(STREAM, name)).orElse(null);
        long to = time(command, TO).orElseThrow(() -> missing(TO, "the time when the maintenance is over"));
        long from = time(command, FROM).orElse(WatchOrders.AT_ONCE);
        if (from >= to) {
            throw new IllegalArgumentException("'" + TO + "' is " + Timestamps.format(to) + ", and '" + FROM + "' is "
                    + Timestamps.format(from) + "; expected an end after the beginning");
        }
        var window = new WatchOrders.Maintenance(command.id(), stream, from, to);
        ControlState control = before.control();
        return before.with(control.withOrders(control.orders().with(window, watched.time())));
    }

    private Controlled<P> endMaintenance(Command command, Controlled<P> before) {
        before.watched().require();
        Optional<String> announced = command.text(ANNOUNCED);
        Optional<String> stream = command.text(STREAM);
        ControlState control = before.control();
        WatchOrders rest = control.orders()
                .without(window -> announced.map(window.id()::equals).orElse(true)
                        && stream.map(name -> name.equals(window.stream())).orElse(true));
        if (rest.equals(control.orders())) {
            List<String> ids = control.orders().maintenance().stream()
                    .map(window -> window.id() + (window.stream() == null ? "" : " of " + window.stream()))
                    .toList();
            throw new IllegalArgumentException("there is no such maintenance; "
                    + (ids.isEmpty() ? "none is announced" : "announced are " + String.join(", ", ids)));
        }
        return before.with(control.withOrders(rest));
    }

    private Controlled<P> fine(Command command, Controlled<P> before) {
        Watched watched = before.watched();
        watched.require();
        String id = command.text(INCIDENT).orElseThrow(() -> missing(INCIDENT, "the id of one, as alerts tell it"));
        ControlState control = before.control();
        WatchOrders orders = control.orders();
        WatchOrders.Feedback feedback = WatchOrders.Feedback.of(orders.newestFeedback() + 1, id)
                .orElseThrow(() -> new IllegalArgumentException("'" + INCIDENT + "' is \"" + id
                        + "\"; expected the id of one, as alerts tell it, such as " + before.name() + "#12"));
        watched.stream(INCIDENT, feedback.stream());
        if (watched.incidents() != null) {
            watched.incidents().unknown(feedback).ifPresent(reason -> {
                throw new IllegalArgumentException("'" + INCIDENT + "' is \"" + id + "\"; " + reason);
            });
        }
        return before.with(control.withOrders(orders.with(feedback)));
    }

    /** Milliseconds since the epoch; empty if it is not given. */
    private static Optional<Long> time(Command command, String argument) {
        byte[] json = command.argument(argument).orElse(null);
        if (json == null) {
            return Optional.empty();
        }
        if (json[0] != '"') {
            return command.integer(argument);
        }
        String text = command.text(argument).orElseThrow();
        OptionalLong time = Timestamps.parse(text);
        return Optional.of(time.orElseThrow(() -> new IllegalArgumentException("'" + argument + "' is \"" + text
                + "\"; expected a time such as 2026-11-21T14:00:00Z, or a number, in" + " milliseconds since 1970")));
    }

    private static IllegalArgumentException missing(String argument, String expected) {
        return new IllegalArgumentException("'" + argument + "' is missing; expected " + expected);
    }

    private static byte[] document(Command command) {
        return required(command, DOCUMENT, "a model as the models topic holds it, or as fit prints it");
    }

    private static byte[] required(Command command, String argument, String expected) {
        return command.argument(argument).orElseThrow(() -> missing(argument, expected));
    }
}
