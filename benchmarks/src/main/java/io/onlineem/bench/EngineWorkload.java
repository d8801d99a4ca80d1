package io.onlineem.bench;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import io.onlineem.em.Statistics;
import io.onlineem.family.Covariance;
import io.onlineem.family.GaussianFamily;
import io.onlineem.family.GaussianParameters;
import io.onlineem.mixture.Mixture;
import io.onlineem.mixture.MixtureParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The work of {@code em_limit.c}, done by the engine: E-step and statistics of a Gaussian mixture with full covariances, on
 * records drawn evenly from a cube. Not thread-safe.
 */
final class EngineWorkload {

    /** Records per mini-batch, the topology's default. */
    static final int MINI_BATCH = 256;

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
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        model = new Mixture<>(new GaussianFamily(width, Covariance.FULL), components);
        parameters = model.read(parameters(width, components, random));
        prepared = model.eStep(parameters);
        int count = records / MINI_BATCH * MINI_BATCH;
        all = new Observations(count, width);
        double[] record = new double[width];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                record[j] = random.nextDouble(-3, 3);
            }
            all.add(record);
        }
        for (int from = 0; from < count; from += MINI_BATCH) {
            miniBatches.add(all.slice(from, from + MINI_BATCH));
        }
    }

    private static Fields parameters(int width, int components, RandomGenerator random) {
        double[] weights = new double[components];
        double[][] means = new double[components][width];
        double[][][] covariances = new double[components][width][width];
        for (int k = 0; k < components; k++) {
            weights[k] = 1.0 / components;
            for (int j = 0; j < width; j++) {
                means[k][j] = random.nextDouble(-3, 3);
                for (int l = 0; l < width; l++) {
                    covariances[k][j][l] = j == l ? 1 : 0.01;
                }
            }
        }
        return new Fields().with("weights", weights).with("means", means).with("covariances", covariances);
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
