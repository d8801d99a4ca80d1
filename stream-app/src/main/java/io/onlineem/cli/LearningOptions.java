package io.onlineem.cli;

import io.onlineem.em.Blocks;
import io.onlineem.em.ComponentCare;
import io.onlineem.em.Drift;
import io.onlineem.em.Learning;
import io.onlineem.em.StepSize;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a model learns online; what is not given is taken from the configuration, or is the default. */
final class LearningOptions {

    private static final String BLOCK_LENGTH = "--block-length";
    private static final String LOOK_AHEAD = "--look-ahead";

    @Option(
            names = "--exponent",
            paramLabel = "A",
            description = "Step size (n + offset)^-A of record n, above 0.5, at most 1. Default: 0.7.")
    private Double exponent;

    @Option(names = "--offset", paramLabel = "N", description = "Offset of the step size. Default: 0.")
    private Double offset;

    @Option(
            names = "--constant",
            paramLabel = "STEP",
            description = "A constant step size, above 0, at most 1, in place of exponent and offset.")
    private Double constant;

    @Option(
            names = "--half-life",
            paramLabel = "N",
            description = "A constant step size, as records after which what was learned weighs half.")
    private Double halfLife;

    @Option(names = "--mini-batch", paramLabel = "N", description = "Records learned from at once. Default: 256.")
    private Integer miniBatch;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Records from which the first parameters are found. Default: 1000.")
    private Integer warmUp;

    @Option(
            names = "--first-m-step",
            paramLabel = "N",
            description = "Records before the parameters are first changed. Default: 0.")
    private Long firstMStep;

    @Option(
            names = "--average-after",
            paramLabel = "N",
            description = "Records after which Polyak-Ruppert averaging begins. Default: no averaging.")
    private Long averageAfter;

    @Option(
            names = "--drift",
            description = "Learn quickly for a while whenever the likelihood of the records falls. Default: no.")
    private boolean drift;

    @Option(
            names = "--component-care",
            description = "Move components that explain nothing, or the same, to where the fit is worst. Default: no.")
    private boolean componentCare;

    @Option(
            names = BLOCK_LENGTH,
            paramLabel = "N",
            description = "Models of sequences: records of a sequence that are learned from together. Default: 20.")
    private Integer blockLength;

    @Option(
            names = LOOK_AHEAD,
            paramLabel = "N",
            description =
                    "Models of sequences: records after a block that are waited for, because they tell about its last ones."
                            + " Default: 10.")
    private Integer lookAhead;

    /** Names of the options that are given. */
    List<String> given() {
        List<String> given = new ArrayList<>();
        addIfGiven(given, "--exponent", exponent);
        addIfGiven(given, "--offset", offset);
        addIfGiven(given, "--constant", constant);
        addIfGiven(given, "--half-life", halfLife);
        addIfGiven(given, "--mini-batch", miniBatch);
        addIfGiven(given, "--warm-up", warmUp);
        addIfGiven(given, "--first-m-step", firstMStep);
        addIfGiven(given, "--average-after", averageAfter);
        addIfGiven(given, "--drift", drift ? drift : null);
        addIfGiven(given, "--component-care", componentCare ? componentCare : null);
        addIfGiven(given, BLOCK_LENGTH, blockLength);
        addIfGiven(given, LOOK_AHEAD, lookAhead);
        return given;
    }

    private static void addIfGiven(List<String> given, String name, Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    /** Whether the warm-up is given, which parameters to start from leave without use. */
    boolean hasWarmUp() {
        return warmUp != null;
    }

    /** Whether something is said of blocks, which only sequences have. */
    boolean hasBlocks() {
        return blockLength != null || lookAhead != null;
    }

    /** What is wrong with saying something of blocks, for models of independent records. */
    String blocksUseless(String type) {
        return (blockLength == null ? LOOK_AHEAD : BLOCK_LENGTH) + " has no use for models of the type " + type
                + ", whose records are independent; leave it out";
    }

    /** The given learning, with what the options change. */
    Learning applyTo(Learning learning) {
        try {
            Learning changed = learning.withStepSize(stepSize(learning.stepSize()));
            changed = miniBatch == null ? changed : changed.withMiniBatch(miniBatch);
            changed = warmUp == null ? changed : changed.withWarmUp(warmUp);
            changed = firstMStep == null ? changed : changed.withFirstMStep(firstMStep);
            changed = averageAfter == null ? changed : changed.withAveragingAfter(averageAfter);
            Blocks blocks = changed.blocks();
            changed = changed.withBlocks(new Blocks(
                    blockLength == null ? blocks.length() : blockLength,
                    lookAhead == null ? blocks.lookAhead() : lookAhead));
            changed = drift && changed.drift() == null ? changed.withDrift(Drift.DEFAULTS) : changed;
            return componentCare && changed.componentCare() == null
                    ? changed.withComponentCare(ComponentCare.DEFAULTS)
                    : changed;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private StepSize stepSize(StepSize otherwise) {
        boolean decay = exponent != null || offset != null;
        if ((decay && (constant != null || halfLife != null)) || (constant != null && halfLife != null)) {
            throw new UsageException(
                    "more than one kind of step size is given; expected --exponent and --offset, or --constant, or"
                            + " --half-life");
        }
        if (constant != null) {
            return new StepSize.Constant(constant);
        }
        if (halfLife != null) {
            return new StepSize.HalfLife(halfLife);
        }
        if (!decay) {
            return otherwise;
        }
        StepSize.PowerDecay base = otherwise instanceof StepSize.PowerDecay given
                ? given
                : (StepSize.PowerDecay) Learning.DEFAULTS.stepSize();
        return new StepSize.PowerDecay(
                exponent == null ? base.exponent() : exponent, offset == null ? base.offset() : offset);
    }
}
