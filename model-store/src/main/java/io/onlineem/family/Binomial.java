package io.onlineem.family;

import io.onlineem.em.Domain;
import java.util.List;

/**
 * Successes among m trials, each with probability p,
 *
 * <pre>  log f(x; p) = log (m over x) + x log p + (m - x) log(1 - p).</pre>
 *
 * <p>Probabilities stay between {@value Bernoulli#SMALLEST_PROBABILITY} and one less that.
 *
 * @param trials m, the same for all records; 0 if every record has its own
 */
public record Binomial(double trials) implements Univariate {

    /** What the size is called. */
    static final String TRIALS = "trials";

    /** Checks the trials. */
    public Binomial {
        if (!Domain.COUNT.contains(trials)) {
            throw new IllegalArgumentException(
                    "trials is " + trials + "; expected a whole number, 0 for those that every record has");
        }
    }

    private boolean isFixed() {
        return trials > 0;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.probability("probabilities"));
    }

    @Override
    public Domain domain() {
        return Domain.COUNT;
    }

    @Override
    public String size() {
        return isFixed() ? null : TRIALS;
    }

    @Override
    public Domain sizeDomain() {
        return Domain.COUNT;
    }

    @Override
    public String problem(double x, double size) {
        double most = isFixed() ? trials : size;
        return x <= most ? null : "at most as many successes as trials, " + (long) most;
    }

    /** The successes, and the trials where they differ. */
    @Override
    public int terms() {
        return isFixed() ? 1 : 2;
    }

    @Override
    public void terms(double[] x, double[] size, int n, double[][] into, double[] logBase) {
        System.arraycopy(x, 0, into[0], 0, n);
        for (int i = 0; i < n; i++) {
            logBase[i] += LogFactorial.choose(isFixed() ? trials : size[i], x[i]);
        }
        if (!isFixed()) {
            System.arraycopy(size, 0, into[1], 0, n);
        }
    }

    @Override
    public void natural(double[] parameters, double[] into) {
        double probability = Bernoulli.within(parameters[0]);
        double logFailure = Math.log1p(-probability);
        into[0] = Math.log(probability) - logFailure;
        into[1] = isFixed() ? trials * logFailure : logFailure;
        if (!isFixed()) {
            into[2] = 0;
        }
    }

    @Override
    public double[] expectedTerms(double[] parameters) {
        return isFixed() ? new double[] {trials * parameters[0]} : new double[] {parameters[0], 1};
    }

    @Override
    public double variance(double[] parameters) {
        return (isFixed() ? trials : 1) * parameters[0] * (1 - parameters[0]);
    }

    @Override
    public double[] fit(double[] meanTerms, double scale, double[] current) {
        double all = isFixed() ? trials : meanTerms[1];
        return all > 0 ? new double[] {Bernoulli.within(meanTerms[0] / all)} : current;
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

    /** The arc sine makes the variance of shares constant (Anscombe 1948). */
    @Override
    public double[] features(double x, double size) {
        double all = isFixed() ? trials : Math.max(x, size);
        return new double[] {Math.asin(Math.sqrt((x + 0.375) / (all + 0.75)))};
    }
}
