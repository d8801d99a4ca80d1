package io.onlineem.http;

import java.util.List;
import java.util.Optional;

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
}
