package io.onlineem.evaluation;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of one series: its values above, its score below, over the time that both share; what is labelled is shaded, what
 * is flagged is red: the incidents of the scores, or where there are none, all that reaches the threshold. Of long series each
 * pixel shows its lowest and its highest record. Works without a screen.
 */
public final class EvaluationPlot {

    private static final int WIDTH = 1400;
    private static final int VALUES = 440;
    private static final int SCORES = 300;

    private static final Color LABELLED = new Color(158, 202, 225, 150);
    private static final Color FLAGGED = new Color(214, 39, 40);
    private static final Color THRESHOLD = new Color(120, 120, 120);
    private static final Color SCORE = new Color(60, 60, 60);
    private static final Color[] LINES = {
        new Color(31, 119, 180),
        new Color(44, 160, 44),
        new Color(148, 103, 189),
        new Color(140, 86, 75),
        new Color(227, 119, 194),
        new Color(127, 127, 127),
        new Color(188, 189, 34),
        new Color(23, 190, 207)
    };

    private EvaluationPlot() {}

    /** Whether the name of a file ends as one of the formats: png or svg. */
    public static boolean isSupported(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".png") || name.endsWith(".svg");
    }

    /**
     * Writes the picture; the name of the file says whether as PNG or SVG.
     *
     * @throws IllegalArgumentException if the name ends in neither
     */
    public static void write(Path target, EvaluatedFile file, double threshold) throws IOException {
        if (!isSupported(target)) {
            throw new IllegalArgumentException(
                    "the name of " + target + " tells no format; expected it to end in .png or .svg");
        }
        // before the first class of AWT, which would look for a screen
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        boolean svg = target.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".svg");
        int height = (file.values().isEmpty() ? 0 : VALUES) + SCORES;
        try (OutputStream out = Files.newOutputStream(target)) {
            if (svg) {
                VectorGraphics2D graphics = new VectorGraphics2D();
                paint(graphics, file, threshold);
                Processors.get("svg")
                        .getDocument(graphics.getCommands(), new PageSize(WIDTH, height))
                        .writeTo(out);
            } else {
                BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = image.createGraphics();
                paint(graphics, file, threshold);
                graphics.dispose();
                ImageIO.write(image, "png", out);
            }
        }
    }

    private static void paint(Graphics2D graphics, EvaluatedFile file, double threshold) {
        boolean[] flagged = flagged(file, threshold);
        if (!file.values().isEmpty()) {
            values(file, flagged).paint(graphics, WIDTH, VALUES);
            graphics.translate(0, VALUES);
        }
        scores(file, flagged, threshold).paint(graphics, WIDTH, SCORES);
    }

    private static boolean[] flagged(EvaluatedFile file, double threshold) {
        double[] scores = file.series().scores();
        boolean[] flagged = new boolean[scores.length];
        for (int i = 0; i < flagged.length; i++) {
            flagged[i] = file.incidents() == null ? scores[i] >= threshold : file.incidents()[i] != null;
        }
        return flagged;
    }

    private static XYChart values(EvaluatedFile file, boolean[] flagged) {
        boolean several = file.values().size() > 1;
        XYChart chart = chart(
                file,
                VALUES,
                several ? "values, standardised" : file.valueNames().get(0));
        chart.setTitle(file.series().name());
        List<double[]> columns = new ArrayList<>();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] column : file.values()) {
            double[] shown = several ? standardised(column) : column;
            columns.add(shown);
            low = Math.min(
                    low, Arrays.stream(shown).filter(Double::isFinite).min().orElse(0));
            high = Math.max(
                    high, Arrays.stream(shown).filter(Double::isFinite).max().orElse(1));
        }
        double margin = high > low ? 0.04 * (high - low) : 1;
        range(chart, low - margin, high + margin);
        shade(chart, file, low - margin, high + margin);
        for (int c = 0; c < columns.size(); c++) {
            line(chart, file, file.valueNames().get(c), columns.get(c), LINES[c % LINES.length]);
        }
        double[] marked = columns.get(0);
        points(chart, file, file.incidents() == null ? "flagged" : "incident", marked, flagged);
        return chart;
    }

    private static XYChart scores(EvaluatedFile file, boolean[] flagged, double threshold) {
        XYChart chart = chart(file, SCORES, "score");
        double[] scores = file.series().scores();
        double low =
                Math.min(0, Arrays.stream(scores).filter(Double::isFinite).min().orElse(0));
        double high = Arrays.stream(scores).filter(Double::isFinite).max().orElse(1);
        high = low == 0 && high <= 1 ? 1 : high > low ? high : low + 1;
        double margin = 0.04 * (high - low);
        range(chart, low - margin, high + margin);
        shade(chart, file, low - margin, high + margin);
        line(chart, file, "score", scores, SCORE);
        if (Double.isFinite(threshold)) {
            long[] times = file.series().times();
            if (times.length > 0) {
                XYSeries line =
                        add(chart, file, "threshold", new long[] {times[0], times[times.length - 1]}, new double[] {
                            threshold, threshold
                        });
                line.setLineColor(THRESHOLD);
                line.setLineStyle(
                        new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {6, 4}, 0));
                line.setMarker(SeriesMarkers.NONE);
            }
        }
        points(chart, file, file.incidents() == null ? "flagged" : "incident", scores, flagged);
        return chart;
    }

    private static XYChart chart(EvaluatedFile file, int height, String axis) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(height)
                .theme(ChartTheme.Matlab)
                .yAxisTitle(axis)
                .build();
        chart.getStyler()
                .setYAxisLeftWidthHint(80)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setPlotContentSize(1)
                .setChartBackgroundColor(Color.WHITE)
                .setLocale(Locale.ROOT);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setTimezone(TimeZone.getTimeZone("UTC"));
        if (!file.timed()) {
            chart.setXAxisTitle("record");
        }
        return chart;
    }

    private static void range(XYChart chart, double low, double high) {
        chart.getStyler().setYAxisMin(low);
        chart.getStyler().setYAxisMax(high);
    }

    private static void shade(XYChart chart, EvaluatedFile file, double low, double high) {
        ScoredSeries series = file.series();
        if (series.windows().isEmpty() || series.size() == 0) {
            return;
        }
        long first = series.times()[0];
        long last = series.times()[series.size() - 1];
        // a window of one record is shown a thousandth of the picture wide
        long least = (last - first) / 1000;
        for (int w = 0; w < series.windows().size(); w++) {
            Window window = series.windows().get(w);
            long more = Math.max(0, least - (window.end() - window.start())) / 2;
            long from = Math.max(first, Math.min(last, window.start() - more));
            long to = Math.max(first, Math.min(last, window.end() + more));
            XYSeries shaded = add(
                    chart,
                    file,
                    w == 0 ? "labelled" : "labelled " + (w + 1),
                    new long[] {from, from, to, to},
                    new double[] {low, high, high, low});
            shaded.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
            shaded.setFillColor(LABELLED);
            shaded.setLineColor(LABELLED);
            shaded.setMarker(SeriesMarkers.NONE);
            shaded.setShowInLegend(w == 0);
        }
    }

    private static void line(XYChart chart, EvaluatedFile file, String name, double[] values, Color color) {
        int[] kept = kept(values);
        XYSeries line = add(chart, file, name, at(file.series().times(), kept), at(values, kept));
        line.setLineColor(color);
        line.setLineWidth(1);
        line.setMarker(SeriesMarkers.NONE);
    }

    private static void points(XYChart chart, EvaluatedFile file, String name, double[] values, boolean[] flagged) {
        int[] kept = java.util.stream.IntStream.range(0, values.length)
                .filter(i -> flagged[i] && Double.isFinite(values[i]))
                .toArray();
        if (kept.length == 0) {
            return;
        }
        XYSeries points = add(chart, file, name, at(file.series().times(), kept), at(values, kept));
        points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        points.setMarker(SeriesMarkers.CIRCLE);
        points.setMarkerColor(FLAGGED);
    }

    private static XYSeries add(XYChart chart, EvaluatedFile file, String name, long[] times, double[] values) {
        List<Double> numbers = Arrays.stream(values).boxed().toList();
        if (!file.timed()) {
            return chart.addSeries(name, Arrays.stream(times).boxed().toList(), numbers);
        }
        return chart.addSeries(name, Arrays.stream(times).mapToObj(Date::new).toList(), numbers);
    }

    /** Which records are drawn: all of them, or the lowest and the highest of each half pixel. */
    private static int[] kept(double[] values) {
        int bins = 2 * WIDTH;
        int n = values.length;
        if (n <= 2 * bins) {
            return java.util.stream.IntStream.range(0, n).toArray();
        }
        List<Integer> kept = new ArrayList<>();
        for (int b = 0; b < bins; b++) {
            int from = (int) ((long) b * n / bins);
            int to = (int) ((long) (b + 1) * n / bins);
            int lowest = from;
            int highest = from;
            for (int i = from; i < to; i++) {
                lowest = values[i] < values[lowest] || Double.isNaN(values[lowest]) ? i : lowest;
                highest = values[i] > values[highest] || Double.isNaN(values[highest]) ? i : highest;
            }
            kept.add(Math.min(lowest, highest));
            if (lowest != highest) {
                kept.add(Math.max(lowest, highest));
            }
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private static long[] at(long[] values, int[] kept) {
        return Arrays.stream(kept).mapToLong(i -> values[i]).toArray();
    }

    private static double[] at(double[] values, int[] kept) {
        return Arrays.stream(kept).mapToDouble(i -> values[i]).toArray();
    }

    private static double[] standardised(double[] values) {
        double mean = Arrays.stream(values).filter(Double::isFinite).average().orElse(0);
        double variance = Arrays.stream(values)
                .filter(Double::isFinite)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0);
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        return Arrays.stream(values).map(value -> (value - mean) / deviation).toArray();
    }
}
