package io.onlineem.bench;

import com.amazon.randomcutforest.config.TransformMethod;
import io.onlineem.bench.RandomCutForest.Answer;
import io.onlineem.config.Configuration;
import io.onlineem.config.Preset;
import io.onlineem.evaluation.AlarmCounts;
import io.onlineem.evaluation.LabelledSeries;
import io.onlineem.evaluation.PrecisionRecall;
import io.onlineem.evaluation.Probation;
import io.onlineem.evaluation.ScoredSeries;
import io.onlineem.evaluation.SensorGenerator;
import io.onlineem.evaluation.SeriesGenerator;
import io.onlineem.evaluation.SeriesScorer;
import io.onlineem.evaluation.WindowedScore;
import io.onlineem.evaluation.WindowedScore.Profile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Anomaly detection beside random cut forests and a windowed Gaussian: the same labelled series, one record after the other,
 * on one thread; how fast, and what is found.
 */
final class ForestBench {

    /** Of the records in windows, for the windowed score. */
    private static final double WIDENED = 0.1;

    /** Records that are not flagged before an alarm ends. */
    private static final int HOLD_OFF = 10;

    private static final List<Column> COLUMNS = List.of(
            new Column("detector", "detector", "%s"),
            new Column("recordsPerSecond", "rec/s", "%,.0f"),
            new Column("timesForest", "times forest", "%.1f"),
            new Column("windowedScore", "windowed score", "%.1f"),
            new Column("lowFalsePositives", "low fp", "%.1f"),
            new Column("lowFalseNegatives", "low fn", "%.1f"),
            new Column("areaRecords", "area records", "%.3f"),
            new Column("areaWindows", "area windows", "%.3f"),
            new Column("bestF1Records", "best F1 records", "%.3f"),
            new Column("found", "found", "%s"),
            new Column("falseAlarms", "false alarms", "%,d"),
            new Column("alarmsPerIncident", "alarms per incident", "%.2f"));

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long firstSeed;
    private final int series;
    private final boolean sensors;
    private final Progress progress;
    private final Preset preset;

    /**
     * @param firstSeed of the series, the others follow
     * @param series how many
     * @param sensors eight channels instead of single values
     */
    ForestBench(long firstSeed, int series, boolean sensors, Progress progress) {
        this.firstSeed = firstSeed;
        this.series = series;
        this.sensors = sensors;
        this.progress = progress;
        this.preset = sensors ? Preset.SENSOR_ARRAY : Preset.UNIVARIATE_METRIC;
    }

    private record Contender(String name, Supplier<SeriesScorer> scorers) {}

    Section run() {
        List<Contender> contenders = contenders();
        List<List<ScoredSeries>> scored = new ArrayList<>();
        long[] nanos = new long[contenders.size()];
        contenders.forEach(contender -> scored.add(new ArrayList<>()));
        List<String[]> incidents = new ArrayList<>();
        long records = 0;
        LabelledSeries warmUp = series(firstSeed);
        contenders.forEach(contender -> warmUp.scoredBy(contender.scorers.get()));
        for (int s = 0; s < series; s++) {
            LabelledSeries one = series(firstSeed + s);
            records += one.times().length;
            for (int c = 0; c < contenders.size(); c++) {
                SeriesScorer detector = contenders.get(c).scorers.get();
                long begin = THREADS.getCurrentThreadCpuTime();
                List<String> named = new ArrayList<>();
                scored.get(c)
                        .add(one.scoredBy(
                                detector instanceof LearnedDetector<?> learned && c == contenders.size() - 1
                                        ? (time, values) -> withIncident(learned, time, values, named)
                                        : detector));
                nanos[c] += THREADS.getCurrentThreadCpuTime() - begin;
                if (!named.isEmpty()) {
                    incidents.add(named.toArray(String[]::new));
                }
            }
            if ((s + 1) % 10 == 0) {
                progress.say("forest: " + (s + 1) + " of " + series + " series, "
                        + String.format(Locale.ROOT, "%,d", records) + " records");
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        for (int c = 0; c < contenders.size(); c++) {
            rows.add(
                    row(contenders.get(c).name, records * 1e9 / nanos[c], (double) nanos[0] / nanos[c], scored.get(c)));
        }
        return new Section(
                sensors ? "forestSensors" : "forest",
                "Anomaly detection beside random cut forests: one core, "
                        + (sensors ? "eight channels" : "single values"),
                COLUMNS,
                rows,
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%d generated series, seeds %d to %d, %,d records; records per second of processor time",
                                series,
                                firstSeed,
                                firstSeed + series - 1,
                                records),
                        "windowed score: Lavin and Ahmad 2015, windows widened to a tenth of the records; one threshold for"
                                + " all series, the best for each measure",
                        "found, false alarms, alarms per incident: at the threshold with the best F1 by windows",
                        incidents(AlarmCounts.of(incidents, scored.get(contenders.size() - 1), probation()))));
    }

