package io.onlineem.http;

/**
 * Whether something is well, and why: a value, not an exception.
 *
 * @param up whether it is
 * @param reason one sentence for whoever looks; no secrets
 */
public record Health(boolean up, String reason) {

    /** Well. */
    public static Health up(String reason) {
        return new Health(true, reason);
    }

    /** Not well. */
    public static Health down(String reason) {
        return new Health(false, reason);
    }
}
