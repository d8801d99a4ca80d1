package io.onlineem.cli;

/** Arguments that cannot be used; the message says which, what was expected and the remedy. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
