package io.onlineem.em;

/**
 * Everything an online model is, between two mini-batches. An immutable snapshot: the arrays belong to it.
 *
 * @param version number of this state: 1 at the start, one more with every blend
 * @param observations observations counted
 * @param weight what the state weighs, in observations: the total weight of those counted, and the {@linkplain
 *     Learning#warmUp() weight of given parameters} it was started from
 * @param statistics S, the blended mean statistics per observation
 * @param averaged the Polyak-Ruppert average of S, or null before averaging begins
 * @param parameters θ = M(S), with which the next E-step is made
 * @param published what is scored with: M of the averaged statistics, or {@code parameters} without averaging
 * @param stepSize γ of the newest observation; 1 at the start
 * @param scoredWeight weight of the observations that were scored before they were learned from
 * @param scoredLogLikelihood their summed log-likelihood
 * @param <P> the parameters
 */
public record ModelState<P extends Parameters>(
        long version,
        long observations,
        double weight,
        double[] statistics,
        double[] averaged,
        P parameters,
        P published,
        double stepSize,
        double scoredWeight,
        double scoredLogLikelihood) {

    /**
     * The prequential mean log-likelihood per record: every record scored before it was learned from (Dawid 1984);
     * {@code NaN} before the first scored record.
     */
    public double meanLogLikelihood() {
        return scoredLogLikelihood / scoredWeight;
    }
}
