package io.onlineem.store;

/** Models cannot be read now, but will be later: the topology starts, rebalances or stops. The message says which. */
public final class ModelsUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ModelsUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
