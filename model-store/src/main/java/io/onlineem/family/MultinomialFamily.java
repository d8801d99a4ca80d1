package io.onlineem.family;

import io.onlineem.em.Domain;
import io.onlineem.em.Fields;
import io.onlineem.em.Observations;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Counts of C kinds that together make up a total n, which is given with the record and not modelled,
 *
 * <pre>  log f(x; p) = log n! - Σ_c log x_c! + Σ_c x_c log p_c.</pre>
 *
 * <p>Statistics, for component k with responsibilities r: {@code Σ r x_c} (C).
 *
 * <p>The observed counts of a record in which others are missing are multinomial given their own total, with probabilities in
 * proportion. The E-step adds what is expected of the missing ones, {@code x_c = n p_c / Σ_observed p}, by which the M-step is
 * that of complete records.
 *
 * <p>No probability falls below {@value ProbabilityRows#SMALLEST}. The pooled probabilities, where a prior without a location
 * has its own, are those of the sample and one more count that is spread over all kinds alike.
 */
public final class MultinomialFamily implements Family<MultinomialParameters> {

    private final int width;

    /** Counts of {@code width} kinds, at least 2. */
    public MultinomialFamily(int width) {
        if (width < 2) {
            throw new IllegalArgumentException(
                    "number of fields is " + width + "; expected at least 2, one count for each kind");
        }
        this.width = width;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public List<Domain> domains() {
        return Collections.nCopies(width, Domain.COUNT);
    }

    @Override
    public int statisticsLength(int components) {
        return components * width;
    }

    @Override
    public int degreesOfFreedom(int components) {
        return components * (width - 1);
    }

    @Override
    public MultinomialParameters pooled(Observations sample, int components) {
        double[] counts = new double[width];
        Arrays.fill(counts, 1.0 / width);
        double total = 0;
        double weights = 0;
        for (int i = 0; i < sample.size(); i++) {
            double ofRecord = 0;
            for (int c = 0; c < width; c++) {
                double count = sample.value(i, c);
                if (!Double.isNaN(count)) {
                    counts[c] += sample.weight(i) * count;
                    ofRecord += count;
                }
            }
            weights += sample.weight(i);
            total += sample.weight(i) / weights * (ofRecord - total);
        }
        double[][] probabilities = new double[components][];
        Arrays.fill(probabilities, ProbabilityRows.fit(counts, 0, width, counts));
        return new MultinomialParameters(probabilities, total > 0 ? total : 1);
    }

    /** Square roots of the shares, of which the variance hardly depends on the share. */
    @Override
    public double[][] features(Observations sample, MultinomialParameters pooled) {
        double[][] features = new double[sample.size()][width];
        for (int i = 0; i < features.length; i++) {
            double total = 0;
            for (int c = 0; c < width; c++) {
                features[i][c] = sample.value(i, c);
                total += Double.isNaN(features[i][c]) ? 0 : features[i][c];
            }
            for (int c = 0; c < width; c++) {
                features[i][c] = Math.sqrt(features[i][c] / total);
            }
        }
        Standardisation.apply(features, 0, width, sample);
        return features;
    }

    @Override
    public MultinomialParameters fit(
            double[] statistics, int from, double observations, MultinomialParameters current) {
        double[][] probabilities = new double[current.components()][];
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = ProbabilityRows.fit(statistics, from + k * width, width, current.probabilities()[k]);
        }
        return new MultinomialParameters(probabilities, current.total());
    }

    /** {@inheritDoc} Of records of the mean total. */
    @Override
    public double[] statistics(MultinomialParameters parameters, MultinomialParameters coordinates, double[] weights) {
        double[] statistics = new double[statisticsLength(parameters.components())];
        for (int k = 0; k < parameters.components(); k++) {
            for (int c = 0; c < width; c++) {
                statistics[k * width + c] =
                        weights[k] * coordinates.total() * parameters.probabilities()[k][c];
            }
        }
        return statistics;
    }

    /** {@inheritDoc} Here {@code Σ_k Σ_c Σ r x_c log p_kc}. */
    @Override
    public double logLikelihood(double[] statistics, int from, MultinomialParameters parameters) {
        double logLikelihood = 0;
        for (int k = 0; k < parameters.components(); k++) {
            double[] logs = ProbabilityRows.logs(parameters.probabilities()[k]);
            for (int c = 0; c < width; c++) {
                logLikelihood += statistics[from + k * width + c] * logs[c];
            }
        }
        return logLikelihood;
    }

    @Override
    public Emissions prepare(MultinomialParameters parameters) {
        return new MultinomialEmissions(parameters);
    }

    /** {@inheritDoc} The likelihood of counts is bounded. */
    @Override
    public boolean isDegenerate(MultinomialParameters parameters, double[] counts) {
        return false;
    }

    @Override
    public MultinomialParameters read(Fields fields, int components) {
        double total = fields.has(MultinomialParameters.TOTAL) ? fields.number(MultinomialParameters.TOTAL) : 1;
        if (!(total > 0) || total == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    MultinomialParameters.TOTAL + " is " + total + "; expected a positive, finite number");
        }
        return new MultinomialParameters(ProbabilityRows.read(fields, components, width), total);
    }
}
