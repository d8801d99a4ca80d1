package io.onlineem.evaluation;

import io.onlineem.observation.Timestamps;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Labelled series as files: one of CSV for each, and their labels. */
public final class SeriesFiles {

    private SeriesFiles() {}

    /**
     * Writes {@code data/NAME.csv} with columns {@code timestamp} and {@code value}, or {@code value1} and so on, and adds
     * the windows to {@code labels.csv} with columns {@code file}, {@code start}, {@code end} and {@code kind}.
     *
     * @param directory made if need be; its {@code labels.csv} is written anew
     */
    public static void write(Path directory, Iterable<LabelledSeries> collection) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        try (BufferedWriter labels = Files.newBufferedWriter(directory.resolve("labels.csv"), StandardCharsets.UTF_8)) {
            labels.write("file,start,end,kind\n");
            for (LabelledSeries series : collection) {
                writeSeries(data.resolve(series.name() + ".csv"), series);
                for (Window window : series.windows()) {
                    labels.write(String.join(
                            ",",
                            series.name() + ".csv",
                            Timestamps.format(window.start()),
                            Timestamps.format(window.end()),
                            window.kind()));
                    labels.write('\n');
                }
            }
        }
    }

    private static void writeSeries(Path file, LabelledSeries series) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            int channels = series.values().length == 0 ? 1 : series.values()[0].length;
            writer.write("timestamp");
            for (int c = 1; c <= channels; c++) {
                writer.write(channels == 1 ? ",value" : ",value" + c);
            }
            writer.write('\n');
            for (int i = 0; i < series.times().length; i++) {
                writer.write(Timestamps.format(series.times()[i]));
                for (double value : series.values()[i]) {
                    writer.write("," + text(value));
                }
                writer.write('\n');
            }
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The series of some seeds. */
    public static List<LabelledSeries> generate(long first, long last, boolean sensors) {
        return java.util.stream.LongStream.rangeClosed(first, last)
                .mapToObj(seed -> sensors ? SensorGenerator.series(seed) : SeriesGenerator.series(seed))
                .toList();
    }
}
