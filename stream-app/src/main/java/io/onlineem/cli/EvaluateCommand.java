package io.onlineem.cli;

import io.onlineem.evaluation.Columns;
import io.onlineem.evaluation.EvaluatedFile;
import io.onlineem.evaluation.EvaluationPlot;
import io.onlineem.evaluation.LabelledSeries;
import io.onlineem.evaluation.Probation;
import io.onlineem.evaluation.ScoredCollection;
import io.onlineem.evaluation.SeriesFiles;
import io.onlineem.evaluation.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good anomaly scores are. */
@Command(
        name = "evaluate",
        abbreviateSynopsis = true,
        header = "Say how good the anomaly scores of files are, beside labels.",
        description = {
            "",
            "Takes what 'score' has written, for one file or a directory of them, and labels: windows of time in which"
                    + " something was wrong, or a label for each record. Prints precision and recall, by records and by"
                    + " windows, detection delays, alarms per day, and a windowed score after Lavin and Ahmad (2015), at"
                    + " one threshold for all files. See docs/anomalies.md.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  online-em score -c cpu.yaml cpu.csv > cpu.jsonl",
            "  online-em evaluate --scores cpu.jsonl --data cpu.csv --labels windows.csv",
            "  online-em evaluate --scores scores --data data --labels labels.csv --widen 0.1",
            "  online-em evaluate --scores cpu.jsonl --data cpu.csv --labels windows.csv --plot cpu.png",
            "  online-em evaluate --generate trial --seeds 1..100",
            "",
            "Exit codes: 0; 2 for wrong usage; 1 for a failure, such as a file that cannot be read."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scores",
            paramLabel = "PATH",
            description =
                    "The output of 'score', or CSV with a column 'score'; a file, or a directory whose files are taken.")
    private Path scores;

    @Option(
            names = "--labels",
            paramLabel = "PATH",
            description =
                    "CSV with columns start and end, and file if there are several; or the series, a file or a directory,"
                            + " with a column of labels, 1 for anomalous. Default: the column 'label' of the scores.")
    private Path labels;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description =
                    "The series that were scored, CSV, a file or a directory: for the times, which the output of 'score'"
                            + " does not have, and for the plot. Default: the labels, if they are series.")
    private Path data;

    @Option(
            names = "--score-column",
            paramLabel = "NAME",
            description = "Column, or path in JSON, of the score. Default: score; in JSON anomaly.score, and without"
                    + " any, the surprise, -logLikelihood.")
    private String scoreColumn;

    @Option(
            names = "--time-column",
            paramLabel = "NAME",
            description = "Column of the time. Default: timestamp, datetime, time, date or ts.")
    private String timeColumn;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Column of the label. Default: label, anomaly or is_anomaly.")
    private String labelColumn;

    @Option(
            names = "--threshold",
            paramLabel = "NUMBER",
            description = "Records with at least this score are flagged. Default: the one with the highest F1 by"
                    + " windows on these labels, which flatters.")
    private Double threshold;

    @Option(
            names = "--hold-off",
            paramLabel = "N",
            defaultValue = "10",
            description = "An alarm ends when so many records in a row are not flagged. Default: ${DEFAULT-VALUE}.")
    private int holdOff;

    @Option(
            names = "--probation",
            paramLabel = "NUMBER",
            description = "The beginning of each file that does not count: a share below 1, or a number of records."
                    + " Default: 0.15, of 5,000 records at most.")
    private Double probation;

    @Option(
            names = "--widen",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "For the windowed score, widen the windows evenly until those of a file hold this share of its"
                            + " records, 0.1 in Lavin and Ahmad. Default: ${DEFAULT-VALUE}.")
    private double widen;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw the series, its score, what is labelled and what is flagged, as PNG or SVG.")
    private Path plot;

    @Option(names = "--plot-of", paramLabel = "NAME", description = "Which file to draw, if there are several.")
    private String plotOf;

    @Option(names = "--by-file", description = "Tell of each file too.")
    private boolean byFile;

    @Option(
            names = "--generate",
            paramLabel = "DIRECTORY",
            description = "Evaluate nothing: write labelled series to develop and to compare with.")
    private Path generate;

    @Option(
            names = "--seeds",
            paramLabel = "FIRST..LAST",
            defaultValue = "1..100",
            description =
                    "Which series to generate: 1 to 100 are for development, 1001 to 1100 to report from. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String seeds;

    @Option(names = "--sensors", description = "Generate series of eight channels, not of single values.")
    private boolean sensors;

    @Override
    public Integer call() throws IOException {
        try {
            if (generate != null) {
                generate();
            } else {
                evaluate();
            }
        } catch (UnreadableException e) {
            throw new CommandException(e.getMessage(), e);
        }
        return 0;
    }

    private void generate() throws IOException {
        if (scores != null || labels != null || data != null) {
            throw new UsageException("--generate evaluates nothing; leave out --scores, --labels and --data");
        }
        String[] bounds = seeds.split("\\.\\.", -1);
        try {
            long first = Long.parseLong(bounds[0]);
            long last = Long.parseLong(bounds[bounds.length - 1]);
            if (bounds.length > 2 || last < first) {
                throw new NumberFormatException();
            }
            write(SeriesFiles.generate(first, last, sensors));
            spec.commandLine()
                    .getErr()
                    .println((last - first + 1) + " series written to " + generate.resolve("data") + ", labels to "
                            + generate.resolve("labels.csv"));
            spec.commandLine().getErr().flush();
        } catch (NumberFormatException e) {
            throw new UsageException("--seeds is '" + seeds + "'; expected FIRST..LAST, such as 1..100", e);
        }
    }

    private void write(List<LabelledSeries> series) {
        try {
            SeriesFiles.write(generate, series);
        } catch (IOException e) {
            throw new CommandException("series cannot be written to " + generate + ": " + e, e);
        }
    }

    /** An option that would silently do nothing. */
    private void refuse(String option, String reason) {
        if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new UsageException(option + " has no use without " + reason + "; leave it out");
        }
    }

    private void evaluate() throws IOException {
        if (scores == null) {
            throw new UsageException("there is nothing to evaluate; give --scores, or --generate");
        }
        refuse("--seeds", "--generate");
        refuse("--sensors", "--generate");
        if (plot == null) {
            refuse("--plot-of", "--plot");
        }
        Probation skipped = probation();
        if (plot != null && !EvaluationPlot.isSupported(plot)) {
            throw new UsageException("--plot is " + plot + "; expected a name that ends in .png or .svg");
        }
        if (plot != null && !Files.isDirectory(plot.toAbsolutePath().getParent())) {
            throw new UsageException("--plot is " + plot + "; expected a name in a directory that exists");
        }
        if (holdOff < 1) {
            throw new UsageException("--hold-off is " + holdOff + "; expected at least 1");
        }
        if (!(widen >= 0 && widen < 1)) {
            throw new UsageException("--widen is " + widen + "; expected a share of at least 0 and below 1");
        }
        ScoredCollection collection =
                ScoredCollection.read(scores, labels, data, new Columns(scoreColumn, timeColumn, labelColumn));
        EvaluatedFile drawn = plot == null ? null : drawn(collection);
        if (collection.surprises() > 0) {
            spec.commandLine()
                    .getErr()
                    .println("there are no anomaly scores in " + collection.surprises() + " of "
                            + collection.files().size()
                            + " files: their surprises are taken, which are not comparable between files");
            spec.commandLine().getErr().flush();
        }
        double used = new EvaluationReport(
                        spec.commandLine().getOut(), collection, skipped, holdOff, widen, threshold, byFile)
                .print();
        if (drawn != null) {
            EvaluationPlot.write(plot, drawn, used);
        }
    }

    private EvaluatedFile drawn(ScoredCollection collection) {
        List<String> names =
                collection.files().stream().map(file -> file.series().name()).toList();
        if (plotOf == null && names.size() > 1) {
            throw new UsageException("there are " + names.size()
                    + " files; give the one to draw with --plot-of, such as " + names.get(0));
        }
        int drawn = plotOf == null ? 0 : names.indexOf(plotOf);
        if (drawn < 0) {
            throw new UsageException("--plot-of is '" + plotOf + "'; expected one of "
                    + String.join(", ", names.subList(0, Math.min(5, names.size())))
                    + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : ""));
        }
        return collection.files().get(drawn);
    }

    private Probation probation() {
        if (probation == null) {
            return Probation.STANDARD;
        }
        if (!(probation >= 0) || (probation >= 1 && probation != Math.rint(probation))) {
            throw new UsageException("--probation is " + probation
                    + "; expected a share of at least 0 and below 1, or a whole number of records");
        }
        return probation < 1 ? new Probation(probation, Integer.MAX_VALUE) : Probation.ofRecords(probation.intValue());
    }
}
