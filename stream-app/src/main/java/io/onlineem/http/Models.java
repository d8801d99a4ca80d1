package io.onlineem.http;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The models that are served. Called by several threads. */
public interface Models {

    /**
     * Summaries of models, in a fixed order.
     *
     * @param limit how many at most
     * @throws NotAvailableException if models cannot be read now, but will be later
     */
    List<Summary> list(int limit);

    /**
     * A model as in the models topic; empty if there is none of that name.
     *
     * @throws NotAvailableException if models cannot be read now, but will be later
     */
    Optional<byte[]> json(String id);

    /**
     * Scores records with the newest parameters of a model, and learns nothing from them.
     *
     * @param body JSON of a record, or an array of records, which is a sequence from its beginning
     * @return JSON of the posterior, or an array of them; empty if there is no model of that name
     * @throws RefusedException if the body is not valid
     * @throws NotAvailableException if models cannot be read now, but will be later
     */
    default Optional<byte[]> score(String id, byte[] body) {
        return Optional.empty();
    }

    /**
     * Since when a model does not learn because of a command, in milliseconds since the epoch; 0 if that is not known; empty if it
     * learns, or if there is none of that name.
     *
     * @throws NotAvailableException if models cannot be read now, but will be later
     */
    default OptionalLong pausedSince(String id) {
        return OptionalLong.empty();
    }

    /**
     * A line of the list.
     *
     * @param id name of the model
     * @param version version of its parameters
     * @param observations observations counted
     * @param meanLogLikelihood mean log-likelihood per record, natural logarithm; {@code NaN} if not yet known
     */
    record Summary(String id, long version, long observations, double meanLogLikelihood) {}

    /** Models cannot be read now, but will be later: 503 rather than 404 or 500. */
    final class NotAvailableException extends RuntimeException {

        private static final long serialVersionUID = 1;

        /** Why, for the client. */
        public NotAvailableException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** Records that are not scored. */
    final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final Kind kind;
        private final String reason;
        private final transient OptionalInt record;

        /** What kind of fault it is, by which the status of the answer is chosen. */
        public enum Kind {
            /** It cannot be read. */
            MALFORMED,
            /** It can be read, but is no observation of this model. */
            INVALID,
            /** There is too much of it. */
            TOO_LARGE
        }

        /**
         * Why, for the client.
         *
         * @param reason the label that the dead letter of such a record would have
         * @param record which record of an array, counted from 0
         */
        public RefusedException(Kind kind, String reason, String message, OptionalInt record) {
            super(message);
            this.kind = kind;
            this.reason = reason;
            this.record = record;
        }

        Kind kind() {
            return kind;
        }

        String reason() {
            return reason;
        }

        OptionalInt record() {
            return record;
        }
    }
}
