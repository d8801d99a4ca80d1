package io.onlineem.mixture;

import io.onlineem.em.EStep;
import io.onlineem.em.Fields;
import io.onlineem.em.Imputation;
import io.onlineem.em.Observations;
import io.onlineem.em.Posterior;
import io.onlineem.em.Statistics;
import io.onlineem.family.Emissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores a record given those before it, as joint over marginal; learns from windows. */
final class LaggedEStep implements EStep {

    private final Emissions emissions;
    private final EStep ofWindows;
    private final int width;
    private final int lags;
    private final double[] logWeights;
    private final double[] probabilities;
    private final Window window;

    /** Made with the first block: scoring needs none of it. */
    private Observations windows;

    LaggedEStep(double[] weights, Emissions emissions, EStep ofWindows, int width, int lags) {
        this.emissions = emissions;
        this.ofWindows = ofWindows;
        this.width = width;
        this.lags = lags;
        logWeights = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            logWeights[k] = Math.log(Math.max(weights[k], Double.MIN_NORMAL));
        }
        probabilities = new double[weights.length];
        window = new Window(width, lags);
    }

    @Override
    public Posterior score(Observations records, int index, double[] memory) {
        records.requireLength(index, width);
        requireLength(memory);
        window.load(memory);
        double marginal = posterior(probabilities);
        Fields outputs = prediction(imputed(probabilities));
        window.put(records, index);
        double[] given = new double[logWeights.length];
        double logLikelihood = posterior(given) - marginal;
        if (!(Math.abs(logLikelihood) <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("record " + index + " holds a number that is not finite or beyond 1e100"
                    + " in magnitude; expected what Model#problem lets pass");
        }
        List<Imputation.Value> missing = records.isComplete(index) ? List.of() : imputed(given);
        window.store(memory);
        return new Posterior(given, logLikelihood, missing, outputs);
    }

    private Fields prediction(List<Imputation.Value> expected) {
        double[] prediction = new double[width];
        double[] deviation = new double[width];
        boolean determined = true;
        for (int j = 0; j < width; j++) {
            prediction[j] = expected.get(j).number();
            deviation[j] = expected.get(j).deviation();
            determined &= !Double.isNaN(deviation[j]);
        }
        Fields outputs = new Fields().with(LaggedMixture.PREDICTION, prediction);
        return determined ? outputs.with(LaggedMixture.PREDICTION_DEVIATION, deviation) : outputs;
    }

    /** The log-density of what is known of the window, and the posterior of the components given that. */
    private double posterior(double[] into) {
        emissions.logDensities(window.values, 0, into);
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < into.length; k++) {
            into[k] += logWeights[k];
            max = Math.max(max, into[k]);
        }
        double total = 0;
        for (int k = 0; k < into.length; k++) {
            into[k] = Math.exp(into[k] - max);
            total += into[k];
        }
        for (int k = 0; k < into.length; k++) {
            into[k] /= total;
        }
        return max + Math.log(total);
    }

    /** What is expected in place of what is missing in the record of the window. */
    private List<Imputation.Value> imputed(double[] given) {
        Imputation imputation = new Imputation();
        imputation.shift(-window.record());
        emissions.impute(window.values, 0, given, imputation);
        List<Imputation.Value> values = imputation.values();
        int first = 0;
        while (first < values.size() && values.get(first).position() < 0) {
            first++;
        }
        return values.subList(first, values.size());
    }

    private void requireLength(double[] memory) {
        int length = 2 * lags * width;
        if (memory.length != length) {
            throw new IllegalArgumentException("the memory of a sequence has " + memory.length + " numbers; expected "
                    + length + ", all zero where the sequence begins");
        }
    }

    @Override
    public double accumulate(Observations block, Statistics into) {
        return accumulate(block, into, new double[2 * lags * width]);
    }

    @Override
    public double accumulate(Observations block, Statistics into, double[] memoryAfter) {
        begin(block, memoryAfter);
        int counted = block.size() - block.lookAhead();
        if (windows == null) {
            windows = new Observations(Math.max(1, counted), (lags + 1) * width);
        }
        windows.clear();
        window.addAll(block, counted, memoryAfter, windows);
        return windows.size() == 0 ? 0 : ofWindows.accumulate(windows, into);
    }

    private void begin(Observations block, double[] memory) {
        if (block.memory().length > 0) {
            requireLength(block.memory());
            System.arraycopy(block.memory(), 0, memory, 0, memory.length);
        } else {
            Arrays.fill(memory, 0);
        }
    }

    /** The posteriors of the filter: what follows a record says nothing of its window. */
    @Override
    public List<Posterior> smooth(Observations block) {
        double[] memory = new double[2 * lags * width];
        begin(block, memory);
        int counted = block.size() - block.lookAhead();
        List<Posterior> posteriors = new ArrayList<>(counted);
        for (int i = 0; i < counted; i++) {
            if (block.startsSequence(i)) {
                Arrays.fill(memory, 0);
            }
            posteriors.add(score(block, i, memory));
        }
        return posteriors;
    }
}
