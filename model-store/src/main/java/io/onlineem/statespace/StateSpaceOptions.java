package io.onlineem.statespace;

import io.onlineem.family.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * State space models from texts, as configurations give them.
 *
 * <table>
 * <caption>Options; what is left out is as the preset has it</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>preset</td><td>local-level (the default), local-linear-trend, random-walk, damped-oscillation, constant-velocity, or
 * general, which has matrices of its own</td></tr>
 * <tr><td>period, damping</td><td>damped-oscillation: records of a cycle, and what is left of it after one record (default
 * 0.99)</td></tr>
 * <tr><td>timeStep</td><td>constant-velocity: time from record to record (default 1)</td></tr>
 * <tr><td>transition, observation</td><td>rows of A, of C, such as {@code 1 1; 0 1}; {@code free}: learned; {@code free 1 1; 0
 * 1}: learned from there on</td></tr>
 * <tr><td>offset</td><td>{@code none}, {@code free} or a number for each field</td></tr>
 * <tr><td>processNoise, observationNoise</td><td>{@code free}, {@code diagonal}, {@code scalar}, or rows of a given
 * covariance</td></tr>
 * <tr><td>initial</td><td>{@code diffuse}, {@code stationary}, {@code learned} or {@code fixed}</td></tr>
 * <tr><td>initialMean, initialCovariance</td><td>initial fixed: a number for each state, and rows</td></tr>
 * <tr><td>covarianceFloor</td><td>smallest variance as a share of that of the first records</td></tr>
 * </table>
 */
public final class StateSpaceOptions {

    private static final String PRESET = "preset";
    private static final String GENERAL = "general";
    private static final String DAMPED_OSCILLATION = "damped-oscillation";
    private static final String CONSTANT_VELOCITY = "constant-velocity";
    private static final List<String> PRESETS =
            List.of("local-level", "local-linear-trend", "random-walk", DAMPED_OSCILLATION, CONSTANT_VELOCITY, GENERAL);

    private static final String PERIOD = "period";
    private static final String DAMPING = "damping";
    private static final String TIME_STEP = "timeStep";
    private static final String INITIAL = "initial";
    private static final String COVARIANCE_FLOOR = "covarianceFloor";
    private static final String FREE = "free";
    private static final double DEFAULT_DAMPING = 0.99;

    private StateSpaceOptions() {}

