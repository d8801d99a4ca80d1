package io.onlineem.bench;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.hmm.Hmm;
import io.onlineem.hmm.HmmParameters;
import java.util.Arrays;

/**
 * The work of {@code hmm_limit.c}, done by the engine: the records of a sequence, drawn evenly from a cube, come one by one.
 * Not thread-safe.
 */
final class HmmWorkload {

    /** Half the side of the cube in which means and records lie. */
    private static final double REACH = 3;

    private static final double STAY = 0.9;

    private final Hmm<GaussianParameters> model;
    private final HmmParameters<GaussianParameters> parameters;
    private final OnlineEm<HmmParameters<GaussianParameters>> engine;
    private final EStep prepared;
    private final Observations records;

    /**
     * Draws parameters and records.
     *
     * @param width numbers per record, d
     * @param states states, K, at least 2
     * @param count number of records
     */
    HmmWorkload(int width, int states, int count) {
        SyntheticMixture mixture = new SyntheticMixture(width, states, REACH);
        double[] initial = new double[states];
        Arrays.fill(initial, 1.0 / states);
        double[][] transition = new double[states][states];
        for (int i = 0; i < states; i++) {
            Arrays.fill(transition[i], (1 - STAY) / (states - 1));
            transition[i][i] = STAY;
        }
        model = Hmm.of(new GaussianFamily(width, Covariance.FULL), states);
        parameters = model.read(new Fields()
                .withAll(mixture.parameters())
                .with("initial", initial)
                .with("transition", transition));
        engine = new OnlineEm<>(model, Learning.DEFAULTS);
        prepared = model.eStep(parameters);
        records = new Observations(count, width);
        double[] record = new double[width];
        for (int i = 0; i < count; i++) {
            mixture.drawEvenly(record, REACH);
            records.add(record);
        }
    }

    int records() {
        return records.size();
    }

    /** The filter alone. Returns the log-likelihood. */
    double filter() {
        double[] memory = new double[model.memoryLength()];
        double logLikelihood = 0;
        for (int i = 0; i < records.size(); i++) {
            logLikelihood += prepared.score(records, i, memory).logLikelihood();
        }
        return logLikelihood;
    }

    /** All of online EM, with its defaults: each record filtered, then learned from in blocks. Returns the log-likelihood. */
    double learn() {
        OnlineLearner<HmmParameters<GaussianParameters>> learner =
                new OnlineLearner<>(engine, engine.startFrom(parameters));
        double logLikelihood = 0;
        for (int i = 0; i < records.size(); i++) {
            Posterior posterior = learner.score(records, i);
            logLikelihood += posterior.logLikelihood();
            learner.learn(records, i, posterior);
        }
        return logLikelihood;
    }

    /** A pass of batch EM. Returns the log-likelihood. */
    double pass() {
        Statistics statistics = model.newStatistics();
        return prepared.accumulate(records, statistics);
    }
}
