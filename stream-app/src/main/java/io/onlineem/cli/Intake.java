package io.onlineem.cli;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.config.InputField;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import io.onlineem.observation.Differences;
import io.onlineem.observation.InvalidObservationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes observations that a model takes of the records of a file: with differences, and only those without a problem. */
final class Intake {

    /** The key of all records where none is named: the file is one sequence. */
    private static final String WHOLE_FILE = "";

    private final RecordSource source;
    private final Model<?> model;
    private final List<String> features;
    private final Differences differences;
    private final String key;
    private final Map<String, double[]> previous = new HashMap<>();
    private final Observations raw = new Observations();
    private final Observations differenced = new Observations();

    /**
     * Observations of a source.
     *
     * @param key the field that holds the key along which differences are taken, or null
     */
    Intake(RecordSource source, List<InputField> fields, ModelSpec spec, Model<?> model, String key) {
        this.source = source;
        this.model = model;
        this.features = spec.features();
        this.differences = Differences.of(fields);
        this.key = key;
    }

    /**
     * Appends the observation of the source's record.
     *
     * @throws InvalidObservationException if there is none that the model takes
     */
    void read(Observations into) {
        raw.clear();
        source.read(raw);
        Observations read = raw;
        if (!differences.isEmpty()) {
            String sequence = key == null ? WHOLE_FILE : source.text(key);
            differenced.clear();
            differences.append(raw, 0, previous.get(sequence), differenced);
            previous.put(sequence, differences.raw(raw, 0));
            read = differenced;
        }
        Problem problem = model.problem(read, 0);
        if (problem != null) {
            throw InvalidObservationException.of(problem, features, read, 0);
        }
        into.add(read, 0);
    }
}
