package io.onlineem.anomaly;

/**
 * How probable it is that a stream's statistic is at least as large as a value: what has been learned, frozen. Above the
 * threshold u, peaks over threshold (Siffer et al. 2017, KDD):
 *
 * <pre>
 *   p(x) = rate · (1 + ξ (x - u - granularity) / σ)^(-1/ξ)
 * </pre>
 *
 * and up to it the survival function of the body, log-linear between the levels. Ties count in full: an atom of the
 * distribution is given P(X ≥ x), so that never more than a share α of the records is below α.
 *
 * <p>Evidence bounds it: p is never below half of {@link #smallest()}. Beyond the x₀ at which it would be smallest, it is
 * smallest · (1 - L / (2 (1 + L))) with L = (x - x₀) / σ, which keeps the order.
 *
 * <p>Immutable; thread-safe. Arrays belong to it.
 *
 * @param levels of the body, ascending, the last one is the threshold; empty before there is anything to say
 * @param survivals P(X &gt; level) at each level, descending from at most 1; the last one is the rate
 * @param threshold u
 * @param rate P(X &gt; u)
 * @param excess the distribution of x - u beyond the threshold
 * @param granularity distance of neighbouring values of a discrete statistic beyond the threshold; 0 for a continuous one
 * @param smallest the smallest probability that the evidence supports
 */
@SuppressWarnings("ArrayRecordComponent") // published, never compared
public record Tail(
        double[] levels,
        double[] survivals,
        double threshold,
        double rate,
        GeneralizedPareto excess,
        double granularity,
        double smallest) {

    /** Checks the values. */
    public Tail {
        if (levels.length != survivals.length) {
            throw new IllegalArgumentException("there are " + levels.length + " levels and " + survivals.length
                    + " survivals; expected as many of one as of the other");
        }
        for (int i = 1; i < levels.length; i++) {
            if (!(levels[i] >= levels[i - 1] && survivals[i] <= survivals[i - 1])) {
                throw new IllegalArgumentException("level " + i + " is " + levels[i] + " with survival " + survivals[i]
                        + " after " + levels[i - 1] + " with " + survivals[i - 1]
                        + "; expected ascending levels and descending survivals");
            }
        }
        if (!(smallest > 0 && smallest <= 1) || !(rate > 0 && rate <= 1) || !(granularity >= 0)) {
            throw new IllegalArgumentException("smallest probability is " + smallest + ", rate " + rate
                    + ", granularity " + granularity + "; expected probabilities above 0 and a distance of at least 0");
        }
    }

    /** Nothing is known: every probability is 1. */
    static final Tail UNKNOWN =
            new Tail(new double[0], new double[0], Double.NaN, 1, new GeneralizedPareto(1, 0), 0, 1);

    /** Whether there was enough to learn from. */
    public boolean known() {
        return levels.length > 0;
    }

    /**
     * P(X ≥ surprise).
     *
     * @param surprise the statistic; the surprise itself for the channel of single records
     */
    public double probability(double surprise) {
        if (!known()) {
            return 1;
        }
        if (!(surprise > threshold)) {
            return Math.max(smallest, body(surprise));
        }
        double p = rate * excess.survival(surprise - threshold - granularity);
        if (p >= smallest) {
            return p;
        }
        double beyond = Math.max(0, surprise - quantile(smallest)) / excess.scale();
        return smallest * (1 - beyond / (2 * (1 + beyond)));
    }

    /** The statistic at which the probability beyond the threshold is p; the threshold for larger ones. */
    double quantile(double p) {
        return p >= rate ? threshold : threshold + granularity + excess.quantile(p / rate);
    }

    private double body(double x) {
        int low = 0;
        int high = levels.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (levels[middle] >= x) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (low == 0) {
            return 1;
        }
        double left = levels[low - 1];
        double share = (x - left) / (levels[low] - left);
        double a = survivals[low - 1];
        return a * Math.pow(survivals[low] / a, share);
    }
}
