package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;

/**
 * Yes or no, yes with probability p; several fields are a Bernoulli vector, the latent class model,
 *
 * <pre>  log f(x; p) = x log p + (1 - x) log(1 - p).</pre>
 *
 * <p>Probabilities stay between {@value #SMALLEST_PROBABILITY} and one less that.
 */
public record Bernoulli() implements Univariate {

    static final double SMALLEST_PROBABILITY = 1e-10;

    /** A probability within the floors. */
    static double within(double probability) {
        return Math.min(Math.max(probability, SMALLEST_PROBABILITY), 1 - SMALLEST_PROBABILITY);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.probability("probabilities"));
    }

    @Override
    public Domain domain() {
        return Domain.FLAG;
    }

    @Override
    public int terms() {
        return 1;
    }

    @Override
    public void terms(double[] x, double[] size, int n, double[][] into, double[] logBase) {
        System.arraycopy(x, 0, into[0], 0, n);
    }

    @Override
    public void natural(double[] parameters, double[] into) {
        double probability = within(parameters[0]);
        into[1] = Math.log1p(-probability);
        into[0] = Math.log(probability) - into[1];
    }

    @Override
    public double[] expectedTerms(double[] parameters) {
        return new double[] {parameters[0]};
    }

    @Override
    public double variance(double[] parameters) {
        return parameters[0] * (1 - parameters[0]);
    }

    @Override
    public double[] fit(double[] meanTerms, double scale, double[] current) {
        return new double[] {within(meanTerms[0])};
    }

    @Override
    public double[] unknown() {
        return new double[] {0.5};
    }

    /** One, as many successes as failures. */
    @Override
    public double imagined() {
        return 1;
    }
}
