package io.onlineem.bench;

import io.onlineem.em.EStep;
import io.onlineem.em.Learning;
import io.onlineem.em.Observations;
import io.onlineem.em.OnlineEm;
import io.onlineem.em.OnlineLearner;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.statespace.StateSpace;
import io.onlineem.statespace.StateSpaceParameters;
import java.util.SplittableRandom;

/**
 * The work of {@code kalman_limit.c}, done by the engine: records of a sequence come one by one, each beside a position that
 * moves with a velocity. Not thread-safe.
 */
final class KalmanWorkload {

    private final StateSpace model;
    private final StateSpaceParameters parameters;
    private final OnlineEm<StateSpaceParameters> engine;
    private final EStep prepared;
    private final Observations records;

    /**
     * Draws records and starts from the first of them.
     *
     * @param model the model
     * @param missing share of the numbers that are missing
     * @param count number of records
     */
    KalmanWorkload(StateSpace model, double missing, int count) {
        this.model = model;
        SplittableRandom random = new SplittableRandom(1);
        records = new Observations(count, model.width());
        double[] record = new double[model.width()];
        double[] position = new double[model.width()];
        double[] velocity = new double[model.width()];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < record.length; j++) {
                velocity[j] = 0.9 * velocity[j] + 0.1 * random.nextGaussian();
                position[j] += velocity[j] + 0.3 * random.nextGaussian();
                double noise = random.nextGaussian();
                record[j] = random.nextDouble() < missing ? Double.NaN : position[j] + noise;
            }
            records.add(record);
        }
        engine = new OnlineEm<>(model, Learning.DEFAULTS);
        parameters = engine.start(records.slice(0, Math.min(count, 500))).parameters();
        prepared = model.eStep(parameters);
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
        OnlineLearner<StateSpaceParameters> learner = new OnlineLearner<>(engine, engine.startFrom(parameters));
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
