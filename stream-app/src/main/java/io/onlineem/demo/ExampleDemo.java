package io.onlineem.demo;

import io.onlineem.app.Application;
import io.onlineem.catalog.ModelSpec;
import io.onlineem.codec.ModelJson;
import io.onlineem.config.Configuration;
import io.onlineem.em.Model;
import io.onlineem.em.Parameters;
import io.onlineem.observation.ScoredRecord;
import io.onlineem.topic.LdaParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * An {@link Example} on a broker in this process: a generated stream through the configuration of
 * the example as it stands, and what came of it, judged by labels that the model never sees. Leaves nothing behind.
 */
public final class ExampleDemo {

    /** Records a second: parameters come back through topics, and shall be followed. */
    private static final double RATE = 3000;

    /** Records a second that go on to come at the end, for who watches. */
    private static final double CALM_RATE = 300;

    private final Example example;
    private final long seed;
    private final boolean keepRunning;
    private final List<ExampleRecord> records;
    private final PrintWriter out;
    private final boolean terminal;
    private final BooleanSupplier stopped;

    /**
     * A demonstration.
     *
     * @param seed of the generated stream
     * @param keepRunning whether everything is left running at the end, and the stream goes on
     * @param out gets the account
     * @param terminal whether that is a terminal, on which a line can be written over
     * @param stopped whether the demonstration is asked to end early; asked several times a second
     */
    public ExampleDemo(
            Example example,
            long seed,
            boolean keepRunning,
            PrintWriter out,
            boolean terminal,
            BooleanSupplier stopped) {
        this.example = example;
        this.seed = seed;
        this.keepRunning = keepRunning;
        this.records = example.generate(seed);
        this.out = out;
        this.terminal = terminal;
        this.stopped = stopped;
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
            Configuration configuration = DemoConfiguration.of(example, broker.bootstrapServers(), folder.path());
            introduction(configuration);
            try (Application application = Application.start(configuration)) {
                Watch watch = new Watch(application, stopped);
                watch.awaitRunning();
                if (keepRunning) {
                    application.url().ifPresent(url -> print("  watch it  %s/%n", url));
                }
                learn(watch, configuration, configuration.model().spec().build());
                if (keepRunning && !watch.isStopped()) {
                    goOn(watch, configuration, application.url());
                }
            }
        }
    }

    /** The stream goes on with the next seeds. */
    private void goOn(Watch watch, Configuration configuration, Optional<String> url) throws InterruptedException {
        print("");
        print("STILL RUNNING until Ctrl-C, and the stream goes on");
        url.ifPresent(http -> {
            print("  watch it at %s/", http);
            print("  curl %s/models", http);
        });
        AtomicLong round = new AtomicLong();
        watch.keepSending(() -> {
            List<ExampleRecord> more = example.generate(seed, round.incrementAndGet());
            return replay(more, 0, more.size(), configuration, CALM_RATE);
        });
    }

    private void introduction(Configuration configuration) {
        print("%,d records, generated: %s.", records.size(), example.title());
        print("");
        print("  settings  examples/%s", example.resource());
        ModelSpec spec = configuration.model().spec();
        if (spec.components() > 0) {
            print("  model     %s of %d", spec.type(), spec.components());
        } else {
            print("  model     %s: %s", spec.type(), spec.options().get("preset"));
        }
        configuration
                .model()
                .spec()
                .factors()
                .forEach(factor -> print("            %s: %s", String.join(", ", factor.features()), factor.family()));
        print("  a record  %s", records.get(0).json());
        print("");
    }

    private <P extends Parameters> void learn(Watch watch, Configuration configuration, Model<P> model)
            throws InterruptedException {
        try (Results<P> results = new Results<>(
                configuration, new ModelJson<>(configuration.model().spec(), model))) {
            Progress progress = new Progress(out, terminal, "records", records.size());
            int warmUp = configuration.learning().warmUp();
            // a shared model comes back through a topic: what is sent before that is not scored
            send(0, warmUp, configuration, watch, results, progress);
            while (results.newest() == null && !watch.isStopped()) {
                watch.poll(results);
            }
            send(warmUp, records.size(), configuration, watch, results, progress);
            progress.finish(results);
            while (!results.hasNewestAlert() && !watch.isStopped()) {
                watch.poll(results);
            }
            if (!watch.isStopped()) {
                tell(results, configuration, model);
            }
        }
    }

    private <P extends Parameters> void tell(Results<P> results, Configuration configuration, Model<P> model) {
        List<ExampleRecord> scored = new ArrayList<>();
        List<ScoredRecord> posteriors = new ArrayList<>();
        for (ScoredItem item : results.items()) {
            if (!item.scored().isWarmingUp()) {
                scored.add(records.get(Integer.parseInt(item.id())));
                posteriors.add(item.scored());
            }
        }
        print("");
        switch (example.kind()) {
            case ANOMALIES -> new AnomalyReport(example, scored, posteriors).print(out);
            case INCIDENTS ->
                new IncidentReport(
                                scored,
                                posteriors,
                                results.alerts(),
                                configuration.model().spec().features())
                        .print(out);
            case TOPICS ->
                new TopicReport(
                                scored,
                                posteriors,
                                (LdaParameters) results.newest().parameters(),
                                results.newest().version())
                        .print(out);
            case STATES -> new SensorReport(scored, posteriors, results, configuration).print(out);
            case REGIMES -> new RegimeReport<>(scored, posteriors, results, configuration, model).print(out);
        }
        print("");
        print("NEXT   ./online-em run -c examples/%s", example.resource());
    }

    private void send(int from, int to, Configuration configuration, Watch watch, Results<?> results, Progress progress)
            throws InterruptedException {
        try (Replay replay = replay(records, from, to, configuration, RATE)) {
            while (results.items().size() < to && !watch.isStopped()) {
                watch.poll(results);
                replay.check();
                progress.update(results);
            }
        }
    }

    private static Replay replay(
            List<ExampleRecord> records, int from, int to, Configuration configuration, double rate) {
        List<Replay.Item> items = IntStream.range(from, to)
                .mapToObj(i -> new Replay.Item(
                        Integer.toString(i),
                        records.get(i).key(),
                        records.get(i).json()))
                .toList();
        return Replay.start(
                items,
                configuration.kafka().get("bootstrap.servers"),
                configuration.input().topic(),
                rate);
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
        out.flush();
    }
}
