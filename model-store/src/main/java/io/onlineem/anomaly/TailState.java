package io.onlineem.anomaly;

/**
 * Where the calibration of one statistic has got to: what is kept on disk. Arrays belong to whom it is given.
 *
 * @param tail what is known
 * @param peaks large values that are remembered, oldest first; all values during the warm-up
 * @param times when each was seen: the low bits of the record's number
 * @param records that were learned from
 * @param evidence sum of their weights
 * @param changes sum of the weights of those that differ from the one before
 * @param last the value to differ from
 * @param owed weight of large values that were not remembered
 * @param level value above which values are remembered
 * @param nearest the smallest value that is told apart from smaller ones
 * @param farthest the largest value that is told apart from larger ones, in the body
 * @param cap what is remembered of a larger value
 * @param waited records since the last fit
 * @param fresh values remembered since the last fit
 * @param centre from which the bins of the body are counted
 * @param weight of the next value in the body
 * @param bins of the body, ascending; none during the warm-up
 * @param counts in the bins, sums of weights
 */
@SuppressWarnings("ArrayRecordComponent") // a view for codecs, never compared
public record TailState(
        Tail tail,
        double[] peaks,
        int[] times,
        long records,
        double evidence,
        double changes,
        double last,
        double owed,
        double level,
        double nearest,
        double farthest,
        double cap,
        int waited,
        int fresh,
        double centre,
        double weight,
        int[] bins,
        double[] counts) {

    /** Checks what could not have come about. */
    public TailState {
        require(peaks.length == times.length, "there are " + peaks.length + " peaks and " + times.length + " times");
        require(bins.length == counts.length, "there are " + bins.length + " bins and " + counts.length + " counts");
        require(records >= 0 && waited >= 0 && fresh >= 0, "a number of records is negative");
        require(evidence >= 0 && changes >= 0 && owed >= 0, "a sum of weights is negative");
        for (int i = 0; i < bins.length; i++) {
            require(AgeingSketch.isBin(bins[i]) && (i == 0 || bins[i - 1] < bins[i]), "bin " + i + " is " + bins[i]);
            require(counts[i] > 0 && counts[i] < Double.POSITIVE_INFINITY, "count " + i + " is " + counts[i]);
        }
        if (bins.length > 0) {
            require(Double.isFinite(centre), "the centre is " + centre);
            require(weight >= 1 && weight < Double.POSITIVE_INFINITY, "the weight is " + weight);
        }
        for (double peak : peaks) {
            require(Double.isFinite(peak), "a peak is " + peak);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise + ", which no stream can lead to");
        }
    }
}
