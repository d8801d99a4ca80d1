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
import java.util.function.BooleanSupplier;

/**
 * The demonstration: a Kafka broker in this process, the whole application on it, eighteen years of wind sent through,
 * and an account of what was learned, made from what can be read in the output topics. Leaves nothing behind.
 */
public final class Demo {

    /** Key of all records: there is one model. */
    static final String KEY = "ireland";

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
                Watch watch = new Watch(application, stopped);
                watch.awaitRunning();
                application.url().ifPresent(printer::watch);
                if (learn(watch, configuration, spec.build(), printer) && options.keepRunning()) {
                    printer.stillRunning(broker.bootstrapServers(), configuration, application.url());
                    watch.keepSending(() -> replay(configuration));
                }
            }
        }
    }

    /** Whether it came to its end. */
    private <P extends Parameters> boolean learn(
            Watch watch, Configuration configuration, Model<P> model, DemoPrinter printer) throws InterruptedException {
        try (Results<P> results = new Results<>(configuration, new ModelJson<>(spec, model));
                Replay replay = replay(configuration)) {
            long begin = System.nanoTime();
            readAll(watch, replay, results);
            double seconds = (System.nanoTime() - begin) / 1e9;
            readNewestModel(configuration, watch, results);
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

    private Replay replay(Configuration configuration) {
        return Replay.start(
                data.items(KEY),
                configuration.kafka().get("bootstrap.servers"),
                configuration.input().topic(),
                options.rate());
    }

    private void readAll(Watch watch, Replay replay, Results<?> results) throws InterruptedException {
        Progress progress = new Progress(out, terminal, "days", data.days());
        while (results.items().size() < data.days() && !watch.isStopped()) {
            watch.poll(results);
            replay.check();
            progress.update(results);
        }
        progress.finish(results);
    }

    /** Reads on until all full mini-batches have been learned from. */
    private void readNewestModel(Configuration configuration, Watch watch, Results<?> results) {
        int miniBatch = configuration.learning().miniBatch();
        while (!watch.isStopped()
                && (!results.hasNewestModel()
                        || results.newest() == null
                        || results.newest().observations() + miniBatch <= data.days())) {
            watch.poll(results);
        }
    }
}
