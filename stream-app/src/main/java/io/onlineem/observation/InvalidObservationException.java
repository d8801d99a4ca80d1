package io.onlineem.observation;

import io.onlineem.em.Observations;
import io.onlineem.em.Problem;
import java.util.List;
import java.util.Locale;

/** A value that holds no valid observation. Expected in every stream, hence without a stack trace. */
public final class InvalidObservationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** The reason and what exactly was wrong: which field, its value, what was expected. */
    public InvalidObservationException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /**
     * What a model refuses.
     *
     * @param features names of the numbers of a record, in order
     */
    public static InvalidObservationException of(
            Problem problem, List<String> features, Observations records, int index) {
        if (problem.position() >= features.size()) {
            return ofDocument(problem, records, index);
        }
        double value = records.value(index, problem.position());
        String text = records.categories().get(value);
        return new InvalidObservationException(
                Reason.OUT_OF_DOMAIN,
                "the field '" + features.get(problem.position()) + "' is " + (text == null ? value : "'" + text + "'")
                        + "; expected " + problem.expected());
    }

    /** What a model refuses of a document, whose numbers have no names. */
    private static InvalidObservationException ofDocument(Problem problem, Observations records, int index) {
        int position = problem.position();
        double value = records.value(index, position);
        String word = position == 0 ? null : records.categories().get(records.value(index, position - 1));
        return new InvalidObservationException(
                Reason.OUT_OF_DOMAIN,
                (word == null ? "number " + position + " of the document" : "the count of the word '" + word + "'")
                        + " is " + value + "; expected " + problem.expected());
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Why a value was rejected: a small closed set, by which rejections are counted. */
    public enum Reason {
        /** The record has no value. */
        ABSENT_VALUE,
        /** The record has no key, which names the model in the scope per-key. */
        ABSENT_KEY,
        /** The value, or key and headers, are larger than allowed. */
        TOO_LARGE,
        /** The value is not a JSON object. */
        NOT_JSON,
        /** A field of the observation is not there, or null. */
        MISSING_FIELD,
        /** A field of the observation is text, a flag, a list or an object. */
        NOT_A_NUMBER,
        /** A number is NaN, infinite or beyond {@link ObservationReader#LARGEST}. */
        NOT_FINITE,
        /** A value is none that the model or a transform takes, such as half a count. */
        OUT_OF_DOMAIN,
        /** The field that weighs a record holds no positive, finite number. */
        INVALID_WEIGHT;

        /** The label in headers and metrics, like {@code missing-field}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
