package io.onlineem.family;

import io.onlineem.em.Imputation;
import io.onlineem.em.Lanes;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.LogGamma;

/** Prepared Student-t distributions: Gaussians, whose squared distances δ enter by {@code log(1 + δ/ν)}. */
final class StudentTs implements Emissions {

    private final int width;
    private final int components;
    private final double[] degrees;
    private final GaussianEmissions gaussians;
    private final IncompleteGaussians incomplete;

    /** Of complete records at squared distance 0. */
    private final double[] constants;

    /** Of the block, made with the first one, per component: δ/ν, log(1 + δ/ν), and r u. */
    private double[][] ratios;

    private double[][] logarithms;
    private double[][] weighted;
    private double[] rest;
    private double[] scratch;
    private int size;

    StudentTs(GaussianFamily family, StudentTParameters parameters) {
        width = family.width();
        components = parameters.components();
        degrees = parameters.degreesOfFreedom();
        gaussians = family.prepare(parameters.gaussians());
        incomplete = new IncompleteGaussians(family, parameters.gaussians());
        constants = new double[components];
        for (int k = 0; k < components; k++) {
            constants[k] = gaussians.logDensityAtMean(k) + beyondGaussian(k, width);
        }
    }

    /** By how much the log-density at the centre exceeds the Gaussian's, in {@code dimension} dimensions. */
    private double beyondGaussian(int k, int dimension) {
        double half = degrees[k] / 2;
        // log Γ(ν/2 + d/2) - log Γ(ν/2), which would cancel for large ν
        double rise = LogGamma.value(0.5 * dimension) - LogBeta.value(half, 0.5 * dimension);
        return rise - 0.5 * dimension * Math.log(half);
    }

    /** E[log u] where δ is 0. */
    private double logPrecision(int k, int dimension) {
        return Digamma.value(0.5 * (degrees[k] + dimension)) - Math.log(0.5 * degrees[k]);
    }

    /** log(1 + x) for x of at least 0, to full precision, from the one logarithm that is fast (Kahan). */
    private static double logOnePlus(double x) {
        double sum = 1 + x;
        return sum == 1 || sum == Double.POSITIVE_INFINITY ? Math.log1p(x) : Math.log(sum) * (x / (sum - 1));
    }

    @Override
    public void logDensities(double[] values, int offset, double[] into) {
        for (int j = 0; j < width; j++) {
            if (Double.isNaN(values[offset + j])) {
                ofObserved(values, offset, into);
                return;
            }
        }
        gaussians.logDensities(values, offset, into);
        for (int k = 0; k < components; k++) {
            double distance = Math.max(0, 2 * (gaussians.logDensityAtMean(k) - into[k]));
            into[k] = constants[k] - 0.5 * (degrees[k] + width) * logOnePlus(distance / degrees[k]);
        }
    }

    private void ofObserved(double[] values, int offset, double[] into) {
        int observed = incomplete.load(values, offset);
        for (int k = 0; k < components; k++) {
            into[k] = observed == 0
                    ? 0
                    : incomplete.logDensityAtMean(k)
                            + beyondGaussian(k, observed)
                            - 0.5 * (degrees[k] + observed) * logOnePlus(incomplete.squaredDistance(k) / degrees[k]);
        }
    }

    @Override
    public void accumulate(double[] values, int offset, double[] responsibilities, double[] statistics, int from) {
        int observed = incomplete.load(values, offset);
        if (observed == 0) {
            return;
        }
        for (int k = 0; k < components; k++) {
            double ratio = incomplete.squaredDistance(k) / degrees[k];
            double precision = (degrees[k] + observed) / degrees[k] / (1 + ratio);
            double r = responsibilities[k];
            statistics[from + 2 * k] += r;
            statistics[from + 2 * k + 1] += r * (logPrecision(k, observed) - logOnePlus(ratio) - precision);
            incomplete.accumulate(k, r * precision, precision, statistics, from + 2 * components);
        }
    }

    @Override
    public void impute(double[] values, int offset, double[] probabilities, Imputation into) {
        int observed = incomplete.load(values, offset);
        double[] inflations = new double[components];
        for (int k = 0; k < components; k++) {
            double beyond = degrees[k] + observed - 2;
            double distance = observed == 0 ? 0 : incomplete.squaredDistance(k);
            inflations[k] = beyond > 0 ? (degrees[k] + distance) / beyond : Double.POSITIVE_INFINITY;
        }
        incomplete.impute(probabilities, inflations, into);
    }

    @Override
    public void logDensities(Lanes block, double[][] into) {
        if (ratios == null) {
            ratios = new double[components][Lanes.SIZE];
            logarithms = new double[components][Lanes.SIZE];
            weighted = new double[components][Lanes.SIZE];
            rest = new double[Lanes.SIZE];
            scratch = new double[Lanes.SIZE];
        }
        size = block.size();
        gaussians.logDensities(block, into);
        for (int k = 0; k < components; k++) {
            double[] density = into[k];
            double[] ratio = ratios[k];
            double[] logarithm = logarithms[k];
            double atMean = gaussians.logDensityAtMean(k);
            double factor = 2 / degrees[k];
            for (int i = 0; i < size; i++) {
                ratio[i] = Math.max(0, factor * (atMean - density[i]));
            }
            for (int i = 0; i < size; i++) {
                logarithm[i] = logOnePlus(ratio[i]);
            }
            double exponent = -0.5 * (degrees[k] + width);
            for (int i = 0; i < size; i++) {
                density[i] = Math.fma(exponent, logarithm[i], constants[k]);
            }
        }
    }

    @Override
    public void accumulate(double[][] responsibilities, double[] statistics, int from) {
        for (int k = 0; k < components; k++) {
            double[] r = responsibilities[k];
            double[] ratio = ratios[k];
            double[] logarithm = logarithms[k];
            double[] precise = weighted[k];
            double most = (degrees[k] + width) / degrees[k];
            double logPrecision = logPrecision(k, width);
            for (int i = 0; i < size; i++) {
                double precision = most / (1 + ratio[i]);
                precise[i] = r[i] * precision;
                rest[i] = logPrecision - logarithm[i] - precision;
            }
            statistics[from + 2 * k] += Lanes.sum(r, size, scratch);
            statistics[from + 2 * k + 1] += Lanes.dot(r, rest, size, scratch);
        }
        gaussians.accumulate(weighted, statistics, from + 2 * components);
    }
}
