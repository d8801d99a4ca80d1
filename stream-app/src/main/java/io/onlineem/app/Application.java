package io.onlineem.app;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onlineem.config.Configuration;
import io.onlineem.http.Access;
import io.onlineem.http.Health;
import io.onlineem.http.HttpApi;
import io.onlineem.http.Models;
import io.onlineem.metrics.MicrometerModelMetrics;
import io.onlineem.metrics.StreamsMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The running application of a configuration. Whoever starts it closes it; closing finishes the records at hand, commits
 * and leaves the group.
 */
public final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** Failures of stream threads after which restarting them is not going to help. */
    private static final int MOST_FAILURES = 5;

    /** Time without a failure after which earlier ones do not count. */
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);

    /** Leaving at once lets the other instances take over, and a restart begin, without waiting for a session timeout. */
    private static final CloseOptions LEAVE_GROUP =
            CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);

    private final KafkaStreams streams;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Models models;

    /** Null without an HTTP server. */
    private final LivePage page;

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private int failures;
    private long newestFailure;

    private final String model;
    private String url;

    private Application(Configuration configuration) {
        model = configuration.model().name();
        registry.config().commonTags("application", configuration.application());
        MicrometerModelMetrics metrics = new MicrometerModelMetrics(
                registry,
                ApplicationTopology.model(configuration),
                configuration.model().scope());
        page = configuration.http().isPresent() ? new LivePage(configuration, metrics) : null;
        streams = new KafkaStreams(
                ApplicationTopology.build(configuration, metrics), StreamsProperties.of(configuration));
        models = new ViewedModels(
                ApplicationTopology.view(configuration, streams),
                ApplicationTopology.scorer(configuration, streams),
                configuration.model().spec().features());
        resources.push(registry::close);
        resources.push(metrics);
        JvmGcMetrics collections = new JvmGcMetrics();
        resources.push(collections);
        for (MeterBinder binder :
                List.of(collections, new JvmMemoryMetrics(), new ProcessorMetrics(), new UptimeMetrics())) {
            binder.bindTo(registry);
        }
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
    public static Application start(Configuration given) {
        Configuration configuration;
        try (Admin admin = Admin.create(adminProperties(given))) {
            configuration = new TopicSetup(admin, given).ensure();
        } catch (KafkaException e) {
            throw new StartException(
                    "the connection to Kafka cannot be set up: " + rootMessage(e)
                            + "; check the properties under kafka",
                    e);
        }
        Application application = new Application(configuration);
        try {
            application.serve(configuration);
            application.streams.start();
        } catch (RuntimeException e) {
            application.close();
            throw e;
        }
        application.resources.push(StreamsMetrics.bind(application.streams, application.registry));
        return application;
    }

    /** As Kafka Streams makes them: prefixed ones apply, and references to config providers are resolved. */
    private static Map<String, Object> adminProperties(Configuration configuration) {
        return new StreamsConfig(StreamsProperties.of(configuration))
                .getAdminConfigs(configuration.application() + "-setup");
    }

    private void serve(Configuration configuration) {
        if (configuration.http().isEmpty()) {
            return;
        }
        Configuration.Http http = configuration.http().get();
        try {
            HttpApi api = HttpApi.start(
                    http.host(),
                    http.port(),
                    access(http),
                    new HttpApi.Ports(registry::scrape, this::live, this::ready, models, page.live()));
            page.start(streams, models);
            resources.push(page);
            resources.push(api);
            url = api.url();
            LOG.info("the live page, metrics, health and models are served at {}", url);
        } catch (IOException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static Access access(Configuration.Http http) throws IOException {
        if (http.tls().isEmpty()) {
            return new Access(Optional.empty(), http.token());
        }
        Configuration.Tls tls = http.tls().get();
        return new Access(Optional.of(Access.tls(tls.keystore(), tls.password())), http.token());
    }

    private Health live() {
        KafkaStreams.State state = state();
        boolean dead = state == KafkaStreams.State.ERROR || state.hasStartedOrFinishedShuttingDown();
        return dead ? Health.down("Kafka Streams is " + state) : Health.up("Kafka Streams is " + state);
    }

    private Health ready() {
        KafkaStreams.State state = state();
        return state == KafkaStreams.State.RUNNING
                ? Health.up("records are processed")
                : Health.down("Kafka Streams is " + state + "; records are processed when it is RUNNING");
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private StreamThreadExceptionResponse onFailure(Throwable error) {
        failure.set(error);
        MDC.put("model", model);
        Optional<TaskId> task = error instanceof StreamsException failed ? failed.taskId() : Optional.empty();
        task.ifPresent(id -> MDC.put("partition", Integer.toString(id.partition())));
        task.ifPresent(id -> MDC.put("task", id.toString()));
        try {
            return respond(error);
        } finally {
            List.of("model", "partition", "task").forEach(MDC::remove);
        }
    }

    private StreamThreadExceptionResponse respond(Throwable error) {
        int count = countFailure(System.nanoTime());
        if (count <= MOST_FAILURES && !(error instanceof Error)) {
            LOG.warn("a stream thread failed ({} of {} times) and is replaced", count, MOST_FAILURES, error);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("a stream thread failed; the application stops", error);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private synchronized int countFailure(long now) {
        if (now - newestFailure > FORGIVEN_AFTER.toNanos()) {
            failures = 0;
        }
        newestFailure = now;
        failures++;
        return failures;
    }

    /** Where metrics, health and models are served; empty if the configuration has no HTTP server. */
    public Optional<String> url() {
        return Optional.ofNullable(url);
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
        // also if the global thread failed, which Kafka Streams does not replace
        return state() == KafkaStreams.State.ERROR ? failure.get() : null;
    }

    @Override
    public void close() {
        long begin = System.nanoTime();
        LOG.info("stopping: the records at hand are finished and committed, and the group is left");
        if (!streams.close(LEAVE_GROUP)) {
            LOG.warn(
                    "not everything was closed within {}; what was not committed is done again at the next start",
                    CLOSE_TIMEOUT);
        }
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                LOG.warn("could not be closed", e);
            }
        }
        LOG.info(
                "stopped within {} ms",
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }
}
