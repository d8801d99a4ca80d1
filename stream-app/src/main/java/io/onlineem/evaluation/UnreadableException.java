package io.onlineem.evaluation;

/** A file of scores, labels or series is not what was expected; the message says of which file, and what was expected. */
public final class UnreadableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
        super(message);
    }

    UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
