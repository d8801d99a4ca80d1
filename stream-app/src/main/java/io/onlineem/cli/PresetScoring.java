package io.onlineem.cli;

import io.onlineem.anomaly.Detection;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.observation.InvalidObservationException;
import io.onlineem.observation.Timestamps;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** {@code score} with a preset: every record of a file is judged by those before it, also one that holds no value. */
final class PresetScoring {

    private static final int CHECK_EVERY = 1024;
    private static final long SECOND = 1000;

    /** Names of columns that hold the time, if the configuration names none. */
    private static final List<String> TIMES = List.of("timestamp", "datetime", "time", "date", "ts");

    private final Detection detection;
    private final OnlineEm<?> engine;
    private final List<String> features;
    private final String key;
    private final Map<String, WatchedSeries<?>> series = new HashMap<>();
    private final Map<String, Long> newest = new HashMap<>();
    private String timestamp;
    private long records;
    private long invalid;

    /**
     * Scoring of series.
     *
     * @param detection how surprises become scores, and when an incident begins and is over
     * @param timestamp the field that holds the time, or null for one with a usual name
     * @param key the field that holds the key of a series, or null for one series
     */
    PresetScoring(Detection detection, OnlineEm<?> engine, List<String> features, String timestamp, String key) {
        this.detection = detection;
        this.engine = engine;
        this.features = features;
        this.timestamp = timestamp;
        this.key = key;
    }

    /** Scores all records. */
    void run(RecordSource source, Intake intake, PrintWriter out, PrintWriter err) throws IOException {
        if (timestamp == null && source instanceof CsvSource csv) {
            timestamp = csv.columns().stream()
                    .filter(column -> TIMES.contains(column.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(null);
        } else if (timestamp == null) {
            timestamp = TIMES.get(0);
        }
        SeriesScores scores = new SeriesScores(out, features, key);
        scores.header();
        Observations record = new Observations(1, features.size());
        while (source.next()) {
            score(source, intake, record, scores);
            if (++records % CHECK_EVERY == 0 && out.checkError()) {
                throw new CommandException("the results could not all be written to stdout");
            }
        }
        out.flush();
        err.println(records + " records" + (invalid == 0 ? "" : ", of which " + invalid + " were not valid"));
        err.flush();
    }

    private void score(RecordSource source, Intake intake, Observations record, SeriesScores scores) {
        String time = textOr(source, timestamp, Long.toString(records));
        String ofKey = key == null ? "" : textOr(source, key, "");
        WatchedSeries<?> one = series.computeIfAbsent(ofKey, this::seriesOf);
        String problem = "";
        record.clear();
        try {
            intake.read(record);
        } catch (InvalidObservationException e) {
            invalid++;
            problem = e.getMessage();
            double[] nothing = new double[features.size()];
            Arrays.fill(nothing, Double.NaN);
            record.add(nothing);
        }
        double[] values = record.record(0);
        OptionalLong parsed = timestamp == null ? OptionalLong.empty() : Timestamps.parse(time);
        if (parsed.isEmpty() && newest.containsKey(ofKey)) {
            parsed = OptionalLong.of(newest.get(ofKey));
        }
        parsed.ifPresent(milliseconds -> newest.put(ofKey, milliseconds));
        WatchedSeries.Verdict verdict = one.judge(parsed.orElse(SECOND * records), record);
        scores.line(time, ofKey, values, problem.isEmpty() ? verdict : one.nothing(problem));
    }

    private WatchedSeries<?> seriesOf(String ofKey) {
        return new WatchedSeries<>(engine, detection, ofKey.isEmpty() ? "series" : ofKey, features);
    }

    private static String textOr(RecordSource source, String field, String otherwise) {
        if (field == null) {
            return otherwise;
        }
        try {
            return source.text(field);
        } catch (InvalidObservationException e) {
            return otherwise;
        }
    }
}
