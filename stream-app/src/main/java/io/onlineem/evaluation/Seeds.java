package io.onlineem.evaluation;

import java.util.stream.LongStream;

/**
 * Seeds of generated series, two sets apart: whatever is chosen or tuned is chosen on the first, and what is reported comes
 * from the second.
 */
public final class Seeds {

    private Seeds() {}

    /** 1 to 100: to develop and tune with. */
    public static LongStream development() {
        return LongStream.rangeClosed(1, 100);
    }

    /** 1001 to 1100: to report from, never to tune with. */
    public static LongStream heldOut() {
        return LongStream.rangeClosed(1001, 1100);
    }
}
