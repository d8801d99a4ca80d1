package io.onlineem.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonToken;

/**
 * {@link Command}s as JSON: the value of the control topic, whose key is the name of the model.
 *
 * <table>
 * <caption>Properties</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>id</td><td>chosen by the sender, 1 to 100 visible ASCII characters</td></tr>
 * <tr><td>command</td><td>the verb, such as "pause"</td></tr>
 * <tr><td>others</td><td>arguments of the verb</td></tr>
 * </table>
 *
 * <p>Stateless; thread-safe.
 */
public final class CommandJson {

    private static final String WHAT = "command";
    private static final String ID = "id";
    private static final String COMMAND = "command";

    private CommandJson() {}

    /** The id in what is perhaps no command; empty if there is none. */
    public static Optional<String> idOf(byte[] json) {
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Json.readOnly(json, WHAT, ID, parser -> Json.text(parser, ID)))
                    .filter(Command::isId);
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    /** The JSON of a command, in UTF-8. */
    public static byte[] write(Command command) {
        return Json.writeObject(generator -> {
            generator.writeStringProperty(ID, command.id());
            generator.writeStringProperty(COMMAND, command.verb());
            new TreeMap<>(command.arguments()).forEach((name, json) -> {
                generator.writeName(name);
                Json.writeCopy(generator, json);
            });
        });
    }

    /**
     * The command.
     *
     * @throws CodecException if the JSON is malformed, or lacks an id or a verb
     */
    public static Command read(byte[] json) {
        return Json.readObject(json, WHAT, parser -> {
            String id = null;
            String verb = null;
            Map<String, byte[]> arguments = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case ID -> id = Json.text(parser, name);
                    case COMMAND -> verb = Json.text(parser, name);
                    default -> arguments.put(name, Json.copy(parser));
                }
            }
            if (id == null || !Command.isId(id)) {
                throw new CodecException("'" + ID + "' is " + (id == null ? "missing" : "\"" + id + "\"")
                        + "; expected 1 to 100 visible ASCII characters, different for every command");
            }
            if (verb == null) {
                throw new CodecException(
                        "'" + COMMAND + "' is missing; expected what is to be done, such as \"pause\"");
            }
            return new Command(id, verb, arguments);
        });
    }
}
