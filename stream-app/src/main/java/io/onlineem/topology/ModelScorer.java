package io.onlineem.topology;

import io.onlineem.codec.ModelJson;
import io.onlineem.em.EStep;
import io.onlineem.em.ModelState;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;
import io.onlineem.observation.Differences;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.ObservationReader;
import io.onlineem.observation.ScoredRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Scores records that are no part of the stream, with the newest parameters of a running topology: nothing is learned from
 * them. Several records are a sequence from its beginning, or several where the reader names them; the sequences of the stream
 * are neither looked at nor changed. Differences are taken along them too.
 *
 * <p>Thread-safe.
 *
 * @param <P> the parameters
 * @param <V> values of records
 */
public final class ModelScorer<P extends Parameters, V> {

    private final StreamModel<P> streamModel;
    private final Differences differences;
    private final Supplier<? extends ObservationReader<V>> readers;
    private final Function<String, Optional<byte[]>> models;
    private final boolean shared;
    private final ModelJson<P> json;

    /** Of the model that was asked for last: decoding parameters costs more than scoring a record. */
    private volatile Decoded<P> newest;

    /** @param models JSON of the newest parameters, by name of the model */
    ModelScorer(
            StreamModel<P> streamModel,
            Differences differences,
            Supplier<? extends ObservationReader<V>> readers,
            Function<String, Optional<byte[]>> models,
            boolean shared) {
        this.streamModel = streamModel;
        this.differences = differences;
        this.readers = readers;
        this.models = models;
        this.shared = shared;
        this.json = streamModel.modelJson();
    }

    /** Parameters, and the JSON that they were read from; null if they are those to start from. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    private record Decoded<P>(byte[] json, long version, P parameters) {}

    /** What is carried from one record of a sequence to the next. */
    private static final class Carried {
        private final double[] memory;
        private double[] previous;

        Carried(int memoryLength) {
            this.memory = new double[memoryLength];
        }
    }

    /** A record that is not valid, among others. */
    public static final class InvalidRecordException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final int index;
        private final InvalidObservationException invalid;

        InvalidRecordException(int index, InvalidObservationException invalid) {
            super(invalid.getMessage(), invalid);
            this.index = index;
            this.invalid = invalid;
        }

        /** Which record, counted from 0. */
        public int index() {
            return index;
        }

        /** What is wrong with it. */
        public InvalidObservationException invalid() {
            return invalid;
        }
    }

    /**
     * The records, scored.
     *
     * @param model name of the model, as in the models topic
     * @param values the records, of one sequence in its order
     * @return empty if there is no such model here, or it still warms up
     * @throws InvalidRecordException if one of them is not valid; says which
     * @throws io.onlineem.store.ModelsUnavailableException while models cannot be read
     */
    public Optional<List<ScoredRecord>> score(String model, List<V> values) {
        return decoded(model).map(parameters -> score(model, parameters, values));
    }

    private Optional<Decoded<P>> decoded(String model) {
        Optional<byte[]> stored = models.apply(model);
        if (stored.isEmpty()) {
            // of keys that have no model here another instance may have one
            ModelState<P> start = shared && model.equals(streamModel.name()) ? streamModel.initialState() : null;
            return Optional.ofNullable(start).map(state -> new Decoded<>(null, state.version(), state.published()));
        }
        Decoded<P> known = newest;
        if (known != null && Arrays.equals(known.json(), stored.get())) {
            return Optional.of(known);
        }
        var published = json.read(stored.get());
        Decoded<P> decoded = new Decoded<>(stored.get(), published.version(), published.parameters());
        newest = decoded;
        return Optional.of(decoded);
    }

    private List<ScoredRecord> score(String model, Decoded<P> decoded, List<V> values) {
        EStep scoring = streamModel.model().eStep(decoded.parameters());
        ObservationReader<V> reader = readers.get();
        ObservationChecks checks = new ObservationChecks(streamModel);
        int memoryLength = streamModel.model().memoryLength();
        Map<String, Carried> sequences = new HashMap<>();
        Observations read = new Observations();
        Observations differenced = new Observations();
        List<ScoredRecord> scored = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            read.clear();
            differenced.clear();
            try {
                reader.read(values.get(i), read);
                checks.requireOne(read);
                Carried carried = sequences.computeIfAbsent(
                        Optional.ofNullable(reader.sequence()).orElse(""), name -> new Carried(memoryLength));
                Observations observation = read;
                if (!differences.isEmpty()) {
                    differences.append(read, 0, carried.previous, differenced);
                    carried.previous = differences.raw(read, 0);
                    observation = differenced;
                }
                checks.requireValid(observation);
                scored.add(new ScoredRecord(model, decoded.version(), scoring.score(observation, 0, carried.memory)));
            } catch (InvalidObservationException e) {
                throw new InvalidRecordException(i, e);
            }
        }
        return scored;
    }
}
