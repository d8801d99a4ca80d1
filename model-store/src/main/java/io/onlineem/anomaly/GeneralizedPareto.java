package io.onlineem.anomaly;

/**
 * The generalised Pareto distribution of excesses over a high threshold: P(Y &gt; y) = (1 + ξ y / σ)^(-1/ξ), and
 * exp(-y / σ) for ξ = 0.
 *
 * @param scale σ in nats, above 0
 * @param shape ξ: 0 is an exponential tail, above 0 a heavy one, below 0 one that ends at -σ/ξ
 */
public record GeneralizedPareto(double scale, double shape) {

    private static final int LEAST_NODES = 30;
    private static final double PRIOR_SPREAD = 3;

    /** Below this the tail is exponential: the general formula would cancel. */
    private static final double NO_SHAPE = 1e-9;

    /** Checks the values. */
    public GeneralizedPareto {
        if (!(scale > 0) || scale == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("scale is " + scale + "; expected a finite number above 0");
        }
        if (!Double.isFinite(shape)) {
            throw new IllegalArgumentException("shape is " + shape + "; expected a finite number");
        }
    }

    /** P(Y &gt; y); 1 for y up to 0, 0 beyond the end of a bounded tail. */
    public double survival(double y) {
        if (!(y > 0)) {
            return 1;
        }
        if (Math.abs(shape) < NO_SHAPE) {
            return Math.exp(-y / scale);
        }
        double t = shape * y / scale;
        return t <= -1 ? 0 : Math.exp(-Math.log1p(t) / shape);
    }

    /** The excess y at which P(Y &gt; y) is the probability. */
    public double quantile(double survival) {
        if (Math.abs(shape) < NO_SHAPE) {
            return -scale * Math.log(survival);
        }
        return scale * Math.expm1(-shape * Math.log(survival)) / shape;
    }

    /**
     * The estimate of Zhang and Stephens (2009, Technometrics 51, 316-325): the posterior mean of θ = -ξ/σ of the profile
     * likelihood under their data-driven prior, by quadrature over 30 + √n nodes. Unlike the maximum of the likelihood it
     * exists for every sample and is nearly unbiased in small ones. Of a sample that says nothing, because its numbers are
     * beyond what can be computed with, it is exponential and as wide as the sample.
     *
     * @param excesses ascending, above 0; not changed
     * @param from first one
     * @param n how many, at least 1
     */
    public static GeneralizedPareto fit(double[] excesses, int from, int n) {
        double largest = excesses[from + n - 1];
        double quartile = excesses[from + Math.max(0, (int) Math.floor(n / 4.0 + 0.5) - 1)];
        int nodes = LEAST_NODES + (int) Math.sqrt(n);
        double[] theta = new double[nodes];
        double[] logLikelihood = new double[nodes];
        double best = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < nodes; j++) {
            double t = (1 - Math.sqrt(nodes / (j + 0.5))) / (PRIOR_SPREAD * quartile) + 1 / largest;
            if (Math.abs(t) * largest < NO_SHAPE) {
                t = NO_SHAPE / largest;
            }
            double shape = meanLog(excesses, from, n, t);
            double likelihood = n * (Math.log(-t / shape) - shape - 1);
            theta[j] = t;
            logLikelihood[j] = Double.isFinite(likelihood) ? likelihood : Double.NEGATIVE_INFINITY;
            best = Math.max(best, logLikelihood[j]);
        }
        if (best == Double.NEGATIVE_INFINITY) {
            return new GeneralizedPareto(largest, 0);
        }
        double weights = 0;
        double mean = 0;
        for (int j = 0; j < nodes; j++) {
            double weight = Math.exp(logLikelihood[j] - best);
            weights += weight;
            mean += weight * theta[j];
        }
        mean /= weights;
        if (Math.abs(mean) * largest < NO_SHAPE) {
            mean = NO_SHAPE / largest;
        }
        double shape = meanLog(excesses, from, n, mean);
        double scale = -shape / mean;
        return scale > 0 && Double.isFinite(scale)
                ? new GeneralizedPareto(scale, shape)
                : new GeneralizedPareto(largest, 0);
    }

    /** Mean of log(1 - θ y), which is the ξ that maximises the likelihood at that θ. */
    private static double meanLog(double[] excesses, int from, int n, double theta) {
        double sum = 0;
        double product = 1;
        for (int i = 0; i < n; i++) {
            // A logarithm for several factors: it is what the fit costs.
            product *= 1 - theta * excesses[from + i];
            if ((i & 7) == 7 || product < 1e-100 || product > 1e100) {
                sum += Math.log(product);
                product = 1;
            }
        }
        return (sum + Math.log(product)) / n;
    }
}