    private static double withIncident(
            LearnedDetector<?> detector, long time, double[] values, List<String> incidents) {
        double score = detector.score(time, values);
        incidents.add(detector.incident());
        return score;
    }

    private String incidents(AlarmCounts counts) {
        return String.format(
                Locale.ROOT,
                "%s, its own incidents: %d/%d windows found, %.2f incidents for each, %d false incidents (%.3f a day);"
                        + " records F1 %.3f at %.1f %% false alarms",
                preset.label(),
                counts.found(),
                counts.windows(),
                counts.alarmsPerIncident(),
                counts.alarms() - counts.trueAlarms(),
                counts.falseAlarmsPerDay(),
                counts.f1(),
                100 * counts.falseAlarmRate());
    }

    private Probation probation() {
        return sensors ? Probation.ofRecords(SensorGenerator.CLEAN) : Probation.STANDARD;
    }

    private LabelledSeries series(long seed) {
        return sensors ? SensorGenerator.series(seed) : SeriesGenerator.series(seed);
    }

    private List<Contender> contenders() {
        int channels = sensors ? SensorGenerator.CHANNELS : 1;
        Configuration plain = LearnedDetector.configuration(plain(channels));
        Configuration ours = LearnedDetector.configuration(
                """
                preset: %s
                input: {topic: input%s}
                model: {name: bench}
                """.formatted(preset.label(), sensors ? ", fields: [" + fields(channels) + "]" : ""));
        return List.of(
                forest("random cut forest, score", channels, TransformMethod.NONE, Answer.SCORE),
                forest("random cut forest, grade", channels, TransformMethod.NONE, Answer.GRADE),
                forest("the same, normalised, score", channels, TransformMethod.NORMALIZE, Answer.SCORE),
                new Contender("windowed Gaussian", WindowedGaussian::new),
                new Contender("mixture, surprise", () -> LearnedDetector.of(plain, null)),
                new Contender(
                        preset.label(),
                        () -> LearnedDetector.of(
                                ours, ours.anomalies().orElseThrow().detection())));
    }

    private static Contender forest(String name, int channels, TransformMethod transform, Answer answer) {
        return new Contender(name, () -> new RandomCutForest(channels, 0, transform, answer));
    }

    private static String plain(int channels) {
        return """
                input: {topic: input, fields: [%s]}
                model: {name: bench, type: mixture, family: gaussian, components: 3}
                learning: {warmUp: 100, miniBatch: 50}
                """.formatted(fields(channels));
    }

    private static String fields(int channels) {
        return IntStream.range(0, channels).mapToObj(c -> "value" + c).collect(Collectors.joining(", "));
    }

    private List<Object> row(String name, double rate, double timesForest, List<ScoredSeries> scored) {
        Probation probation = probation();
        List<ScoredSeries> wide =
                scored.stream().map(one -> one.widened(WIDENED)).toList();
        List<Object> row = new ArrayList<>(List.of(name, rate, timesForest));
        for (Profile profile : Profile.values()) {
            row.add(WindowedScore.best(wide, probation, profile).score());
        }
        PrecisionRecall records = PrecisionRecall.ofRecords(scored, probation);
        PrecisionRecall windows = PrecisionRecall.ofWindows(scored, probation);
        AlarmCounts counts = AlarmCounts.at(windows.bestThreshold(), scored, probation, HOLD_OFF);
        row.add(records.area());
        row.add(windows.area());
        row.add(records.bestF1());
        row.add(counts.found() + "/" + counts.windows());
        row.add(counts.alarms() - counts.trueAlarms());
        row.add(counts.alarmsPerIncident());
        return row;
    }
}
