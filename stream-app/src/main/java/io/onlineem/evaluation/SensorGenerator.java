package io.onlineem.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Labelled series of eight channels that belong together, one record a second, as a rig with a pump and its valves gives
 * them: two vibrations, current, pressure, temperature of the motor and of the fluid, voltage and flow. The channels share
 * what drives them, have noise of their own, steps of their sensors, and drift somewhat as the rig warms up.
 *
 * <p>The first 400 of about 1,100 records are clean; then there is one anomaly, or there are two, of 100 to 300 records in
 * which a valve closes (means change, over seconds), channels come apart or swap their sense (correlation changes), a
 * sensor freezes, noise grows, an oscillation sets in, or the level creeps away. The same seed always gives the same series.
 */
public final class SensorGenerator {

    /** Number of values of a record. */
    public static final int CHANNELS = 8;

    /** Number of records before the first anomaly, at least. */
    public static final int CLEAN = 400;

    private static final int DRIVERS = 3;

    private static final List<Fault> FAULTS = List.of(Fault.values());

    private SensorGenerator() {}

    private enum Fault {
        VALVE_CLOSING,
        CHANGED_CORRELATION,
        FROZEN_SENSOR,
        NOISE,
        OSCILLATION,
        LEAK;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** When and where it happens. */
    private record Event(Fault fault, int from, int to, boolean[] channels, double[] sizes, double period) {

        /** From 0 to 1: valves take some seconds. */
        double depth(int record, int ramp) {
            return Math.min(1, Math.min((record - from + 1.0) / ramp, (to - record + 0.0) / ramp));
        }
    }

    /** The series of a seed. */
    public static LabelledSeries series(long seed) {
        // not the same stream as that of the single values of this seed
        Random random = SeriesGenerator.random(~seed);
        int size = 1000 + random.nextInt(200);
        List<Event> events = events(size, random);
        double[][] values = draw(size, events, random);
        long[] times = new long[size];
        long second = SeriesGenerator.START + random.nextInt(100_000);
        for (int i = 0; i < size; i++) {
            times[i] = 1000 * second;
            // a logger misses a second now and then
            second += random.nextInt(50) == 0 ? 2 : 1;
        }
        List<Window> windows = events.stream()
                .map(event -> new Window(times[event.from], times[event.to - 1], event.fault.label()))
                .toList();
        return new LabelledSeries("sensors-" + seed, "rig", times, values, windows);
    }

    private static List<Event> events(int size, Random random) {
        List<Event> events = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? 2 : 1;
        int room = (size - CLEAN) / count;
        for (int k = 0; k < count; k++) {
            int length = 100 + random.nextInt(Math.min(300, room - 60) - 100 + 1);
            int from = CLEAN + k * room + 20 + random.nextInt(room - length - 30);
            Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
            int affected =
                    switch (fault) {
                        case FROZEN_SENSOR -> 1;
                        case NOISE, OSCILLATION, LEAK -> 1 + random.nextInt(3);
                        default -> 2 + random.nextInt(4);
                    };
            boolean[] channels = new boolean[CHANNELS];
            double[] sizes = new double[CHANNELS];
            for (int c = 0; c < affected; c++) {
                channels[random.nextInt(CHANNELS)] = true;
            }
            for (int c = 0; c < CHANNELS; c++) {
                sizes[c] = (random.nextBoolean() ? 1 : -1) * Behaviour.logBetween(1.5, 6, random);
            }
            events.add(new Event(fault, from, from + length, channels, sizes, Behaviour.between(5, 25, random)));
        }
        return events;
    }

    private static double[][] draw(int size, List<Event> events, Random random) {
        double[] offset = new double[CHANNELS];
        double[] scale = new double[CHANNELS];
        double[] own = new double[CHANNELS];
        double[] memory = new double[CHANNELS];
        double[] drift = new double[CHANNELS];
        double[] step = new double[CHANNELS];
        double[][] loadings = new double[CHANNELS][DRIVERS];
        for (int c = 0; c < CHANNELS; c++) {
            offset[c] = Behaviour.logBetween(0.1, 300, random);
            scale[c] = offset[c] * Behaviour.logBetween(0.005, 0.2, random);
            own[c] = Behaviour.between(0.25, 1, random);
            memory[c] = random.nextBoolean() ? 0 : Behaviour.between(0.3, 0.95, random);
            drift[c] = random.nextInt(3) == 0 ? Behaviour.between(-2, 2, random) : 0;
            step[c] = random.nextInt(3) == 0 ? scale[c] * Behaviour.between(0.1, 0.6, random) : 0;
            for (int d = 0; d < DRIVERS; d++) {
                loadings[c][d] = random.nextBoolean() ? Behaviour.between(-1, 1, random) : 0;
            }
        }
        double[] driverMemory = new double[DRIVERS];
        for (int d = 0; d < DRIVERS; d++) {
            driverMemory[d] = Behaviour.between(0.3, 0.97, random);
        }
        double[] driver = new double[DRIVERS];
        double[] apart = new double[DRIVERS];
        double[] noise = new double[CHANNELS];
        double[] frozen = new double[CHANNELS];
        double[][] values = new double[size][CHANNELS];
        for (int i = 0; i < size; i++) {
            for (int d = 0; d < DRIVERS; d++) {
                double fresh = Math.sqrt(1 - driverMemory[d] * driverMemory[d]);
                driver[d] = driverMemory[d] * driver[d] + fresh * random.nextGaussian();
                apart[d] = driverMemory[d] * apart[d] + fresh * random.nextGaussian();
            }
            Event event = null;
            for (Event candidate : events) {
                if (candidate.from <= i && i < candidate.to) {
                    event = candidate;
                }
            }
            for (int c = 0; c < CHANNELS; c++) {
                boolean affected = event != null && event.channels[c];
                Fault fault = affected ? event.fault : null;
                double factor = fault == Fault.NOISE ? 1 + Math.abs(event.sizes[c]) : 1;
                noise[c] = memory[c] * noise[c] + Math.sqrt(1 - memory[c] * memory[c]) * random.nextGaussian();
                double value = own[c] * noise[c] * factor + drift[c] * i / size;
                for (int d = 0; d < DRIVERS; d++) {
                    value += loadings[c][d] * (fault == Fault.CHANGED_CORRELATION ? apart[d] : driver[d]);
                }
                if (fault == Fault.VALVE_CLOSING) {
                    value += event.sizes[c] * event.depth(i, 15);
                } else if (fault == Fault.OSCILLATION) {
                    value += event.sizes[c] * 0.7 * Math.sin(2 * Math.PI * (i - event.from) / event.period);
                } else if (fault == Fault.LEAK) {
                    value += event.sizes[c] * (i - event.from + 1) / (event.to - event.from);
                }
                value = offset[c] + scale[c] * value;
                if (step[c] > 0) {
                    value = Math.rint(value / step[c]) * step[c];
                }
                if (fault == Fault.FROZEN_SENSOR && i > event.from) {
                    value = frozen[c];
                }
                frozen[c] = value;
                values[i][c] = SeriesGenerator.rounded(value);
            }
        }
        return values;
    }
}
