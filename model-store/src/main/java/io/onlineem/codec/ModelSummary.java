package io.onlineem.codec;

/**
 * A published model without its parameters: a line of a list of models.
 *
 * @param model its name
 * @param version version of the parameters
 * @param observations observations counted
 * @param meanLogLikelihood prequential mean log-likelihood per record, natural logarithm; {@code NaN} if not yet known
 */
public record ModelSummary(String model, long version, long observations, double meanLogLikelihood) {

    /** The summary of a model. */
    public static ModelSummary of(PublishedModel<?> published) {
        return new ModelSummary(
                published.model(), published.version(), published.observations(), published.meanLogLikelihood());
    }
}
