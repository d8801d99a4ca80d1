package io.onlineem.em;

import java.util.Arrays;
import java.util.List;

/**
 * What a model says of one record: the posterior over its latent variable, and how likely the record was.
 *
 * <p>Where the latent variable is one of a few components, states or topics, its posterior is a vector of probabilities.
 * Where it is continuous there are none, and the posterior is told by named {@linkplain #outputs() outputs}: a mean and a
 * covariance. A model may have both.
 *
 * @param probabilities posterior probabilities {@code p(z = k | x)} of the components, states or topics, which sum to
 *     one; empty where the latent variable is continuous. The array belongs to the posterior: callers do not change it
 * @param logLikelihood {@code log p(x)}, natural logarithm, in the units of the record; for a sequence model the
 *     predictive {@code log p(x_t | x_1..t-1)}; of a record with missing values that of what was observed
 * @param missing the missing values of the record with what was expected in their place; empty for a complete record
 * @param outputs what else the model says of the record, by name: numbers, vectors and matrices, all finite; {@link
 *     Fields#EMPTY} where that is nothing. Not changed by callers
 */
public record Posterior(double[] probabilities, double logLikelihood, List<Imputation.Value> missing, Fields outputs) {

    /** A posterior without further outputs. */
    public Posterior(double[] probabilities, double logLikelihood, List<Imputation.Value> missing) {
        this(probabilities, logLikelihood, missing, Fields.EMPTY);
    }

    /** The posterior of a complete record, without further outputs. */
    public Posterior(double[] probabilities, double logLikelihood) {
        this(probabilities, logLikelihood, List.of());
    }

    /** The most likely component, state or topic, the lowest index among equals; -1 where there are none. */
    public int mostLikely() {
        if (probabilities.length == 0) {
            return -1;
        }
        int best = 0;
        for (int k = 1; k < probabilities.length; k++) {
            if (probabilities[k] > probabilities[best]) {
                best = k;
            }
        }
        return best;
    }

    /** Entropy {@code -Σ_k p_k log p_k} of the probabilities, natural logarithm: 0 where there is no doubt. */
    public double entropy() {
        double entropy = 0;
        for (double probability : probabilities) {
            if (probability > 0) {
                entropy -= probability * Math.log(probability);
            }
        }
        return entropy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Posterior that
                && Arrays.equals(probabilities, that.probabilities)
                && Double.compare(logLikelihood, that.logLikelihood) == 0
                && missing.equals(that.missing)
                && outputs.equals(that.outputs);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(probabilities) + Double.hashCode(logLikelihood);
    }

    @Override
    public String toString() {
        return "Posterior[" + Arrays.toString(probabilities) + ", logLikelihood=" + logLikelihood
                + (missing.isEmpty() ? "" : ", missing=" + missing)
                + (outputs.isEmpty() ? "" : ", outputs=" + outputs) + "]";
    }
}
