package io.onlineem.statespace;

import java.util.Arrays;
import java.util.stream.IntStream;

/** State space models that are known by name (Durbin and Koopman 2012, section 3; Bar-Shalom, Li and Kirubarajan 2001). */
public final class Presets {

    private Presets() {}

    /**
     * One level, a random walk, that each of the fields measures with a noise of its own: {@code μ_t = μ_t-1 + w_t}.
     *
     * @param width number of fields
     */
    public static StateSpaceBuilder localLevel(int width) {
        return measured(width, new double[][] {{1}}).processNoise(Noise.DIAGONAL);
    }

    /**
     * One level with a slope, each moved by a noise of its own, that each of the fields measures:
     * {@code μ_t = μ_t-1 + ν_t-1 + w_t, ν_t = ν_t-1 + u_t}.
     */
    public static StateSpaceBuilder localLinearTrend(int width) {
        return measured(width, new double[][] {{1, 1}, {0, 1}}).processNoise(Noise.DIAGONAL);
    }

    /** A level for each of the fields, moved and measured independently of the others. */
    public static StateSpaceBuilder randomWalk(int width) {
        double[] ones = new double[width];
        Arrays.fill(ones, 1);
        return StateSpace.of(Dense.diagonal(ones), Dense.diagonal(ones))
                .processNoise(Noise.DIAGONAL)
                .observationNoise(Noise.DIAGONAL);
    }

    /**
     * A cycle around a level that is learned, whose phase and size drift: {@code x_t = ρ T x_t-1 + w_t}, T the rotation by
     * {@code 2π / period} and {@code w_t} of the same variance in both directions (Harvey 1989, section 2.3).
     *
     * @param period records of a cycle, more than 2
     * @param damping ρ, what is left of the cycle after one record: more than 0 and at most 1
     */
    public static StateSpaceBuilder dampedOscillation(int width, double period, double damping) {
        if (!(period > 2) || period == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("period is " + period + "; expected a number of records of more than 2");
        }
        if (!(damping > 0 && damping <= 1)) {
            throw new IllegalArgumentException("damping is " + damping + "; expected more than 0 and at most 1");
        }
        double cos = damping * Math.cos(2 * Math.PI / period);
        double sin = damping * Math.sin(2 * Math.PI / period);
        return measured(width, new double[][] {{cos, sin}, {-sin, cos}})
                .processNoise(Noise.SCALAR)
                .initial(damping < 1 - 1e-6 ? InitialState.STATIONARY : InitialState.DIFFUSE)
                .learnOffset();
    }

    /**
     * For each of the fields a position that moves with a velocity, which noise accelerates:
     * {@code x_t = [1 Δ; 0 1] x_t-1 + w_t}, {@code Cov w_t = σ² [Δ³/3 Δ²/2; Δ²/2 Δ]}, σ² the spectral density of the acceleration,
     * one for each field. States are in the order of the fields, position before velocity.
     *
     * @param timeStep Δ, time from record to record in the unit of the velocity
     */
    public static StateSpaceBuilder constantVelocity(int width, double timeStep) {
        if (!(timeStep > 0) || timeStep == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("time step is " + timeStep + "; expected a positive number");
        }
        double[][] transition = new double[2 * width][2 * width];
        double[][] observation = new double[width][2 * width];
        double[][] structure = new double[2 * width][2 * width];
        for (int i = 0; i < width; i++) {
            int position = 2 * i;
            int velocity = position + 1;
            transition[position][position] = 1;
            transition[position][velocity] = timeStep;
            transition[velocity][velocity] = 1;
            observation[i][position] = 1;
            structure[position][position] = timeStep * timeStep * timeStep / 3;
            structure[position][velocity] = timeStep * timeStep / 2;
            structure[velocity][position] = structure[position][velocity];
            structure[velocity][velocity] = timeStep;
        }
        int[] blocks = IntStream.range(0, 2 * width).map(i -> i / 2).toArray();
        return StateSpace.of(transition, observation)
                .processNoise(Noise.scaled(structure, blocks))
                .observationNoise(Noise.DIAGONAL);
    }

    /** The first state, measured by each of the fields with a noise of its own. */
    private static StateSpaceBuilder measured(int width, double[][] transition) {
        double[][] observation = new double[width][transition.length];
        for (double[] row : observation) {
            row[0] = 1;
        }
        return StateSpace.of(transition, observation).observationNoise(Noise.DIAGONAL);
    }
}
