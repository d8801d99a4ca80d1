package io.onlineem.demo;

import io.onlineem.app.Application;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for an application without waiting for ever: notices when it stops, or falls silent. Not thread-safe. */
final class Watch {

    /** How long one look at the application takes. */
    static final Duration POLL = Duration.ofMillis(100);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(60);

    private final Application application;
    private final BooleanSupplier stopped;
    private long heardAt = System.nanoTime();

    /** @param stopped whether waiting is to end early */
    Watch(Application application, BooleanSupplier stopped) {
        this.application = application;
        this.stopped = stopped;
    }

    /** Whether the user has asked to end early. */
    boolean isStopped() {
        return stopped.getAsBoolean();
    }

    void awaitRunning() throws InterruptedException {
        long begin = System.nanoTime();
        while (!application.awaitRunning(POLL) && !isStopped()) {
            requireAlive();
            if (System.nanoTime() - begin > START_TIMEOUT.toNanos()) {
                throw new IllegalStateException("the application is " + application.state() + " after "
                        + START_TIMEOUT.toSeconds() + " seconds; expected RUNNING");
            }
        }
        heardAt = System.nanoTime();
    }

    /**
     * Sends round after round until asked to stop.
     *
     * @throws IllegalStateException if the application has stopped, or a round cannot be sent
     */
    void keepSending(Supplier<Replay> rounds) throws InterruptedException {
        while (!isStopped()) {
            try (Replay round = rounds.get()) {
                while (!isStopped() && !round.isFinished()) {
                    requireAlive();
                    LockSupport.parkNanos(POLL.toNanos());
                }
                round.check();
            }
        }
    }

    /**
     * Reads what has come out of the application.
     *
     * @throws IllegalStateException if the application has stopped, or nothing has come for a long time
     */
    void poll(Results<?> results) {
        if (results.poll(POLL)) {
            heardAt = System.nanoTime();
        }
        requireAlive();
        if (System.nanoTime() - heardAt > SILENCE_TIMEOUT.toNanos()) {
            throw new IllegalStateException("nothing has come out of the application for " + SILENCE_TIMEOUT.toSeconds()
                    + " seconds, after " + results.items().size() + " records");
        }
    }

    private void requireAlive() {
        if (application.state().isShuttingDown() || application.state().hasCompletedShutdown()) {
            throw new IllegalStateException(
                    "the application has stopped: it is " + application.state() + "; the log above says why");
        }
    }
}
