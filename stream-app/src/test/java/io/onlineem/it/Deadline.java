package io.onlineem.it;

import java.time.Duration;
import java.util.function.Supplier;

/** Ends waits for conditions that are never going to be met. */
final class Deadline {

    private final Duration duration;
    private final long end;

    private Deadline(Duration duration) {
        this.duration = duration;
        this.end = System.nanoTime() + duration.toNanos();
    }

    static Deadline in(Duration duration) {
        return new Deadline(duration);
    }

    /** Fails if it is over. */
    void require(Supplier<String> condition) {
        if (System.nanoTime() - end > 0) {
            throw new AssertionError("not within " + duration + ": " + condition.get());
        }
    }
}
