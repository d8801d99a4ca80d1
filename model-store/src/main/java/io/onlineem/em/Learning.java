package io.onlineem.em;

/**
 * How a model learns online: plain values, checked once.
 *
 * @param stepSize how much a new observation weighs
 * @param miniBatch observations per mini-batch, at least 1
 * @param warmUp observations from which the model starts, or for which given parameters stand; at least 1
 * @param starts random starts tried on the warm-up sample, at least 1
 * @param firstMStep observations that must have been seen before the first M-step, at least 0; the statistics are blended
 *     from the first one on
 * @param averageAfter observations after which Polyak-Ruppert averaging begins, or {@link #NEVER}
 * @param seed seed of the random starts
 * @param blocks how the records of a sequence become blocks; of no concern to models of independent records
 * @param drift how to notice that the stream has changed and adapt to it, or null to take no notice
 * @param componentCare how to look after components that explain nothing, or the same, or null to leave them alone
 */
public record Learning(
        StepSize stepSize,
        int miniBatch,
        int warmUp,
        int starts,
        long firstMStep,
        long averageAfter,
        long seed,
        Blocks blocks,
        Drift drift,
        ComponentCare componentCare) {

    /** No averaging. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Step size exponent 0.7, mini-batches of 256, a warm-up of 1,000 with 8 starts, no averaging, seed 1, not
     * adaptive, no component care. */
    public static final Learning DEFAULTS = new Learning(new StepSize.PowerDecay(0.7, 0), 256, 1000, 8, 0, NEVER, 1);

    /** Checks the values. */
    public Learning {
        atLeast("mini-batch", miniBatch, 1);
        atLeast("warm-up", warmUp, 1);
        atLeast("number of starts", starts, 1);
        atLeast("first M-step", firstMStep, 0);
        atLeast("start of averaging", averageAfter, 0);
    }

    /** Learning without the optional parts. */
    public Learning(
            StepSize stepSize, int miniBatch, int warmUp, int starts, long firstMStep, long averageAfter, long seed) {
        this(stepSize, miniBatch, warmUp, starts, firstMStep, averageAfter, seed, Blocks.DEFAULTS, null, null);
    }

    private static void atLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    what + " is " + value + "; expected at least " + least + (least == 1 ? " observation" : ""));
        }
    }

    /** The same with another step size. */
    public Learning withStepSize(StepSize newStepSize) {
        return new Learning(
                newStepSize, miniBatch, warmUp, starts, firstMStep, averageAfter, seed, blocks, drift, componentCare);
    }

    /** The same with another mini-batch. */
    public Learning withMiniBatch(int observations) {
        return new Learning(
                stepSize, observations, warmUp, starts, firstMStep, averageAfter, seed, blocks, drift, componentCare);
    }

    /** The same with another warm-up. */
    public Learning withWarmUp(int observations) {
        return new Learning(
                stepSize,
                miniBatch,
                observations,
                starts,
                firstMStep,
                averageAfter,
                seed,
                blocks,
                drift,
                componentCare);
    }

    /** The same with another number of starts. */
    public Learning withStarts(int count) {
        return new Learning(
                stepSize, miniBatch, warmUp, count, firstMStep, averageAfter, seed, blocks, drift, componentCare);
    }

    /** The same with a delayed first M-step. */
    public Learning withFirstMStep(long observations) {
        return new Learning(
                stepSize, miniBatch, warmUp, starts, observations, averageAfter, seed, blocks, drift, componentCare);
    }

    /** The same with Polyak-Ruppert averaging after that many observations. */
    public Learning withAveragingAfter(long observations) {
        return new Learning(
                stepSize, miniBatch, warmUp, starts, firstMStep, observations, seed, blocks, drift, componentCare);
    }

    /** The same with another seed. */
    public Learning withSeed(long newSeed) {
        return new Learning(
                stepSize, miniBatch, warmUp, starts, firstMStep, averageAfter, newSeed, blocks, drift, componentCare);
    }

    /** The same with other blocks of sequences. */
    public Learning withBlocks(Blocks newBlocks) {
        return new Learning(
                stepSize, miniBatch, warmUp, starts, firstMStep, averageAfter, seed, newBlocks, drift, componentCare);
    }

    /**
     * The same, adapting to a stream that changes: learns quickly for a while whenever the likelihood of the records falls.
     *
     * @param newDrift {@link Drift#DEFAULTS} or own settings; null to take no notice
     */
    public Learning withDrift(Drift newDrift) {
        return new Learning(
                stepSize, miniBatch, warmUp, starts, firstMStep, averageAfter, seed, blocks, newDrift, componentCare);
    }

    /**
     * The same, looking after components that explain nothing, or the same as another: they are placed where the fit is worst.
     *
     * @param newCare {@link ComponentCare#DEFAULTS} or own settings; null to leave components alone
     */
    public Learning withComponentCare(ComponentCare newCare) {
        return new Learning(
                stepSize, miniBatch, warmUp, starts, firstMStep, averageAfter, seed, blocks, drift, newCare);
    }
}
