package io.onlineem.codec;

import io.onlineem.catalog.ModelSpec;
import io.onlineem.em.BatchEm;
import io.onlineem.em.Parameters;

/**
 * What {@code fit} has found.
 *
 * @param spec what the model is
 * @param degreesOfFreedom its free parameters, see {@link io.onlineem.em.Model#degreesOfFreedom(io.onlineem.em.Parameters)}
 * @param method how it was fitted: "batch" or "online"
 * @param seed seed of the random starts
 * @param fit the fit; one made online has the total log-likelihood of all data under its final parameters, counts its
 *     M-steps, and has not converged, since it has no test of that
 * @param entropy of the posteriors of all records, see {@link BatchEm#entropy}
 * @param <P> the parameters
 */
public record FitResult<P extends Parameters>(
        ModelSpec spec, int degreesOfFreedom, String method, long seed, BatchEm.Fit<P> fit, double entropy) {

    /** Log-likelihood per observation, natural logarithm. */
    public double meanLogLikelihood() {
        return fit.logLikelihood() / fit.weight();
    }

    /** Akaike information criterion; lower is better. */
    public double aic() {
        return fit.aic(degreesOfFreedom);
    }

    /** Bayesian information criterion; lower is better. */
    public double bic() {
        return fit.bic(degreesOfFreedom);
    }

    /**
     * Integrated completed likelihood criterion, BIC plus twice the {@link #entropy}; lower is better (Biernacki, Celeux and
     * Govaert 2000). It prefers components that tell records apart.
     */
    public double icl() {
        return bic() + 2 * entropy;
    }
}
