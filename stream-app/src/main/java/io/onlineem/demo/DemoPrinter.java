package io.onlineem.demo;

import io.onlineem.codec.PublishedModel;
import io.onlineem.config.Configuration;
import io.onlineem.config.Scope;
import io.onlineem.em.Fields;
import io.onlineem.em.Posterior;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lays out what the demo tells, in lines of at most 100 characters. */
final class DemoPrinter {

    private static final int UNLIKELY_DAYS = 6;
    private static final int STATIONS_OF_A_DAY = 3;
    private static final String CSV = "examples/irish-wind.csv";

    private final PrintWriter out;
    private final DemoOptions options;
    private final WindData data;

    DemoPrinter(PrintWriter out, DemoOptions options, WindData data) {
        this.out = out;
        this.options = options;
        this.data = data;
    }

    void introduction(String bootstrapServers, Configuration configuration) {
        Configuration.Output output = configuration.output();
        print(
                "Mean wind speed of %,d days at %d Irish stations, 1961 to 1978, through Kafka, one by one.",
                data.days(), data.stations().size());
        print("");
        print("  broker    %s, in this process, with temporary data", bootstrapServers);
        print(
                "  topics    %s -> %s, %s",
                configuration.input().topic(), output.posteriorsTopic(), output.modelsTopic());
        print("  model     mixture of %d Gaussians, full covariance, learned online in one pass", options.components());
        print(
                "  settings  examples/wind.yaml with scope %s",
                options.scope() == Scope.PER_KEY
                        ? "per-key, so that every run gives the same numbers"
                        : "shared: what is learned comes back through a topic");
        if (options.isPaced()) {
            print(
                    "  replay    %s days a second%s",
                    number(options.rate()),
                    options.scope() == Scope.PER_KEY
                            ? ""
                            : String.format(
                                    ", commits every %d ms; what is learned arrives some days later",
                                    DemoConfiguration.SHARED_COMMIT_INTERVAL.toMillis()));
        }
        print("");
    }

    /** Where the page is that shows what is learned, while that is being learned. */
    void watch(String url) {
        if (options.keepRunning()) {
            print("  watch it  %s/", url);
            print("");
        }
    }

