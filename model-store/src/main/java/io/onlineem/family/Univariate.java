package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;

/**
 * A distribution of one number that is an exponential family,
 *
 * <pre>  log f(x; θ) = log h(x) + Σ_i η_i(θ) t_i(x) - A(θ):</pre>
 *
 * all that {@link FieldwiseFamily} needs to know of it. Immutable and thread-safe.
 *
 * <p>A distribution may have a <em>size</em>, a number given with every record to which the expected terms are
 * proportional: the exposure of a count, the trials of which successes are counted. It is not modelled; h and t depend on it,
 * one of the terms may be it, and A is 0.
 */
public interface Univariate {

    /** θ: the parameters, one number each. */
    List<Parameter> parameters();

    /** What x may be. */
    Domain domain();

    /** What the size is called; null without one. */
    default String size() {
        return null;
    }

    /** What the size may be. */
    default Domain sizeDomain() {
        return Domain.POSITIVE;
    }

    /** What x had to be with that size, as it ends the sentence "expected …"; null if it is in order. */
    default String problem(double x, double size) {
        return null;
    }

    /** Number of terms t. */
    int terms();

    /**
     * The terms and {@code log h} of n numbers.
     *
     * @param x n numbers of the domain
     * @param size as many sizes; null without them
     * @param into terms × n
     * @param logBase n sums, to which {@code log h} is added
     */
    void terms(double[] x, double[] size, int n, double[][] into, double[] logBase);

    /**
     * The natural parameters.
     *
     * @param into {@code η_1} to {@code η_T}, then {@code -A}
     */
    void natural(double[] parameters, double[] into);

    /** {@code E[t(x); θ]}, with a size for size 1. */
    double[] expectedTerms(double[] parameters);

    /** What stands for x in a mean of terms with size 1: the mean, unless x is an angle. */
    default double expected(double[] meanTerms) {
        return meanTerms[0];
    }

    /** How far x is from y: their difference, unless they are angles. */
    default double distance(double x, double y) {
        return x - y;
    }

    /** The variance of x, with a size for size 1; of an angle the square of the circular standard deviation. */
    double variance(double[] parameters);

    /**
     * The maximum-likelihood estimate, within the floors: valid whatever the means.
     *
     * @param meanTerms mean of the terms
     * @param scale the mean of x in the first sample, with a size for size 1; positive. What floors are relative to
     * @param current what to return if the means say nothing
     */
    double[] fit(double[] meanTerms, double scale, double[] current);

    /** Whether a floor is relative to the {@code scale}, which is then kept with the parameters. */
    default boolean isScaled() {
        return false;
    }

    /** What is assumed of a field that was never observed. */
    double[] unknown();

    /**
     * How many records like {@link #unknown()} are added to the first sample for the pooled parameters, so that a prior that is
     * located there rules nothing out; 0 where no parameters are ordinary in every unit of measurement.
     */
    default double imagined() {
        return 0;
    }

    /** Whether the parameters are at a floor that bounds a singularity of the likelihood. */
    default boolean isCollapsed(double[] parameters, double scale) {
        return false;
    }

    /** Numbers whose spread is about the same for large and for small x, by which k-means tells records apart. */
    default double[] features(double x, double size) {
        return new double[] {x};
    }

    /**
     * A parameter.
     *
     * @param name its name in JSON, plural
     * @param least smallest value that can be given
     * @param most largest value that can be given
     * @param expected what it is, as it ends the sentence "expected …"
     */
    record Parameter(String name, double least, double most, String expected) {

        static Parameter positive(String name) {
            return new Parameter(name, Double.MIN_NORMAL, Double.MAX_VALUE, "numbers above 0");
        }

        static Parameter probability(String name) {
            return new Parameter(name, 0, 1, "probabilities from 0 to 1");
        }
    }
}