    /** The names of the options with their defaults. */
    public static Map<String, String> defaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (String option : List.of(
                PERIOD,
                DAMPING,
                TIME_STEP,
                StateSpace.TRANSITION,
                StateSpace.OBSERVATION,
                StateSpace.OFFSET,
                StateSpace.PROCESS_NOISE,
                StateSpace.OBSERVATION_NOISE,
                INITIAL,
                StateSpace.INITIAL_MEAN,
                StateSpace.INITIAL_COVARIANCE)) {
            defaults.put(option, "");
        }
        defaults.put(PRESET, "local-level");
        defaults.put(COVARIANCE_FLOOR, "1.0E-10");
        return defaults;
    }

    /**
     * The model.
     *
     * @param width number of fields
     * @param options all of the options, defaults filled in
     * @throws IllegalArgumentException if a text is none of the above, or the model cannot be
     */
    public static StateSpace model(int width, Map<String, String> options) {
        String preset = options.get(PRESET);
        StateSpaceBuilder builder = preset(preset, width, options);
        requirePreset(options, PERIOD, DAMPED_OSCILLATION);
        requirePreset(options, DAMPING, DAMPED_OSCILLATION);
        requirePreset(options, TIME_STEP, CONSTANT_VELOCITY);

        Matrix transition = matrix(options, StateSpace.TRANSITION);
        Matrix observation = matrix(options, StateSpace.OBSERVATION);
        if (builder == null) {
            if (transition.rows == null || observation.rows == null) {
                throw new IllegalArgumentException("preset is " + GENERAL + ", and the option "
                        + (transition.rows == null ? StateSpace.TRANSITION : StateSpace.OBSERVATION)
                        + " has no numbers; expected rows such as '1 1; 0 1', or another preset");
            }
            builder = StateSpace.of(transition.rows, observation.rows);
        } else if (transition.rows != null || observation.rows != null) {
            builder = builder.with(transition.rows, observation.rows);
        }
        if (builder.observation.length != width) {
            throw new IllegalArgumentException("observation is " + Arrays.deepToString(builder.observation)
                    + "; expected " + width + " rows, one for each field");
        }
        if (transition.free) {
            builder.learnTransition();
        }
        if (observation.free) {
            builder.learnObservation();
        }
        offset(builder, options.get(StateSpace.OFFSET), width);
        if (!options.get(StateSpace.PROCESS_NOISE).isEmpty()) {
            builder.processNoise(noise(options, StateSpace.PROCESS_NOISE));
        }
        if (!options.get(StateSpace.OBSERVATION_NOISE).isEmpty()) {
            builder.observationNoise(noise(options, StateSpace.OBSERVATION_NOISE));
        }
        initial(builder, options, transition.free || observation.free);
        return builder.covarianceFloor(Options.number(options, COVARIANCE_FLOOR))
                .build();
    }

    /** Null for a model with matrices of its own. */
    private static StateSpaceBuilder preset(String preset, int width, Map<String, String> options) {
        return switch (preset) {
            case "local-level" -> Presets.localLevel(width);
            case "local-linear-trend" -> Presets.localLinearTrend(width);
            case "random-walk" -> Presets.randomWalk(width);
            case DAMPED_OSCILLATION -> {
                if (options.get(PERIOD).isEmpty()) {
                    throw new IllegalArgumentException("the option " + PERIOD
                            + " is missing; expected the number of records of a cycle, such as 24");
                }
                double damping = options.get(DAMPING).isEmpty() ? DEFAULT_DAMPING : Options.number(options, DAMPING);
                yield Presets.dampedOscillation(width, Options.number(options, PERIOD), damping);
            }
            case CONSTANT_VELOCITY ->
                Presets.constantVelocity(
                        width, options.get(TIME_STEP).isEmpty() ? 1 : Options.number(options, TIME_STEP));
            case GENERAL -> null;
            default ->
                throw new IllegalArgumentException(
                        PRESET + " is '" + preset + "'; expected one of " + String.join(", ", PRESETS));
        };
    }

    private static void requirePreset(Map<String, String> options, String option, String preset) {
        if (!options.get(option).isEmpty() && !options.get(PRESET).equals(preset)) {
            throw new IllegalArgumentException("the option " + option + " is for the preset " + preset
                    + "; the preset is " + options.get(PRESET) + ": leave it out");
        }
    }

    private record Matrix(double[][] rows, boolean free) {}

    private static Matrix matrix(Map<String, String> options, String option) {
        String text = options.get(option).strip();
        boolean free = text.equals(FREE) || text.startsWith(FREE + " ");
        String numbers = free ? text.substring(FREE.length()).strip() : text;
        String expected = "free, rows of numbers such as '1 1; 0 1', or free with rows to begin from";
        return new Matrix(numbers.isEmpty() ? null : rows(option, numbers, expected), free);
    }

    private static void offset(StateSpaceBuilder builder, String text, int width) {
        switch (text) {
            case "" -> {}
            case "none" -> builder.offset(new double[width]);
            case FREE -> builder.learnOffset();
            default ->
                builder.offset(
                        numbers(StateSpace.OFFSET, text, "none, free or " + width + " numbers, one for each field"));
        }
    }

    private static Noise noise(Map<String, String> options, String option) {
        String text = options.get(option);
        return switch (text) {
            case FREE -> Noise.FREE;
            case "diagonal" -> Noise.DIAGONAL;
            case "scalar" -> Noise.SCALAR;
            default -> Noise.fixed(rows(option, text, "free, diagonal, scalar, or rows of numbers such as '2 0; 0 1'"));
        };
    }

    private static void initial(StateSpaceBuilder builder, Map<String, String> options, boolean learnsMatrix) {
        String text = options.get(INITIAL);
        String mean = options.get(StateSpace.INITIAL_MEAN);
        String covariance = options.get(StateSpace.INITIAL_COVARIANCE);
        boolean given = !mean.isEmpty() || !covariance.isEmpty();
        if (given && !text.isEmpty() && !text.equals(InitialState.FIXED.label())) {
            throw new IllegalArgumentException("initial is " + text + ", and a mean or covariance is given; expected "
                    + InitialState.FIXED.label() + ", or neither of them");
        }
        if (given || text.equals(InitialState.FIXED.label())) {
            if (mean.isEmpty() || covariance.isEmpty()) {
                throw new IllegalArgumentException("initial is fixed, and the option "
                        + (mean.isEmpty() ? StateSpace.INITIAL_MEAN : StateSpace.INITIAL_COVARIANCE)
                        + " is missing; expected numbers for both " + StateSpace.INITIAL_MEAN + " and "
                        + StateSpace.INITIAL_COVARIANCE);
            }
            builder.initial(
                    numbers(StateSpace.INITIAL_MEAN, mean, "a number for each state"),
                    rows(StateSpace.INITIAL_COVARIANCE, covariance, "rows of numbers such as '2 0; 0 1'"));
        } else if (!text.isEmpty()) {
            builder.initial(InitialState.of(text));
        } else if (learnsMatrix) {
            builder.initial(InitialState.LEARNED);
        }
    }

    private static double[][] rows(String option, String text, String expected) {
        String[] rows = text.split(";", -1);
        double[][] matrix = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            matrix[i] = numbers(option, rows[i].strip(), expected);
        }
        return matrix;
    }

    private static double[] numbers(String option, String text, String expected) {
        try {
            return Arrays.stream(text.strip().split("[\\s,]+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; expected " + expected, e);
        }
    }
}
