package io.onlineem.cli;

import io.onlineem.evaluation.AlarmCounts;
import io.onlineem.evaluation.EvaluatedFile;
import io.onlineem.evaluation.PrecisionRecall;
import io.onlineem.evaluation.Probation;
import io.onlineem.evaluation.ScoredCollection;
import io.onlineem.evaluation.ScoredSeries;
import io.onlineem.evaluation.Window;
import io.onlineem.evaluation.WindowedScore;
import io.onlineem.evaluation.WindowedScore.Profile;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The measures of a collection, as text. */
final class EvaluationReport {

    private static final double SECOND = 1000;
    private static final double MINUTE = 60 * SECOND;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;

    private final PrintWriter out;
    private final ScoredCollection collection;
    private final List<ScoredSeries> series;
    private final Probation probation;
    private final int holdOff;
    private final double widen;
    private final Double threshold;
    private final boolean byFile;

    EvaluationReport(
            PrintWriter out,
            ScoredCollection collection,
            Probation probation,
            int holdOff,
            double widen,
            Double threshold,
            boolean byFile) {
        this.out = out;
        this.collection = collection;
        this.series = collection.series();
        this.probation = probation;
        this.holdOff = holdOff;
        this.widen = widen;
        this.threshold = threshold;
        this.byFile = byFile;
    }

    /** Prints, and returns the threshold of the alarms; infinite if there is none. */
    double print() {
        AlarmCounts nothing = AlarmCounts.at(Double.POSITIVE_INFINITY, series, probation, holdOff);
        counts(nothing);
        if (nothing.windows() == 0) {
            if (threshold != null) {
                detection("at threshold " + number(threshold), AlarmCounts.at(threshold, series, probation, holdOff));
            }
            incidents();
            line("%s: nothing to be found", nothingLabelled());
            return threshold == null ? Double.POSITIVE_INFINITY : threshold;
        }
        windowedScores();
        PrecisionRecall records = PrecisionRecall.ofRecords(series, probation);
        PrecisionRecall windows = PrecisionRecall.ofWindows(series, probation);
        out.println();
        line(
                "area under precision and recall   records %s   windows %s",
                number(records.area()), number(windows.area()));
        line(
                "highest F1 on these labels        records %s at %s   windows %s at %s",
                number(records.bestF1()),
                number(records.bestThreshold()),
                number(windows.bestF1()),
                number(windows.bestThreshold()));
        double used = threshold == null ? windows.bestThreshold() : threshold;
        AlarmCounts counts = AlarmCounts.at(used, series, probation, holdOff);
        detection("at threshold " + number(used) + (threshold == null ? ", the best by windows" : ""), counts);
        incidents();
        kinds(used);
        files(used);
        return used;
    }

    private String nothingLabelled() {
        if (series.stream().anyMatch(one -> !one.windows().isEmpty())) {
            return "no labelled window holds a record after the probation";
        }
        return series.size() == 1
                ? "the labels have no window of '" + series.get(0).name()
                        + "'; if the series has another name, give it with --data"
                : "nothing is labelled";
    }

    private void counts(AlarmCounts nothing) {
        long records = series.stream().mapToLong(ScoredSeries::size).sum();
        long unscored = series.stream()
                .flatMapToDouble(one -> java.util.Arrays.stream(one.scores()))
                .filter(Double::isNaN)
                .count();
        long labelled = nothing.falseNegatives();
        long judged = labelled + nothing.trueNegatives();
        line(
                "%,d file%s, %,d records, %,d of them judged, %.1f %% of these in %d window%s; %,d without a score",
                series.size(),
                series.size() == 1 ? "" : "s",
                records,
                judged,
                100.0 * labelled / Math.max(1, judged),
                nothing.windows(),
                nothing.windows() == 1 ? "" : "s",
                unscored);
    }

    private void windowedScores() {
        List<ScoredSeries> wide = series.stream().map(one -> one.widened(widen)).toList();
        out.println();
        line("windowed score          %8s  %10s  %6s  %8s", "score", "threshold", "found", "false");
        for (Profile profile : Profile.values()) {
            WindowedScore score = threshold == null
                    ? WindowedScore.best(wide, probation, profile)
                    : WindowedScore.at(threshold, wide, probation, profile);
            line(
                    "  %-20s  %8.2f  %10s  %6s  %,8d",
                    profile.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    score.score(),
                    number(score.threshold()),
                    score.found() + "/" + score.windows(),
                    score.falseDetections());
        }
    }

