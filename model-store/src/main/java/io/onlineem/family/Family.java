package io.onlineem.family;

import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Parameters;

/**
 * An observation family: K densities of one kind, which mixtures and hidden Markov models are composed with. Immutable and
 * thread-safe.
 *
 * <p>A new family is one class that implements this and one line in {@link Families}.
 *
 * @param <P> parameters of all K components together
 */
public interface Family<P extends Parameters> {

    /** Numbers in one record. */
    int width();

    /** How many sufficient statistics K components need. */
    int statisticsLength(int components);

    /** Free parameters of K components. */
    int degreesOfFreedom(int components);

    /** Parameters with all K components at the fit of the whole sample; fixes the coordinates of the statistics. */
    P pooled(Observations sample, int components);

    /** Points of comparable scales, one per record, for k-means++. */
    double[][] features(Observations sample, P pooled);

    /**
     * The M-step.
     *
     * @param statistics mean statistics per observation; not kept, not changed
     * @param from where those of this family begin
     * @param observations how many observations the mean stands for
     * @param current what a component keeps when the statistics say nothing about it
     */
    P fit(double[] statistics, int from, double observations, P current);

    /**
     * The inverse of {@link #fit}: mean statistics that give these parameters.
     *
     * @param weights share of each component, positive
     */
    double[] statistics(P parameters, double[] weights);

    /** Prepares the densities of all components. */
    Emissions prepare(P parameters);

    /**
     * Whether a component has collapsed towards a singularity of the likelihood.
     *
     * @param counts how many of the fitted observations each component stands on
     */
    boolean isDegenerate(P parameters, double[] counts);

    /**
     * Parameters of K components from named fields.
     *
     * @throws IllegalArgumentException if a field is missing, misshapen or invalid
     */
    P read(Fields fields, int components);
}
