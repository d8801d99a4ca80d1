package io.onlineem.em;

import java.util.Arrays;

/**
 * The Page-Hinkley test for a fall of the prequential mean log-likelihood (Page 1954; Hinkley 1971; Gama et al. 2014,
 * section 3.2), robust and free of scale:
 *
 * <pre>
 *   z_t = √w_t (ℓ_t - μ) / σ,  cut to ± the largest deviation
 *   U_t = max(0, U_{t-1} - z_t - tolerance),   alarm when U_t ≥ threshold
 * </pre>
 *
 * where ℓ_t is the weighted mean log-likelihood of a block of weight w_t, μ its mean so far and σ² the variance of one
 * record. Mini-batches of fewer than {@value #BLOCK} records are put together until they are a block, so that the test
 * does not depend on how the stream is cut and blocks are near to normal. μ and σ begin as the median and the median
 * absolute deviation of {@value #BASELINE} blocks, before which there is no alarm, and are learned from cut deviations
 * afterwards: an outlier moves nothing far. A likelihood that rises, as it does while a model learns, only moves μ.
 *
 * <p>An immutable snapshot: the array belongs to it.
 *
 * @param blocks blocks seen
 * @param baseline of the first blocks, until μ and σ are known: each one's mean log-likelihood and weight in turn
 * @param mean μ, mean log-likelihood per record, natural logarithm; 0 until it is known
 * @param variance σ², of one record's log-likelihood; 0 until it is known
 * @param fall U
 * @param fallWeight weight of the records since U was last zero
 * @param fallLogLikelihood their summed log-likelihood
 * @param openObservations records of the block under way
 * @param openWeight their weight
 * @param openLogLikelihood their summed log-likelihood
 */
public record PageHinkley(
        long blocks,
        double[] baseline,
        double mean,
        double variance,
        double fall,
        double fallWeight,
        double fallLogLikelihood,
        long openObservations,
        double openWeight,
        double openLogLikelihood) {

    /** Blocks of which the first estimates are made; until then nothing is known. */
    public static final int BASELINE = 12;

    /** Nothing seen yet. */
    public static final PageHinkley START = new PageHinkley(0, new double[0], 0, 0, 0, 0, 0, 0, 0, 0);

    /** Fewest records in a block. */
    private static final int BLOCK = 64;

    /** Blocks that μ and σ remember: long beside a drift, short enough to forget how the model began. */
    private static final double MEMORY = 256;

    /** Standard deviation of a block's mean, in nats per record, below which a difference is of no interest. */
    private static final double SMALLEST_DEVIATION = 0.01;

    /** Log-likelihood of a block below which it is only impossible; its square is still a number. */
    private static final double IMPOSSIBLE = -1e100;

    /** Median absolute deviation of the standard normal distribution. */
    private static final double NORMAL_MEDIAN_DEVIATION = 0.6744897501960817;

    /**
     * The test after a mini-batch. Records that were not scored are left out.
     *
     * @param batch its observations and prequential log-likelihood; not kept
     */
    PageHinkley after(Statistics batch, Drift drift) {
        if (!(batch.scoredWeight() > 0)) {
            return this;
        }
        long observations = openObservations + batch.observations();
        double weight = openWeight + batch.scoredWeight();
        double logLikelihood = openLogLikelihood + batch.scoredLogLikelihood();
        if (observations < BLOCK) {
            return new PageHinkley(
                    blocks,
                    baseline,
                    mean,
                    variance,
                    fall,
                    fallWeight,
                    fallLogLikelihood,
                    observations,
                    weight,
                    logLikelihood);
        }
        double sum = Math.max(logLikelihood, IMPOSSIBLE);
        return blocks < BASELINE ? learnBaseline(sum / weight, weight) : test(sum, weight, drift);
    }

    /** Mean log-likelihood of the records since U was last zero; {@code NaN} if it is zero. */
    double meanSinceFall() {
        return fallLogLikelihood / fallWeight;
    }

    private PageHinkley learnBaseline(double blockMean, double weight) {
        double[] longer = Arrays.copyOf(baseline, baseline.length + 2);
        longer[baseline.length] = blockMean;
        longer[baseline.length + 1] = weight;
        if (blocks + 1 < BASELINE) {
            return new PageHinkley(blocks + 1, longer, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        double[] sorted = new double[BASELINE];
        for (int i = 0; i < BASELINE; i++) {
            sorted[i] = longer[2 * i];
        }
        double centre = median(sorted);
        for (int i = 0; i < BASELINE; i++) {
            sorted[i] = Math.sqrt(longer[2 * i + 1]) * Math.abs(longer[2 * i] - centre);
        }
        double deviation = median(sorted) / NORMAL_MEDIAN_DEVIATION;
        return new PageHinkley(blocks + 1, new double[0], centre, deviation * deviation, 0, 0, 0, 0, 0, 0);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }

    private PageHinkley test(double sum, double weight, Drift drift) {
        double deviation = Math.max(Math.sqrt(variance / weight), SMALLEST_DEVIATION);
        double largest = drift.largestDeviation();
        double cut = Math.max(-largest, Math.min(largest, (sum / weight - mean) / deviation));
        double newFall = Math.max(0, fall - cut - drift.tolerance());
        double share = 1 / Math.min(blocks + 1.0, MEMORY);
        boolean falling = newFall > 0;
        return new PageHinkley(
                blocks + 1,
                baseline,
                mean + share * cut * deviation,
                variance + share * (cut * cut * deviation * deviation * weight - variance),
                newFall,
                falling ? fallWeight + weight : 0,
                falling ? fallLogLikelihood + sum : 0,
                0,
                0,
                0);
    }
}
