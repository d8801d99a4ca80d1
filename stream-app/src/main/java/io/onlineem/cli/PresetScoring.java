package io.onlineem.cli;

import io.onlineem.anomaly.Detection;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.observation.InvalidObservationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code score} with a preset: every record of a file is judged by those before it, also one that holds no value. */
final class PresetScoring {

    private static final int CHECK_EVERY = 1024;

    private final Detection detection;
    private final OnlineEm<?> engine;
    private final List<String> features;
    private final String key;
    private final Map<String, WatchedSeries<?>> series = new HashMap<>();
    private final Optional<String> timestamp;
    private long records;
    private long invalid;

    /**
     * Scoring of series.
     *
     * @param detection how surprises become scores, and when an incident begins and is over
     * @param timestamp the field that holds the time, if not the one with a usual name
     * @param key the field that holds the key of a series, or null for one series
     */
    PresetScoring(
            Detection detection, OnlineEm<?> engine, List<String> features, Optional<String> timestamp, String key) {
        this.detection = detection;
        this.engine = engine;
        this.features = features;
        this.timestamp = timestamp;
        this.key = key;
    }

    /** Scores all records. */
    void run(RecordSource source, Intake intake, PrintWriter out, PrintWriter err) throws IOException {
        RecordTimes times = new RecordTimes(source, timestamp);
        SeriesScores scores = new SeriesScores(out, features, key);
        scores.header();
        Observations record = new Observations(1, features.size());
        while (source.next()) {
            score(source, intake, times, record, scores);
            if (++records % CHECK_EVERY == 0 && out.checkError()) {
                throw new CommandException("the results could not all be written to stdout");
            }
        }
        out.flush();
        times.report(err);
        err.println(records + " records"
                + (invalid == 0 ? "" : ", of which " + invalid + (invalid == 1 ? " was" : " were") + " not valid"));
        err.flush();
    }

    private void score(
            RecordSource source, Intake intake, RecordTimes times, Observations record, SeriesScores scores) {
        long time = times.next();
        String ofKey = keyOf(source);
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
        WatchedSeries.Verdict verdict = one.judge(time, record);
        scores.line(times.asWritten(), ofKey, values, problem.isEmpty() ? verdict : one.nothing(problem));
    }

    private WatchedSeries<?> seriesOf(String ofKey) {
        return new WatchedSeries<>(engine, detection, ofKey.isEmpty() ? "series" : ofKey, features);
    }

    /** Records without a key are a series, too. */
    private String keyOf(RecordSource source) {
        try {
            return key == null ? "" : source.text(key);
        } catch (InvalidObservationException e) {
            return "";
        }
    }
}