    /** The components. */
    void kinds(PublishedModel<?> model) {
        Fields parameters = model.parameters().fields();
        print("");
        print(
                "LEARNED: kinds of days, in knots (version %,d of the parameters, from %,d days)",
                model.version(), model.observations());
        print("");
        StringBuilder head =
                new StringBuilder(String.format(Locale.ROOT, "  %-8s%6s%6s%5s", "", "weight", "mean", "sd"));
        data.stations().forEach(station -> head.append(String.format(Locale.ROOT, "%6s", station)));
        print("%s", head);
        for (WindKind kind :
                WindKind.of(parameters, options.components(), data.stations().size())) {
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT, "  %-8s%6.2f%6.1f%5.1f", kind.name(), kind.weight(), kind.mean(), kind.spread()));
            for (double mean : kind.means()) {
                line.append(String.format(Locale.ROOT, "%6.1f", mean));
            }
            print("%s", line);
        }
    }

    /** The days of lowest likelihood. */
    void leastLikely(Results<?> results) {
        List<ScoredItem> scored = new ArrayList<>(results.items());
        scored.removeIf(day -> day.scored().isWarmingUp());
        scored.sort(Comparator.comparingDouble(day -> day.scored().posterior().logLikelihood()));
        print("");
        print("LEAST LIKELY: measured, and in brackets what the other eleven stations would suggest");
        print("");
        print("  %-12s%9s  %s", "", "log-lik.", "most deviating stations");
        for (ScoredItem day : scored.subList(0, Math.min(UNLIKELY_DAYS, scored.size()))) {
            StringBuilder line = new StringBuilder();
            for (Deviation deviation : deviations(day, results).subList(0, STATIONS_OF_A_DAY)) {
                String cell = String.format(
                        Locale.ROOT,
                        "%s %.1f (%.1f +- %.1f)",
                        data.stations().get(deviation.index()),
                        deviation.value(),
                        deviation.expected(),
                        deviation.deviation());
                line.append(String.format(Locale.ROOT, "%-24s", cell));
            }
            print(
                    "  %-12s%9.2f  %s",
                    day.id(),
                    day.scored().posterior().logLikelihood(),
                    line.toString().strip());
        }
    }

    private List<Deviation> deviations(ScoredItem day, Results<?> results) {
        int stations = data.stations().size();
        Posterior posterior = day.scored().posterior();
        Fields parameters = results.version(day.scored().version()).parameters().fields();
        int component = posterior.mostLikely();
        return Deviation.of(
                data.speeds().record(data.dates().indexOf(day.id())),
                parameters.matrix("means", options.components(), stations)[component],
                parameters.matrices("covariances", options.components(), stations, stations)[component]);
    }

    /** The online model beside the batch fit. */
    void comparison(Comparison comparison) {
        double logScale = data.logScale();
        print("");
        print(
                "COMPARED: mean log-likelihood of the %,d days%s; higher is better",
                comparison.days(), comparison.days() < data.days() ? " after the warm-up" : "");
        print("");
        print("  %-66s%9s%14s", "", "in knots", "standardised");
        row("online, one pass, every day scored before it is learned from", comparison.online(), logScale);
        row("batch fit to all days, scoring the days it was fitted to", comparison.batch(), logScale);
        row("online, one pass, the days in random order", comparison.shuffled(), logScale);
        print("");
        double gain = comparison.online() - comparison.batch();
        if (gain >= 0) {
            print("  The online model is better by %.3f a day, although it has to predict every day and the", gain);
            print("  batch fit has seen them all. That is the point: wind is not one distribution for ever. It");
            print("  changes over the years and with the seasons; the online model follows, fixed parameters");
            boolean gone = comparison.shuffled() < comparison.batch();
            print(
                    "  cannot, however well they are fitted.%s",
                    gone ? " In random order there is nothing to follow." : "");
        } else {
            print("  Here the batch fit is better by %.3f a day: it has seen all days, the online model has to", -gain);
            print("  predict every one.");
            if (options.scope() == Scope.SHARED) {
                print("  A shared model's parameters lag behind by the days that are replayed during two commits:");
                print("  replay more slowly (--rate), and it follows more closely.");
            }
        }
        if (options.start().isPresent()) {
            print("  (No prediction where the parameters it started from were fitted to the same days.)");
        }
    }

    private void row(String what, double logLikelihood, double logScale) {
        print("  %-66s%9.3f%14.3f", what, logLikelihood, logLikelihood + logScale);
    }

    /** How fast it went. */
    void speed(int records, double seconds) {
        print("");
        print(
                "SPEED: %,d records in %.1f s, %,.0f a second%s, exactly once, from the first send to the last",
                records, seconds, records / seconds, options.isPaced() ? " (paced)" : "");
        print("posterior read, in one process with the broker");
    }

    /** What to do next. */
    void next() {
        print("");
        print("NEXT");
        print("  ./online-em demo --components 4 --rate 500 --keep-running");
        print("  ./online-em fit -c examples/wind.yaml %s > fit.json", CSV);
        print("  ./online-em score -c examples/wind.yaml %s > posteriors.jsonl", CSV);
        print("  ./online-em demo --start fit.json");
        print("  on your own topic: change a copy of examples/wind.yaml to config.yaml, then");
        print("  ./online-em validate -c config.yaml && ./online-em run -c config.yaml");
        print("  without a Kafka cluster at hand: ./online-em broker --port 9092");
    }

    /** How to reach what has been left running. */
    void stillRunning(String bootstrapServers, Configuration configuration, Optional<String> url) {
        print("");
        print("STILL RUNNING until Ctrl-C, and the days come again, round after round");
        url.ifPresent(http -> {
            print("  watch it at %s/", http);
            print("  curl %s/models", http);
            print(
                    "  curl %s/models/%s%s",
                    http, configuration.model().name(), options.scope() == Scope.PER_KEY ? "/" + Demo.KEY : "");
            print("  curl %s/metrics", http);
        });
        print("  kafka-console-consumer.sh --bootstrap-server %s \\", bootstrapServers);
        print("    --topic %s --from-beginning", configuration.output().posteriorsTopic());
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%,.2f", value);
    }

    private void print(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
