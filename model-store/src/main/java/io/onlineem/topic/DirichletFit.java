package io.onlineem.topic;

import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.numbers.gamma.Trigamma;

/**
 * The Dirichlet distribution of highest likelihood given mean logarithms of its variable,
 *
 * <pre>  α = argmax log Γ(Σ α_k) - Σ log Γ(α_k) + Σ (α_k - 1) g_k,</pre>
 *
 * by Newton's method in linear time (Minka 2000; Blei, Ng and Jordan 2003, appendix A.2): the Hessian is a diagonal and a
 * constant. The objective is concave; a step that does not raise it, or leaves the bounds, is halved.
 */
final class DirichletFit {

    private static final int MOST_ITERATIONS = 100;
    private static final int MOST_HALVINGS = 40;

    /** A relative step that small leaves an error of its square. */
    private static final double CONVERGED = 1e-9;

    private DirichletFit() {}

    /**
     * The fit.
     *
     * @param logs g, mean logarithms
     * @param start where to climb from
     * @return numbers between the bounds, a new array
     */
    static double[] fit(double[] logs, double[] start, double least, double most) {
        double[] alpha = start.clone();
        double[] step = new double[alpha.length];
        double[] tried = new double[alpha.length];
        double objective = objective(alpha, logs);
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            newtonStep(alpha, logs, step);
            double factor = 1;
            boolean better = false;
            double change = 0;
            for (int halving = 0; halving < MOST_HALVINGS && !better; halving++, factor /= 2) {
                change = 0;
                for (int k = 0; k < alpha.length; k++) {
                    // no further than a tenth of the way down to zero
                    double lowest = Math.max(least, alpha[k] / 10);
                    tried[k] = Math.min(most, Math.max(lowest, alpha[k] + factor * step[k]));
                    change = Math.max(change, Math.abs(tried[k] - alpha[k]) / alpha[k]);
                }
                double raised = objective(tried, logs);
                if (raised > objective) {
                    objective = raised;
                    System.arraycopy(tried, 0, alpha, 0, alpha.length);
                    better = true;
                }
            }
            if (!better || change <= CONVERGED) {
                break;
            }
        }
        return alpha;
    }

    static double objective(double[] alpha, double[] logs) {
        double sum = 0;
        double value = 0;
        for (int k = 0; k < alpha.length; k++) {
            sum += alpha[k];
            value += (alpha[k] - 1) * logs[k] - LogGamma.value(alpha[k]);
        }
        return value + LogGamma.value(sum);
    }

    private static void newtonStep(double[] alpha, double[] logs, double[] step) {
        double sum = 0;
        for (double number : alpha) {
            sum += number;
        }
        double digammaOfSum = Digamma.value(sum);
        double constant = Trigamma.value(sum);
        double ofGradients = 0;
        double ofDiagonal = 0;
        for (int k = 0; k < alpha.length; k++) {
            double diagonal = -Trigamma.value(alpha[k]);
            step[k] = digammaOfSum - Digamma.value(alpha[k]) + logs[k];
            ofGradients += step[k] / diagonal;
            ofDiagonal += 1 / diagonal;
        }
        double shared = ofGradients / (1 / constant + ofDiagonal);
        for (int k = 0; k < alpha.length; k++) {
            step[k] = (step[k] - shared) / Trigamma.value(alpha[k]);
        }
    }
}
