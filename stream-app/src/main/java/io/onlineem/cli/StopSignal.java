package io.onlineem.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM for a command that runs until it is stopped: tells the command, and holds the JVM's exit back until
 * the command has closed what it had opened. Stopped so, a command has done what it was asked to: the exit code is 0, not
 * the JVM's 143.
 */
final class StopSignal implements AutoCloseable {

    /** A stop that hangs must not need a SIGKILL. */
    private static final long PATIENCE_SECONDS = 30;

    private final Runnable whenAsked;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    StopSignal() {
        this(() -> {});
    }

    /** What to do when asked, on a thread of its own. */
    StopSignal(Runnable whenAsked) {
        this.whenAsked = whenAsked;
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "stop-signal"));
    }

    private void onShutdown() {
        if (closed.getCount() == 0) {
            return;
        }
        asked.countDown();
        try {
            whenAsked.run();
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("online-em: not everything was closed within " + PATIENCE_SECONDS + " seconds");
                return;
            }
            Runtime.getRuntime().halt(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the command is asked to stop. */
    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits until the command is asked to stop. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** Lets the JVM exit. Has to be closed last, hence opened first. */
    @Override
    public void close() {
        closed.countDown();
    }
}
