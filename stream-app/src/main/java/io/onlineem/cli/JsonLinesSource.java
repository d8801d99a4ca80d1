package io.onlineem.cli;

import io.onlineem.config.FieldModel;
import io.onlineem.config.InputField;
import io.onlineem.em.Observations;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.InvalidObservationException.Reason;
import io.onlineem.observation.JsonObservationReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Records of a file with one JSON object on each line, read exactly as the records of a topic. */
final class JsonLinesSource implements RecordSource {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final InputStream in;
    private final int maxBytes;
    private final byte[] chunk = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private byte[] current;
    private long lines;
    private JsonObservationReader reader;

    /**
     * Opens a file.
     *
     * @param maxBytes largest record that is valid
     */
    JsonLinesSource(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    @Override
    public void select(List<InputField> fields, Optional<String> weight) {
        ModelOptions.explain(() -> {
            fields.forEach(field -> FieldModel.requirePath(field.path()));
            weight.ifPresent(FieldModel::requirePath);
            return null;
        });
        reader = new JsonObservationReader(fields, weight, Optional.empty(), maxBytes);
    }

    @Override
    public boolean next() throws IOException {
        do {
            if (!readLine()) {
                return false;
            }
        } while (isBlank(current));
        return true;
    }

    private boolean readLine() throws IOException {
        line.reset();
        while (true) {
            if (position == limit) {
                limit = in.read(chunk);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return line.size() > 0 && endLine();
                }
            }
            int from = position;
            while (position < limit && chunk[position] != '\n') {
                position++;
            }
            line.write(chunk, from, position - from);
            if (position < limit) {
                position++;
                return endLine();
            }
        }
    }

    private boolean endLine() {
        lines++;
        current = line.toByteArray();
        return true;
    }

    private static boolean isBlank(byte[] text) {
        for (byte character : text) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public long line() {
        return lines;
    }

    @Override
    public void read(Observations into) {
        reader.read(current, into);
    }

    @Override
    public String text(String field) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), current)) {
            parser.nextToken();
            String[] path = field.split("\\.", -1);
            for (int depth = 0; depth < path.length; depth++) {
                if (!find(parser, path[depth])) {
                    throw missing(field);
                }
            }
            JsonToken token = parser.currentToken();
            if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
                throw missing(field);
            }
            return parser.getString();
        } catch (JacksonException e) {
            throw new InvalidObservationException(
                    Reason.NOT_JSON, "the value is not a JSON object: " + e.getOriginalMessage());
        }
    }

    /** Moves into the object at which the parser stands, to the value of that name. */
    private static boolean find(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static InvalidObservationException missing(String field) {
        return new InvalidObservationException(
                Reason.ABSENT_KEY, "the field '" + field + "' is missing; expected a text or a number");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
