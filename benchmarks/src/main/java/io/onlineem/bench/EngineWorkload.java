package io.onlineem.bench;

import io.onlineem.em.EStep;
import io.onlineem.em.Observations;
import io.onlineem.em.Statistics;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.Mixture;
import io.onlineem.mixture.MixtureParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The work of {@code em_limit.c}, done by the engine: E-step and statistics of a Gaussian mixture with full covariances, on
 * records drawn evenly from a cube. Not thread-safe.
 */
final class EngineWorkload {

    /** Records per mini-batch, the topology's default. */
    static final int MINI_BATCH = 256;

    /** Half the side of the cube in which means and records lie. */
    private static final double REACH = 3;

    private final Mixture<GaussianParameters> model;
    private final MixtureParameters<GaussianParameters> parameters;
    private final EStep prepared;
    private final Observations all;
    private final List<Observations> miniBatches = new ArrayList<>();

    /**
     * Draws parameters and records.
     *
     * @param width numbers per record, d
     * @param components components, K
     * @param records number of records; rounded down to whole mini-batches
     */
    EngineWorkload(int width, int components, int records) {
        SyntheticMixture mixture = new SyntheticMixture(width, components, REACH);
        model = new Mixture<>(new GaussianFamily(width, Covariance.FULL), components);
        parameters = model.read(mixture.parameters());
        prepared = model.eStep(parameters);
        int count = records / MINI_BATCH * MINI_BATCH;
        all = new Observations(count, width);
        double[] record = new double[width];
        for (int i = 0; i < count; i++) {
            mixture.drawEvenly(record, REACH);
            all.add(record);
        }
        for (int from = 0; from < count; from += MINI_BATCH) {
            miniBatches.add(all.slice(from, from + MINI_BATCH));
        }
    }

    int records() {
        return all.size();
    }

    /** One E-step, prepared once, over all records: a pass of batch EM. Returns the log-likelihood. */
    double pass() {
        return prepared.accumulate(all, model.newStatistics());
    }

    /** As online EM: for every mini-batch an E-step prepared from new parameters, and statistics of its own. */
    double miniBatches() {
        double logLikelihood = 0;
        for (Observations miniBatch : miniBatches) {
            Statistics statistics = model.newStatistics();
            logLikelihood += model.eStep(parameters).accumulate(miniBatch, statistics);
        }
        return logLikelihood;
    }
}
