package io.onlineem.it;

import io.onlineem.app.Application;
import java.nio.file.Path;
import java.time.Duration;

/** An application in this process. */
final class RunningApplication implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Application application;

    private RunningApplication(Application application) {
        this.application = application;
    }

    /** Starts an application and waits until it processes records. */
    static RunningApplication start(TestApplication settings, Path stateDirectory) {
        RunningApplication running = new RunningApplication(Application.start(settings.configuration(stateDirectory)));
        try {
            if (!running.application.awaitRunning(START_LIMIT)) {
                running.close();
                throw new AssertionError("not running within " + START_LIMIT + ": " + running.application.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return running;
    }

    /** Fails unless records are processed. */
    void requireAlive() {
        if (!application.state().isRunningOrRebalancing()) {
            throw new AssertionError("the application is " + application.state());
        }
    }

    /** Leaves the group and stops. */
    void leave() {
        application.close();
    }

    @Override
    public void close() {
        application.close();
    }
}
