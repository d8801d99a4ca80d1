package io.onlineem.codec;

/** A stored or given value cannot be read, or not be written: truncated, corrupt, of another kind, version or model. */
public final class CodecException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** Says what, the value, what was expected and the remedy. */
    public CodecException(String message) {
        super(message);
    }

    /** The same with a cause. */
    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
