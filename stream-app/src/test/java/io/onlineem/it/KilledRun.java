package io.onlineem.it;

import io.onlineem.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.utils.Utils;

/**
 * An application in a process of its own that is killed again and again while a workload flows. Records are produced only
 * so far ahead of those that were answered, so that the application is never killed when it has nothing to do.
 */
final class KilledRun implements AutoCloseable {

    private final TestApplication application;
    private final Path stateDirectory;
    private final Workload workload;
    private final Deadline deadline;
    private final Admin admin;
    private final Input input;
    private final Set<String> members = new HashSet<>();
    private ChildProcess process;
    private Outcome outcome;

    KilledRun(TestApplication application, Path stateDirectory, Workload workload, Deadline deadline) {
        this.application = application;
        this.stateDirectory = stateDirectory;
        this.workload = workload;
        this.deadline = deadline;
        this.admin = application.admin();
        this.input = application.produce(workload);
        start();
        awaitMember();
        this.outcome = new Outcome(application);
    }

    private void start() {
        process = ChildProcess.start(
                application.name(),
                Main.class,
                List.of("run", "-c", application.write(stateDirectory).toString()));
    }

    /** Lets records flow until so many were answered. */
    void flowUntil(int answered, int ahead) {
        while (outcome.answered() < answered) {
            process.requireAlive();
            deadline.require(() -> answered + " records answered, of which there are " + outcome.answered());
            input.sendUpTo(outcome.answered() + ahead);
            outcome.poll();
        }
    }

    /** SIGKILL to the application, then a new process. */
    void killAndRestart() {
        process.kill();
        start();
    }

    /** As {@link #killAndRestart()}, with an empty state directory. */
    void killAndRestartElsewhere() {
        process.kill();
        deleteStateDirectory();
        start();
    }

    private void deleteStateDirectory() {
        try {
            Utils.delete(stateDirectory.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the new process has joined the group: it is about to restore its state then. */
    void awaitMember() {
        while (!joined()) {
            process.requireAlive();
            deadline.require(() -> "a new member of the group " + application.name());
            if (outcome != null) {
                outcome.poll();
            }
        }
    }

    private boolean joined() {
        try {
            Set<String> now = new HashSet<>();
            admin
                    .describeConsumerGroups(List.of(application.name()))
                    .all()
                    .get()
                    .get(application.name())
                    .members()
                    .stream()
                    .map(MemberDescription::consumerId)
                    .forEach(now::add);
            return members.addAll(now);
        } catch (ExecutionException e) {
            // before the first member there is no group
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Lets the rest flow, and waits until all of it was answered, each record once. */
    void flowAll() {
        input.sendAll();
        flowUntil(workload.size(), workload.size());
        outcome.requireAnsweredOnce(workload);
    }

    /** Fails unless the application is running. */
    void requireAlive() {
        process.requireAlive();
    }

    /** Stops the application as it should be. */
    void stop() {
        process.stop();
    }

    /** Lets the rest flow, waits until all of it is counted, stops the application and requires exactly once. */
    Outcome finish() {
        input.sendAll();
        while (outcome.observations() < workload.counted()) {
            process.requireAlive();
            deadline.require(() -> "all " + workload.counted() + " valid records counted, of which "
                    + outcome.observations() + " are");
            outcome.pollAll();
        }
        process.stop();
        outcome.requireExactlyOnce(workload, deadline);
        return outcome;
    }

    @Override
    public void close() {
        process.close();
        input.close();
        admin.close();
        if (outcome != null) {
            outcome.close();
        }
    }
}
