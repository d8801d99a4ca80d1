package io.onlineem.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A command to a model, as it comes over the control topic. Immutable.
 *
 * @param id chosen by the sender, different for every command: a command that comes twice is applied once
 * @param verb what is to be done
 * @param arguments the other properties, each as JSON; not to be changed
 */
public record Command(String id, String verb, Map<String, byte[]> arguments) {

    /** What an id consists of. */
    private static final String ID = "[!-~]{1,100}";

    /** Takes a copy of the map. */
    public Command {
        arguments = Map.copyOf(arguments);
    }

    /** A command without arguments. */
    public static Command of(String id, String verb) {
        return new Command(id, verb, Map.of());
    }

    /** The same with one more argument, which is JSON. */
    public Command with(String name, byte[] json) {
        Map<String, byte[]> more = new LinkedHashMap<>(arguments);
        more.put(name, json);
        return new Command(id, verb, more);
    }

    /** The same with one more argument, which is a text. */
    public Command with(String name, String text) {
        return with(name, Json.writeText(text));
    }

    /** Whether an id may be one. */
    public static boolean isId(String id) {
        return id.matches(ID);
    }

    /**
     * Requires that no argument has another name than these.
     *
     * @throws CodecException if one has
     */
    public void requireOnly(Set<String> known) {
        for (String name : new TreeSet<>(arguments.keySet())) {
            if (!known.contains(name)) {
                throw new CodecException("'" + name + "' is no property of the command " + verb + "; expected "
                        + (known.isEmpty() ? "id and command only" : "id, command and of " + new TreeSet<>(known))
                        + ": correct the name, or leave it out");
            }
        }
    }

    /**
     * An argument that is a whole number; empty if it is not given.
     *
     * @throws CodecException if it is something else
     */
    public Optional<Long> integer(String name) {
        return argument(name)
                .map(json -> Json.readValue(json, "command " + verb, parser -> Json.integer(parser, name)));
    }

    /**
     * An argument that is a number; empty if it is not given.
     *
     * @throws CodecException if it is something else
     */
    public Optional<Double> number(String name) {
        return argument(name).map(json -> Json.readValue(json, "command " + verb, parser -> Json.number(parser, name)));
    }

    /**
     * An argument that is a text; empty if it is not given.
     *
     * @throws CodecException if it is something else
     */
    public Optional<String> text(String name) {
        return argument(name).map(json -> Json.readValue(json, "command " + verb, parser -> Json.text(parser, name)));
    }

    /** An argument as it was given, JSON; empty if it is not given. */
    public Optional<byte[]> argument(String name) {
        return Optional.ofNullable(arguments.get(name));
    }
}
