package io.onlineem.app;

import io.onlineem.config.Configuration;
import io.onlineem.topology.ModelMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running application of a configuration. Whoever starts it closes it; closing finishes the records at hand, commits
 * and leaves the group.
 */
public final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** Failures of stream threads after which restarting them is not going to help. */
    private static final int MOST_FAILURES = 5;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);

    /** Leaving at once lets the other instances take over, and a restart begin, without waiting for a session timeout. */
    private static final CloseOptions LEAVE_GROUP =
            CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);

    private final KafkaStreams streams;
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Application(Configuration configuration) {
        streams = new KafkaStreams(
                ApplicationTopology.build(configuration, ModelMetrics.NONE), StreamsProperties.of(configuration));
        streams.setUncaughtExceptionHandler(this::onFailure);
        streams.setStateListener((now, before) -> {
            LOG.debug("{} -> {}", before, now);
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
            if (now.hasCompletedShutdown()) {
                stopped.countDown();
                running.countDown();
            }
        });
    }

    /**
     * Creates missing topics and starts.
     *
     * @throws StartException if the cluster does not answer, or a topic is missing and cannot be created
     */
    public static Application start(Configuration configuration) {
        Map<String, Object> adminProperties = new HashMap<>(configuration.kafka());
        adminProperties.keySet().removeIf(name -> !AdminClientConfig.configNames()
                .contains(name));
        try (Admin admin = Admin.create(adminProperties)) {
            new TopicSetup(admin, configuration).ensure();
        } catch (KafkaException e) {
            throw new StartException(
                    "the connection to Kafka cannot be set up: " + rootMessage(e)
                            + "; check the properties under kafka",
                    e);
        }
        Application application = new Application(configuration);
        application.streams.start();
        return application;
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private StreamThreadExceptionResponse onFailure(Throwable error) {
        int count = failures.incrementAndGet();
        if (count <= MOST_FAILURES && !(error instanceof Error)) {
            LOG.warn("a stream thread failed ({} of {} times) and is replaced", count, MOST_FAILURES, error);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("a stream thread failed; the application stops", error);
        failure.compareAndSet(null, error);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** The state of Kafka Streams. */
    public KafkaStreams.State state() {
        return streams.state();
    }

    /**
     * Waits until records are being processed.
     *
     * @return whether they are, before the time was over
     */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        return running.await(timeout.toMillis(), TimeUnit.MILLISECONDS) && state().isRunningOrRebalancing();
    }

    /**
     * Waits until the application has stopped, by {@link #close()} or by itself.
     *
     * @return why it stopped by itself, or null
     */
    public Throwable awaitStopped() throws InterruptedException {
        stopped.await();
        return failure.get();
    }

    @Override
    public void close() {
        if (!streams.close(LEAVE_GROUP)) {
            LOG.warn(
                    "not everything was closed within {}; what was not committed is done again at the next start",
                    CLOSE_TIMEOUT);
        }
    }
}
