package io.onlineem.demo;

import io.onlineem.app.Application;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.FitJson;
import io.onlineem.codec.ModelJson;
import io.onlineem.config.Configuration;
import io.onlineem.em.Model;
import io.onlineem.em.Parameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The demonstration: a Kafka broker in this process, the whole application on it, eighteen years of wind sent through,
 * and an account of what was learned, made from what can be read in the output topics. Leaves nothing behind.
 */
public final class Demo {

    /** Key of all records: there is one model. */
    static final String KEY = "ireland";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(60);

    private final DemoOptions options;
    private final PrintWriter out;
    private final boolean terminal;
    private final BooleanSupplier stopped;
    private final ModelSpec spec;
    private final WindData data = WindData.load();

    /**
     * A demonstration.
     *
     * @param out gets the account
     * @param terminal whether that is a terminal, on which a line can be written over
     * @param stopped whether the demonstration is asked to end early; asked several times a second
     * @throws IllegalArgumentException if the start is not one of the model
     */
    public Demo(DemoOptions options, PrintWriter out, boolean terminal, BooleanSupplier stopped) {
        this.options = options;
        this.out = out;
        this.terminal = terminal;
        this.stopped = stopped;
        this.spec = DemoConfiguration.model(options);
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException if the application fails or nothing comes out of it any more
     */
    public void run() throws IOException, InterruptedException {
        try (TemporaryFolder folder = new TemporaryFolder("online-em-demo-");
                EmbeddedBroker broker = EmbeddedBroker.builder()
                        .logDirectory(Files.createDirectory(folder.path().resolve("broker")))
                        .start()) {
            Configuration configuration = DemoConfiguration.of(options, broker.bootstrapServers(), folder.path());
            DemoPrinter printer = new DemoPrinter(out, options, data);
            printer.introduction(broker.bootstrapServers(), configuration);
            try (Application application = Application.start(configuration)) {
                awaitRunning(application);
                if (learn(application, configuration, spec.build(), printer) && options.keepRunning()) {
                    printer.stillRunning(broker.bootstrapServers(), configuration, application.url());
                    keepRunning(application);
                }
            }
        }
    }

    private void awaitRunning(Application application) throws InterruptedException {
        long begin = System.nanoTime();
        while (!application.awaitRunning(POLL) && !stopped.getAsBoolean()) {
            check(application);
            if (System.nanoTime() - begin > START_TIMEOUT.toNanos()) {
                throw new IllegalStateException("the application is " + application.state() + " after "
                        + START_TIMEOUT.toSeconds() + " seconds; expected RUNNING");
            }
        }
    }

    /** Whether it came to its end. */
    private <P extends Parameters> boolean learn(
            Application application, Configuration configuration, Model<P> model, DemoPrinter printer)
            throws InterruptedException {
        String bootstrapServers = configuration.kafka().get("bootstrap.servers");
        try (Results<P> results =
                        new Results<>(bootstrapServers, configuration.output(), new ModelJson<>(spec, model));
                Replay replay = Replay.start(
                        data, bootstrapServers, configuration.input().topic(), KEY, options.rate())) {
            long begin = System.nanoTime();
            readAll(application, replay, results);
            double seconds = (System.nanoTime() - begin) / 1e9;
            readNewestModel(configuration, application, results);
            if (stopped.getAsBoolean()) {
                return false;
            }
            printer.kinds(results.newest());
            printer.leastLikely(results);
            printer.comparison(Comparison.of(
                    model,
                    configuration.learning(),
                    options.start().map(json -> FitJson.readStart(json, model)).orElse(null),
                    data.speeds(),
                    results.warmingUp(),
                    results.meanLogLikelihood()));
            printer.speed(data.days(), seconds);
            printer.next();
            return true;
        }
    }

    private void readAll(Application application, Replay replay, Results<?> results) throws InterruptedException {
        Progress progress = new Progress(out, terminal, data.days());
        long heardAt = System.nanoTime();
        while (results.days().size() < data.days() && !stopped.getAsBoolean()) {
            if (results.poll(POLL)) {
                heardAt = System.nanoTime();
            }
            replay.check();
            checkSilence(application, heardAt, results);
            progress.update(results);
        }
        progress.finish(results);
    }

    /** Reads on until all full mini-batches have been learned from. */
    private void readNewestModel(Configuration configuration, Application application, Results<?> results)
            throws InterruptedException {
        int miniBatch = configuration.learning().miniBatch();
        long heardAt = System.nanoTime();
        while (!stopped.getAsBoolean()
                && (!results.hasNewestModel()
                        || results.newest() == null
                        || results.newest().observations() + miniBatch <= data.days())) {
            if (results.poll(POLL)) {
                heardAt = System.nanoTime();
            }
            checkSilence(application, heardAt, results);
        }
    }

    private void keepRunning(Application application) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            check(application);
            Thread.sleep(POLL.toMillis());
        }
    }

    private static void checkSilence(Application application, long heardAt, Results<?> results) {
        check(application);
        if (System.nanoTime() - heardAt > SILENCE_TIMEOUT.toNanos()) {
            throw new IllegalStateException("nothing has come out of the application for " + SILENCE_TIMEOUT.toSeconds()
                    + " seconds, after " + results.days().size() + " days");
        }
    }

    private static void check(Application application) {
        if (application.state().isShuttingDown() || application.state().hasCompletedShutdown()) {
            throw new IllegalStateException(
                    "the application has stopped: it is " + application.state() + "; the log above says why");
        }
    }
}
