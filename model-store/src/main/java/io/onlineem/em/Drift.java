package io.onlineem.em;

/**
 * How a model notices that its stream has changed, and adapts: it watches how likely the records are before they are
 * learned from, and when their likelihood falls for several mini-batches it learns quickly for a while, as after a start.
 * The defaults need no tuning: both numbers count standard deviations of the likelihood itself, so they mean the same for
 * every model and unit of measurement.
 *
 * <p>The detector is Page-Hinkley (Page 1954; Hinkley 1971; Gama et al. 2014, section 3.2), see {@link PageHinkley}.
 *
 * @param tolerance fall of a mini-batch's mean log-likelihood that counts as none, in its standard deviations; positive
 * @param threshold sum of the falls beyond the tolerance at which the model adapts; positive. Higher means fewer false
 *     alarms and later true ones. No mini-batch contributes more than two fifths of it, so three at least must be bad
 */
public record Drift(double tolerance, double threshold) {

    /** Tolerance 1, threshold 8: noticed within three mini-batches if it is clear; less than one false alarm in 100,000. */
    public static final Drift DEFAULTS = new Drift(1, 8);

    /** Share of the threshold that one mini-batch can contribute: an outlier spoils one, and seldom its neighbours. */
    private static final double LARGEST_SHARE = 0.4;

    /** Checks the values. */
    public Drift {
        positive("drift tolerance", tolerance);
        positive("drift threshold", threshold);
    }

    private static void positive(String what, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(what + " is " + value + "; expected a positive, finite number");
        }
    }

    /** Deviation from which on a mini-batch is only very bad, in standard deviations. */
    double largestDeviation() {
        return tolerance + LARGEST_SHARE * threshold;
    }
}