    private void incidents() {
        if (collection.hasIncidents()) {
            detection(
                    "incidents, as the scores have them",
                    AlarmCounts.of(
                            collection.files().stream()
                                    .map(EvaluatedFile::incidents)
                                    .toList(),
                            series,
                            probation));
        }
    }

    private void detection(String title, AlarmCounts counts) {
        out.println();
        line("%s", title);
        line(
                "  records   precision %s   recall %s   F1 %s   false alarm rate %s   missing alarm rate %s",
                number(counts.precision()),
                number(counts.recall()),
                number(counts.f1()),
                number(counts.falseAlarmRate()),
                number(counts.missingAlarmRate()));
        line(
                "  alarms    %,d, of which %,d false   precision %s   windows found %d of %d   alarms per incident %s",
                counts.alarms(),
                counts.alarms() - counts.trueAlarms(),
                number(counts.alarmPrecision()),
                counts.found(),
                counts.windows(),
                number(counts.alarmsPerIncident()));
        if (collection.isTimed()) {
            line(
                    "  per day   alarms %s   false alarms %s   (%.1f days of all files together)",
                    number(counts.alarmsPerDay()), number(counts.falseAlarmsPerDay()), counts.days());
        }
        line("  delay     median %s   mean %s", delay(counts.medianDelay()), delay(counts.meanDelay()));
    }

    private void kinds(double used) {
        Map<String, int[]> kinds = new TreeMap<>();
        for (ScoredSeries one : series) {
            int begin = probation.of(one.size());
            for (Window window : one.windows()) {
                if (!window.kind().isEmpty()) {
                    boolean judged = false;
                    boolean found = false;
                    for (int i = begin; i < one.size(); i++) {
                        if (window.contains(one.times()[i])) {
                            judged = true;
                            found |= one.scores()[i] >= used;
                        }
                    }
                    int[] counts = kinds.computeIfAbsent(window.kind(), ignored -> new int[2]);
                    counts[0] += found ? 1 : 0;
                    counts[1] += judged ? 1 : 0;
                }
            }
        }
        if (!kinds.isEmpty()) {
            out.println();
            line("windows found, by kind");
            kinds.forEach((kind, counts) -> line("  %-24s %4d of %d", kind, counts[0], counts[1]));
        }
    }

    private void files(double used) {
        if (!byFile) {
            return;
        }
        int width = series.stream().mapToInt(one -> one.name().length()).max().orElse(0);
        out.println();
        line(
                "%-" + width + "s  %8s  %7s  %6s  %6s  %6s  %6s",
                "file",
                "records",
                "found",
                "false",
                "F1",
                "area",
                "score");
        for (ScoredSeries one : series) {
            AlarmCounts counts = AlarmCounts.at(used, List.of(one), probation, holdOff);
            boolean judged = counts.windows() > 0;
            ScoredSeries wide = one.widened(widen);
            line(
                    "%-" + width + "s  %,8d  %7s  %,6d  %6s  %6s  %6s",
                    one.name(),
                    one.size(),
                    counts.found() + "/" + counts.windows(),
                    counts.alarms() - counts.trueAlarms(),
                    number(counts.f1()),
                    judged
                            ? number(PrecisionRecall.ofRecords(List.of(one), probation)
                                    .area())
                            : "–",
                    judged
                            ? String.format(
                                    Locale.ROOT,
                                    "%.1f",
                                    WindowedScore.at(used, List.of(wide), probation, Profile.STANDARD)
                                            .score())
                            : "–");
        }
    }

    private void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
    }

    /** As short as it may be. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        if (Double.isInfinite(value)) {
            return "none";
        }
        double size = Math.abs(value);
        if (size == 0 || (size >= 0.01 && size < 1000)) {
            String text = String.format(Locale.ROOT, "%.3f", value);
            return Double.parseDouble(text) == 1 && value != 1 ? Double.toString(value) : text;
        }
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private String delay(double milliseconds) {
        if (Double.isNaN(milliseconds)) {
            return "–";
        }
        if (!collection.isTimed()) {
            return String.format(Locale.ROOT, "%.1f records", milliseconds);
        }
        if (milliseconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", milliseconds / SECOND);
        }
        if (milliseconds < HOUR) {
            return String.format(Locale.ROOT, "%.1f min", milliseconds / MINUTE);
        }
        return milliseconds < 2 * DAY
                ? String.format(Locale.ROOT, "%.1f h", milliseconds / HOUR)
                : String.format(Locale.ROOT, "%.1f d", milliseconds / DAY);
    }
}
