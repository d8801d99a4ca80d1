package io.onlineem.bench;

import io.onlineem.evaluation.SeriesScorer;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The simplest baseline there is, as in the benchmark of Lavin and Ahmad (2015): the tail probability of a record under a
 * Gaussian fitted to the last 6,400 records, which move on by 100 at a time. The score is 1 - Q(|x - mean| / deviation), from
 * 0.5 to 1; of several values the highest counts.
 */
final class WindowedGaussian implements SeriesScorer {

    private static final int WINDOW = 6400;
    private static final int STEP = 100;
    private static final double SMALLEST_DEVIATION = 1e-6;

    private double[][] recent;
    private double[] origin;
    private double[] mean;
    private double[] deviation;
    private long count;

    @Override
    public double score(long time, double[] values) {
        int channels = values.length;
        if (recent == null) {
            recent = new double[channels][WINDOW + STEP];
            origin = values.clone();
            mean = new double[channels];
            deviation = new double[channels];
        }
        double score = 0;
        if (count > 0) {
            for (int c = 0; c < channels; c++) {
                double z = Math.abs(values[c] - mean[c]) / deviation[c];
                score = Math.max(score, 1 - 0.5 * Erfc.value(z / Math.sqrt(2)));
            }
        }
        int at = (int) (count % (WINDOW + STEP));
        for (int c = 0; c < channels; c++) {
            recent[c][at] = values[c] - origin[c];
        }
        count++;
        if (count <= WINDOW || count % STEP == 0) {
            fit();
        }
        return score;
    }

    /** While the window fills, its sums go on from those before; later it is summed anew, once in a hundred records. */
    private void fit() {
        int size = (int) Math.min(count, WINDOW);
        for (int c = 0; c < recent.length; c++) {
            if (count <= WINDOW) {
                double value = recent[c][(int) count - 1];
                double before = mean[c] - origin[c];
                double now = count == 1 ? value : before + (value - before) / count;
                double sumBefore = count == 1 ? 0 : variance(c) * (count - 1);
                double sum = count == 1 ? 0 : sumBefore + (value - before) * (value - now);
                set(c, now, sum / size);
            } else {
                double sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += value(c, i);
                }
                double now = sum / size;
                double squares = 0;
                for (int i = 0; i < size; i++) {
                    squares += (value(c, i) - now) * (value(c, i) - now);
                }
                set(c, now, squares / size);
            }
        }
    }

    private double variance(int channel) {
        double known = deviation[channel];
        return known <= SMALLEST_DEVIATION ? 0 : known * known;
    }

    private double value(int channel, int back) {
        return recent[channel][(int) ((count - 1 - back) % (WINDOW + STEP))];
    }

    private void set(int channel, double meanFromOrigin, double variance) {
        mean[channel] = origin[channel] + meanFromOrigin;
        deviation[channel] = Math.max(SMALLEST_DEVIATION, Math.sqrt(variance));
    }
}
