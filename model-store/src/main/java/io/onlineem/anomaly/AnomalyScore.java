package io.onlineem.anomaly;

/**
 * How unusual a record is.
 *
 * <p>The score is L² / (4 + L²) with L = -log₁₀ of the tail probability, the same for every model, key and file:
 *
 * <table>
 * <caption>What a score means</caption>
 * <tr><th>tail probability</th><th>one record in</th><th>score</th></tr>
 * <tr><td>0.5</td><td>2</td><td>0.02</td></tr>
 * <tr><td>0.1</td><td>10</td><td>0.20</td></tr>
 * <tr><td>0.01</td><td>100</td><td>0.50</td></tr>
 * <tr><td>0.001</td><td>1,000</td><td>0.69</td></tr>
 * <tr><td>1e-4</td><td>10,000</td><td>0.80</td></tr>
 * <tr><td>1e-5</td><td>100,000</td><td>0.86</td></tr>
 * <tr><td>1e-6</td><td>a million</td><td>0.90</td></tr>
 * </table>
 *
 * <p>Everything can be recomputed: {@code channel.probability(tail, statistic)} is the channel's probability; the news is -ln of
 * the smallest probability of any channel, less what recurrence and the hold-off take; {@code combination.probability(news)} is
 * the tail probability. With tails by peaks over threshold, a single channel and no hold-off there is no combination, and the
 * channel's probability is it.
 *
 * @param score from 0 to 1
 * @param tailProbability share of the stream's records that are at least as unusual as this one
 * @param confidence the score that the evidence so far can support, from 0 to 1
 * @param channel the channel that found it least probable
 * @param surprise of the record, in nats
 * @param statistic of that channel
 * @param channelProbability its tail probability
 * @param tail of that channel, as the record met it
 * @param news what the combination judges, in nats
 * @param combination tail of the news, as the record met it, or null where there is none
 * @param newNormal whether with this record lasting surprise became the new normal: the calibration begins anew after it
 */
public record AnomalyScore(
        double score,
        double tailProbability,
        double confidence,
        Channel channel,
        double surprise,
        double statistic,
        double channelProbability,
        Tail tail,
        double news,
        Tail combination,
        boolean newNormal) {

    /** The score of a tail probability from 0 to 1. */
    public static double scoreOf(double tailProbability) {
        if (!(tailProbability < 1)) {
            return 0;
        }
        double nines = -Math.log10(Math.max(tailProbability, Double.MIN_NORMAL));
        return nines * nines / (4 + nines * nines);
    }

    /** The tail probability of a score from 0 to below 1. */
    public static double probabilityOf(double score) {
        if (!(score >= 0 && score < 1)) {
            throw new IllegalArgumentException("score is " + score + "; expected 0 to below 1");
        }
        return Math.pow(10, -2 * Math.sqrt(score / (1 - score)));
    }
}
