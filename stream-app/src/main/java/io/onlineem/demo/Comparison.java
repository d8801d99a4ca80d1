package io.onlineem.demo;

import io.onlineem.em.BatchEm;
import io.onlineem.em.EStep;
import io.onlineem.em.Learning;
import io.onlineem.em.MiniBatch;
import io.onlineem.em.Model;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Parameters;
import io.onlineem.em.Posterior;
import java.util.SplittableRandom;

/**
 * Mean log-likelihoods per day of the same days, natural logarithm, in the units of the data.
 *
 * @param days number of these days
 * @param online of the online model that read the days in their order: every day scored before it is learned from
 * @param batch of a batch fit of all days: scored with what was learned from them
 * @param shuffled of an online model that read the days in random order
 */
record Comparison(int days, double online, double batch, double shuffled) {

    /** Close enough for the four decimals that are shown. */
    private static final BatchEm.Stopping STOPPING = new BatchEm.Stopping(1000, 1e-6);

    /**
     * Compares.
     *
     * @param warmingUp days at the beginning that are left out, since there were no parameters to score them with
     * @param online mean log-likelihood of the other days
     * @param start parameters that the online model started from, or null
     */
    static <P extends Parameters> Comparison of(
            Model<P> model, Learning learning, P start, Observations data, int warmingUp, double online) {
        BatchEm.Fit<P> fit = new BatchEm<>(model).fit(data, learning.starts(), learning.seed(), STOPPING);
        return new Comparison(
                data.size() - warmingUp,
                online,
                meanLogLikelihood(model.eStep(fit.parameters()), data, warmingUp),
                shuffled(model, learning, start, data));
    }

    private static double meanLogLikelihood(EStep scoring, Observations data, int from) {
        double sum = 0;
        for (int i = from; i < data.size(); i++) {
            sum += scoring.score(data, i, MiniBatch.NO_MEMORY).logLikelihood();
        }
        return sum / (data.size() - from);
    }

    private static <P extends Parameters> double shuffled(
            Model<P> model, Learning learning, P start, Observations data) {
        OnlineEm<P> engine = new OnlineEm<>(model, learning);
        OnlineLearner<P> learner = new OnlineLearner<>(engine, start == null ? null : engine.startFrom(start));
        double sum = 0;
        int scored = 0;
        for (int i : permutation(data.size(), learning.seed())) {
            Posterior posterior = learner.score(data, i);
            if (posterior != null) {
                sum += posterior.logLikelihood();
                scored++;
            }
            learner.learn(data, i, posterior);
        }
        return sum / scored;
    }

    /** The numbers from 0 to {@code size - 1} in random order (Fisher and Yates). */
    static int[] permutation(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
